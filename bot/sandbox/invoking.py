"""From what a person does on the page to an interaction, checked as Discord's client does.

A command's options, a pressed button, a choice in a select menu, a filled-in modal: each
becomes the `data` of an interaction, with everything that it names resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import payloads
from bot.sandbox.command_limits import CHAT_INPUT, OptionType
from bot.sandbox.components import SELECTS, ComponentType, walk
from bot.sandbox.errors import PageError
from bot.sandbox.filling_in import Invocation, filled_in, find_command
from bot.sandbox.interactions import Interaction, InteractionType
from bot.sandbox.people import place
from bot.sandbox.permissions import Permission, permissions_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.sandbox.attachments import Attachment
    from bot.sandbox.payloads import Payload
    from bot.sandbox.world import Message, World


def command(
    world: World,
    *,
    person_id: int,
    channel_id: int,
    path: str,
    values: Mapping[str, object],
    files: Mapping[str, Attachment],
    focused: str | None = None,
) -> Interaction:
    """A slash command; with `focused`, a question for autocomplete in that option.

    Raises:
        PageError: The command is not synced, not allowed, or not filled in well.
    """
    guild, channel = place(channel_id)
    found, steps = find_command(world.commands_in(guild.id), path)
    _check_allowed(found, permissions_in(guild, channel, person_id))
    uploaded = {name: str(file.id) for name, file in files.items()}
    invocation = filled_in(steps, found, {**values, **uploaded}, focused=focused)
    data: Payload = {
        "id": found["id"],
        "name": found["name"],
        "type": CHAT_INPUT,
        "options": invocation.options,
        "resolved": _resolved(world, channel_id, person_id, invocation, files.values()),
    }
    kind = InteractionType.AUTOCOMPLETE if focused else InteractionType.COMMAND
    return _interaction(world, kind, person_id, channel_id, data)


def context_menu(world: World, *, person_id: int, message: Message, name: str) -> Interaction:
    """A command from a message's own menu.

    Raises:
        PageError: The command is not synced or not allowed.
    """
    guild, channel = place(message.channel_id)
    for found in world.commands_in(guild.id):
        if found["name"] == name and found["type"] == _MESSAGE_COMMAND:
            break
    else:
        raise PageError(f"There is no command {name} for messages.", status=404)
    _check_allowed(found, permissions_in(guild, channel, person_id))
    data: Payload = {
        "id": found["id"],
        "name": name,
        "type": _MESSAGE_COMMAND,
        "target_id": str(message.id),
        "resolved": {"messages": {str(message.id): world.rendered(message)}},
    }
    return _interaction(world, InteractionType.COMMAND, person_id, message.channel_id, data)


_MESSAGE_COMMAND = 3


def component(
    world: World, *, person_id: int, message: Message, custom_id: str, values: list[str]
) -> Interaction:
    """A pressed button, or a choice in a select menu.

    Raises:
        PageError: There is no such component, or it cannot be used so.
    """
    for part in walk(message.payload["components"]):
        if part.get("custom_id") == custom_id:
            break
    else:
        raise PageError("That message has no such button or menu.", status=404)
    if part.get("disabled"):
        raise PageError("That is disabled.")
    data: Payload = {
        "custom_id": custom_id,
        "component_type": part["type"],
        "id": part["id"],
    }
    if part["type"] in SELECTS:
        check_chosen(part, values)
        data["values"] = values
        if part["type"] != ComponentType.STRING_SELECT:
            data["resolved"] = _resolved_choice(world, message, person_id, part["type"], values)
    interaction = _interaction(
        world, InteractionType.COMPONENT, person_id, message.channel_id, data
    )
    interaction.source = message
    return interaction


TEXT_CHANNEL = 0
"""The kind of all channels here."""


def check_chosen(part: Payload, values: list[str]) -> None:
    """Check a choice against what the menu offers."""
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if not least <= len(values) <= most or len(set(values)) != len(values):
        raise PageError(f"Choose {least} to {most} options." if most > 1 else "Choose one option.")
    if part["type"] == ComponentType.STRING_SELECT:
        offered = {option["value"] for option in part["options"]}
        if not offered.issuperset(values):
            raise PageError("That option is not offered.")
    if TEXT_CHANNEL not in (part.get("channel_types") or (TEXT_CHANNEL,)) and values:
        raise PageError("That kind of channel is not offered.")


def _resolved_choice(
    world: World, message: Message, person_id: int, kind: int, values: list[str]
) -> dict[str, object]:
    option = {
        ComponentType.USER_SELECT: OptionType.USER,
        ComponentType.ROLE_SELECT: OptionType.ROLE,
        ComponentType.MENTIONABLE_SELECT: OptionType.MENTIONABLE,
        ComponentType.CHANNEL_SELECT: OptionType.CHANNEL,
    }[ComponentType(kind)]
    chosen = Invocation(options=[], mentioned={option: [int(value) for value in values]})
    return _resolved(world, message.channel_id, person_id, chosen, ())


def _resolved(
    world: World,
    channel_id: int,
    person_id: int,
    invocation: Invocation,
    files: Iterable[Attachment],
) -> dict[str, Any]:
    """Everybody and everything that the options name by id."""
    guild, channel = place(channel_id)
    channels = {
        entry.id: entry
        for entry in guild.channels
        if permissions_in(guild, entry, person_id) & Permission.VIEW_CHANNEL
    }
    resolved: dict[str, Any] = {}
    for kind, ids in invocation.mentioned.items():
        for found in ids:
            key = str(found)
            if kind in {OptionType.USER, OptionType.MENTIONABLE} and found in guild.members:
                described = payloads.member_in(guild, channel, found)
                resolved.setdefault("users", {})[key] = described.pop("user")
                resolved.setdefault("members", {})[key] = described
                continue
            roles = {role.id: role for role in guild.roles}
            if kind in {OptionType.ROLE, OptionType.MENTIONABLE} and found in roles:
                resolved.setdefault("roles", {})[key] = payloads.role(roles[found])
            elif kind is OptionType.CHANNEL and found in channels:
                described = payloads.channel_for(guild, channels[found], person_id)
                resolved.setdefault("channels", {})[key] = described
            elif kind is not OptionType.ATTACHMENT:
                raise PageError("That is not in this server.")
    for file in files:
        described = file.payload | {"ephemeral": True}
        world.give_address(described)
        resolved.setdefault("attachments", {})[str(file.id)] = described
    return resolved


def _check_allowed(command: Payload, granted: Permission) -> None:
    if not granted & Permission.USE_APPLICATION_COMMANDS:
        raise PageError("You may not use commands in this channel.", status=403)
    needed = command.get("default_member_permissions")
    if needed is not None and int(needed) & ~int(granted):
        raise PageError("You do not have the permission for this command.", status=403)


def _interaction(
    world: World, kind: InteractionType, person_id: int, channel_id: int, data: Payload
) -> Interaction:
    return Interaction(
        id=world.snowflakes.new(),
        kind=kind,
        person_id=person_id,
        channel_id=channel_id,
        data=data,
    )
