"""Discord's own data package: which of its many files are messages, and whose they are.

The folders' names are translated, so a channel is known by its number. Everything in the
package was written by the one who asked for it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from training.corpora.messages import Author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.corpora.sources import Source

_CHANNEL = re.compile(r"((?:.*/)?c?\d{16,32}/)channel\.json")
_MESSAGES = re.compile(r"((?:.*/)?)messages\.(?:json|csv)")
_USER = re.compile(r"(?:.*/)?user\.json")

USER_LIMIT = 2**20
"""Bytes of what is read about the owner."""


def of_package(members: Sequence[Source]) -> list[Source]:
    """Return the channels' messages among the files of an archive; none: it is no package."""
    channels = {match[1] for member in members if (match := _CHANNEL.fullmatch(member.path))}
    found = [
        member
        for member in members
        if (match := _MESSAGES.fullmatch(member.path)) and match[1] in channels
    ]
    users = [member for member in members if _USER.fullmatch(member.path)]
    owner = _owner(users[0]) if found and users else Author()
    for member in found:
        member.owner = owner
    return found


def _owner(source: Source) -> Author:
    """Return who asked for the package; nobody, if it does not say so where it should."""
    with source.open() as stream:
        content = stream.read(USER_LIMIT)
    try:
        user = json.loads(content)
        return Author(str(user["id"]), user["username"], user.get("global_name") or "")
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        return Author()
