"""Writing: a text or several, how they go on, and how they are written once more.

A text's row in the catalog holds all that its buttons need. `Service` is made of this and of
`bot.models`; like all of it, this looks only into the caller's own guild.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.checks import find_model, refusals, soundest
from bot.errors import (
    AlwaysTheSameError,
    CheckpointBrokenError,
    CheckpointGoneError,
    GenerationGoneError,
    PromptNotKeptError,
    TemperatureEndError,
)
from bot.requests import CheckedGeneration, GenerateRequest, Written
from bot.writing.avoiding import REDRAWS, Beginning, write_without
from bot.writing.forbidden import forbidden_words
from bot.writing.library import Volume
from bot.writing.orders import (
    HOTTEST,
    check_prompt,
    checked_order,
    draw_seed,
    order_of,
    seeds_of,
    storable,
)
from model.errors import BookmarkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.errors import RefusedError
    from bot.requests import Caller
    from bot.rules import Rules
    from bot.under_way import UnderWay
    from bot.writing.avoiding import Shown
    from bot.writing.thread import Order, WritingThread
    from model.generation import Writer
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import CheckpointRecord, GenerationRecord

T = TypeVar("T")

COLDEST = 0.2
"""Where Colder ends. Below it a text differs hardly from the likeliest one."""

STEP = 0.2
"""How much hotter or colder a press makes a text."""


class Heat(Enum):
    """What becomes of a text's temperature when it is written once more."""

    HOTTER = STEP
    SAME = 0.0
    COLDER = -STEP


class TextService:
    """The part of `Service` that writes."""

    _catalog: Catalog
    _directory: DataDirectory
    _under_way: UnderWay
    _writing: WritingThread
    rules: Rules

    async def check_generation(self, caller: Caller, request: GenerateRequest) -> CheckedGeneration:
        """Find the model and check every option, before anything is deferred.

        What was not chosen is as the server has chosen it.
        """
        order = checked_order(request, await self.rules.check_writing(caller))
        model = await find_model(self._catalog, caller.guild_id, request.model)
        return CheckedGeneration(
            order=order, seed_is_given=request.seed is not None, count=request.count, model=model
        )

    async def check_foreign_text(self, caller: Caller, prompt: str) -> CheckedGeneration:
        """Check, before anything is deferred, whether to go on from what others wrote.

        It is read as a prompt, but not kept.
        """
        request = GenerateRequest(prompt=prompt, prompt_kept=False)
        return await self.check_generation(caller, request)

    async def generate(self, caller: Caller, checked: CheckedGeneration) -> list[Written]:
        """Write the texts that were asked for.

        Where the model's checkpoint is damaged, an earlier one of it writes, and it is said.
        """
        write = partial(self._write_first, caller, checked)
        return await soundest(self._catalog, checked.model.checkpoint, write)

    async def _write_first(
        self, caller: Caller, checked: CheckedGeneration, checkpoint: CheckpointRecord
    ) -> list[Written]:
        order, redraws = checked.order, 0 if checked.seed_is_given else REDRAWS
        beginning = Beginning(before=order.prompt, redraws=redraws)
        texts = await self._write(caller, checkpoint, order, beginning, count=checked.count)
        earlier = None if checkpoint == checked.model.checkpoint else checkpoint
        return [replace(text, earlier=earlier) for text in texts]

    async def check_text(self, caller: Caller, generation_id: str) -> GenerationRecord:
        """Return a text, and refuse one that cannot be gone on from before anything is deferred."""
        await self.rules.check_writing(caller)
        return (await self._generation(caller, generation_id))[0]

    async def continue_text(self, caller: Caller, generation_id: str) -> Written:
        """Go on exactly where a text stopped, with its own checkpoint, as long as before."""
        before, checkpoint = await self._generation(caller, generation_id)
        order = order_of(before, seed=before.seed)
        try:
            beginning = Beginning(before=before.tail, bookmark=before.bookmark)
            [written] = await self._write(caller, checkpoint, order, beginning)
        except BookmarkError as error:
            raise GenerationGoneError from error
        return written

    async def check_again(
        self, caller: Caller, generation_id: str, heat: Heat = Heat.SAME
    ) -> GenerationRecord:
        """Refuse, before anything is deferred, what `again` could not write differently."""
        before = await self.check_text(caller, generation_id)
        _check_differs(before, heat)
        return before

    async def again(
        self, caller: Caller, generation_id: str, heat: Heat = Heat.SAME
    ) -> list[Written]:
        """Write from the same prompt with a new seed, the same checkpoint and options.

        As many texts as were asked for together; hotter or colder on demand.
        """
        before, checkpoint = await self._generation(caller, generation_id)
        _check_differs(before, heat)
        temperature = round(before.temperature + heat.value, 2)
        changed = replace(before, temperature=min(max(temperature, COLDEST), HOTTEST))
        return await self._rewrite(caller, checkpoint, before if heat is Heat.SAME else changed)

    async def edit(self, caller: Caller, generation_id: str, prompt: str) -> list[Written]:
        """Write from another prompt, with everything else as it was but the seed.

        The stop text and what is left of the former prompt are still the words of who gave them.
        """
        check_prompt(prompt)
        before, checkpoint = await self._generation(caller, generation_id)
        wanted = replace(
            before,
            prompt=storable(prompt),
            prompt_kept=True,
            prompt_user_ids=tuple(sorted({*before.givers, caller.user_id})),
        )
        return await self._rewrite(caller, checkpoint, wanted)

    async def remember_message(self, caller: Caller, generation_id: str, message_id: int) -> None:
        """Keep the id of the message that shows a text."""
        with refusals():
            await self._catalog.set_generation_message(caller.guild_id, generation_id, message_id)

    async def _rewrite(
        self, caller: Caller, checkpoint: CheckpointRecord, wanted: GenerationRecord
    ) -> list[Written]:
        order = order_of(wanted, seed=draw_seed())
        beginning = Beginning(before=order.prompt, redraws=REDRAWS)
        return await self._write(caller, checkpoint, order, beginning, count=wanted.count)

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
        beginning: Beginning,
        *,
        count: int = 1,
    ) -> list[Written]:
        """Write, and keep where each text stopped."""
        write = partial(self._write_each, caller, checkpoint, order, beginning, count)
        return await self._under_way.carry(caller, write)

    async def _write_each(
        self,
        caller: Caller,
        checkpoint: CheckpointRecord,
        order: Order,
        beginning: Beginning,
        count: int,
    ) -> list[Written]:
        """Write one text after the other; each waits for its turn by itself."""
        written = []
        async with self.rules.turn(caller) as chosen:
            words = await asyncio.to_thread(forbidden_words, chosen.forbidden_words)
            for seed in seeds_of(order.seed, count):
                one = replace(order, seed=seed)
                write = partial(write_without, words, order=one, beginning=beginning)
                shown = await self._in_thread(checkpoint, write)
                written.append(await self._keep(caller, checkpoint, shown, count))
        return written

    async def _keep(
        self,
        caller: Caller,
        checkpoint: CheckpointRecord,
        shown: Shown,
        count: int,
    ) -> Written:
        order, draft = shown.order, shown.draft
        with refusals():
            generation = await self._catalog.record_generation(
                caller.guild_id,
                channel_id=caller.channel_id,
                user_id=caller.user_id,
                checkpoint_id=checkpoint.id,
                prompt=order.prompt if order.prompt_kept else "",
                prompt_kept=order.prompt_kept,
                seed=order.seed,
                temperature=order.temperature,
                top_k=order.top_k,
                top_p=order.top_p,
                stop=order.stop,
                length=order.length,
                count=count,
                bookmark=draft.bookmark,
                tail=shown.tail,
                prompt_user_ids=order.prompt_user_ids,
                former_id=order.former_id,
            )
            model = await self._catalog.model(caller.guild_id, checkpoint.model_id)
        return Written(
            generation=generation,
            text=draft.text,
            prompt=shown.before,
            stop=shown.stop,
            skipped=draft.skipped,
            never=draft.never,
            model=model,
        )

    async def _in_thread(self, checkpoint: CheckpointRecord, write: Callable[[Writer], T]) -> T:
        try:
            return await self._writing.use(Volume.of(self._directory, checkpoint), write)
        except CheckpointBrokenError:
            with refusals():  # it may have been deleted while this text waited
                await self._catalog.checkpoint(checkpoint.guild_id, checkpoint.id)
            raise


def refusal_to_differ(before: GenerationRecord, heat: Heat) -> RefusedError | None:
    """Why a text cannot be written differently; None if it can."""
    if not before.prompt_kept:
        return PromptNotKeptError()
    if before.top_k == 1 or (heat is Heat.SAME and before.temperature == 0):
        return AlwaysTheSameError()
    if heat is Heat.HOTTER and before.temperature >= HOTTEST:
        return TemperatureEndError("hotter", before.temperature)
    if heat is Heat.COLDER and before.temperature <= COLDEST:
        return TemperatureEndError("colder", before.temperature)
    return None


def _check_differs(before: GenerationRecord, heat: Heat) -> None:
    refusal = refusal_to_differ(before, heat)
    if refusal is not None:
        raise refusal
