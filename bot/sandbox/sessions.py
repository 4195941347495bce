"""What a bot is told, as a numbered sequence that can be taken up again."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload

EVENTS_KEPT: Final = 1_000
"""Events of a session that can be replayed."""

RESUMABLE_SECONDS: Final = 300.0
"""How long a bot may stay away from its session."""


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
        self._parted_at = time.monotonic()

    def take_up(self) -> asyncio.Queue[Payload]:
        """Begin with a connection; another one that there was hears no more."""
        self.outbox = asyncio.Queue()
        return self.outbox

    def part(self) -> None:
        """Wait for another connection; events are kept for it meanwhile."""
        self.outbox = None
        self._parted_at = time.monotonic()

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

    def say(self, op: Op, body: object = None) -> None:
        """Say something that is no event, and is not kept."""
        if self.outbox is not None:
            self.outbox.put_nowait(plain(op, body))

    def missed(self, sequence: int) -> list[Payload] | None:
        """The events after this number, or None if not all are kept or the bot was away long."""
        if not self.connected and time.monotonic() - self._parted_at > RESUMABLE_SECONDS:
            return None
        missed = [event for event in self._sent if event["s"] > sequence]
        complete = len(missed) == self._sequence - sequence
        return missed if complete else None


def plain(op: Op, body: object) -> Payload:
    """What is said and is no event."""
    return {"op": int(op), "d": body, "s": None, "t": None}
