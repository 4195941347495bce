"""Talking: somebody speaks to the bot in a channel, and the server's current model answers.

    turn    one after another in each channel, for each person one at a time: refuses, or lasts
            while the answer is given
    answer  reads what was said into the conversation's state, and writes on from there

A conversation is a state in the catalog (`model.conversation`); of what was said nothing is kept.
It goes on only from answers that were given: whatever fails on the way, or is cut off when the
bot stops, has not been said.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from bot.checks import find_model, soundest
from bot.errors import NotListeningError
from bot.writing.forbidden import forbidden_words
from bot.writing.library import Volume
from bot.writing.orders import usual
from model.bookmark import Bookmark
from model.conversation import respond
from model.errors import BookmarkError
from model.sampling import Sampling
from storage.errors import CatalogUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.requests import Caller
    from bot.rules import Rules
    from bot.writing.thread import WritingThread
    from model.conversation import Answer, Question
    from model.generation import Writer
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import CheckpointRecord, GuildSettings

LONGEST_ANSWER = 900
"""Characters, so that an answer is one message, whatever has to be escaped in it."""

COOLDOWN_SECONDS = 3.0
"""Between two answers for one person, where the server has not chosen more."""

MOST_WAITING = 5
"""People in a channel who wait for an answer; whoever comes then gets none."""

COMPLAINT_SECONDS = 3600.0
"""How long a channel is not told again why the bot does not answer."""


class Turn:
    """The time in which one person is answered."""

    def __init__(
        self, talking: Talking, caller: Caller, chosen: GuildSettings, talk_channel_id: int
    ) -> None:
        self._talking, self._caller, self._chosen = talking, caller, chosen
        self._talk_channel_id = talk_channel_id
        self._said: tuple[str, Answer] | None = None

    async def answer(self, question: Question) -> Answer:
        """What the current model says to it, without the server's forbidden words.

        Where its checkpoint is damaged, an earlier one answers, as if nothing had been said.

        Raises:
            NoModelError, CheckpointBrokenError, StoppingError.
        """
        catalog = self._talking.catalog
        model = await find_model(catalog, self._caller.guild_id, None)
        return await soundest(catalog, model.checkpoint, partial(self._answer, question))

    async def _answer(self, question: Question, checkpoint: CheckpointRecord) -> Answer:
        talking, caller = self._talking, self._caller
        bookmark = await talking.catalog.conversation(
            caller.guild_id, caller.channel_id, checkpoint.id
        )
        if bookmark is None:
            with suppress(CatalogUnavailableError):  # a full disk keeps nothing, and nobody silent
                await talking.catalog.begin_conversation(
                    caller.guild_id,
                    caller.channel_id,
                    talk_channel_id=self._talk_channel_id,
                    checkpoint_id=checkpoint.id,
                )
        job = partial(_respond, bookmark=bookmark, question=question, chosen=self._chosen)
        answer = await talking.writing.use(Volume.of(talking.directory, checkpoint), job)
        self._said = checkpoint.id, answer
        return answer

    async def keep(self) -> None:
        """Let the conversation go on after what was said, unless it has ended meanwhile."""
        if self._said is not None:
            checkpoint_id, answer = self._said
            await self._talking.catalog.keep_conversation(
                self._caller.guild_id,
                self._caller.channel_id,
                checkpoint_id,
                answer.bookmark.to_bytes(),
            )


class Talking:
    """Who is answered, where and when."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        directory: DataDirectory,
        writing: WritingThread,
        rules: Rules,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.catalog, self.directory, self.writing = catalog, directory, writing
        self._rules = rules
        self._clock = clock
        self._stopping = False
        self._lines: dict[int, asyncio.Lock] = {}
        self._places: dict[tuple[int, int], int] = {}
        """The channel in which each person waits or is answered, by guild and person."""
        self._answered = _Recent(COOLDOWN_SECONDS)
        self._told = _Recent(COMPLAINT_SECONDS)

    def stop(self) -> None:
        """Answer nobody from now on; an answer under way is given."""
        self._stopping = True

    @asynccontextmanager
    async def turn(self, caller: Caller) -> AsyncIterator[Turn]:
        """Within the body the caller is answered; then the conversation goes on from there.

        Raises:
            NotListeningError: Talking is off there, or the caller has just been answered, or
                waits for an answer already, wherever that is in the guild.
            WritesElsewhereError, WriteCooldownError: As the server has chosen.
        """
        person = (caller.guild_id, caller.user_id)
        async with self._in_line(person, caller.channel_id):
            chosen = await self.catalog.guild_settings(caller.guild_id)
            talk_channel_id = _talk_channel(caller, chosen)
            if self._stopping:
                raise NotListeningError
            async with self._rules.turn(caller):
                turn = Turn(self, caller, chosen, talk_channel_id)
                yield turn
                await turn.keep()
            self._answered.add(person, self._clock())

    def may_complain(self, caller: Caller) -> bool:
        """Whether the channel may be told why nobody answers; that counts as telling it."""
        channel = (caller.guild_id, caller.channel_id)
        if self._told.has(channel, self._clock()):
            return False
        self._told.add(channel, self._clock())
        return True

    @asynccontextmanager
    async def _in_line(self, person: tuple[int, int], channel_id: int) -> AsyncIterator[None]:
        """Wait until everybody who came before in this channel has been answered."""
        self._check_place(person, channel_id)  # nothing is awaited from here to the claim
        self._places[person] = channel_id
        line = self._lines.setdefault(channel_id, asyncio.Lock())
        try:
            async with line:
                yield
        finally:
            del self._places[person]
            if channel_id not in self._places.values():
                del self._lines[channel_id]

    def _check_place(self, person: tuple[int, int], channel_id: int) -> None:
        waiting = list(self._places.values()).count(channel_id)
        if self._stopping or person in self._places or waiting >= MOST_WAITING:
            raise NotListeningError
        if self._answered.has(person, self._clock()):
            raise NotListeningError


class _Recent:
    """What has happened within so many seconds, forgotten when it is older."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._moments: dict[tuple[int, int], float] = {}

    def has(self, key: tuple[int, int], now: float) -> bool:
        for old, moment in list(self._moments.items()):
            if now - moment < self._seconds:
                break
            del self._moments[old]
        return key in self._moments

    def add(self, key: tuple[int, int], now: float) -> None:
        self._moments.pop(key, None)  # the order is that of time
        self._moments[key] = now


def _talk_channel(caller: Caller, chosen: GuildSettings) -> int:
    """The channel for which talking is on: the caller's, or the one that a thread belongs to."""
    for channel_id in (caller.channel_id, caller.parent_id):
        if channel_id in chosen.talk_channels:
            return channel_id
    raise NotListeningError


def _respond(
    writer: Writer, *, bookmark: bytes | None, question: Question, chosen: GuildSettings
) -> Answer:
    """Answer; words that the guild forbids are drawn again, and masked in the end."""
    words = forbidden_words(chosen.forbidden_words)
    length, temperature = usual(chosen)
    go_on = partial(
        respond,
        writer,
        question=question,
        seed=secrets.randbits(31),
        sampling=Sampling(temperature=temperature),
        length=min(length, LONGEST_ANSWER),
        shown=words.mask,
    )
    try:
        return go_on(None if bookmark is None else Bookmark.from_bytes(bookmark))
    except BookmarkError:  # of an older version, or damaged: the conversation begins anew
        return go_on(None)
