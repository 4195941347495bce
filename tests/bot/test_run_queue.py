from __future__ import annotations

import asyncio
import errno
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors, run_ends, run_queue, saving
from bot.statements import said
from model.checkpoint import load
from storage.records import RunStatus
from tests.bot.fakes import CURVE, FINISHED, PROGRESS, STARTED
from training.events import Finished

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.records import RunRecord
    from tests.bot.core import Core


async def status(core: Core, run_id: str) -> RunStatus:
    return (await core.catalog.run(1, run_id)).status


async def ended_once(core: Core, run_id: str) -> RunStatus:
    """Wait for a run's end, which must come once and be the one in the catalog."""
    run, _ = await core.reporter.first("ended", run_id)
    assert run == await core.catalog.run(1, run_id)
    assert len(core.reporter.of("ended", run_id)) == 1
    return run.status


# From waiting to finished


async def test_a_run_trains_and_becomes_the_current_model(core: Core) -> None:
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)
    assert await status(core, run_id) == RunStatus.RUNNING

    core.launcher.end(run_id)

    assert await ended_once(core, run_id) == RunStatus.FINISHED
    model = await core.catalog.current_model(1)
    assert model is not None
    assert model.name == "Poems"
    assert (model.checkpoint.step, model.checkpoint.validation_loss) == (20, 1.5)


async def test_the_checkpoint_is_the_workers_with_its_hash(core: Core) -> None:
    model = await core.trained()

    path = core.directory.checkpoint(model.checkpoint.id)
    assert path.read_bytes() == core.launcher.checkpoint
    assert model.checkpoint.sha256 == hashlib.sha256(core.launcher.checkpoint).hexdigest()
    assert model.checkpoint.file_size == len(core.launcher.checkpoint)
    assert model.checkpoint.parameters == load(path).config.parameters
    assert model.checkpoint.novelty == load(path).training.novelty == 0.97
    assert core.directory.curve(model.checkpoint.id).read_bytes() == CURVE


@pytest.mark.parametrize("curve", [None, "lost.png"])
async def test_a_model_needs_no_loss_curve(core: Core, curve: str | None) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.end(run_id, replace(FINISHED, curve=curve))

    assert await ended_once(core, run_id) == RunStatus.FINISHED
    model = await core.catalog.current_model(1)
    assert model is not None
    assert core.directory.checkpoint(model.checkpoint.id).exists()
    assert not core.directory.curve(model.checkpoint.id).exists()


async def test_the_reporter_hears_a_run_from_its_start_to_its_end(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)
    await core.reporter.first("ended", run_id)

    news = [(kind, what) for kind, run, what in core.reporter.news if run.id == run_id]
    assert news == [
        ("waiting", 0),
        ("training", STARTED),
        ("training", PROGRESS),
        ("ended", FINISHED),
    ]
    assert all(run.message_id == 1001 for _, run, _ in core.reporter.news)


async def test_runs_train_one_by_one_in_their_order(core: Core) -> None:
    runs = [await core.queued(by=replace(core.max, user_id=n)) for n in range(3)]

    for run_id in runs:
        await core.reporter.first("training", run_id)
        core.launcher.end(run_id)

    await core.reporter.first("ended", runs[-1])
    assert core.launcher.started == runs


async def test_as_many_runs_train_at_once_as_the_operator_allows(core: Core) -> None:
    core = await core.again(parallel_runs=2)
    await core.start()
    runs = [await core.queued(by=replace(core.max, user_id=n)) for n in range(3)]

    for run_id in runs[:2]:
        await core.reporter.first("training", run_id)

    assert core.launcher.started == runs[:2]
    assert core.reporter.of("waiting", runs[2])


async def test_those_who_wait_are_told_when_the_queue_moves(core: Core) -> None:
    first, second, third = [await core.queued(by=replace(core.max, user_id=n)) for n in range(3)]
    assert [place for _, place in core.reporter.of("waiting", third)] == [2]

    await core.service.cancel(core.ada, second)
    await core.reporter.first("training", first)
    core.launcher.end(first)
    await core.reporter.first("training", third)

    assert [place for _, place in core.reporter.of("waiting", third)] == [2, 1, 0]


# Canceling


async def test_a_canceled_run_that_trains_keeps_nothing(core: Core) -> None:
    run_id, other = await core.queued(), await core.queued()
    await core.reporter.first("training", run_id)

    await core.service.cancel(core.max, run_id)

    assert core.launcher.terminated == [run_id]
    assert await ended_once(core, run_id) == RunStatus.CANCELED
    assert not core.folder(run_id).path.exists()
    await core.reporter.first("training", other)


async def test_a_canceled_run_that_waits_keeps_nothing(core: Core) -> None:
    await core.queued()
    run_id = await core.queued()

    await core.service.cancel(core.max, run_id)

    assert await ended_once(core, run_id) == RunStatus.CANCELED
    assert not core.folder(run_id).path.exists()
    assert run_id not in core.launcher.started


async def test_two_cancels_at_once_are_one_end(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    await asyncio.gather(
        core.service.cancel(core.max, run_id), core.service.cancel(core.ada, run_id)
    )

    assert core.launcher.terminated == [run_id]
    assert await ended_once(core, run_id) == RunStatus.CANCELED


async def test_a_run_canceled_before_it_is_announced_ends_when_it_is(core: Core) -> None:
    begun = await core.begin()

    await core.service.cancel(core.max, begun.run.id)
    assert core.reporter.of("ended", begun.run.id) == []
    await core.service.announce(begun.run.id, 5)

    assert await ended_once(core, begun.run.id) == RunStatus.CANCELED
    assert core.launcher.started == []


async def test_cancel_comes_too_late_for_a_model_that_is_being_saved(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the worker's last word on a run is finished: it never has two ends."""
    refusals: list[BaseException | None] = []
    finish_run = core.catalog.finish_run

    async def finish_and_cancel(run_id: str, **facts: object) -> object:
        [refusal] = await asyncio.gather(
            core.service.cancel(core.max, run_id), return_exceptions=True
        )
        refusals.append(refusal)
        return await finish_run(run_id, **facts)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(core.catalog, "finish_run", finish_and_cancel)
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)

    assert await ended_once(core, run_id) == RunStatus.FINISHED
    assert isinstance(refusals[0], errors.RunGoneError)


# Failing


async def test_a_failed_run_tells_why_and_keeps_its_log_alone(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.folder(run_id).log.write_text("what happened")

    core.launcher.fail(run_id)

    assert await ended_once(core, run_id) == RunStatus.FAILED
    [(run, _)] = core.reporter.of("ended", run_id)
    assert said(run.reason or "") == "The worker died."
    assert [path.name for path in core.folder(run_id).path.iterdir()] == ["worker.log"]


async def test_an_unexpected_error_fails_the_run_without_its_details(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.fail(run_id, ValueError("a detail for the log"))

    assert await ended_once(core, run_id) == RunStatus.FAILED
    [(run, _)] = core.reporter.of("ended", run_id)
    assert said(run.reason or "") == str(run_ends.UNEXPECTED)


async def test_the_next_run_trains_after_a_failed_one(core: Core) -> None:
    first, second = await core.queued(), await core.queued()
    await core.reporter.first("training", first)

    core.launcher.fail(first)

    await core.reporter.first("training", second)


async def test_a_checkpoint_that_cannot_be_used_fails_the_run(core: Core) -> None:
    core.launcher.checkpoint = b"no checkpoint at all"
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.end(run_id)

    assert await ended_once(core, run_id) == RunStatus.FAILED
    assert await core.catalog.models(1) == []
    assert not [name for name in core.files() if name.startswith("checkpoints")]


async def test_a_full_disk_fails_the_run_and_damages_nothing(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await core.trained("Before")

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving, "write_durably", full)
    run_id = await core.queued("After")
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)

    assert await ended_once(core, run_id) == RunStatus.FAILED
    [(run, _)] = core.reporter.of("ended", run_id)
    assert said(run.reason or "") == str(run_ends.DISK_FAILS)
    assert await core.catalog.current_model(1) == before
    assert len((await core.write()).text) == 400


# Stopping and starting again


async def test_a_stop_ends_the_worker_and_not_the_run(core: Core) -> None:
    """Whatever trains or waits when the bot stops goes on in the same order at the next start."""
    runs = [await core.queued(), await core.queued()]
    await core.reporter.first("training", runs[0])

    later = await core.again()

    assert core.launcher.terminated == [runs[0]]
    assert await status(later, runs[0]) == RunStatus.RUNNING
    assert await status(later, runs[1]) == RunStatus.QUEUED
    await later.start()
    for run_id in runs:
        await later.reporter.first("training", run_id)
        later.launcher.end(run_id)
        assert await ended_once(later, run_id) == RunStatus.FINISHED


async def test_nothing_trains_before_the_start(core: Core) -> None:
    core = await core.again()

    run_id = await core.queued()

    assert core.launcher.started == []
    await core.start()
    await core.reporter.first("training", run_id)


async def test_a_stop_completes_an_end_that_has_begun(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.end(run_id)
    await asyncio.sleep(0)  # the worker's task is done, the run's end has only begun
    later = await core.again()

    assert await status(later, run_id) == RunStatus.FINISHED


async def test_a_run_that_finished_as_the_bot_died_is_not_trained_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint is complete and only its row is missing: the next start ends the run."""

    copied = asyncio.Event()

    async def crash(run_id: str, **facts: object) -> None:
        copied.set()
        raise RuntimeError("power cut")

    monkeypatch.setattr(core.catalog, "finish_run", crash)
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)
    await copied.wait()
    later = await core.again()
    assert await status(later, run_id) == RunStatus.RUNNING

    await later.start()

    assert await ended_once(later, run_id) == RunStatus.FINISHED
    assert later.launcher.started == []
    [(_, finished)] = later.reporter.of("ended", run_id)
    assert isinstance(finished, Finished)
    assert (finished.step, finished.validation_loss) == (20, 1.5)
    assert len(finished.sample) == 300
    assert (finished.novelty, finished.curve) == (0.97, "loss.png")
    files = [name for name in later.files() if name.startswith("checkpoints/")]
    assert [name.partition(".")[2] for name in files] == ["png", "safetensors"]


async def test_a_run_that_was_never_announced_is_at_the_next_start(core: Core) -> None:
    begun = await core.begin()

    later = await core.again()
    await later.start()
    run, _ = await later.reporter.first("training", begun.run.id)
    later.launcher.end(begun.run.id)

    assert run.message_id == 999
    assert await ended_once(later, begun.run.id) == RunStatus.FINISHED


async def test_a_run_that_cannot_be_announced_any_more_fails(core: Core) -> None:
    begun = await core.begin()

    later = await core.again()
    later.reporter.takes_announcements = False
    await later.start()

    assert await ended_once(later, begun.run.id) == RunStatus.FAILED
    [(run, _)] = later.reporter.of("ended", begun.run.id)
    assert said(run.reason or "") == str(run_queue.UNANNOUNCED)
    assert later.launcher.started == []


async def test_a_run_that_was_deleted_before_the_start_is_not_announced_any_more(
    core: Core,
) -> None:
    await core.begin()
    later = await core.again()

    await later.service.privacy.delete_given(later.max)
    await later.start()

    assert later.reporter.news == []
    assert later.launcher.started == []


@pytest.mark.parametrize("message_id", [999, None])
async def test_a_run_that_is_deleted_while_it_is_announced_is_over(
    core: Core, monkeypatch: pytest.MonkeyPatch, message_id: int | None
) -> None:
    begun = await core.begin()
    later = await core.again()

    async def announce(_: RunRecord) -> int | None:
        await later.service.privacy.delete_given(later.max)
        return message_id

    monkeypatch.setattr(later.reporter, "announce", announce)
    await later.start()

    shown = [(run.message_id, run.status) for run, _ in later.reporter.of("ended", begun.run.id)]
    assert shown == [(message_id, RunStatus.CANCELED)] * (message_id is not None)
    assert later.launcher.started == []
    assert (await later.begin()).run.user_id == later.max.user_id, "and everything goes on"


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 4, 5, 8, 13, 21, 34])
async def test_a_stop_at_any_moment_leaves_each_run_exactly_one_end(core: Core, cut: int) -> None:
    """However far the loop has come when the bot stops, every run ends once, now or later."""
    runs = [await core.queued(), await core.queued()]
    await core.reporter.first("training", runs[0])
    core.launcher.end(runs[0])
    for _ in range(cut):
        await asyncio.sleep(0)

    later = await core.again()
    await later.start()
    for run_id in runs:
        while (await status(later, run_id)).is_active:
            worker = later.launcher.ends.get(run_id)
            if worker is not None and not worker.done():
                later.launcher.end(run_id)
        if not core.reporter.of("ended", run_id):
            await later.reporter.first("ended", run_id)

    for run_id in runs:
        now, then = [each.reporter.of("ended", run_id) for each in (core, later)]
        assert [len(now or then), len(then)] == [1, 1], "told again, as nobody was told"
    assert len(await later.catalog.models(1)) == 2


async def test_an_end_comes_again_at_the_next_start_until_it_is_told(core: Core) -> None:
    """With what the worker said last; a crash or a bad day of Discord's may have hidden it."""
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)
    [first] = [await core.reporter.first("ended", run_id)]

    later = await core.again()
    await later.start()
    second = later.reporter.of("ended", run_id)
    await later.catalog.end_is_told(run_id)
    last = await later.again()
    await last.start()

    assert second == [first]
    assert last.reporter.of("ended", run_id) == []


async def test_a_run_that_is_canceled_before_the_start_is_told_at_the_start(core: Core) -> None:
    """Buttons work before Discord has named all servers, which the start waits for."""
    run_id = await core.queued()
    later = await core.again()

    await later.service.cancel(core.max, run_id)
    await later.start()

    [(run, _)] = later.reporter.of("ended", run_id)
    assert run.status is RunStatus.CANCELED


async def test_a_run_whose_files_cannot_be_deleted_ends_all_the_same(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run_id: str) -> None:
        raise PermissionError(run_id)

    monkeypatch.setattr(core.retention, "after_finish", refuse)
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.end(run_id)

    assert await ended_once(core, run_id) == RunStatus.FINISHED


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda core, run_id: core.launcher.end(run_id), id="finished"),
        pytest.param(lambda core, run_id: core.launcher.fail(run_id), id="failed"),
    ],
)
async def test_the_queue_forgets_a_run_that_has_ended(
    core: Core, act: Callable[[Core, str], None]
) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    act(core, run_id)
    await core.reporter.first("ended", run_id)

    with pytest.raises(errors.RunGoneError):
        await core.service.cancel(core.max, run_id)


async def test_a_run_that_finishes_early_ends_as_any_other(core: Core) -> None:
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)

    await core.service.finish(core.max, run_id)

    assert await ended_once(core, run_id) == RunStatus.FINISHED
    [(run, finished)] = core.reporter.of("ended", run_id)
    assert isinstance(finished, Finished)
    assert finished.asked
    assert run.model_id is not None
    with pytest.raises(errors.RunGoneError):
        await core.service.finish(core.max, run_id)


async def test_who_may_not_cancel_a_run_may_not_finish_it_either(core: Core) -> None:
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)

    with pytest.raises(errors.NotAllowedError):
        await core.service.finish(core.kim, run_id)
    with pytest.raises(errors.RunGoneError):
        await core.service.finish(core.stranger, run_id)
    await core.service.finish(core.ada, run_id)

    assert await ended_once(core, run_id) == RunStatus.FINISHED


async def test_a_run_that_waits_has_learned_nothing_that_could_be_kept(core: Core) -> None:
    first = await core.queued("First")
    second = await core.queued("Second")
    await core.reporter.first("training", first)

    with pytest.raises(errors.NothingLearnedError):
        await core.service.finish(core.max, second)

    assert core.launcher.started == [first]


@pytest.mark.parametrize("resumed", [True, False])
async def test_a_run_that_has_just_begun_finishes_only_if_it_was_resumed(
    core: Core, monkeypatch: pytest.MonkeyPatch, *, resumed: bool
) -> None:
    """Its worker has not said how far it is; a snapshot tells that there is something."""
    begun = asyncio.Event()

    async def run(directory: Path, _: object) -> Finished:
        core.launcher.ends[directory.name] = asyncio.get_running_loop().create_future()
        begun.set()
        return await core.launcher.ends[directory.name]

    monkeypatch.setattr(core.launcher, "run", run)
    run_id = await core.queued("Poems")
    await begun.wait()
    core.folder(run_id).checkpoint.write_bytes(core.launcher.checkpoint)
    if resumed:
        core.folder(run_id).snapshot.write_bytes(b"snapshot")
        await core.service.finish(core.max, run_id)
        assert await ended_once(core, run_id) == RunStatus.FINISHED
    else:
        with pytest.raises(errors.NothingLearnedError):
            await core.service.finish(core.max, run_id)
