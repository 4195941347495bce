"""What a command may look like: the rules that Discord applies when the bot syncs."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from bot.sandbox.problems import Path, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.payloads import Payload

CHAT_INPUT: Final = 1
LOCALES: Final = (
    *("bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "hi", "hr"),
    *("hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th"),
    *("tr", "uk", "vi", "zh-CN", "zh-TW"),
)
"""The languages of Discord's programs."""

_NAME: Final = re.compile(r"[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}")


class OptionType(IntEnum):
    """Discord's numbers of the kinds of options."""

    SUBCOMMAND = 1
    SUBCOMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


def check_commands(commands: object) -> list[Payload]:
    """Check the commands that the bot syncs; returns them.

    Raises:
        RefusedError: A command breaks one of Discord's rules.
    """
    problems = Problems()
    checked = problems.objects((), commands, 130)
    seen = set()
    for position, command in enumerate(checked):
        kind = command.get("type", CHAT_INPUT)
        problems.choice((position, "type"), kind, (1, 2, 3))
        if kind == CHAT_INPUT:
            _check_named((position,), command, problems)
            _check_options((position,), command, problems)
        else:
            for at, name in _in_each_locale((position,), command, "name", problems):
                problems.text(at, name, 32, minimum=1)
            problems.text((position, "description"), command.get("description"), 0)
        if (kind, command.get("name")) in seen:
            message = "Application command names must be unique"
            problems.add((position, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add((kind, command.get("name")))
    problems.raise_found()
    return checked


def _check_named(path: Path, entry: Payload, problems: Problems) -> None:
    for at, given in _in_each_locale(path, entry, "name", problems):
        name = problems.text(at, given, 32, minimum=1)
        if not _NAME.fullmatch(name) or name != name.lower():
            problems.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    for at, description in _in_each_locale(path, entry, "description", problems):
        problems.text(at, description, 100, minimum=1)


def _in_each_locale(
    path: Path, entry: Payload, key: str, problems: Problems
) -> Iterator[tuple[Path, object]]:
    """A text of a command and its localizations, each with where it stands."""
    yield (*path, key), entry.get(key)
    localized = f"{key}_localizations"
    for locale, text in problems.mapping((*path, localized), entry.get(localized)).items():
        problems.choice((*path, localized, locale), locale, LOCALES)
        yield (*path, localized, locale), text


def _check_options(path: Path, entry: Payload, problems: Problems) -> None:
    at = (*path, "options")
    optional_seen = False
    names = set()
    for position, option in enumerate(problems.objects(at, entry.get("options"), 25)):
        _check_option((*at, position), option, problems)
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            problems.add((*at, position), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        if option.get("name") in names:
            message = "Option name already in use"
            problems.add(
                (*at, position), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message
            )
        names.add(option.get("name"))


def _check_option(path: Path, option: Payload, problems: Problems) -> None:
    problems.choice((*path, "type"), option.get("type"), tuple(OptionType))
    _check_named(path, option, problems)
    if option.get("type") in {OptionType.SUBCOMMAND, OptionType.SUBCOMMAND_GROUP}:
        _check_options(path, option, problems)
    choices = problems.objects((*path, "choices"), option.get("choices"), 25)
    _check_choices((*path, "choices"), choices, problems)
    if choices and option.get("autocomplete"):
        message = "Choices and autocomplete cannot be combined"
        problems.add(path, "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", message)


def check_autocomplete(body: Payload) -> list[Payload]:
    """Check what the bot suggests: at most 25 choices with names and values."""
    problems = Problems()
    at = ("data", "choices")
    choices = problems.objects(at, body.get("choices"), 25)
    _check_choices(at, choices, problems)
    problems.raise_found()
    return choices


def _check_choices(path: Path, choices: list[Payload], problems: Problems) -> None:
    for position, choice in enumerate(choices):
        for at, name in _in_each_locale((*path, position), choice, "name", problems):
            problems.text(at, name, 100, minimum=1)
        value = choice.get("value")
        if isinstance(value, str) or value is None:
            problems.text((*path, position, "value"), value, 100, minimum=1)
