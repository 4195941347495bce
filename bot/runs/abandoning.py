"""Runs that came to nothing before they began: whoever asked for one was told that it failed.

    files ──> row

Files go first, for deleting them takes no room on a disk. A row that a full disk keeps stands for
nothing without them: it goes as soon as the disk takes that, and its name and its place with it.
If the bot ends before, `bot.runs.late_announcements` sees at the next start that the files are
gone.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from storage.errors import StorageError

if TYPE_CHECKING:
    from storage.catalog import Catalog
    from storage.files import DataDirectory

log = logging.getLogger(__name__)


class Abandoned:
    """Deletes such runs."""

    def __init__(self, catalog: Catalog, directory: DataDirectory) -> None:
        self._catalog = catalog
        self._directory = directory
        self._runs: set[str] = set()
        """Those of which something is left."""

    async def add(self, run_id: str) -> None:
        """Delete the run's files, and its row if there is one, now or as soon as that can be."""
        self._runs.add(run_id)
        await self.retry()

    async def retry(self) -> None:
        """Go on with what has failed."""
        for run_id in [*self._runs]:
            try:
                await asyncio.to_thread(self._directory.remove_run, run_id)
                await self._catalog.forget_run(run_id)
            except (StorageError, OSError) as error:
                log.error("Run %s cannot be abandoned yet: %s", run_id, error)  # noqa: TRY400
            else:
                self._runs.discard(run_id)
