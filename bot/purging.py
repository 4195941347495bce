"""Deleting for good: rows, files, runs, and what the catalog's file remembers of them.

    refuse uploads -> note the wish -> end runs -> rows -> files -> scrub

The wish is a row of the catalog until the rows are gone; what then is left are files that no row
names. So whenever the bot dies meanwhile, its next start completes what was begun (`complete`,
and the sweep of `bot.retention`), before anybody can ask for anything.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from storage.errors import CatalogUnavailableError

if TYPE_CHECKING:
    from bot.readings import Readings
    from bot.run_queue import RunQueue
    from bot.under_way import UnderWay
    from bot.writing import WritingThread
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import Purge, Purged

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

    async def carry_out(self, *purges: Purge) -> None:
        """Delete all of it; when this returns, no file of the data directory has a byte of it."""
        for purge in purges:
            async with self._under_way.refusing(purge):
                await self._delete(purge)
        await self._scrub()

    async def _delete(self, purge: Purge) -> None:
        await self._catalog.begin_purge(purge)
        for run in await self._catalog.active_runs_in(purge):
            await self._readings.end(run.id)
            await self._queue.end(run)
        purged = await self._catalog.purge_rows(purge)
        await self._delete_files(purged)
        counts = len(purged.runs), len(purged.checkpoints)
        log.info("Deleted for good: %d runs and %d checkpoints", *counts)

    async def _scrub(self) -> None:
        """Write the catalog anew; where something is in the way, `bot.retention` tries again."""
        try:
            await self._catalog.scrub()
        except CatalogUnavailableError as error:
            log.warning("Bytes of what was deleted may still be in the catalog: %s", error)

    async def _delete_files(self, purged: Purged) -> None:
        for run_id in purged.runs:
            await asyncio.to_thread(self._directory.remove_run, run_id)
        for checkpoint_id in purged.checkpoints:
            await asyncio.to_thread(self._directory.remove_checkpoint, checkpoint_id)
            await self._writing.forget(checkpoint_id)


async def complete(catalog: Catalog) -> None:
    """Delete the rows that an end of the bot has kept; only before anything is begun.

    The files that belonged to them are swept like all that no row names.
    """
    for purge in await catalog.purges():
        await catalog.purge_rows(purge)
        log.info("Completed a deletion that the end of the bot had interrupted")
    await catalog.scrub()
