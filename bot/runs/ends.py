"""How a run ends: in the catalog, whose row is where it does, and then in its files.

A finished run's checkpoint is copied to its place before the row is written, so that after a
crash in between the next start only copies it again. What the disk does not take is tried again
(`insist`).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import RunGoneError
from bot.runs.saving import save_checkpoint, save_curve
from bot.statements import Statement, statement_of, unknown
from model.errors import CheckpointError
from storage.errors import CatalogUnavailableError, FileDamagedError, RunEndedError
from training.events import encode
from training.run_errors import RunFailedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.runs.retention import Retention
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import RunRecord
    from training.events import Finished

STORE_AGAIN_SECONDS = 10.0
"""Between two tries to store the end of a run, while the disk takes nothing."""

UNUSABLE = Statement("reason-unusable")
DISK_FAILS = Statement("reason-disk-fails")
UNEXPECTED = Statement("reason-unexpected")

log = logging.getLogger(__name__)


class RunEnds:
    """Ends runs. All but the reason of a failure may raise `CatalogUnavailableError`."""

    def __init__(self, *, catalog: Catalog, directory: DataDirectory, retention: Retention) -> None:
        self._catalog = catalog
        self._directory = directory
        self._retention = retention

    async def finish(self, run: RunRecord, finished: Finished, checkpoint_id: str) -> RunRecord:
        """Keep what a run has learned, under an id that is the same at every try; or fail it.

        Raises:
            RunEndedError: It has ended before.
        """
        folder = self._directory.run(run.id)
        source, target = folder / finished.checkpoint, self._directory.checkpoint(checkpoint_id)
        try:
            saved = await asyncio.to_thread(save_checkpoint, source, target, sha256=finished.sha256)
        except (OSError, CheckpointError, FileDamagedError) as error:
            log.exception("The checkpoint of run %s could not be saved", run.id)
            return await self.fail(run, DISK_FAILS if isinstance(error, OSError) else UNUSABLE)
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
        return await self._catalog.run(run.guild_id, run.id)

    async def fail(self, run: RunRecord, reason: Statement) -> RunRecord:
        """End a run with a reason, and keep its log.

        Raises:
            RunEndedError: It has ended before.
        """
        failed = await self._catalog.fail_run(run.id, reason.encode())
        await self._tidy(self._retention.after_failure, run)
        return failed

    async def cancel(self, run: RunRecord) -> RunRecord:
        """End a run without a trace.

        Raises:
            RunGoneError: It has ended before.
        """
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


async def insist(run: RunRecord, end: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Store the end of a run as soon as the disk takes it, unless the bot stops; never raises."""
    while True:
        try:
            await end()
        except CatalogUnavailableError as error:
            log.error("The end of run %s cannot be stored yet: %s", run.id, error)  # noqa: TRY400
        except Exception:  # the next start takes the run up again
            log.exception("The end of run %s could not be stored", run.id)
            return
        else:
            return
        if stop.is_set():
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), STORE_AGAIN_SECONDS)


def reason_of(run: RunRecord, error: BaseException) -> Statement:
    """Why a run failed.

    Raises:
        RunEndedError: It was not the run that failed; it had ended before.
    """
    match error:
        case RunFailedError():
            log.warning("Run %s failed: %s", run.id, error)
            return statement_of(error.error) if error.error else unknown(error.reason)
        case RunEndedError():
            raise error
        case OSError() | CatalogUnavailableError():
            log.error("Run %s failed with the disk: %s", run.id, error)
            return DISK_FAILS
        case _:
            log.error("Run %s failed unexpectedly", run.id, exc_info=error)
            return UNEXPECTED
