"""A checkpoint from outside, from its download to a model of the server, or to nothing.

    sizes, place -> download -> read and verify, in a thread -> the checkpoint's place -> row

Whoever sends it may have made it: `model.checkpoint` believes nothing that it says. How much is
read is bounded before the download, while it comes, and by the file that is there. The row
comes last, so whatever is in the catalog has its file.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.checks import refusals
from bot.errors.files import ImportRefusedError
from bot.errors.limits import TooManyImportsError
from bot.names import checked_name, name_of_file
from bot.runs.intake import check_sizes, to_the_end
from bot.runs.saving import save_checkpoint
from bot.uploads import UploadKind
from model.errors import CheckpointError
from storage.files import new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.requests import Caller, Download, ImportRequest
    from bot.stock import Stock
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import ModelRecord, StockLimits

log = logging.getLogger(__name__)

LARGEST_CHECKPOINT = 64 * 2**20
"""In bytes; reading one takes three times as much memory for a moment."""

IMPORTS_PER_PERSON = 1
"""Of one person in one server, at the same time."""

IMPORTS_PER_SERVER = 3
"""Of one server, at the same time."""


class Importer:
    """Takes checkpoints in, one at a time."""

    def __init__(
        self, *, catalog: Catalog, directory: DataDirectory, stock: Stock, limits: StockLimits
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._stock = stock
        self._limits = limits
        self._reading = asyncio.Lock()

    async def check(self, caller: Caller, request: ImportRequest) -> None:
        """Refuse what can be refused before anything is downloaded."""
        async with self._place(caller, request):
            pass

    async def take_in(
        self, caller: Caller, request: ImportRequest, download: Download
    ) -> ModelRecord:
        """Make a model of an attachment; after any error neither a file nor a row is left."""
        upload_id = new_id()
        async with self._place(caller, request):
            self._stock.uploads.begin(upload_id, UploadKind.IMPORT, caller, request.file.size)
        try:
            return await self._take_in(upload_id, caller, request, download)
        finally:
            self._stock.uploads.end(upload_id)

    @asynccontextmanager
    async def _place(self, caller: Caller, request: ImportRequest) -> AsyncIterator[None]:
        """Refuse what sizes, catalog and other uploads can refuse; the body may begin one."""
        check_sizes([request.file], LARGEST_CHECKPOINT)
        name = None if request.name is None else checked_name(request.name)
        async with self._stock.adding(caller.guild_id) as size:
            self._check_count(caller)
            taken = size + request.file.size
            with refusals():
                await self._catalog.check_import(caller.guild_id, name, self._limits, taken)
            yield

    def _check_count(self, caller: Caller) -> None:
        of_person, of_guild = self._stock.uploads.count(UploadKind.IMPORT, caller)
        if of_person >= IMPORTS_PER_PERSON:
            raise TooManyImportsError(IMPORTS_PER_PERSON, whole_guild=False)
        if of_guild >= IMPORTS_PER_SERVER:
            raise TooManyImportsError(IMPORTS_PER_SERVER, whole_guild=True)

    async def _take_in(
        self, upload_id: str, caller: Caller, request: ImportRequest, download: Download
    ) -> ModelRecord:
        folder = self._directory.run(upload_id)
        folder.mkdir(mode=0o700)
        try:
            await download([folder / "import"])
            async with self._reading:
                return await to_the_end(self._keep(upload_id, caller, request, folder / "import"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def _keep(
        self, upload_id: str, caller: Caller, request: ImportRequest, source: Path
    ) -> ModelRecord:
        checkpoint_id = new_id()
        target = self._directory.checkpoint(checkpoint_id)
        try:
            saved = await asyncio.to_thread(save_checkpoint, source, target)
            await asyncio.to_thread(source.unlink)
            async with self._stock.adding(caller.guild_id, upload_id) as runs_size:
                with refusals():
                    return await self._catalog.import_model(
                        caller.guild_id,
                        checkpoint_id=checkpoint_id,
                        user_id=caller.user_id,
                        name=_name(request),
                        name_is_default=request.name is None,
                        sha256=saved.sha256,
                        file_size=saved.file_size,
                        step=saved.training.steps,
                        validation_loss=saved.training.validation_loss,
                        parameters=saved.parameters,
                        corpus_characters=saved.training.corpus_characters,
                        novelty=saved.training.novelty,
                        limits=self._limits,
                        runs_size=runs_size,
                    )
        except CheckpointError as error:
            log.info("A file was not imported: %s", error)
            raise ImportRefusedError(error) from error
        except BaseException:
            self._directory.remove_checkpoint(checkpoint_id)
            raise


def _name(request: ImportRequest) -> str:
    if request.name is not None:
        return checked_name(request.name)
    return name_of_file(request.file.name)
