"""Deleting for good: rows, files, runs, and what the catalog's file remembers of them.

    refuse uploads -> note the wish -> end runs -> rows -> scrub -> files

The wish is a row of the catalog until the rows are gone; what then is left are files that no row
names. So whenever the bot dies meanwhile, its next start completes what was begun (`complete`,
and the sweep of `bot.runs.retention`), before anybody can ask for anything. Where something fails
and the bot lives, it is tried again, and nothing that would be deleted then can be given before;
what fails at a start is taken up by the bot that then lives.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import DiskFailsError
from storage.errors import CatalogUnavailableError, StorageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bot.channels.readings import Readings
    from bot.runs.queue import RunQueue
    from bot.under_way import UnderWay
    from bot.writing.thread import WritingThread
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import Purge, Purged, RunRecord

log = logging.getLogger(__name__)


class Purger:
    """Deletes what a person gave, or all that a guild has."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        directory: DataDirectory,
        under_way: UnderWay,
        readings: Readings,
        queue: RunQueue,
        writing: WritingThread,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._under_way = under_way
        self._readings = readings
        self._queue = queue
        self._writing = writing
        self._lock = asyncio.Lock()
        self._begun: list[Purge] = []
        """Noted and refused, but their rows are still there."""
        self._removals: list[partial[None]] = []
        """Of files that no row names any more."""

    async def carry_out(self, purge: Purge) -> None:
        """Delete all of it; when this returns, no file of the data directory has a byte of it.

        When this raises, what was begun is tried again until it is done (`retry`).
        """
        async with self._lock:
            await self._delete(purge)
            await self._leave_nothing()

    async def carry_out_what_can_be(self, purges: Collection[Purge]) -> list[Purge]:
        """Delete what nothing is in the way of, and return those whose rows are gone.

        No run of the others begins, though their wish may not be stored either.
        """
        for purge in purges:
            with _logged():
                await self._hold_runs(purge)
        async with self._lock:
            return await self._delete_what_can_be(purges)

    async def take_up(self) -> None:
        """Take note of what `complete` could not delete; before anybody can give anything.

        Its runs are neither announced nor read nor trained.
        """
        for purge in await self._catalog.purges():
            await self._under_way.refuse(purge)
            self._begun.append(purge)
            with _logged():
                await self._hold_runs(purge)

    async def retry(self) -> None:
        """Go on with what has failed and is not done by now."""
        async with self._lock:
            if self._begun or self._removals:
                await self._delete_what_can_be([*self._begun])

    async def _delete_what_can_be(self, purges: Iterable[Purge]) -> list[Purge]:
        done: list[Purge] = []
        for purge in purges:
            with _logged():
                await self._delete(purge)
                done.append(purge)
        with _logged():
            await self._leave_nothing()
        return done

    async def _delete(self, purge: Purge) -> None:
        if purge not in self._begun:
            await self._begin(purge)
        await self._delete_rows(purge)

    async def _leave_nothing(self) -> None:
        await _scrub(self._catalog)
        await self._remove_files()

    async def _begin(self, purge: Purge) -> None:
        try:
            await self._under_way.refuse(purge)
            await self._catalog.begin_purge(purge)
        except BaseException:
            self._under_way.allow(purge)
            raise
        self._begun.append(purge)

    async def _delete_rows(self, purge: Purge) -> None:
        for run in await self._hold_runs(purge):
            await self._queue.end(run)
        purged = await self._catalog.purge_rows(purge)
        self._removals += self._removals_of(purged)
        self._begun.remove(purge)
        self._under_way.allow(purge)
        self._writing.forget(*purged.checkpoints)
        counts = len(purged.runs), len(purged.checkpoints)
        log.info("Deleted for good: %d runs and %d checkpoints", *counts)

    async def _hold_runs(self, purge: Purge) -> list[RunRecord]:
        """Let none of the runs begin or read any further, and return those that have to end."""
        runs = await self._catalog.active_runs_in(purge)
        for run in runs:
            self._queue.hold(run)
        for run in runs:
            await self._readings.end(run.id)
        return runs

    def _removals_of(self, purged: Purged) -> list[partial[None]]:
        directory = self._directory
        runs = [partial(directory.remove_run, run_id) for run_id in purged.runs]
        return runs + [partial(directory.remove_checkpoint, one) for one in purged.checkpoints]

    async def _remove_files(self) -> None:
        """Delete the files; one that resists keeps none of the others."""
        failure: OSError | None = None
        for remove in [*self._removals]:
            try:
                await asyncio.to_thread(remove)
            except OSError as error:
                failure = error
            else:
                self._removals.remove(remove)
        if failure is not None:
            raise failure


async def complete(catalog: Catalog) -> None:
    """Delete the rows that an end of the bot has kept; only before anything is begun.

    The files that belonged to them are swept like all that no row names. What cannot be deleted
    keeps no bot from starting: `Purger.take_up` is next.
    """
    for purge in await catalog.purges():
        with _logged():
            await catalog.purge_rows(purge)
            log.info("Completed a deletion that the end of the bot had interrupted")
    await _scrub(catalog)


async def _scrub(catalog: Catalog) -> None:
    """Write the catalog anew; where something is in the way, `bot.runs.retention` tries again."""
    try:
        await catalog.scrub()
    except CatalogUnavailableError as error:
        log.warning("Bytes of what was deleted may still be in the catalog: %s", error)


@contextmanager
def _logged() -> Iterator[None]:
    """Within the body anything may fail."""
    try:
        yield
    except (StorageError, OSError, DiskFailsError) as error:
        log.error("What is to be deleted could not be deleted yet: %s", error)  # noqa: TRY400
    except Exception:  # a full or failing disk must not end the trying
        log.exception("What is to be deleted could not be deleted yet")
