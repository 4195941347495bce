"""News of runs, on their way to the progress messages.

Every run has one message and one task that edits it. News that arrive between two edits
replace each other, so a message is edited at most once in five seconds, and once a minute when
it is over an hour old (Discord refuses more, error 30046). Only the end of a run waits for no
turn, and is always written, after a restart of the bot if need be (`bot.runs.delivery`): the
catalog keeps it until it is shown.

Each message is written in the language that its server has at that moment.
"""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import discord

from bot.errors import DiscordFaultError
from bot.patience import FAILURES
from bot.requests import ReadingProgress
from bot.runs.card import News, run_card, without
from bot.runs.delivery import RunEnd, is_passing
from bot.words import speak, speaking
from training.events import Progress, Sample, Started

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from bot.runs.card import RunCard
    from bot.runs.delivery import IsDeleted
    from bot.views.posts import Posts
    from bot.writing.forbidden import ForbiddenWords
    from storage.records import ReadingRecord, RunRecord
    from training.events import Event, Finished

    Language: TypeAlias = Callable[[int], Awaitable[str]]
    """What a guild speaks now; never raises."""
    Forbidden: TypeAlias = Callable[[int], Awaitable[ForbiddenWords | None]]
    """What a guild does not want to read; None if that cannot be known now. Never raises."""

log = logging.getLogger(__name__)

EDIT_SECONDS = 5.0
SLOW_FACTOR = 12
"""How much rarer an old message is edited."""

OLD_SECONDS = 3600.0
CLOSING_SECONDS = 5.0
"""How long the ends of runs may still be written when the bot stops."""


class Ends(Protocol):
    """Remembers which ends have yet to be shown; `storage.catalog.Catalog` does."""

    async def end_is_told(self, run_id: str) -> None:
        """The end of this run is shown, or nobody takes it."""

    async def run_is_deleted(self, run_id: str) -> bool:
        """Whether the run is deleted for good or about to be: nothing of it is to be shown."""


class ProgressReporter:
    """Hands each run's news to its message, for `bot.runs.queue` and `bot.channels.readings`.

    Args:
        posts: Where the messages hang.
        ends: Keeps the ends of runs until they are shown.
        language: Tells what a guild speaks.
        forbidden: Tells which words it does not want to read.
        edit_seconds: The shortest time between two edits of a message, except for its last.
    """

    def __init__(
        self,
        posts: Posts,
        ends: Ends,
        language: Language,
        forbidden: Forbidden,
        *,
        edit_seconds: float = EDIT_SECONDS,
    ) -> None:
        self._posts = posts
        self._ends = ends
        self._language = language
        self._forbidden = forbidden
        self._edit_seconds = edit_seconds
        self._opened = asyncio.Event()
        self._messages: dict[str, ProgressMessage] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, tuple[int, int]] = {}
        """By runs that are not announced yet, where a channel is told that it will be read."""

    def open(self) -> None:
        """Messages can be sent from now on; news so far were kept."""
        self._opened.set()

    async def close(self) -> None:
        """Give the ends of runs a moment to be written, and stop."""
        ending = [task for key, task in self._tasks.items() if self._messages[key].has_ended]
        if ending and self._opened.is_set():
            await asyncio.wait(ending, timeout=CLOSING_SECONDS)
        self._opened.clear()
        remaining = list(self._tasks.values())
        for task in remaining:
            task.cancel()
        await asyncio.gather(*remaining, return_exceptions=True)

    async def post(self, run: RunRecord, reading: ReadingProgress | None = None) -> int:
        """Post a run's progress message in its first form and return its id.

        It is in the language of the caller's task.

        Raises:
            discord.DiscordException: The channel does not take it.
        """
        return await self._posts.post(run.channel_id, run_card(News(run=run, reading=reading)))

    async def tell_channel(self, reading: ReadingRecord) -> int:
        """Tell a channel that it will be read, and return the message's id.

        Raises:
            discord.DiscordException: The channel does not take it.
        """
        return await self._posts.tell_channel(reading)

    async def announce(self, run: RunRecord, reading: ReadingRecord | None = None) -> int | None:
        """Post a run's message after a restart, and tell the channel that it will read.

        None if one of the channels does not take it. Nobody has just asked for it, so it is in
        the guild's language. Had it been posted right before the bot ended, Discord knows it by
        its nonce, and does not post it twice.

        Raises:
            DiscordFaultError: A later try may fare better.
        """
        try:
            with speaking(await self._language(run.guild_id)):
                return await (self.post(run) if reading is None else self._post_reading(reading))
        except FAILURES as error:
            log.info("Run %s cannot be announced: %s", run.id, error)
            if is_passing(error):
                raise DiscordFaultError from error
            return None

    async def _post_reading(self, reading: ReadingRecord) -> int:
        """Tell the channel once, however many tries the card takes."""
        run = reading.run
        if run.id not in self._told:
            self._told[run.id] = reading.source.id, await self.tell_channel(reading)
        try:
            card = await self.post(run, ReadingProgress(channel_name=reading.source.name))
        except FAILURES as error:
            if not is_passing(error):
                await self.give_up(run)
            raise
        del self._told[run.id]
        return card

    async def give_up(self, run: RunRecord) -> None:
        """Take back what a channel was told of a run that does not come about."""
        if run.id in self._told:
            await self.withdraw(*self._told.pop(run.id))

    async def withdraw(self, channel_id: int, message_id: int) -> None:
        """Delete a message about a run that did not come about; never raises."""
        with suppress(*FAILURES):
            await self._posts.remove(channel_id, message_id)

    def reading(self, run: RunRecord, progress: ReadingProgress) -> None:
        """The run reads a channel."""
        self._message(run).tell(run, reading=progress)

    def read(self, run: RunRecord) -> None:
        """The run has read a channel."""
        self._message(run).tell(run, reading=None)

    def waiting(self, run: RunRecord, position: int) -> None:
        """The run waits behind `position` others."""
        self._message(run).tell(run, position=position)

    def training(self, run: RunRecord, event: Event) -> None:
        """The run's worker has said something."""
        match event:
            case Started():
                self._message(run).tell(run, started=event)
            case Progress():
                self._message(run).tell(run, progress=event)
            case Sample():
                self._message(run).tell(run, sample=event)

    def ended(self, run: RunRecord, finished: Finished | None) -> None:
        """The run is over."""
        self._message(run).tell(run, finished=finished)

    def say_again(self, guild_id: int) -> None:
        """The guild speaks another language."""
        for message in self._messages.values():
            message.say_again(guild_id)

    def _message(self, run: RunRecord) -> ProgressMessage:
        if run.id not in self._messages:
            message = ProgressMessage(
                run,
                self._posts,
                self._language,
                self._forbidden,
                self._ends.run_is_deleted,
                edit_seconds=self._edit_seconds,
            )
            self._messages[run.id] = message
            self._tasks[run.id] = asyncio.create_task(self._carry(run.id, message))
        return self._messages[run.id]

    async def _carry(self, run_id: str, message: ProgressMessage) -> None:
        try:
            await self._opened.wait()
            await message.follow()
            await self._ends.end_is_told(run_id)
        except Exception:  # one message's failure is nobody else's; the log has it
            log.exception("The progress message of run %s was given up", run_id)
        finally:
            del self._messages[run_id], self._tasks[run_id]


class ProgressMessage:
    """One message that follows one run to its end."""

    def __init__(
        self,
        run: RunRecord,
        posts: Posts,
        language: Language,
        forbidden: Forbidden,
        is_deleted: IsDeleted,
        *,
        edit_seconds: float,
    ) -> None:
        self._news = News(run=run)
        self._posts = posts
        self._language = language
        self._forbidden = forbidden
        self._is_deleted = is_deleted
        self._edit_seconds = edit_seconds
        self._is_lost = False
        self._written_at = -math.inf
        self._written: RunCard | None = None
        self._changed, self._ended = asyncio.Event(), asyncio.Event()

    @property
    def has_ended(self) -> bool:
        """Whether the run is over and only the last edit may be missing."""
        return self._ended.is_set()

    def tell(self, run: RunRecord, **news: object) -> None:
        """Replace what is known; the next edit will say it. Nothing follows the end."""
        if self.has_ended and run.status.is_active:
            return
        self._news = replace(self._news, run=run, **news)  # type: ignore[arg-type]  # News's fields
        self._changed.set()
        if self._news.has_ended:
            self._ended.set()

    def say_again(self, guild_id: int) -> None:
        """Write what is known anew, if the run is this guild's."""
        if self._news.run.guild_id == guild_id:
            self._changed.set()

    async def follow(self) -> None:
        """Edit the message until the run's end is written."""
        while True:
            await self._changed.wait()
            await self._pause()
            self._changed.clear()
            speak(await self._language(self._news.run.guild_id))
            words = await self._forbidden(self._news.run.guild_id)
            news = await asyncio.to_thread(without, words, self._news)
            if news.has_ended:
                end = RunEnd(run_card(news), self._posts, self._message_id, self._is_deleted)
                await end.show(pause=self._edit_seconds)
                return
            await self._write(run_card(news))

    async def _pause(self) -> None:
        """Wait until the next edit is due; the end of a run is due at once."""
        pace = self._edit_seconds * (SLOW_FACTOR if self._is_old() else 1)
        due = self._written_at + pace - asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ended.wait(), max(due, 0))

    def _is_old(self) -> bool:
        if self._message_id is None:
            return False
        age = discord.utils.utcnow() - discord.utils.snowflake_time(self._message_id)
        return age.total_seconds() > OLD_SECONDS

    @property
    def _message_id(self) -> int | None:
        return None if self._is_lost else self._news.run.message_id

    async def _write(self, card: RunCard) -> None:
        """Edit once; a failure waits for the next news, a lost message for the run's end."""
        run, message_id = self._news.run, self._message_id
        if card == self._written or message_id is None:
            return
        try:
            await self._posts.edit(run.channel_id, message_id, card)
            self._written = card
        except discord.NotFound as error:
            log.info("The progress message of run %s is gone: %s", run.id, error)
            self._is_lost = True
        except FAILURES as error:
            log.info("The progress message of run %s was not edited: %s", run.id, error)
        self._written_at = asyncio.get_running_loop().time()
