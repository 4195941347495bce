"""What the bot can do, for whom, and what it refuses.

A command on Discord parses its options, calls one method here and renders the answer. Every
method looks only into the caller's own guild, and raises `bot.errors.RefusedError` (whose
`str()` is the answer) for whatever cannot be done.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING

from bot.checks import check_owner, check_range, find_model, may_change, refusals
from bot.errors import (
    CheckpointBrokenError,
    CheckpointGoneError,
    GenerationGoneError,
    RunGoneError,
)
from bot.intake import Intake
from bot.library import Volume
from bot.longer import LongerTraining
from bot.names import checked_name
from bot.privacy import Privacy
from bot.requests import (
    BegunRun,
    Caller,
    CheckedGeneration,
    Export,
    GenerateRequest,
    TrainRequest,
    Written,
)
from bot.writing import Draft, Order
from model.errors import BookmarkError

if TYPE_CHECKING:
    from bot.corpora import CorpusReader
    from bot.readings import Readings
    from bot.requests import Download
    from bot.run_queue import RunQueue
    from bot.settings import Settings
    from bot.writing import WritingThread
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import CheckpointRecord, GenerationRecord, ModelRecord, RunRecord

__all__ = [
    "BegunRun",
    "Caller",
    "CheckedGeneration",
    "Export",
    "GenerateRequest",
    "Service",
    "TrainRequest",
    "Written",
]

MAXIMUM_LENGTH = 8_000
"""Characters in one text."""

MAXIMUM_SEED = 2**53
"""Discord's integers end here, in both directions."""


class Service:
    """Everything that commands and buttons may ask for."""

    def __init__(
        self,
        *,
        settings: Settings,
        catalog: Catalog,
        directory: DataDirectory,
        corpora: CorpusReader,
        readings: Readings,
        queue: RunQueue,
        writing: WritingThread,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._readings = readings
        self._queue = queue
        self._writing = writing
        self.privacy = Privacy(catalog)
        self._intake = Intake(
            settings=settings, catalog=catalog, directory=directory, corpora=corpora
        )
        self._longer = LongerTraining(settings=settings, catalog=catalog, directory=directory)

    async def stop(self) -> None:
        """Refuse the uploads that are under way; none of them leaves anything."""
        await self._intake.stop()

    # Training

    async def check_training(self, caller: Caller, request: TrainRequest) -> None:
        """Refuse what settings and catalog alone can refuse, before anything is deferred."""
        await self._intake.check(caller, request)

    async def begin_training(
        self, caller: Caller, request: TrainRequest, download: Download
    ) -> BegunRun:
        """Download and read the files, if there are any, and store the run.

        It waits for `announce`.

        `download` writes the attachments to the paths that it is given. After any error or
        cancellation nothing is left, neither a file nor a row.
        """
        return await self._intake.begin(caller, request, download)

    async def announce(self, run_id: str, message_id: int) -> None:
        """Keep the id of the progress message and let the run take its turn, or read first."""
        run = await self._catalog.set_message(run_id, message_id)
        reading = await self._catalog.reading(run.guild_id, run.id)
        if reading is None:
            self._queue.add(run)
        else:
            self._readings.add(reading)

    async def abandon(self, run_id: str) -> None:
        """Undo `begin_training`: the progress message could not be posted."""
        await self._intake.undo(run_id)

    async def check_cancel(self, caller: Caller, run_id: str) -> RunRecord:
        """Return the run if the caller may cancel it, before anything is deferred."""
        with refusals():
            run = await self._catalog.run(caller.guild_id, run_id)
        if not run.status.is_active:
            raise RunGoneError
        check_owner(caller, run.user_id, "cancel it")
        return run

    async def cancel(self, caller: Caller, run_id: str) -> None:
        """Cancel a run that reads, waits or trains; it keeps nothing. `Reporter.ended` follows."""
        run = await self.check_cancel(caller, run_id)
        await self._readings.end(run.id)
        await self._queue.cancel(run)

    async def check_finish(self, caller: Caller, run_id: str) -> RunRecord:
        """Return the run if the caller may end it now, before anything is deferred."""
        with refusals():
            run = await self._catalog.run(caller.guild_id, run_id)
        if not run.status.is_active:
            raise RunGoneError
        check_owner(caller, run.user_id, "finish it")
        return run

    async def finish(self, caller: Caller, run_id: str) -> None:
        """Let a run that trains end now, with the best so far. `Reporter.ended` follows."""
        await self._queue.finish(await self.check_finish(caller, run_id))

    async def check_longer(self, caller: Caller, run_id: str) -> RunRecord:
        """Return the run if its model may be trained longer from it, before a form is shown."""
        return await self._longer.check(caller, run_id)

    async def train_longer(self, caller: Caller, run_id: str, minutes: float) -> BegunRun:
        """Store a run that goes on from another one's checkpoint; it waits for `announce`."""
        return await self._longer.begin(caller, run_id, minutes)

    # Writing

    async def check_generation(self, caller: Caller, request: GenerateRequest) -> CheckedGeneration:
        """Find the model and check every option, before anything is deferred."""
        check_range("length", request.length, 1, MAXIMUM_LENGTH)
        check_range("temperature", request.temperature, 0, 2)
        check_range("seed", request.seed or 0, -MAXIMUM_SEED, MAXIMUM_SEED)
        model = await find_model(self._catalog, caller.guild_id, request.model)
        return CheckedGeneration(request=request, model=model)

    async def generate(self, caller: Caller, checked: CheckedGeneration) -> Written:
        """Write a text."""
        request = checked.request
        order = Order(
            prompt=request.prompt.encode("utf-8", "replace").decode(),  # no halves of a character
            seed=_draw_seed() if request.seed is None else request.seed,
            temperature=request.temperature,
            length=request.length,
        )
        return await self._write(caller, checked.model.checkpoint, order)

    async def check_text(self, caller: Caller, generation_id: str) -> None:
        """Refuse, before anything is deferred, to go on from a text that is gone."""
        await self._generation(caller, generation_id)

    async def continue_text(self, caller: Caller, generation_id: str) -> Written:
        """Go on exactly where a text stopped, with its own checkpoint, as long as before."""
        before, checkpoint = await self._generation(caller, generation_id)
        order = _order(before, seed=before.seed)
        try:
            return await self._write(caller, checkpoint, order, bookmark=before.bookmark)
        except BookmarkError as error:
            raise GenerationGoneError from error

    async def again(self, caller: Caller, generation_id: str) -> Written:
        """Write another text from the same prompt, with a new seed and the same checkpoint."""
        before, checkpoint = await self._generation(caller, generation_id)
        return await self._write(caller, checkpoint, _order(before, seed=_draw_seed()))

    async def remember_message(self, caller: Caller, generation_id: str, message_id: int) -> None:
        """Keep the id of the message that shows a text."""
        with refusals():
            await self._catalog.set_generation_message(caller.guild_id, generation_id, message_id)

    async def _generation(
        self, caller: Caller, generation_id: str
    ) -> tuple[GenerationRecord, CheckpointRecord]:
        with refusals():
            generation = await self._catalog.generation(caller.guild_id, generation_id)
            if generation.checkpoint_id is None:
                raise CheckpointGoneError
            checkpoint = await self._catalog.checkpoint(caller.guild_id, generation.checkpoint_id)
        return generation, checkpoint

    async def _write(
        self,
        caller: Caller,
        checkpoint: CheckpointRecord,
        order: Order,
        bookmark: bytes | None = None,
    ) -> Written:
        """Write, and keep where the text stopped."""
        draft = await self._draft(checkpoint, order, bookmark)
        with refusals():
            generation = await self._catalog.record_generation(
                caller.guild_id,
                channel_id=caller.channel_id,
                user_id=caller.user_id,
                checkpoint_id=checkpoint.id,
                prompt=order.prompt,
                seed=order.seed,
                temperature=order.temperature,
                length=order.length,
                bookmark=draft.bookmark,
            )
            model = await self._catalog.model(caller.guild_id, checkpoint.model_id)
        return Written(generation=generation, text=draft.text, skipped=draft.skipped, model=model)

    async def _draft(
        self, checkpoint: CheckpointRecord, order: Order, bookmark: bytes | None
    ) -> Draft:
        path = self._directory.checkpoint(checkpoint.id)
        volume = Volume(id=checkpoint.id, path=path, sha256=checkpoint.sha256)
        try:
            return await self._writing.write(volume, order, bookmark)
        except CheckpointBrokenError:
            with refusals():  # it may have been deleted while this text waited
                await self._catalog.checkpoint(checkpoint.guild_id, checkpoint.id)
            raise

    # Models

    async def models(self, caller: Caller) -> list[ModelRecord]:
        """Return the server's models, newest first."""
        return await self._catalog.models(caller.guild_id)

    async def model(self, caller: Caller, model_id: str) -> ModelRecord:
        """Return one of the server's models, by its id."""
        with refusals():
            return await self._catalog.model(caller.guild_id, model_id)

    async def current_model(self, caller: Caller) -> ModelRecord | None:
        """Return the model that /generate takes without being told."""
        return await self._catalog.current_model(caller.guild_id)

    async def checkpoints(self, caller: Caller, model_id: str) -> list[CheckpointRecord]:
        """Return a model's checkpoints, newest first."""
        with refusals():
            return await self._catalog.checkpoints(caller.guild_id, model_id)

    async def suggest(self, guild_id: int, text: str) -> list[ModelRecord]:
        """Return at most 25 models whose names fit what somebody has typed so far."""
        return await self._catalog.find_models(guild_id, text)

    def may_change(self, caller: Caller, model: ModelRecord) -> bool:
        """Whether the caller may use, rename and delete this model."""
        return may_change(caller, model.user_id)

    async def use(self, caller: Caller, model: str) -> ModelRecord:
        """Make a model, by its name or id, the server's current one."""
        found = await find_model(self._catalog, caller.guild_id, model)
        check_owner(caller, found.user_id, "switch to this model")
        with refusals():
            return await self._catalog.use_model(caller.guild_id, found.id)

    async def use_checkpoint(
        self, caller: Caller, model_id: str, checkpoint_id: str
    ) -> ModelRecord:
        """Let a model write with another one of its checkpoints."""
        model = await self.model(caller, model_id)
        check_owner(caller, model.user_id, "choose its checkpoint")
        with refusals():
            return await self._catalog.use_checkpoint(caller.guild_id, model.id, checkpoint_id)

    async def rename(self, caller: Caller, model_id: str, name: str) -> ModelRecord:
        """Give a model another name."""
        model = await self.model(caller, model_id)
        check_owner(caller, model.user_id, "rename this model")
        with refusals():
            return await self._catalog.rename_model(caller.guild_id, model.id, checked_name(name))

    async def delete(self, caller: Caller, model_id: str) -> ModelRecord:
        """Delete a model with its checkpoints and their files; return what it was."""
        model = await self.model(caller, model_id)
        check_owner(caller, model.user_id, "delete this model")
        with refusals():
            checkpoint_ids = await self._catalog.delete_model(caller.guild_id, model.id)
        for checkpoint_id in checkpoint_ids:
            await asyncio.to_thread(self._directory.remove_checkpoint, checkpoint_id)
            await self._writing.forget(checkpoint_id)
        return model

    async def export(self, caller: Caller, model_id: str) -> Export:
        """Return the file of a model's current checkpoint; everyone in the server may have it."""
        model = await self.model(caller, model_id)
        path = self._directory.checkpoint(model.checkpoint.id)
        if not path.is_file():
            raise CheckpointBrokenError
        stem = re.sub(r"[^\w.-]+", "_", model.name).strip("._") or "model"
        return Export(path=path, file_name=f"{stem}.safetensors", size=model.checkpoint.file_size)


def _order(before: GenerationRecord, *, seed: int) -> Order:
    return Order(
        prompt=before.prompt, seed=seed, temperature=before.temperature, length=before.length
    )


def _draw_seed() -> int:
    """Draw a seed that a person can type again."""
    return secrets.randbelow(2**31)
