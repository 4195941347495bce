"""What has been said: messages and synced commands, and who hears of a change.

The bot's gateway, the page and the file on disk all learn of a message in the same way:
they subscribe. A message is Discord's own JSON, except that the addresses of its
attachments are filled in when it is shown (`rendered`), because the port may be another
one after a restart. A private message knows its one reader, and is never written down.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.people import is_direct, place
from bot.sandbox.snowflakes import Snowflakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.sandbox.attachments import Attachments
    from bot.sandbox.payloads import Payload

MESSAGES_PER_CHANNEL = 5_000
"""The oldest messages beyond these are forgotten."""

NONCES = 1_000
"""So many of the newest messages are not posted twice by a bot that asks twice."""


@dataclass(slots=True)
class Message:
    """A message in a channel."""

    payload: Payload
    visible_to: int | None = None
    """The one person who can see it; None: everybody in the channel."""
    is_kept: bool = True
    """Whether it is written down; not what every sandbox begins with."""

    @property
    def id(self) -> int:
        """The message's id."""
        return int(self.payload["id"])

    @property
    def channel_id(self) -> int:
        """The id of the channel that it is in."""
        return int(self.payload["channel_id"])

    @property
    def author_id(self) -> int:
        """The id of whoever wrote it."""
        return int(self.payload["author"]["id"])


class ChangeKind(StrEnum):
    """What can happen to a message."""

    CREATED = "MESSAGE_CREATE"
    UPDATED = "MESSAGE_UPDATE"
    DELETED = "MESSAGE_DELETE"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a message."""

    kind: ChangeKind
    message: Message


class World:
    """All messages, attachments and synced commands."""

    def __init__(self, attachments: Attachments) -> None:
        self.attachments = attachments
        self.snowflakes = Snowflakes()
        self.base = ""
        """The sandbox's own address, known once it listens."""
        self.commands: dict[int | None, list[Payload]] = {None: []}
        """Synced commands by guild; those of None are everywhere."""
        self.closed: dict[int, Fault] = {}
        """Channels that the bot has lost, and how Discord says so."""
        self._messages: dict[int, dict[int, Message]] = {}
        self._by_nonce: dict[tuple[int, str], Message] = {}
        self._on_change: list[Callable[[Change], None]] = []
        self._on_sync: list[Callable[[], None]] = []

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call the listener after every change of a message."""
        self._on_change.append(listener)

    def on_sync(self, listener: Callable[[], None]) -> None:
        """Call the listener after the bot has synced its commands."""
        self._on_sync.append(listener)

    def sync(self, guild_id: int | None, commands: list[Payload]) -> None:
        """Replace the commands of a guild, or those that are everywhere."""
        self.commands[guild_id] = commands
        for listener in self._on_sync:
            listener()

    def commands_in(self, guild_id: int) -> list[Payload]:
        """The commands that can be invoked in a guild."""
        if is_direct(guild_id):
            return []
        return [*self.commands[None], *self.commands.get(guild_id, ())]

    def messages(self, channel_id: int) -> list[Message]:
        """The messages of a channel, oldest first."""
        return list(self._messages.get(channel_id, {}).values())

    def message(self, channel_id: int, message_id: int) -> Message:
        """One message; Unknown Message where there is none."""
        try:
            return self._messages[channel_id][message_id]
        except KeyError:
            raise RefusedError(Fault.UNKNOWN_MESSAGE) from None

    def posted(self, channel_id: int, nonce: str) -> Message | None:
        """What the bot has posted with this nonce a short while ago."""
        return self._by_nonce.get((channel_id, nonce))

    def note_nonce(self, message: Message, nonce: str) -> None:
        """Keep by which nonce the bot may mean this message."""
        self._by_nonce[message.channel_id, nonce] = message
        if len(self._by_nonce) > NONCES:
            del self._by_nonce[next(iter(self._by_nonce))]

    def has(self, message: Message) -> bool:
        """Whether a message has not been deleted."""
        return message.id in self._messages.get(message.channel_id, {})

    def restore(self, messages: Iterable[Message]) -> None:
        """Take in messages from before, oldest first; nobody is told."""
        for message in messages:
            self._messages.setdefault(message.channel_id, {})[message.id] = message

    def add(self, message: Message) -> None:
        """Post a message."""
        channel = self._messages.setdefault(message.channel_id, {})
        channel[message.id] = message
        if len(channel) > MESSAGES_PER_CHANNEL:
            self._forget(channel.pop(next(iter(channel))))
        self._tell(Change(ChangeKind.CREATED, message))

    def changed(self, message: Message) -> None:
        """Tell everybody that a message is not what it was."""
        self._tell(Change(ChangeKind.UPDATED, message))

    def remove(self, message: Message) -> None:
        """Delete a message and its files."""
        del self._messages[message.channel_id][message.id]
        self._forget(message)
        self._tell(Change(ChangeKind.DELETED, message))

    def rendered(self, message: Message, *, within_another: bool = False) -> Payload:
        """The message with the addresses of its attachments, and with the one that it answers."""
        guild, _ = place(message.channel_id)
        payload = copy.deepcopy(message.payload) | {"guild_id": str(guild.id)}
        addresses = {}
        for attachment in payload["attachments"]:
            self.give_address(attachment)
            addresses[f"attachment://{attachment['filename']}"] = attachment["url"]
        _replace_addresses([payload["embeds"], payload["components"]], addresses)
        if "message_reference" in payload and not within_another:
            payload["referenced_message"] = self._referenced(message)
        return payload

    def give_address(self, attachment: Payload) -> None:
        """Fill in where the file can be fetched."""
        path = f"/attachments/{attachment['id']}/{quote(attachment['filename'], safe='')}"
        attachment["url"] = attachment["proxy_url"] = self.base + path

    def _referenced(self, message: Message) -> Payload | None:
        """The message that a reply answers, without what that one answers; None if it is gone."""
        message_id = int(message.payload["message_reference"]["message_id"])
        found = self._messages.get(message.channel_id, {}).get(message_id)
        return None if found is None else self.rendered(found, within_another=True)

    def _forget(self, message: Message) -> None:
        for attachment in message.payload["attachments"]:
            self.attachments.remove(int(attachment["id"]))

    def _tell(self, change: Change) -> None:
        for listener in self._on_change:
            listener(change)


def _replace_addresses(node: Any, addresses: dict[str, str]) -> None:  # noqa: ANN401 - JSON
    if isinstance(node, list):
        for entry in node:
            _replace_addresses(entry, addresses)
    elif isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and value in addresses:
                node[key] = addresses[value]
            else:
                _replace_addresses(value, addresses)
