"""How long files are kept, and what of a run's folder outlives the run.

    finished    spec, corpus and log for CHARWGU_CORPUS_HOURS, so that it can be trained longer;
                where the corpus was a channel's messages, the log
    failed      the log
    canceled    nothing

A log is kept for `LOG_DAYS`. Of texts and of ended runs the catalog keeps rows for
CHARWGU_RECORD_DAYS. What a crash left behind, files that no row of the catalog names, goes when
the bot starts.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
from typing import TYPE_CHECKING

from storage.errors import CatalogUnavailableError
from training.run_directory import RunDirectory

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from storage.catalog import Catalog
    from storage.files import DataDirectory

LOG_DAYS = 30
"""Days that a worker's log is kept after the run's end."""

DAY = 86_400.0

INTERVAL = 600.0
"""Seconds between two looks for what has been kept long enough."""

log = logging.getLogger(__name__)


class Retention:
    """Deletes what need not be kept any longer."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        directory: DataDirectory,
        corpus_hours: float,
        record_days: float,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._corpus_seconds = corpus_hours * 3600
        self._record_seconds = record_days * DAY

    async def sweep_orphans(self) -> None:
        """Delete all that no row names; only before anything is begun."""
        runs = await self._catalog.known_runs()
        checkpoints = await self._catalog.known_checkpoints()
        sweep = self._directory.sweep
        count = await asyncio.to_thread(sweep, runs=runs, checkpoints=checkpoints)
        if count:
            log.info("Deleted %d files and folders that a crash had left behind", count)

    async def sweep_for_ever(self) -> None:
        """Delete corpora, logs and rows as they come of age."""
        while True:
            try:
                await self.sweep()
            except Exception:  # a full or failing disk must not end the sweeping
                log.exception("Old files could not be deleted")
            await asyncio.sleep(INTERVAL)

    async def sweep(self) -> None:
        """Delete what has been kept long enough."""
        now = time.time()
        await self._catalog.forget_generations_before(int(now - self._record_seconds))
        await self._catalog.forget_conversations_before(int(now - self._record_seconds))
        await self._catalog.forget_spent()
        longest = max(self._record_seconds, self._corpus_seconds, DAY)  # limits count a day's runs
        forgotten = await self._catalog.forget_runs_ended_before(int(now - longest))
        old = await self._catalog.runs_ended_before(int(now - LOG_DAYS * DAY))
        ended = await self._catalog.runs_ended_before(int(now - self._corpus_seconds))
        await asyncio.to_thread(self._delete, old | forgotten, ended - old)

        await self._leave_no_bytes()

    async def _leave_no_bytes(self) -> None:
        """Leave in the catalog's files nothing of rows that are gone, if a purge could not."""
        try:
            await self._catalog.scrub()
            await self._catalog.empty_log()
        except CatalogUnavailableError as error:
            log.info("Bytes of what was deleted may be in the catalog until later: %s", error)

    def _delete(self, old: Collection[str], ended: Collection[str]) -> None:
        """Let all of the old runs go, and all but the logs of the ended ones."""
        steps = [(self._directory.remove_run, run_id) for run_id in old]
        steps += [(self.after_failure, run_id) for run_id in ended]
        for let_go, run_id in steps:
            try:
                let_go(run_id)
            except OSError as error:  # one that resists holds up no other
                log.error("Files of run %s cannot be deleted yet: %s", run_id, error)  # noqa: TRY400

    def after_finish(self, run_id: str) -> None:
        """Keep of a finished run what it needs to be trained longer, for as long as is set."""
        folder = self._directory.run(run_id)
        keep_corpus(folder) if self._corpus_seconds else keep_log(folder)

    def after_channel(self, run_id: str) -> None:
        """Keep of a run that learned a channel its log: nobody who opts out is learned again."""
        keep_log(self._directory.run(run_id))

    def after_failure(self, run_id: str) -> None:
        """Keep of a failed run its log."""
        keep_log(self._directory.run(run_id))

    def after_cancel(self, run_id: str) -> None:
        """Keep nothing of a canceled run."""
        self._directory.remove_run(run_id)


def keep_corpus(folder: Path) -> None:
    """Delete a run's snapshot and checkpoint."""
    run = RunDirectory(folder)
    _keep(folder, {run.spec, run.corpus, run.log})


def keep_log(folder: Path) -> None:
    """Delete all of a run but its log."""
    _keep(folder, {RunDirectory(folder).log})


def _keep(folder: Path, kept: Collection[Path]) -> None:
    present = set(folder.iterdir()) if folder.is_dir() else set()
    for path in present.difference(kept):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
