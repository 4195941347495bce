"""What waits, trains or ends when the bot stops is there again at its next start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.runs import queue as run_queue
from bot.statements import said
from storage.records import RunStatus
from training.events import Finished

if TYPE_CHECKING:
    from storage.records import RunRecord
    from tests.bot.core import Core


async def test_a_stop_ends_the_worker_and_not_the_run(core: Core) -> None:
    """Whatever trains or waits when the bot stops goes on in the same order at the next start."""
    runs = [await core.queued(), await core.queued()]
    await core.reporter.first("training", runs[0])

    later = await core.again()

    assert core.launcher.terminated == [runs[0]]
    assert await later.status(runs[0]) == RunStatus.RUNNING
    assert await later.status(runs[1]) == RunStatus.QUEUED
    await later.start()
    for run_id in runs:
        await later.reporter.first("training", run_id)
        later.launcher.end(run_id)
        assert await later.ended_once(run_id) == RunStatus.FINISHED


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

    assert await later.status(run_id) == RunStatus.FINISHED


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
    assert await later.status(run_id) == RunStatus.RUNNING

    await later.start()

    assert await later.ended_once(run_id) == RunStatus.FINISHED
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
    assert await later.ended_once(begun.run.id) == RunStatus.FINISHED


async def test_a_run_that_cannot_be_announced_any_more_fails(core: Core) -> None:
    begun = await core.begin()

    later = await core.again()
    later.reporter.takes_announcements = False
    await later.start()

    assert await later.ended_once(begun.run.id) == RunStatus.FAILED
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

    announced = asyncio.Event()

    async def announce(_: RunRecord) -> int | None:
        await later.service.privacy.delete_given(later.max)
        announced.set()
        return message_id

    monkeypatch.setattr(later.reporter, "announce", announce)
    await later.start()
    await announced.wait()
    if message_id is not None:
        await later.reporter.first("ended", begun.run.id)

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
        while (await later.status(run_id)).is_active:
            worker = later.launcher.ends.get(run_id)
            if worker is not None and not worker.done():
                later.launcher.end(run_id)
        if not core.reporter.of("ended", run_id):
            await later.ended(run_id)

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
