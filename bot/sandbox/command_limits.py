"""What a slash command may look like, and what a person may put into its options.

`check_commands` is what Discord does when the bot syncs; `filled_in` is what Discord's
client does before it lets a person send a command.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import PageError
from bot.sandbox.problems import Path, Problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.payloads import Payload

SAFE_INTEGER: Final = 2**53
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A command as a person has filled it in."""

    options: list[Payload]
    """As an interaction carries them; subcommands are nested."""
    mentioned: dict[OptionType, list[int]] = field(default_factory=dict)
    """Ids of people, channels, roles and attachments that the options name."""


def find_command(commands: list[Payload], path: str) -> tuple[Payload, list[Payload]]:
    """The synced command with this name, and its subcommands on the way: `group sub`."""
    names = path.removeprefix("/").split()
    level, found = commands, []
    for depth, name in enumerate(names):
        kinds = {CHAT_INPUT} if depth == 0 else {1, 2}
        match = [
            entry
            for entry in level
            if entry["name"] == name and entry.get("type", CHAT_INPUT) in kinds
        ]
        if not match:
            raise PageError(f"There is no command /{path.removeprefix('/')}.", status=404)
        found.append(match[0])
        level = match[0].get("options") or []
    if not found or any(option["type"] in {1, 2} for option in level):
        raise PageError(f"/{path} is not complete.", status=404)
    return found[0], found[1:]


def filled_in(
    steps: list[Payload],
    command: Payload,
    values: Mapping[str, object],
    *,
    focused: str | None = None,
) -> Invocation:
    """Put values into a command's options, as Discord's client would.

    With `focused`, the person is still typing in that option: nothing is required yet.

    Raises:
        PageError: A value that Discord's client would not send.
    """
    schema = (steps[-1] if steps else command).get("options") or []
    by_name = {option["name"]: option for option in schema}
    for name in values:
        if name not in by_name:
            raise PageError(f"There is no option {name}.")
    options = []
    mentioned: dict[OptionType, list[int]] = {}
    for name, option in by_name.items():
        if values.get(name) is None:
            if option.get("required") and focused is None:
                raise PageError(f"The option {name} is required.")
            continue
        kind = OptionType(option["type"])
        entry: Payload = {"name": name, "type": int(kind)}
        if name == focused:
            entry |= {"value": str(values[name]), "focused": True}
        else:
            entry["value"] = _checked(option, kind, values[name])
            if kind in _ID_TYPES:
                mentioned.setdefault(kind, []).append(int(entry["value"]))
        options.append(entry)
    for step in reversed(steps):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return Invocation(options=options, mentioned=mentioned)


_ID_TYPES: Final = frozenset(
    {
        OptionType.USER,
        OptionType.CHANNEL,
        OptionType.ROLE,
        OptionType.MENTIONABLE,
        OptionType.ATTACHMENT,
    }
)


def _checked(option: Payload, kind: OptionType, value: object) -> object:
    name = option["name"]
    if option.get("choices"):
        if value not in [choice["value"] for choice in option["choices"]]:
            raise PageError(f"Choose one of the values of {name}.")
        return value
    if kind is OptionType.STRING:
        return _checked_text(option, value)
    if kind is OptionType.BOOLEAN:
        if not isinstance(value, bool):
            raise PageError(f"{name} must be True or False.")
        return value
    if kind in {OptionType.INTEGER, OptionType.NUMBER}:
        return _checked_number(option, value, whole=kind is OptionType.INTEGER)
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise PageError(f"{name} must be chosen from the list.")
    return text


def _checked_text(option: Payload, value: object) -> str:
    name, text = option["name"], str(value)
    most, least = option.get("max_length") or 6_000, option.get("min_length") or 0
    if len(text) > most:
        raise PageError(f"{name} may have at most {most:,} characters.")
    if len(text) < max(least, 1):
        raise PageError(f"{name} must have at least {max(least, 1):,} characters.")
    return text


def _checked_number(option: Payload, value: object, *, whole: bool) -> float:
    name = option["name"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise PageError(f"{name} must be a number.")
    if whole and value != int(value):
        raise PageError(f"{name} must be a whole number.")
    least = option.get("min_value", -SAFE_INTEGER)
    most = option.get("max_value", SAFE_INTEGER)
    if not least <= value <= most:
        raise PageError(f"{name} must be between {least:,} and {most:,}.")
    return int(value) if whole else float(value)
