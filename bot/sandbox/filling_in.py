"""A slash command as a person fills it in, checked as Discord's own client checks it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.sandbox.command_limits import CHAT_INPUT, OptionType
from bot.sandbox.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.payloads import Payload

SAFE_INTEGER: Final = 2**53
"""The largest whole number that every client can hold."""

TEXT_CHANNEL: Final = 0
"""The kind of all channels here."""

_ID_TYPES: Final = frozenset(
    {
        OptionType.USER,
        OptionType.CHANNEL,
        OptionType.ROLE,
        OptionType.MENTIONABLE,
        OptionType.ATTACHMENT,
    }
)


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
    if kind is OptionType.CHANNEL and TEXT_CHANNEL not in (option.get("channel_types") or [0]):
        raise PageError(f"{name} takes no text channels, and there are no others.")
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
