"""A channel of Discord's to read, and who hears how far that is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.requests import ChannelChoice, ReadingProgress, TrainRequest
from tests.bot.uploads import uploading
from training.corpora.messages import Author, Message

if TYPE_CHECKING:
    from storage.records import ReadingRecord, RunRecord
    from tests.bot.core import Core

ANN, BEN = Author("100", "ann", "Ann"), Author("300", "ben", "Ben")
REQUEST = TrainRequest(channel=ChannelChoice(id=5, name="tavern", caller_may_read=True))
FIRST = 1_200_000_000_000_000_000
NOTHING = uploading()


def talk(count: int = 250) -> list[Message]:
    """What was said in the channel, newest first."""
    return [
        Message(f"this is line {number}", (ANN, BEN)[number % 2], FIRST + number)
        for number in range(count, 0, -1)
    ]


def text(messages: list[Message]) -> str:
    return "".join(f"{message.content}\n" for message in reversed(messages))


@dataclass
class FakeChannels:
    """A channel, a gate before each page, and errors that come first."""

    messages: list[Message] = field(default_factory=talk)
    faults: list[Exception] = field(default_factory=list)
    asked: list[int | None] = field(default_factory=list)
    open_pages: int = 10**6

    async def page(self, guild_id: int, channel_id: int, before: int | None) -> list[Message]:
        assert (guild_id, channel_id) == (1, 5)
        if len(self.asked) >= self.open_pages:
            await asyncio.Event().wait()
        self.asked.append(before)
        if self.faults:
            raise self.faults.pop(0)
        older = [m for m in self.messages if before is None or (m.id or 0) < before]
        return older[:100]


class Told:
    """Keeps the news of readings."""

    def __init__(self) -> None:
        self.progress: list[ReadingProgress] = []
        self.found: list[str] = []
        self.fresh = asyncio.Event()
        self.takes_announcements = True
        self.given_up: list[str] = []

    async def announce(self, run: RunRecord, reading: ReadingRecord) -> int | None:
        assert run == reading.run
        return 999 if self.takes_announcements else None

    async def give_up(self, run: RunRecord) -> None:
        self.given_up.append(run.id)

    def reading(self, _: RunRecord, progress: ReadingProgress) -> None:
        self.progress.append(progress)
        self.fresh.set()

    def read(self, run: RunRecord) -> None:
        self.found.append(run.found)

    async def until(self, messages: int) -> None:
        async with asyncio.timeout(5):
            while not any(progress.messages >= messages for progress in self.progress):
                self.fresh.clear()
                await self.fresh.wait()


async def begin(core: Core, request: TrainRequest = REQUEST) -> str:
    """The id of an announced run that reads the channel."""
    begun = await core.service.begin_training(core.ada, request, NOTHING)
    await core.service.announce(begun.run.id, 1001)
    return begun.run.id
