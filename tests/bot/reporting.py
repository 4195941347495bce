"""A reporter of runs without Discord: posts that can fail, and what the catalog is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import discord

from bot.writing.forbidden import ForbiddenWords
from tests.bot.a_run import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.runs.card import RunCard
    from bot.runs.progress import ProgressReporter
    from storage.records import ReadingRecord

EDIT_SECONDS = 0.02
ENDED = "has learned to write"
"""Stands in the card of a finished run, and in no other."""


class Response:
    """As much of an HTTP response as discord.py's errors want."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "no reason"


def error(status: int, code: int = 0) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(Response(status), {"code": code, "message": "no"})  # type: ignore[arg-type]  # fake


@dataclass
class FakePosts:
    """Remembers what was written below which message, and fails as often as it is told to."""

    posted: list[RunCard] = field(default_factory=list)
    edited: list[RunCard] = field(default_factory=list)
    told: list[tuple[int, RunCard]] = field(default_factory=list)
    places: set[int] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    tried: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, channel_id: int, card: RunCard) -> int:
        self._try(channel_id)
        self.posted.append(card)
        return 5

    async def tell_channel(self, reading: ReadingRecord) -> int:
        self._try(reading.source.id)
        return 6

    async def edit(self, channel_id: int, message_id: int, card: RunCard) -> None:
        self._try(channel_id, message_id)
        self.edited.append(card)
        self.times.append(asyncio.get_running_loop().time())

    async def remove(self, channel_id: int, message_id: int) -> None:
        self._try(channel_id, message_id)

    async def tell(self, user_id: int, card: RunCard) -> None:
        self._try()
        self.told.append((user_id, card))

    def _try(self, *places: int) -> None:
        self.places.update(places)
        self.tried += 1
        self.changed.set()
        if self.failures:
            raise self.failures.pop(0)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


@dataclass
class FakeEnds:
    """What the catalog is told of ends."""

    told: list[str] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)

    async def end_is_told(self, run_id: str) -> None:
        self.told.append(run_id)

    async def run_is_deleted(self, run_id: str) -> bool:
        return run_id in self.deleted


SPOKEN = {RUN.guild_id: "en"}


async def spoken(guild_id: int) -> str:
    """As the client tells it."""
    return SPOKEN[guild_id]


FORBIDDEN: dict[int, ForbiddenWords | None] = {RUN.guild_id: ForbiddenWords()}


async def forbidden(guild_id: int) -> ForbiddenWords | None:
    """As the client tells it."""
    return FORBIDDEN[guild_id]


async def idle(reporter: ProgressReporter) -> None:
    """Wait until every message has said its last."""
    async with asyncio.timeout(5):
        while tasks := list(reporter._tasks.values()):  # noqa: SLF001 - nothing else tells
            await asyncio.wait(tasks)
