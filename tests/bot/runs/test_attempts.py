"""A run outlives three of its workers."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from bot.runs import attempts
from bot.statements import said
from storage.records import RunStatus
from tests.bot.fakes import FINISHED
from training.errors import RunDirectoryInUseError
from training.run_errors import RunFailedError, WorkerEnd, WorkerLostError

if TYPE_CHECKING:
    from tests.bot.core import Core


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "PAUSE_SECONDS", 0.0)


def killed() -> WorkerLostError:
    return WorkerLostError(WorkerEnd("signal", signal.SIGKILL, "Killed"))


@pytest.mark.parametrize("losses", [1, 2, 3])
async def test_a_run_that_loses_its_worker_goes_on_with_another(core: Core, losses: int) -> None:
    run_id = await core.queued()

    for _ in range(losses):
        await core.launcher.lose(run_id, killed())
    (await core.launcher.worker(run_id)).set_result(FINISHED)

    run = await core.ended(run_id)
    assert run.status == RunStatus.FINISHED
    assert core.launcher.started == [run_id] * (losses + 1)


async def test_a_run_that_loses_its_fourth_worker_has_failed_and_keeps_its_log(core: Core) -> None:
    run_id = await core.queued()

    for _ in range(4):
        await core.launcher.lose(run_id, killed())

    run = await core.ended(run_id)
    assert run.status == RunStatus.FAILED
    assert said(run.reason or "") == (
        "The training broke off 4 times, although it went on from where it had been; the last "
        "time signal 9 (Killed) ended its worker."
    )
    assert [path.name for path in core.folder(run_id).path.iterdir()] == ["worker.log"]
    assert len(core.launcher.started) == 4


async def test_a_run_that_says_why_it_failed_is_not_tried_again(core: Core) -> None:
    run_id = await core.queued()

    await core.launcher.lose(run_id, RunFailedError("The disk is full."))

    run = await core.ended(run_id)
    assert said(run.reason or "") == "The disk is full."
    assert len(core.launcher.started) == 1


async def test_a_run_whose_former_worker_does_not_end_waits_for_it_as_for_a_lost_one(
    core: Core,
) -> None:
    """It may hang in the disk, and hold the run's directory until it does not."""
    run_id = await core.queued()
    in_use = RunDirectoryInUseError(core.folder(run_id).path)

    for _ in range(3):
        await core.launcher.lose(run_id, RunFailedError(str(in_use), in_use))
    (await core.launcher.worker(run_id)).set_result(FINISHED)

    run, _ = await core.reporter.first("ended", run_id)
    assert run.status == RunStatus.FINISHED


async def test_a_run_whose_former_worker_never_ends_has_failed(core: Core) -> None:
    run_id = await core.queued()
    in_use = RunDirectoryInUseError(core.folder(run_id).path)

    for _ in range(4):
        await core.launcher.lose(run_id, RunFailedError(str(in_use), in_use))

    run, _ = await core.reporter.first("ended", run_id)
    assert said(run.reason or "").endswith("; the last time a worker from before still held it.")


async def test_restarts_of_the_bot_neither_count_nor_make_lost_workers_forgotten(
    core: Core,
) -> None:
    """Two workers are lost before five restarts, and two after them: the fourth ends the run."""
    run_id = await core.queued()
    for _ in range(2):
        await core.launcher.lose(run_id, killed())

    for _ in range(5):
        await core.launcher.worker(run_id)
        core = await core.again()
        await core.start()
    await core.launcher.lose(run_id, killed())
    await core.launcher.worker(run_id)
    assert not core.reporter.of("ended", run_id)
    await core.launcher.lose(run_id, killed())

    run = await core.ended(run_id)
    assert run.status == RunStatus.FAILED


async def test_a_worker_that_ends_together_with_the_bot_does_not_count(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that shuts down sends its signal to all processes at once."""
    monkeypatch.setattr(attempts, "PAUSE_SECONDS", 60.0)
    run_id = await core.queued()
    await core.launcher.lose(run_id, killed())

    later = await core.again()

    assert not later.folder(run_id).losses.exists()
    assert await later.status(run_id) == RunStatus.RUNNING


async def test_a_worker_lost_after_its_checkpoint_was_complete_has_finished(core: Core) -> None:
    run_id = await core.queued()
    await core.launcher.worker(run_id)
    core.folder(run_id).checkpoint.write_bytes(core.launcher.checkpoint)

    await core.launcher.lose(run_id, killed())

    run = await core.ended(run_id)
    assert run.status == RunStatus.FINISHED
    assert len(core.launcher.started) == 1
