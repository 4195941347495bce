"""Looking after models: lists, cards, changes and imports.

`Service` is made of this and of `bot.writing.texts`. Every id comes from Discord and is looked
for in the caller's own guild alone.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from bot.checks import check_owner, find_model, may_change, refusals
from bot.errors import CheckpointBrokenError
from bot.names import checked_name, file_stem
from bot.requests import MODELS_ON_A_PAGE, Details, Export, Listed
from model.errors import CheckpointError
from model.header import read_header
from storage.errors import FileDamagedError
from storage.files import read_verified

if TYPE_CHECKING:
    from pathlib import Path

    from bot.importing import Importer
    from bot.requests import Caller, Download, ImportRequest, Listing
    from bot.under_way import UnderWay
    from bot.writing.thread import WritingThread
    from model.header import Header
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import ModelRecord

log = logging.getLogger(__name__)


class ModelService:
    """The part of `Service` that looks after models."""

    _catalog: Catalog
    _directory: DataDirectory
    _importer: Importer
    _under_way: UnderWay
    _writing: WritingThread

    async def list_models(self, caller: Caller, listing: Listing) -> Listed:
        """Return a page of the server's models; the last one where there are not so many."""
        count = await self._catalog.count_models(caller.guild_id, listing.search)
        last = max(0, (count - 1) // MODELS_ON_A_PAGE)
        page = min(listing.page, last)
        models = await self._catalog.models(
            caller.guild_id,
            search=listing.search,
            order=listing.order,
            limit=MODELS_ON_A_PAGE,
            offset=page * MODELS_ON_A_PAGE,
        )
        return Listed(models=models, page=page, pages=last + 1, count=count)

    async def model(self, caller: Caller, model_id: str) -> ModelRecord:
        """Return one of the server's models, by its id."""
        with refusals():
            return await self._catalog.model(caller.guild_id, model_id)

    async def details(self, caller: Caller, model_id: str) -> Details:
        """Return all there is to know about a model."""
        with refusals():
            model = await self._catalog.model(caller.guild_id, model_id)
            checkpoints = await self._catalog.checkpoints(caller.guild_id, model_id)
        header = await asyncio.to_thread(_header, self._directory.checkpoint(model.checkpoint.id))
        base = None
        if header is not None and header.base is not None:
            base = await self._catalog.model_of_file(caller.guild_id, header.base)
        curve = self._directory.curve(model.checkpoint.id)
        return Details(
            model=model,
            checkpoints=checkpoints,
            header=header,
            base=base,
            curve=curve if curve.exists() else None,
        )

    async def suggest(self, guild_id: int, text: str) -> list[ModelRecord]:
        """Return at most 25 models whose names fit what somebody has typed so far."""
        return await self._catalog.find_models(guild_id, text)

    def may_change(self, caller: Caller, model: ModelRecord) -> bool:
        """Whether the caller may use, rename and delete this model."""
        return may_change(caller, model.user_id)

    async def use(self, caller: Caller, model: str) -> ModelRecord:
        """Make a model, by its name or id, the server's current one."""
        found = await find_model(self._catalog, caller.guild_id, model)
        check_owner(caller, found.user_id, "use")
        with refusals():
            return await self._catalog.use_model(caller.guild_id, found.id)

    async def use_checkpoint(
        self, caller: Caller, model_id: str, checkpoint_id: str
    ) -> ModelRecord:
        """Let a model write with another one of its checkpoints."""
        model = await self.model(caller, model_id)
        check_owner(caller, model.user_id, "use-checkpoint")
        with refusals():
            return await self._catalog.use_checkpoint(caller.guild_id, model.id, checkpoint_id)

    async def rename(self, caller: Caller, model_id: str, name: str) -> ModelRecord:
        """Give a model another name."""
        model = await self.model(caller, model_id)
        check_owner(caller, model.user_id, "rename")
        with refusals():
            return await self._catalog.rename_model(caller.guild_id, model.id, checked_name(name))

    async def delete(self, caller: Caller, model_id: str) -> ModelRecord:
        """Delete a model with its checkpoints and their files; return what it was."""
        model = await self.model(caller, model_id)
        check_owner(caller, model.user_id, "delete")
        with refusals():
            checkpoint_ids = await self._catalog.delete_model(caller.guild_id, model.id)
        for checkpoint_id in checkpoint_ids:
            await asyncio.to_thread(self._directory.remove_checkpoint, checkpoint_id)
        self._writing.forget(*checkpoint_ids)
        return model

    async def export(self, caller: Caller, model_id: str) -> Export:
        """Return the file of a model's current checkpoint; everyone in the server may have it."""
        model = await self.model(caller, model_id)
        path = self._directory.checkpoint(model.checkpoint.id)
        try:
            await asyncio.to_thread(read_verified, path, sha256=model.checkpoint.sha256)
        except (FileDamagedError, OSError) as error:
            raise CheckpointBrokenError from error
        file_name = f"{file_stem(model.name)}.safetensors"
        return Export(path=path, file_name=file_name, size=model.checkpoint.file_size)

    async def check_import(self, caller: Caller, request: ImportRequest) -> None:
        """Refuse what sizes and catalog alone can refuse, before anything is deferred."""
        await self._importer.check(caller, request)

    async def import_model(
        self, caller: Caller, request: ImportRequest, download: Download
    ) -> ModelRecord:
        """Take in a checkpoint that this program has written, whoever hands it over.

        `download` writes the attachment to the path that it is given. After any error nothing is
        left, neither a file nor a row; nor after a cancellation, unless it came so late that the
        model was being kept: then it is kept.
        """
        take_in = partial(self._importer.take_in, caller, request, download)
        return await self._under_way.carry(caller, take_in)


def _header(path: Path) -> Header | None:
    """What a checkpoint's file says of itself; None if it is missing or damaged."""
    try:
        return read_header(path)
    except (OSError, CheckpointError) as error:
        log.warning("The checkpoint %s cannot be described: %s", path.stem, error)
        return None
