"""Writing: a text or several, how they go on, and how they are written once more.

A text's row in the catalog holds all that its buttons need. `Service` is made of this and of
`bot.models`; like all of it, this looks only into the caller's own guild.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.avoiding import REDRAWS, write_without
from bot.checks import check_range, find_model, refusals
from bot.errors import (
    AlwaysTheSameError,
    CheckpointBrokenError,
    CheckpointGoneError,
    GenerationGoneError,
    PromptTooLongError,
    SameTextsError,
    TemperatureEndError,
    WithoutEffectError,
)
from bot.forbidden import forbidden_words
from bot.library import Volume
from bot.requests import CheckedGeneration, Written
from bot.writing import Order, draw_seed
from model.errors import BookmarkError, StopTextError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.avoiding import Shown
    from bot.requests import Caller, GenerateRequest
    from bot.rules import Rules
    from bot.writing import WritingThread
    from model.generation import Writer
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import CheckpointRecord, GenerationRecord

T = TypeVar("T")

MAXIMUM_LENGTH = 8_000
"""Characters in one text."""

DEFAULT_LENGTH = 400
DEFAULT_TEMPERATURE = 0.8
"""Where neither a person nor the server has chosen."""

MAXIMUM_COUNT = 4
"""Texts at a time."""

MAXIMUM_SEED = 2**53
"""Discord's integers end here, in both directions."""

MAXIMUM_TOP_K = 10_000
LOWEST_TOP_P = 0.01
LONGEST_PROMPT = 2_000
LONGEST_STOP = 100
HOTTEST = 2.0
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
    _writing: WritingThread
    rules: Rules

    async def check_generation(self, caller: Caller, request: GenerateRequest) -> CheckedGeneration:
        """Find the model and check every option, before anything is deferred.

        What was not chosen is as the server has chosen it.
        """
        await self.rules.check_writing(caller)
        chosen = await self._catalog.guild_settings(caller.guild_id)
        length = _first(request.length, chosen.length, DEFAULT_LENGTH)
        temperature = _first(request.temperature, chosen.temperature, DEFAULT_TEMPERATURE)
        check_range("length", length, 1, MAXIMUM_LENGTH)
        check_range("temperature", temperature, 0, HOTTEST)
        check_range("seed", request.seed or 0, -MAXIMUM_SEED, MAXIMUM_SEED)
        check_range("count", request.count, 1, MAXIMUM_COUNT)
        check_range("top_k", 1 if request.top_k is None else request.top_k, 1, MAXIMUM_TOP_K)
        check_range("top_p", 1 if request.top_p is None else request.top_p, LOWEST_TOP_P, 1)
        _check_prompt(request.prompt)
        order = Order(
            prompt=_storable(request.prompt),
            seed=draw_seed() if request.seed is None else request.seed,
            temperature=temperature,
            length=length,
            top_k=request.top_k,
            top_p=request.top_p,
            stop=_checked_stop(request.stop),
        )
        _check_together(order, request.count)
        model = await find_model(self._catalog, caller.guild_id, request.model)
        redraws = REDRAWS if request.seed is None else 0
        return CheckedGeneration(order=order, redraws=redraws, count=request.count, model=model)

    async def generate(self, caller: Caller, checked: CheckedGeneration) -> list[Written]:
        """Write the texts that were asked for."""
        return await self._write(
            caller,
            checked.model.checkpoint,
            checked.order,
            before=checked.order.prompt,
            redraws=checked.redraws,
            count=checked.count,
        )

    async def check_text(self, caller: Caller, generation_id: str) -> GenerationRecord:
        """Return a text, and refuse one that cannot be gone on from before anything is deferred."""
        await self.rules.check_writing(caller)
        return (await self._generation(caller, generation_id))[0]

    async def continue_text(self, caller: Caller, generation_id: str) -> Written:
        """Go on exactly where a text stopped, with its own checkpoint, as long as before."""
        before, checkpoint = await self._generation(caller, generation_id)
        order = _order(before, seed=before.seed)
        try:
            [written] = await self._write(
                caller, checkpoint, order, bookmark=before.bookmark, before=before.tail
            )
        except BookmarkError as error:
            raise GenerationGoneError from error
        return written

    async def check_again(
        self, caller: Caller, generation_id: str, heat: Heat = Heat.SAME
    ) -> GenerationRecord:
        """Refuse, before anything is deferred, what `again` could not write differently."""
        before = await self.check_text(caller, generation_id)
        if before.top_k == 1 or (heat is Heat.SAME and before.temperature == 0):
            raise AlwaysTheSameError
        if heat is Heat.HOTTER and is_hottest(before):
            raise TemperatureEndError("hotter", before.temperature)
        if heat is Heat.COLDER and is_coldest(before):
            raise TemperatureEndError("colder", before.temperature)
        return before

    async def again(
        self, caller: Caller, generation_id: str, heat: Heat = Heat.SAME
    ) -> list[Written]:
        """Write from the same prompt with a new seed, the same checkpoint and options.

        As many texts as were asked for together; hotter or colder on demand.
        """
        before = await self.check_again(caller, generation_id, heat)
        temperature = round(before.temperature + heat.value, 2)
        changed = replace(before, temperature=min(max(temperature, COLDEST), HOTTEST))
        return await self._rewrite(caller, before if heat is Heat.SAME else changed)

    async def edit(self, caller: Caller, generation_id: str, prompt: str) -> list[Written]:
        """Write from another prompt, with everything else as it was but the seed."""
        _check_prompt(prompt)
        before = await self.check_text(caller, generation_id)
        return await self._rewrite(caller, replace(before, prompt=_storable(prompt)))

    async def remember_message(self, caller: Caller, generation_id: str, message_id: int) -> None:
        """Keep the id of the message that shows a text."""
        with refusals():
            await self._catalog.set_generation_message(caller.guild_id, generation_id, message_id)

    async def _rewrite(self, caller: Caller, wanted: GenerationRecord) -> list[Written]:
        _, checkpoint = await self._generation(caller, wanted.id)
        order = _order(wanted, seed=draw_seed())
        return await self._write(
            caller, checkpoint, order, before=order.prompt, redraws=REDRAWS, count=wanted.count
        )

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
        *,
        bookmark: bytes | None = None,
        before: str = "",
        redraws: int = 0,
        count: int = 1,
    ) -> list[Written]:
        """Write as the server wants it, and keep where each text stopped.

        Each waits for its turn by itself.
        """
        written = []
        async with self.rules.turn(caller) as chosen:
            words = forbidden_words(chosen.forbidden_words)
            for seed in _seeds(order.seed, count):
                write = partial(
                    write_without,
                    words,
                    order=replace(order, seed=seed),
                    bookmark=bookmark,
                    before=before,
                    redraws=redraws,
                )
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
                prompt=order.prompt,
                seed=order.seed,
                temperature=order.temperature,
                top_k=order.top_k,
                top_p=order.top_p,
                stop=order.stop,
                length=order.length,
                count=count,
                bookmark=draft.bookmark,
                tail=shown.tail,
            )
            model = await self._catalog.model(caller.guild_id, checkpoint.model_id)
        return Written(
            generation=generation,
            text=draft.text,
            prompt=shown.before,
            skipped=draft.skipped,
            never=draft.never,
            model=model,
        )

    async def _in_thread(self, checkpoint: CheckpointRecord, write: Callable[[Writer], T]) -> T:
        path = self._directory.checkpoint(checkpoint.id)
        volume = Volume(id=checkpoint.id, path=path, sha256=checkpoint.sha256)
        try:
            return await self._writing.use(volume, write)
        except CheckpointBrokenError:
            with refusals():  # it may have been deleted while this text waited
                await self._catalog.checkpoint(checkpoint.guild_id, checkpoint.id)
            raise


def is_hottest(generation: GenerationRecord) -> bool:
    """Whether a text cannot be written hotter."""
    return generation.temperature >= HOTTEST


def is_coldest(generation: GenerationRecord) -> bool:
    """Whether a text cannot be written colder."""
    return generation.temperature <= COLDEST


def _check_prompt(prompt: str) -> None:
    if len(prompt) > LONGEST_PROMPT:
        raise PromptTooLongError(LONGEST_PROMPT)


def _check_together(order: Order, count: int) -> None:
    """Refuse options that leave each other without effect."""
    chosen = {"top_k": order.top_k, "top_p": order.top_p}
    idle = [option for option, value in chosen.items() if value is not None]
    if order.temperature == 0 and idle:
        raise WithoutEffectError(idle[0])
    if count > 1 and order.temperature == 0:
        raise SameTextsError("temperature")
    if count > 1 and order.top_k == 1:
        raise SameTextsError("top_k")


def _checked_stop(stop: str | None) -> str | None:
    r"""The stop text as it is kept; nobody can type a line break, so `\n` is one."""
    if stop is None:
        return None
    check_range("stop", len(stop), 0, LONGEST_STOP)
    if not stop:
        raise StopTextError
    return _storable(stop.replace("\\n", "\n"))


def _storable(text: str) -> str:
    """The text without halves of characters, which nothing can keep."""
    return text.encode("utf-8", "replace").decode()


def _first(*choices: T | None) -> T:
    """The first choice that was made; the last always is."""
    return next(choice for choice in choices if choice is not None)


def _order(before: GenerationRecord, *, seed: int) -> Order:
    return Order(
        prompt=before.prompt,
        seed=seed,
        temperature=before.temperature,
        length=before.length,
        top_k=before.top_k,
        top_p=before.top_p,
        stop=before.stop,
    )


def _seeds(first: int, count: int) -> list[int]:
    """The seeds of texts that belong together, each of which a person may type again."""
    return [first + n if first + n <= MAXIMUM_SEED else first - n for n in range(count)]
