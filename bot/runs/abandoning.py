"""Runs that came to nothing before they began: whoever asked for one was told that it failed.

    files, row

Files go first, for deleting them takes no room on a disk; a row goes though they resist, or their
run would train after all. What resists goes as soon as that can be, a row's name and place with
it, also after the bot's next start: it knows such a run by its missing files, and holds it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from storage.errors import StorageError
from storage.records import RunStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.runs.queue import RunQueue
    from storage.catalog import Catalog
    from storage.files import DataDirectory

log = logging.getLogger(__name__)


class Abandoned:
    """Deletes such runs."""

    def __init__(self, catalog: Catalog, directory: DataDirectory, queue: RunQueue) -> None:
        self._catalog = catalog
        self._directory = directory
        self._queue = queue
        self._runs: set[str] = set()
        """Those of which something is left."""

    async def take_up(self) -> None:
        """Take note of rows that the last start could not delete; before anything is announced."""
        read = [reading.run for reading in await self._catalog.readings()]
        for run in await self._catalog.active_runs() + read:
            if run.status is RunStatus.QUEUED and not self._directory.run(run.id).exists():
                self._queue.hold(run)
                self._runs.add(run.id)
        await self.retry()

    async def add(self, run_id: str) -> None:
        """Delete the run's files, and its row if there is one, now or as soon as that can be."""
        self._runs.add(run_id)
        await self.retry()

    async def retry(self) -> None:
        """Go on with what has failed."""
        for run_id in [*self._runs]:
            files = asyncio.to_thread(self._directory.remove_run, run_id)
            are_gone = await _is_done(run_id, files)
            if await _is_done(run_id, self._catalog.forget_run(run_id)) and are_gone:
                self._runs.discard(run_id)


async def _is_done(run_id: str, step: Awaitable[None]) -> bool:
    try:
        await step
    except (StorageError, OSError) as error:
        log.error("Run %s cannot be abandoned yet: %s", run_id, error)  # noqa: TRY400
        return False
    return True
