"""What a bot is told, as a numbered sequence that can be taken up again."""

from __future__ import annotations

import secrets
from collections import deque
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio

    from bot.sandbox.payloads import Payload

EVENTS_KEPT: Final = 1_000
"""Events of a session that can be replayed."""


class Op(IntEnum):
    """Discord's operations."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Intent(IntFlag):
    """What a bot asks to hear of."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    MESSAGE_CONTENT = 1 << 15


class Session:
    """One bot's sequence of events, which may outlive a connection."""

    def __init__(self, intents: Intent, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self._shard = shard
        self._sequence = 0
        self._sent: deque[Payload] = deque(maxlen=EVENTS_KEPT)
        self.outbox: asyncio.Queue[Payload] | None = None
        """Where a connection waits for events; None while there is no connection."""

    @property
    def connected(self) -> bool:
        """Whether the bot listens now."""
        return self.outbox is not None

    def serves(self, guild_id: int) -> bool:
        """Whether this shard is the one of the guild."""
        shard, shards = self._shard
        return (guild_id >> 22) % shards == shard

    def dispatch(self, name: str, payload: Payload) -> None:
        """Number an event, keep it for a replay, and send it."""
        self._sequence += 1
        event: Payload = {"op": Op.DISPATCH, "s": self._sequence, "t": name, "d": payload}
        self._sent.append(event)
        if self.outbox is not None:
            self.outbox.put_nowait(event)

    def missed(self, sequence: int) -> list[Payload] | None:
        """The events after this number, or None if not all of them are kept."""
        missed = [event for event in self._sent if event["s"] > sequence]
        complete = len(missed) == self._sequence - sequence
        return missed if complete else None
