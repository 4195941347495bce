"""The runs that wait and those that train.

    add ──> waiting ──> training ──> finished | failed | canceled
               └──────────────────────────────────────> canceled

Every run ends exactly once (`bot.runs.ends`). When the bot stops or dies, a run that trains keeps
its row as it is and goes on from its snapshot at the next start, whatever the moment.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

from bot.errors import NothingLearnedError, RunGoneError
from bot.runs.attempts import carry_out
from bot.runs.ends import RunEnds, insist, reason_of
from bot.runs.late_announcements import LateAnnouncements
from bot.runs.training_run import TrainingRun
from bot.statements import Statement
from storage.errors import NotFoundError, RunEndedError
from storage.files import new_id
from storage.records import RunStatus
from training.events import Finished, Progress, Sample, Started, decode
from training.run_directory import RunDirectory

if TYPE_CHECKING:
    from types import TracebackType

    from bot.runs.retention import Retention
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import RunRecord, UntoldEnd
    from training.events import Event
    from training.launcher import Launcher

UNANNOUNCED = Statement("reason-unannounced")

log = logging.getLogger(__name__)


class Reporter(Protocol):
    """Where news of runs go: on Discord, the progress message.

    Only `announce` waits, and may raise an error, only the one that it names. `run` always carries
    the newest record, the ids of its channel and its message among them. `ended` comes last, and
    once: again at the next start only where the catalog has not been told that the end is shown.
    So it may come for a run that was not mentioned before.
    """

    async def announce(self, run: RunRecord) -> int | None:
        """Post the message of a run that has none, or find it; None if that cannot be done.

        Raises:
            DiscordFaultError: A later try may fare better.
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

    Where a guild has `parallel_runs_per_guild` among them (0: as many as there may be), those of
    others come before its next one.

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
        parallel_runs_per_guild: int = 0,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._launcher = launcher
        self._run_ends = RunEnds(catalog=catalog, directory=directory, retention=retention)
        self._parallel_runs = parallel_runs
        self._parallel_runs_per_guild = parallel_runs_per_guild or parallel_runs
        self._reporter: Reporter | None = None
        self._stop = asyncio.Event()
        self._held: set[str] = set()
        self._announcements = LateAnnouncements(catalog, self.is_held)
        self._unannounced: list[RunRecord] = []
        """Until `start`: what the last end of the bot has kept from being announced."""
        self._waiting: dict[str, RunRecord] = {}
        self._canceling: set[str] = set()
        """Of those that wait: they do not begin while their cancellation is being stored."""
        self._training: dict[str, TrainingRun] = {}
        self._failing: set[asyncio.Task[None]] = set()
        """Of those that do not get as far as the queue, until their ends are stored."""

    async def __aenter__(self) -> Self:
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
        self._stop.set()
        await self._announcements.stop()
        for each in self._training.values():
            if not each.is_canceled:
                each.worker.cancel()
        if ends := [*(each.end for each in self._training.values()), *self._failing]:
            await asyncio.wait(ends)

    async def start(self, reporter: Reporter) -> None:
        """Begin to train and to report, first of all the ends that nobody was told of yet."""
        untold = await self._catalog.untold_ends()
        self._reporter = reporter
        for end in untold:
            reporter.ended(end.run, _finished(end))
        self._move_up()
        fail = partial(self.fail, reason=UNANNOUNCED)
        while self._unannounced:
            run = self._unannounced.pop(0)
            self._announcements.begin(run, reporter.announce, take_turn=self.add, fail=fail)

    def add(self, run: RunRecord) -> None:
        """Let a run take its turn. One that was canceled before it got here only ends."""
        if not run.status.is_active:
            self._report_end(run, None)
            return
        if not self.is_held(run.id):
            self._waiting[run.id] = run
            self._move_up()

    def hold(self, run: RunRecord) -> None:
        """Let a run that is to go with its row be neither announced nor read nor begun any more."""
        self._held.add(run.id)
        self._waiting.pop(run.id, None)

    def is_held(self, run_id: str) -> bool:
        """Whether a run is to go: whatever would announce, read or begin one asks this."""
        return run_id in self._held

    def fail(self, run: RunRecord, reason: Statement) -> None:
        """End a run that does not get as far as the queue, as soon as the disk takes that."""
        end = insist(run, partial(self._fail, run, reason), self._stop)
        task = asyncio.create_task(end, name=f"fail {run.id}")
        self._failing.add(task)
        task.add_done_callback(self._failing.discard)

    async def cancel(self, run: RunRecord) -> None:
        """End a run without a trace, wherever it is.

        Raises:
            RunGoneError: It has ended, or its checkpoint is complete and being saved.
            DiskFailsError: Its end cannot be stored, which is tried again on and on.
        """
        if run.id in self._training:
            await self._training[run.id].cancel()
            return
        self._canceling.add(run.id)
        try:
            canceled = await self._run_ends.cancel(run)
        except (RunGoneError, NotFoundError):
            self._waiting.pop(run.id, None)
            raise
        else:
            self._waiting.pop(run.id, None)
            if canceled.message_id is not None:
                self._report_end(canceled, None)
        finally:  # where nothing was stored it has kept its place
            self._canceling.discard(run.id)
            self._move_up()

    async def end(self, run: RunRecord) -> None:
        """See to it that a run is over: canceled, or in the way in which it is about to end.

        Raises:
            DiskFailsError: Its end cannot be stored, which is tried again on and on.
        """
        with suppress(RunGoneError, NotFoundError):
            await self.cancel(run)
        if run.id in self._training:
            await self._training[run.id].wait()

    async def finish(self, run: RunRecord) -> bool:
        """Let a run that trains end as if its time were over; `Reporter.ended` follows.

        Returns:
            Whether it is known to be better than when it began. It ends now, then, and otherwise
            as soon as it is.

        Raises:
            NothingLearnedError: It waits, or has only just begun.
            RunGoneError: It has ended, or is about to.
        """
        training = self._training.get(run.id)
        if training is None or training.is_about_to_end:
            raise NothingLearnedError if run.id in self._waiting else RunGoneError
        folder = self._directory.run(run.id)
        if training.progress is None and not RunDirectory(folder).snapshot.exists():
            raise NothingLearnedError
        await self._launcher.finish(folder)
        return training.is_better

    # How the queue moves

    def _move_up(self) -> None:
        """Start as many of the waiting runs as may train, and tell the others their places."""
        if self._reporter is None or self._stop.is_set():
            return
        while len(self._training) < self._parallel_runs and (run := self._next()) is not None:
            del self._waiting[run.id]
            worker = asyncio.create_task(self._train(run, self._reporter), name=f"train {run.id}")
            end = asyncio.create_task(self._end(run, worker), name=f"end {run.id}")
            self._training[run.id] = TrainingRun(run, worker, end)
        self._report_positions()

    def _next(self) -> RunRecord | None:
        """The first of the waiting runs whose guild does not train enough already."""
        guilds = [each.run.guild_id for each in self._training.values()]
        waiting = [run for run in self._waiting.values() if run.id not in self._canceling]
        most = self._parallel_runs_per_guild
        return next((run for run in waiting if guilds.count(run.guild_id) < most), None)

    def _report_positions(self) -> None:
        if self._reporter is not None:
            for place, run in enumerate(self._waiting.values(), len(self._training)):
                self._reporter.waiting(run, place)

    def _report_end(self, run: RunRecord, finished: Finished | None) -> None:
        log.info("Run %s is %s", run.id, run.status)
        if self._reporter is not None:  # before the start, the catalog keeps it for the start
            self._reporter.ended(run, finished)

    async def _fail(self, run: RunRecord, reason: Statement) -> None:
        try:
            self._report_end(await self._run_ends.fail(run, reason), None)
        except (RunEndedError, NotFoundError):  # canceled or deleted meanwhile
            log.warning("Run %s had ended before", run.id)

    # One run, from its start to its end

    async def _train(self, run: RunRecord, reporter: Reporter) -> Finished:
        started = await self._catalog.start_run(run.id)
        log.info("Run %s trains", run.id)
        reporter.waiting(run, 0)

        def on_event(event: Event) -> None:
            self._training[run.id].hear(event)
            if isinstance(event, Started | Progress | Sample):
                reporter.training(started, event)

        return await carry_out(self._launcher, self._directory.run(run.id), on_event)

    async def _end(self, run: RunRecord, worker: asyncio.Task[Finished]) -> None:
        """Wait for the worker and end its run accordingly; a stop of the bot ends nothing.

        This task is never canceled, so an end that has begun is completed.
        """
        await asyncio.wait({worker})
        await insist(run, partial(self._store_end, run, worker, new_id()), self._stop)
        del self._training[run.id]
        self._move_up()

    async def _store_end(
        self, run: RunRecord, worker: asyncio.Task[Finished], checkpoint_id: str
    ) -> None:
        try:
            await self._end_as(run, worker, checkpoint_id)
        except (RunEndedError, RunGoneError, NotFoundError):
            log.warning("Run %s had ended before", run.id)
            self._report_end(await self._as_it_ended(run), None)

    async def _as_it_ended(self, run: RunRecord) -> RunRecord:
        try:
            return await self._catalog.run(run.guild_id, run.id)
        except NotFoundError:  # deleted for good meanwhile
            return replace(run, status=RunStatus.CANCELED)

    async def _end_as(
        self, run: RunRecord, worker: asyncio.Task[Finished], checkpoint_id: str
    ) -> None:
        if self._training[run.id].is_canceled:
            self._report_end(await self._run_ends.cancel(run), None)
        elif worker.cancelled():
            log.info("Run %s goes on at the next start", run.id)
        elif (error := worker.exception()) is not None:
            self._report_end(await self._run_ends.fail(run, reason_of(run, error)), None)
        else:
            finished = worker.result()
            ended = await self._run_ends.finish(run, finished, checkpoint_id)
            self._report_end(ended, finished if ended.status is RunStatus.FINISHED else None)


def _finished(end: UntoldEnd) -> Finished | None:
    """What a worker said last, as far as it is known."""
    event = None if end.last_word is None else decode(end.last_word)
    return event if isinstance(event, Finished) else None
