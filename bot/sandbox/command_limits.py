"""What a command may look like: the rules that Discord applies when the bot syncs."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from bot.sandbox.problems import Path, Problems

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload

CHAT_INPUT: Final = 1
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
            problems.text((position, "name"), command.get("name"), 32, minimum=1)
        if (kind, command.get("name")) in seen:
            message = "Application command names must be unique"
            problems.add((position, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add((kind, command.get("name")))
    problems.raise_found()
    return checked


def _check_named(path: Path, entry: Payload, problems: Problems) -> None:
    name = problems.text((*path, "name"), entry.get("name"), 32, minimum=1)
    if not _NAME.fullmatch(name) or name != name.lower():
        message = "Command name is invalid"
        problems.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", message)
    problems.text((*path, "description"), entry.get("description"), 100, minimum=1)


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
        problems.text((*path, position, "name"), choice.get("name"), 100, minimum=1)
        value = choice.get("value")
        if isinstance(value, str) or value is None:
            problems.text((*path, position, "value"), value, 100, minimum=1)
