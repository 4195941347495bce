"""What a server chooses for itself: who may look at it and change it, and what it may be.

Every change is asked for by somebody with Manage Server, and checked here, whatever the form or
the menu it comes from allows.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, TypeVar

from bot.checks import check_range
from bot.errors.choices import (
    CooldownInvalidError,
    ManagersOnlyError,
    NumberNeededError,
    WordInvalidError,
    WordsTooLongError,
)
from bot.rendering import size
from bot.settings import LONGEST_COOLDOWN
from bot.typed_numbers import fraction, whole_number
from bot.words import languages
from bot.writing.folding import folded
from bot.writing.forbidden import LONGEST_WORD, MASK, STAR
from bot.writing.orders import HOTTEST, MAXIMUM_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.requests import Caller
    from storage.catalog import Catalog
    from storage.records import GuildSettings

T = TypeVar("T")

MOST_CHARACTERS = 19_000
"""Of a server's forbidden words together, so that a form can show all of them."""

LONGEST_TYPED = 4 * LONGEST_WORD
"""Of a word with all that cannot be seen in it, so that no field of a form is left half empty."""

_DURATION = re.compile(r"\s*([\d.,]*\d)\s*([a-z]*)\.?\s*", re.IGNORECASE)
_SECONDS = {"": 1, "s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "std": 3600}


class ServerSettings:
    """Reads and changes what servers choose."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def read(self, caller: Caller) -> GuildSettings:
        """What the caller's server has chosen.

        Raises:
            ManagersOnlyError: The caller may not see it.
        """
        _check_manages(caller)
        return await self._catalog.guild_settings(caller.guild_id)

    async def choose_writing(self, caller: Caller, channels: Sequence[int]) -> GuildSettings:
        """Let the bot write in these channels alone; in every one if there are none."""
        return await self._change(caller, write_channels=tuple(channels))

    async def choose_talking(self, caller: Caller, channels: Sequence[int]) -> GuildSettings:
        """Let the bot answer whoever mentions it in these channels."""
        return await self._change(caller, talk_channels=tuple(channels))

    async def choose_trainers(self, caller: Caller, roles: Sequence[int]) -> GuildSettings:
        """Let members with one of these roles train; everybody if there are none."""
        return await self._change(caller, train_roles=tuple(roles))

    async def choose_language(self, caller: Caller, language: str | None) -> GuildSettings:
        """Speak this language; None speaks the one that the server has at Discord."""
        known = language if language in languages() else None
        return await self._change(caller, language=known)

    async def choose_cooldowns(self, caller: Caller, *, write: str, train: str) -> GuildSettings:
        """Let each person wait between two texts, and between two runs, as it was typed."""
        _check_manages(caller)
        seconds = {"write_cooldown": typed_duration(write), "train_cooldown": typed_duration(train)}
        return await self._change(caller, **seconds)

    async def choose_defaults(
        self, caller: Caller, *, length: str, temperature: str
    ) -> GuildSettings:
        """Write so long and so hot unless asked otherwise; what is empty is left to the bot."""
        _check_manages(caller)
        chosen_length = _typed("length", length, whole_number)
        chosen_temperature = _typed("temperature", temperature, _any_number)
        if chosen_length is not None:
            check_range("length", chosen_length, 1, MAXIMUM_LENGTH)
        if chosen_temperature is not None:
            check_range("temperature", chosen_temperature, 0, HOTTEST)
        return await self._change(caller, length=chosen_length, temperature=chosen_temperature)

    async def choose_words(self, caller: Caller, lines: Iterable[str]) -> GuildSettings:
        """Never write these words, one a line."""
        _check_manages(caller)
        return await self._change(caller, forbidden_words=checked_words(lines))

    async def _change(self, caller: Caller, **changes: object) -> GuildSettings:
        _check_manages(caller)
        return await self._catalog.change_guild_settings(caller.guild_id, **changes)


def _check_manages(caller: Caller) -> None:
    if not caller.manages_guild:
        raise ManagersOnlyError


def typed_duration(typed: str) -> int:
    """The seconds in what was typed: `90`, `90 s`, `1,5 min` or `2 h`; none where it is empty.

    Raises:
        CooldownInvalidError: It is something else, or more than a day, or may mean two things,
            as `3,600` does.
    """
    if not typed.strip():
        return 0
    match = _DURATION.fullmatch(typed)
    if match is None or match[2].lower() not in _SECONDS:
        raise CooldownInvalidError(typed)
    try:
        seconds = fraction(match[1]) * _SECONDS[match[2].lower()]
    except ValueError:
        raise CooldownInvalidError(typed) from None
    if seconds > LONGEST_COOLDOWN:
        raise CooldownInvalidError(typed)
    return math.ceil(seconds)


def checked_words(lines: Iterable[str]) -> tuple[str, ...]:
    """The words as they are kept, each once.

    Raises:
        WordInvalidError: One is too long, has nothing to find, or a star inside.
        WordsTooLongError.
    """
    words = tuple(dict.fromkeys(word for line in lines if (word := line.strip())))
    for word in words:
        bare = folded(word.strip(STAR)).replace(MASK, "").strip()
        is_long = len(bare) > LONGEST_WORD or size(word) > LONGEST_TYPED
        if not bare or STAR in word.strip(STAR) or is_long:
            raise WordInvalidError(word[:LONGEST_WORD], LONGEST_WORD)
    characters = sum(size(word) + 1 for word in words)
    if characters > MOST_CHARACTERS:
        raise WordsTooLongError(characters, MOST_CHARACTERS)
    return words


def _typed(option: str, typed: str, number: Callable[[str], T]) -> T | None:
    """The number that was typed; None where nothing was."""
    if not typed.strip():
        return None
    try:
        return number(typed)
    except ValueError:
        raise NumberNeededError(option) from None


def _any_number(typed: str) -> float:
    """A temperature; its range leaves no room for thousands."""
    return float(typed.strip().replace(",", "."))
