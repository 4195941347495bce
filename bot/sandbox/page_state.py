"""What one person's page shows, but for the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.attachments import USER_FILE_LIMIT
from bot.sandbox.message_limits import CONTENT_LIMIT
from bot.sandbox.people import BOT, DIRECT, GUILDS, PEOPLE, Channel, Guild, Person
from bot.sandbox.permissions import Permission, permissions_in

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload
    from bot.sandbox.sandbox import Sandbox


def state(sandbox: Sandbox, person_id: int) -> Payload:
    """Guilds with their channels, people and roles; the commands; whether the bot is there."""
    return {
        "person": str(person_id),
        "bot": {"id": str(BOT), "online": sandbox.gateway.online},
        "people": [_person(person) for person in PEOPLE.values()],
        "guilds": [
            _guild(guild, person_id)
            | {"commands": [_command(each, guild) for each in sandbox.world.commands_in(guild.id)]}
            for guild in (*GUILDS.values(), DIRECT[person_id])
            if person_id in guild.members
        ],
        "limits": {"content": CONTENT_LIMIT, "file": USER_FILE_LIMIT},
    }


def _person(person: Person) -> Payload:
    return {
        "id": str(person.id),
        "name": person.name,
        "display_name": person.display_name,
        "part": person.part,
        "bot": person.bot,
    }


def _command(command: Payload, guild: Guild) -> Payload:
    """A command, or one of its options, as the guild's language has it.

    A command is sent by its `name`; its `label` is what people see in a menu.
    """
    spoken = (command.get("description_localizations") or {}).get(guild.locale)
    label = (command.get("name_localizations") or {}).get(guild.locale) or command["name"]
    shown = command | {"label": label} | ({"description": spoken} if spoken else {})
    return shown | {"options": [_command(each, guild) for each in command.get("options") or ()]}


def _guild(guild: Guild, person_id: int) -> Payload:
    return {
        "id": str(guild.id),
        "name": guild.name,
        "roles": [
            {"id": str(role.id), "name": role.name, "color": role.color} for role in guild.roles
        ],
        "members": {
            str(member_id): [str(role_id) for role_id in role_ids]
            for member_id, role_ids in guild.members.items()
        },
        "channels": [
            _channel(guild, channel, person_id)
            for channel in guild.channels
            if permissions_in(guild, channel, person_id) & Permission.VIEW_CHANNEL
        ],
    }


def _channel(guild: Guild, channel: Channel, person_id: int) -> Payload:
    granted = permissions_in(guild, channel, person_id)
    return {
        "id": str(channel.id),
        "name": channel.name,
        "topic": channel.topic,
        "permissions": str(int(granted)),
        "can_send": bool(granted & Permission.SEND_MESSAGES),
        "can_manage": bool(granted & Permission.MANAGE_MESSAGES),
        "bot_can_send": bool(permissions_in(guild, channel, BOT) & Permission.SEND_MESSAGES),
    }
