"""The runs that wait and those that train.

    add ──> waiting ──> training ──> finished | failed | canceled
               └──────────────────────────────────────> canceled

Every run ends exactly once, and the catalog's row is where it does: files follow. When the bot
stops or dies, a run that trains keeps its row as it is and goes on from its snapshot at the next
start, whatever the moment. A finished run's checkpoint is copied to its place before the row is
written, so that after a crash in between the next start only copies it again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol, Self

from bot.errors import NothingLearnedError, RunGoneError
from bot.saving import finished_before, save_checkpoint, save_curve
from model.errors import CheckpointError
from storage.errors import RunEndedError
from storage.files import new_id
from training.errors import RunFailedError
from training.events import Finished, Progress, Sample, Started, decode, encode
from training.run_directory import RunDirectory

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from bot.retention import Retention
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import RunRecord, UntoldEnd
    from training.events import Event
    from training.launcher import Launcher

UNANNOUNCED = "The bot was restarted before this training could begin."
UNSAVED = "The model could not be saved."
UNEXPECTED = "Something went wrong in the bot."

log = logging.getLogger(__name__)


class Reporter(Protocol):
    """Where news of runs go: on Discord, the progress message.

    Its methods neither raise nor wait. `run` always carries the newest record, the ids of its
    channel and its message among them. `ended` comes last, and once: again at the next start
    only where the catalog has not been told that the end is shown. So it may come for a run that
    was not mentioned before.
    """

    def waiting(self, run: RunRecord, position: int) -> None:
        """The run waits; `position` runs, the training ones among them, come before it.

        With none before it, it begins, or goes on after a restart of the bot.
        """

    def training(self, run: RunRecord, event: Event) -> None:
        """The run's worker has said something: `Started`, `Progress` or `Sample`."""

    def ended(self, run: RunRecord, finished: Finished | None) -> None:
        """The run is finished (with the worker's last event), failed or canceled."""


class RunQueue:
    """Trains the runs in their order, `parallel_runs` at a time.

    Entering takes up the runs that the catalog says are active; `start` lets them train.
    Leaving ends the workers and leaves the runs to the next start.
    """

    def __init__(
        self,
        *,
        catalog: Catalog,
        directory: DataDirectory,
        launcher: Launcher,
        retention: Retention,
        parallel_runs: int,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._launcher = launcher
        self._retention = retention
        self._parallel_runs = parallel_runs
        self._reporter: Reporter | None = None
        self._stopping = False
        self._untold: list[tuple[RunRecord, Finished | None]] = []
        """Ends from before the start."""
        self._unannounced: list[RunRecord] = []
        self._waiting: dict[str, RunRecord] = {}
        self._workers: dict[str, asyncio.Task[Finished]] = {}
        self._ends: dict[str, asyncio.Task[None]] = {}
        self._canceled: set[str] = set()
        self._learning: set[str] = set()
        """Runs of which something has been learned; they are in `_workers` too."""

    async def __aenter__(self) -> Self:
        self._untold = [(end.run, _finished(end)) for end in await self._catalog.untold_ends()]
        for run in await self._catalog.active_runs():
            if run.message_id is None:
                self._unannounced.append(run)
            else:
                self._waiting[run.id] = run
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End the workers, and complete what is about to end."""
        self._stopping = True
        for run_id in self._workers.keys() - self._canceled:
            self._workers[run_id].cancel()
        if self._ends:
            await asyncio.wait(self._ends.values())

    async def start(self, reporter: Reporter) -> None:
        """Begin to train and to report."""
        self._reporter = reporter
        for run, finished in self._untold:
            reporter.ended(run, finished)
        self._move_up()
        for run in self._unannounced:
            await self.fail(run, UNANNOUNCED)

    def add(self, run: RunRecord) -> None:
        """Let a run take its turn. One that was canceled before it got here only ends."""
        if not run.status.is_active:
            self._report_end(run, None)
            return
        self._waiting[run.id] = run
        self._move_up()

    async def fail(self, run: RunRecord, reason: str) -> None:
        """End a run that does not get as far as the queue; no matter if it has ended."""
        try:
            self._report_end(await self._fail(run, reason), None)
        except RunEndedError:
            log.warning("Run %s had ended before", run.id)

    async def cancel(self, run: RunRecord) -> None:
        """End a run without a trace, wherever it is.

        Raises:
            RunGoneError: It has ended, or its checkpoint is complete and being saved.
        """
        if run.id in self._workers:
            await self._cancel_training(run.id)
            return
        known = self._waiting.pop(run.id, None) is not None
        canceled = await self._cancel(run)
        if known:
            self._report_positions()
        if canceled.message_id is not None:
            self._report_end(canceled, None)

    async def finish(self, run: RunRecord) -> None:
        """Let a run that trains end now as if its time were over; `Reporter.ended` follows.

        Raises:
            NothingLearnedError: It waits, or has only just begun.
            RunGoneError: It has ended, or is about to.
        """
        worker = self._workers.get(run.id)
        if worker is None or run.id in self._canceled or worker.done():
            raise NothingLearnedError if run.id in self._waiting else RunGoneError
        folder = self._directory.run(run.id)
        if run.id not in self._learning and not RunDirectory(folder).snapshot.exists():
            raise NothingLearnedError
        await self._launcher.finish(folder)

    async def _cancel_training(self, run_id: str) -> None:
        if run_id not in self._canceled:  # a second time would cut the worker's grace short
            if self._workers[run_id].done():
                raise RunGoneError
            self._canceled.add(run_id)
            self._workers[run_id].cancel()
        await asyncio.wait({self._ends[run_id]})

    # How the queue moves

    def _move_up(self) -> None:
        """Start as many of the waiting runs as may train, and tell the others their places."""
        if self._reporter is None or self._stopping:
            return
        while self._waiting and len(self._workers) < self._parallel_runs:
            run = self._waiting.pop(next(iter(self._waiting)))
            worker = asyncio.create_task(self._train(run, self._reporter), name=f"train {run.id}")
            self._workers[run.id] = worker
            self._ends[run.id] = asyncio.create_task(self._end(run, worker), name=f"end {run.id}")
        self._report_positions()

    def _report_positions(self) -> None:
        if self._reporter is not None:
            for place, run in enumerate(self._waiting.values(), len(self._workers)):
                self._reporter.waiting(run, place)

    def _report_end(self, run: RunRecord, finished: Finished | None) -> None:
        log.info("Run %s is %s", run.id, run.status)
        if self._reporter is None:
            self._untold.append((run, finished))
        else:
            self._reporter.ended(run, finished)

    # One run, from its start to its end

    async def _train(self, run: RunRecord, reporter: Reporter) -> Finished:
        started = await self._catalog.start_run(run.id)
        log.info("Run %s trains", run.id)
        reporter.waiting(run, 0)

        def on_event(event: Event) -> None:
            if isinstance(event, Progress):
                self._learning.add(run.id)
            if isinstance(event, Started | Progress | Sample):
                reporter.training(started, event)

        folder = self._directory.run(run.id)
        earlier = await asyncio.to_thread(finished_before, folder)
        return earlier or await self._launcher.run(folder, on_event)

    async def _end(self, run: RunRecord, worker: asyncio.Task[Finished]) -> None:
        """Wait for the worker and end its run accordingly; a stop of the bot ends nothing.

        This task is never canceled, so an end that has begun is completed.
        """
        await asyncio.wait({worker})
        try:
            await self._end_as(run, worker)
        except RunEndedError:
            log.warning("Run %s had ended before", run.id)
        except Exception:  # the next start takes the run up again
            log.exception("The end of run %s could not be stored", run.id)
        finally:
            del self._workers[run.id], self._ends[run.id]
            self._canceled.discard(run.id)
            self._learning.discard(run.id)
            self._move_up()

    async def _end_as(self, run: RunRecord, worker: asyncio.Task[Finished]) -> None:
        if run.id in self._canceled:
            self._report_end(await self._cancel(run), None)
        elif worker.cancelled():
            log.info("Run %s goes on at the next start", run.id)
        elif (error := worker.exception()) is not None:
            self._report_end(await self._fail(run, self._reason(run, error)), None)
        else:
            await self._finish(run, worker.result())

    def _reason(self, run: RunRecord, error: BaseException) -> str:
        if isinstance(error, RunFailedError):
            log.warning("Run %s failed: %s", run.id, error)
            return error.reason
        if isinstance(error, RunEndedError):
            raise error
        log.error("Run %s failed unexpectedly", run.id, exc_info=error)
        return UNEXPECTED

    async def _finish(self, run: RunRecord, finished: Finished) -> None:
        checkpoint_id = new_id()
        folder = self._directory.run(run.id)
        target = self._directory.checkpoint(checkpoint_id)
        try:
            saved = await asyncio.to_thread(save_checkpoint, folder / finished.checkpoint, target)
        except (OSError, CheckpointError):
            log.exception("The checkpoint of run %s could not be saved", run.id)
            self._report_end(await self._fail(run, UNSAVED), None)
            return
        if finished.curve is not None:
            curve = self._directory.curve(checkpoint_id)
            await asyncio.to_thread(save_curve, folder / finished.curve, curve)
        await self._catalog.finish_run(
            run.id,
            checkpoint_id=checkpoint_id,
            sha256=saved.sha256,
            file_size=saved.file_size,
            step=finished.step,
            validation_loss=finished.validation_loss,
            parameters=saved.parameters,
            novelty=saved.training.novelty,
            last_word=encode(finished),
        )
        kept = self._retention
        await self._tidy(kept.after_channel if run.reads_channel else kept.after_finish, run)
        self._report_end(await self._catalog.run(run.guild_id, run.id), finished)

    async def _fail(self, run: RunRecord, reason: str) -> RunRecord:
        failed = await self._catalog.fail_run(run.id, reason)
        await self._tidy(self._retention.after_failure, run)
        return failed

    async def _cancel(self, run: RunRecord) -> RunRecord:
        try:
            canceled = await self._catalog.cancel_run(run.id)
        except RunEndedError:
            raise RunGoneError from None
        await self._tidy(self._retention.after_cancel, run)
        return canceled

    async def _tidy(self, after: Callable[[str], None], run: RunRecord) -> None:
        """Delete what need not outlive the run; its end is stored and stands in any case."""
        try:
            await asyncio.to_thread(after, run.id)
        except OSError:
            log.exception("The files of run %s could not be deleted", run.id)


def _finished(end: UntoldEnd) -> Finished | None:
    """What a worker said last, as far as it is known."""
    event = None if end.last_word is None else decode(end.last_word)
    return event if isinstance(event, Finished) else None
