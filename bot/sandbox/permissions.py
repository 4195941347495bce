"""Who may do what in which channel, by Discord's own rules.

Roles of a member are joined; the owner and administrators may do everything; then the
channel's overwrites apply, first the one of @everyone, then those of the other roles.
Without VIEW_CHANNEL nothing is left, and without SEND_MESSAGES nothing that only a
message can carry.
"""

from __future__ import annotations

from enum import IntFlag
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.people import Channel, Guild


class Permission(IntFlag):
    """The bits that matter here, numbered as Discord numbers them."""

    NONE = 0
    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    SEND_MESSAGES_IN_THREADS = 1 << 38


def _join(permissions: Iterable[Permission]) -> Permission:
    return reduce(or_, permissions, Permission.NONE)


EVERYTHING = _join(Permission)
_NEEDS_A_MESSAGE = Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE


def permissions_in(guild: Guild, channel: Channel, member_id: int) -> Permission:
    """What a member may do in a channel, overwrites included."""
    role_ids = {guild.id, *guild.members[member_id]}
    granted = _join(role.permissions for role in guild.roles if role.id in role_ids)
    if member_id == guild.owner_id or granted & Permission.ADMINISTRATOR:
        return EVERYTHING
    for of_everyone in (True, False):
        overwrites = [
            overwrite
            for overwrite in channel.overwrites
            if overwrite.role_id in role_ids and (overwrite.role_id == guild.id) is of_everyone
        ]
        granted &= ~_join(overwrite.deny for overwrite in overwrites)
        granted |= _join(overwrite.allow for overwrite in overwrites)
    return _without_the_implied(granted)


def _without_the_implied(granted: Permission) -> Permission:
    if not granted & Permission.VIEW_CHANNEL:
        return Permission.NONE
    if not granted & Permission.SEND_MESSAGES:
        return granted & ~_NEEDS_A_MESSAGE
    return granted
