"""The parts that messages and modals are built of, and how to go through them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.payloads import Payload


class ComponentType(IntEnum):
    """Discord's numbers of the kinds of components."""

    ACTION_ROW = 1
    BUTTON = 2
    STRING_SELECT = 3
    TEXT_INPUT = 4
    USER_SELECT = 5
    ROLE_SELECT = 6
    MENTIONABLE_SELECT = 7
    CHANNEL_SELECT = 8
    SECTION = 9
    TEXT_DISPLAY = 10
    THUMBNAIL = 11
    MEDIA_GALLERY = 12
    FILE = 13
    SEPARATOR = 14
    CONTAINER = 17
    LABEL = 18
    FILE_UPLOAD = 19
    RADIO_GROUP = 21
    CHECKBOX_GROUP = 22
    CHECKBOX = 23


SELECTS: Final = frozenset(
    {
        ComponentType.STRING_SELECT,
        ComponentType.USER_SELECT,
        ComponentType.ROLE_SELECT,
        ComponentType.MENTIONABLE_SELECT,
        ComponentType.CHANNEL_SELECT,
    }
)


def walk(components: list[Payload]) -> Iterator[Payload]:
    """Every component of a message or modal, outer ones first."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk([component[key]])


def number_components(components: list[Payload]) -> None:
    """Give every component the id that Discord would: 1, 2, 3… where none is set.

    What is chosen in a menu has ids as strings, however the bot has sent them.
    """
    taken = {component.get("id") for component in walk(components)}
    free = iter(set(range(1, 200)) - taken)
    for component in walk(components):
        if not component.get("id"):
            component["id"] = next(free)
        for value in component.get("default_values") or []:
            value["id"] = str(value["id"])
