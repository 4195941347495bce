"""The forms of /settings: numbers, and the words that are never written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

from bot.rendering import size
from bot.views.forms import Entry, form
from bot.words import say
from bot.writing.orders import DEFAULT_LENGTH, DEFAULT_TEMPERATURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from storage.records import GuildSettings

COOLDOWNS, DEFAULTS, WORDS = "settings:cooldowns", "settings:defaults", "settings:words"
"""The forms."""

WRITE, TRAIN = "write", "train"
LENGTH, TEMPERATURE = "length", "temperature"
NUMBER_CHARACTERS: Final = 20
FIELDS: Final = 5
"""Of a form, at most."""

FIELD_CHARACTERS: Final = 4_000
"""Discord's limit."""


def cooldowns_form(chosen: GuildSettings) -> discord.ui.Modal:
    """Asks how long each person waits."""
    how = say("form-cooldowns.description")
    write, train = "form-cooldowns.write", "form-cooldowns.train"
    return form(
        say("form-cooldowns"),
        COOLDOWNS,
        _entry(WRITE, write, _typed(chosen.write_cooldown), description=how),
        _entry(TRAIN, train, _typed(chosen.train_cooldown), description=how),
    )


def defaults_form(chosen: GuildSettings) -> discord.ui.Modal:
    """Asks for the length and the temperature of a text."""
    heat = "" if chosen.temperature is None else f"{chosen.temperature:g}"
    length, usual = str(chosen.length or ""), f"{DEFAULT_TEMPERATURE:g}"
    return form(
        say("form-defaults"),
        DEFAULTS,
        _entry(LENGTH, "form-defaults.length", length, placeholder=str(DEFAULT_LENGTH)),
        _entry(TEMPERATURE, "form-defaults.temperature", heat, placeholder=usual),
    )


def words_form(chosen: GuildSettings) -> discord.ui.Modal:
    """Asks for the words, one a line; a long list takes several fields, and one more is empty."""
    filled = [*_fields(chosen.forbidden_words)]
    labels = [
        discord.ui.Label(
            text=say("form-words.words" if not number else "form-words.more"),
            description=say("form-words.description") if not number else None,
            component=Entry(
                custom_id=f"words{number}",
                style=discord.TextStyle.paragraph,
                default=content or None,
                required=False,
                max_length=FIELD_CHARACTERS,
            ),
        )
        for number, content in enumerate([*filled, ""][:FIELDS])
    ]
    return form(say("form-words"), WORDS, *labels)


def typed_words(typed: Mapping[str, str]) -> list[str]:
    """The lines of all fields, in their order."""
    return [
        line for number in range(FIELDS) for line in typed.get(f"words{number}", "").splitlines()
    ]


def _fields(words: tuple[str, ...]) -> Iterator[str]:
    """As many words in each field as it takes."""
    field = ""
    for word in words:
        if size(field) + size(word) >= FIELD_CHARACTERS:
            yield field
            field = ""
        field += f"{word}\n"
    if field:
        yield field


def _entry(
    custom_id: str,
    message: str,
    value: str,
    *,
    placeholder: str | None = None,
    description: str | None = None,
) -> discord.ui.Label[Any]:
    entry = Entry(
        custom_id=custom_id,
        default=value or None,
        placeholder=placeholder,
        required=False,
        max_length=NUMBER_CHARACTERS,
    )
    return discord.ui.Label(text=say(message), description=description, component=entry)


def _typed(seconds: int) -> str:
    """A cooldown as one would type it: `90 s`, `10 min`, `2 h`."""
    for unit, whole in (("h", 3600), ("min", 60)):
        if seconds and seconds % whole == 0:
            return f"{seconds // whole} {unit}"
    return f"{seconds} s" if seconds else ""
