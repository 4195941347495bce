"""The queue: runs train in their order, and each has one end."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.runs import ends as run_ends
from bot.runs import saving
from bot.statements import said
from model.checkpoint import load
from storage.records import RunStatus
from tests.bot.fakes import CURVE, FINISHED, PROGRESS, STARTED
from tests.damage import full

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bot.core import Core


# From waiting to finished


async def test_a_run_trains_and_becomes_the_current_model(core: Core) -> None:
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)
    assert await core.status(run_id) == RunStatus.RUNNING

    core.launcher.end(run_id)

    assert await core.ended_once(run_id) == RunStatus.FINISHED
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

    assert await core.ended_once(run_id) == RunStatus.FINISHED
    model = await core.catalog.current_model(1)
    assert model is not None
    assert core.directory.checkpoint(model.checkpoint.id).exists()
    assert not core.directory.curve(model.checkpoint.id).exists()


async def test_the_reporter_hears_a_run_from_its_start_to_its_end(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)
    await core.ended(run_id)

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

    await core.ended(runs[-1])
    assert core.launcher.started == runs


async def test_as_many_runs_train_at_once_as_the_operator_allows(core: Core) -> None:
    core = await core.again(parallel_runs=2)
    await core.start()
    runs = [await core.queued(by=replace(core.max, user_id=n)) for n in range(3)]

    for run_id in runs[:2]:
        await core.reporter.first("training", run_id)

    assert core.launcher.started == runs[:2]
    assert core.reporter.of("waiting", runs[2])


async def test_one_server_does_not_take_every_worker(core: Core) -> None:
    """Another server's run comes before the next one of a server that trains already."""
    core = await core.again(parallel_runs=2, parallel_runs_per_server=1)
    await core.start()
    first, second = await core.queued(), await core.queued(by=core.kim)
    await core.reporter.first("training", first)

    other = await core.queued(by=core.stranger)
    await core.reporter.first("training", other)

    assert core.launcher.started == [first, other]
    core.launcher.end(first)
    await core.reporter.first("training", second)
    assert core.launcher.started == [first, other, second]


async def test_those_who_wait_are_told_when_the_queue_moves(core: Core) -> None:
    first, second, third = [await core.queued(by=replace(core.max, user_id=n)) for n in range(3)]
    assert [place for _, place in core.reporter.of("waiting", third)] == [2]

    await core.service.cancel(core.ada, second)
    await core.reporter.first("training", first)
    core.launcher.end(first)
    await core.reporter.first("training", third)

    assert [place for _, place in core.reporter.of("waiting", third)] == [2, 1, 0]


# Failing


async def test_a_failed_run_tells_why_and_keeps_its_log_alone(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.folder(run_id).log.write_text("what happened")

    core.launcher.fail(run_id)

    assert await core.ended_once(run_id) == RunStatus.FAILED
    [(run, _)] = core.reporter.of("ended", run_id)
    assert said(run.reason or "") == "The worker died."
    assert [path.name for path in core.folder(run_id).path.iterdir()] == ["worker.log"]


async def test_an_unexpected_error_fails_the_run_without_its_details(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.fail(run_id, ValueError("a detail for the log"))

    assert await core.ended_once(run_id) == RunStatus.FAILED
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

    assert await core.ended_once(run_id) == RunStatus.FAILED
    assert await core.catalog.models(1) == []
    assert not [name for name in core.files() if name.startswith("checkpoints")]


async def test_a_full_disk_fails_the_run_and_damages_nothing(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await core.trained("Before")

    monkeypatch.setattr(saving, "write_durably", full)
    run_id = await core.queued("After")
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)

    assert await core.ended_once(run_id) == RunStatus.FAILED
    [(run, _)] = core.reporter.of("ended", run_id)
    assert said(run.reason or "") == str(run_ends.DISK_FAILS)
    assert await core.catalog.current_model(1) == before
    assert len((await core.write()).text) == 400


async def test_a_run_whose_files_cannot_be_deleted_ends_all_the_same(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(run_id: str) -> None:
        raise PermissionError(run_id)

    monkeypatch.setattr(core.retention, "after_finish", refuse)
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    core.launcher.end(run_id)

    assert await core.ended_once(run_id) == RunStatus.FINISHED


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
    await core.ended(run_id)

    with pytest.raises(errors.RunGoneError):
        await core.service.cancel(core.max, run_id)
