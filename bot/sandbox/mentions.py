"""Whom a message pings: what it mentions, less what it was told not to ping.

`allowed_mentions` works as on Discord: left out, every mention pings; given, only the kinds
in `parse` and the ids in `users` and `roles` do. @everyone needs the permission for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.components import walk
from bot.sandbox.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Container

    from bot.sandbox.payloads import Payload
    from bot.sandbox.people import Guild

_USER = re.compile(r"<@!?(\d{17,20})>")
_ROLE = re.compile(r"<@&(\d{17,20})>")
_EVERYONE = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a message really notifies."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False


def pings(
    message: Payload,
    allowed: Payload | None,
    *,
    guild: Guild,
    permissions: Permission,
    replied_to: int | None = None,
) -> Pings:
    """Whom the message notifies; replied_to is the author of the message it answers."""
    text = _text_of(message)
    users = _allowed(_found(_USER, text, guild.members), "users", allowed)
    if replied_to is not None and (allowed is None or allowed.get("replied_user")):
        users = (*users, *({replied_to} - set(users)))
    roles = _found(_ROLE, text, {role.id for role in guild.roles})
    may_ping_everyone = bool(permissions & Permission.MENTION_EVERYONE)
    if not may_ping_everyone:
        roles = ()
    everyone = bool(_EVERYONE.search(text)) and may_ping_everyone
    return Pings(
        users=users,
        roles=_allowed(roles, "roles", allowed),
        everyone=everyone and (allowed is None or "everyone" in allowed.get("parse", ())),
    )


def _text_of(message: Payload) -> str:
    parts = (str(part.get("content", "")) for part in walk(message["components"]))
    return "\n".join([message["content"], *parts])


def _found(pattern: re.Pattern[str], text: str, known: Container[int]) -> tuple[int, ...]:
    ids = dict.fromkeys(int(found) for found in pattern.findall(text))
    return tuple(found for found in ids if found in known)


def _allowed(found: tuple[int, ...], kind: str, allowed: Payload | None) -> tuple[int, ...]:
    if allowed is None or kind in allowed.get("parse", ()):
        return found
    listed = {int(entry) for entry in allowed.get(kind) or ()}
    return tuple(entry for entry in found if entry in listed)
