"""How Discord writes people and places in JSON. Ids are strings, permissions too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from bot.sandbox.people import APPLICATION, BOT, PEOPLE, Channel, Guild, Person, Role
from bot.sandbox.permissions import permissions_in

if TYPE_CHECKING:
    from datetime import datetime

Payload: TypeAlias = dict[str, Any]
"""A JSON object."""

_JOINED = "2024-01-01T00:00:00+00:00"


def user(person: Person) -> Payload:
    """An account."""
    payload: Payload = {
        "id": str(person.id),
        "username": person.name,
        "global_name": None if person.bot else person.display_name,
        "discriminator": "0000" if person.bot else "0",
        "avatar": None,
        "public_flags": 0,
    }
    return payload | {"bot": True} if person.bot else payload


def member(guild: Guild, person_id: int) -> Payload:
    """Somebody's membership of a guild, without the account."""
    return {
        "roles": [str(role_id) for role_id in guild.members[person_id]],
        "nick": None,
        "avatar": None,
        "joined_at": _JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
    }


def member_in(guild: Guild, channel: Channel, person_id: int) -> Payload:
    """A member as an interaction names one: with account and permissions in the channel."""
    return member(guild, person_id) | {
        "user": user(PEOPLE[person_id]),
        "permissions": str(int(permissions_in(guild, channel, person_id))),
    }


def role(role: Role) -> Payload:
    """A role."""
    return {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.managed,
        "mentionable": False,
        "flags": 0,
    }


def channel(guild: Guild, channel: Channel) -> Payload:
    """A text channel with its overwrites."""
    return {
        "id": str(channel.id),
        "guild_id": str(guild.id),
        "type": 0,
        "name": channel.name,
        "topic": channel.topic,
        "position": channel.position,
        "parent_id": None,
        "nsfw": False,
        "rate_limit_per_user": 0,
        "last_message_id": None,
        "flags": 0,
        "permission_overwrites": [
            {
                "id": str(overwrite.role_id),
                "type": 0,
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for overwrite in channel.overwrites
        ],
    }


def channel_for(guild: Guild, place: Channel, person_id: int) -> Payload:
    """A channel as an interaction names one: with what the person may do there."""
    permissions = permissions_in(guild, place, person_id)
    return channel(guild, place) | {"permissions": str(int(permissions))}


def message(message_id: int, author: Person, *, channel_id: int, moment: datetime) -> Payload:
    """An ordinary message without anything in it."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": user(author),
        "type": 0,
        "content": "",
        "timestamp": moment.isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "pinned": False,
        "flags": 0,
        "embeds": [],
        "components": [],
        "attachments": [],
        "reactions": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
    }


def guild(guild: Guild) -> Payload:
    """A guild with all that GUILD_CREATE tells."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "owner_id": str(guild.owner_id),
        "features": [],
        "emojis": [],
        "stickers": [],
        "premium_tier": 0,
        "preferred_locale": guild.locale,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "nsfw_level": 0,
        "mfa_level": 0,
        "large": False,
        "unavailable": False,
        "joined_at": _JOINED,
        "member_count": len(guild.members),
        "members": [
            member(guild, person_id) | {"user": user(PEOPLE[person_id])}
            for person_id in guild.members
        ],
        "roles": [role(entry) for entry in guild.roles],
        "channels": [channel(guild, entry) for entry in guild.channels],
        "threads": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application() -> Payload:
    """The bot's application, as `/oauth2/applications/@me` answers."""
    return {
        "id": str(APPLICATION),
        "name": PEOPLE[BOT].display_name,
        "icon": None,
        "description": "Learns to write like a text.",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": 0,
        "owner": user(Person(id=APPLICATION - 1, name="owner", display_name="Owner", part="")),
    }
