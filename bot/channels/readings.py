"""The channels that are being read, each for a run that waits for its corpus.

    add ──> reading its messages ──> making the corpus of them ──> the run queue
                 └────────────────────────┴──> failed, or canceled by way of `end`

A reading is a run's first phase. It takes as long as Discord makes it take, a hundred messages a
request, beside all trainings and without blocking anything. Every page is on disk before the
next one is asked for, so a reading goes on where it stopped after any end of the bot. Discord's
bad days are waited out; a channel that is gone or closed ends the run with a sentence.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot.channels.pages import PageFile, remove_pages
from bot.errors import RefusedError
from bot.errors.channels import ChannelUnavailableError, ReadingError
from bot.requests import ReadingProgress
from bot.runs.authors import checked_authors
from bot.runs.ends import reason_of
from bot.runs.intake import to_the_end
from bot.runs.late_announcements import LateAnnouncements
from bot.statements import Statement, found
from storage.errors import RunEndedError
from training.corpora.selection import Selection
from training.run_directory import RunDirectory

if TYPE_CHECKING:
    from bot.channels.pages import Cursor
    from bot.runs.corpora import CorpusReader
    from bot.runs.queue import RunQueue
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import ReadingRecord, RunRecord
    from training.corpora.messages import Message
    from training.corpus import CorpusSummary

UNANNOUNCED = Statement("reason-not-read")

RETRY_SECONDS = 5.0
LONGEST_WAIT = 300.0
"""Between two tries while Discord has a bad day."""

DISCORD_EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, in Unix time: where Discord's ids begin to count."""

log = logging.getLogger(__name__)


class Channels(Protocol):
    """Where messages come from: on Discord, `bot.channels.messages`."""

    async def page(self, guild_id: int, channel_id: int, before: int | None) -> list[Message]:
        """Return up to a hundred messages of a channel, newest first; none: there are no more.

        Args:
            guild_id: The channel's guild.
            channel_id: The channel.
            before: The id of the message before which they come; None: the newest.

        Raises:
            ChannelGoneError, ChannelClosedError: It can no longer be read.
            ChannelUnavailableError: Discord does not answer well; a later try may fare better.
        """


class Reporter(Protocol):
    """Where news of readings go: on Discord, the run's progress message."""

    async def announce(self, run: RunRecord, reading: ReadingRecord) -> int | None:
        """Post the message of a run that has none, and tell the channel that it will be read.

        None if that cannot be done.

        Raises:
            DiscordFaultError: A later try may fare better.
        """

    async def give_up(self, run: RunRecord) -> None:
        """Take back what the channel was told of a run that is over before it has a message."""

    def reading(self, run: RunRecord, progress: ReadingProgress) -> None:
        """The run reads a channel."""

    def read(self, run: RunRecord) -> None:
        """The run has its corpus; the record says what was found in it."""


class Readings:
    """Reads channels, all at the same time, as fast as Discord allows."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        directory: DataDirectory,
        corpora: CorpusReader,
        queue: RunQueue,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._corpora = corpora
        self._queue = queue
        self._retry_seconds = retry_seconds
        self._channels: Channels | None = None
        self._reporter: Reporter | None = None
        self._stopping = False
        self._to_read: dict[str, ReadingRecord] = {}
        """By their runs; until `start` also those whose channels have yet to be told."""
        self._announcements = LateAnnouncements(catalog, queue.is_held)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def recall(self) -> None:
        """Take note of what the last end of the bot interrupted; before anybody can ask."""
        for run in await self._catalog.active_runs():  # a crash came before this could be done
            await self._remove_pages(run)
        for reading in await self._catalog.readings():
            self.add(reading)

    async def start(self, channels: Channels, reporter: Reporter) -> None:
        """Take up what waits."""
        self._channels, self._reporter = channels, reporter
        waiting, self._to_read = self._to_read, {}
        for reading in waiting.values():
            self.add(reading)

    def _announce(self, reading: ReadingRecord, reporter: Reporter) -> None:
        def take_turn(run: RunRecord) -> None:
            self.add(replace(reading, run=run)) if run.status.is_active else self._queue.add(run)

        self._announcements.begin(
            reading.run,
            lambda run: reporter.announce(run, replace(reading, run=run)),
            take_turn=take_turn,
            fail=partial(self._queue.fail, reason=UNANNOUNCED),
            give_up=reporter.give_up,
        )

    def add(self, reading: ReadingRecord) -> None:
        """Begin to read, or go on; before the start this is left to the start.

        Where nobody was told yet, that comes first. What is to be deleted is not read.
        """
        run_id = reading.run.id
        if self._queue.is_held(run_id):
            return
        if self._reporter is not None and reading.run.message_id is None:
            self._announce(reading, self._reporter)
            return
        self._to_read[run_id] = reading
        if self._channels is None or self._stopping or run_id in self._tasks:
            return
        task = asyncio.create_task(self._carry(reading, self._channels), name=f"read {run_id}")
        self._tasks[run_id] = task
        task.add_done_callback(partial(self._done, run_id))

    async def end(self, run_id: str) -> ReadingRecord | None:
        """Read no further for this run; its row and its files stay as they are.

        Returns:
            What was ended and can be added again; None if it was not to be read.
        """
        await self._end([task for key, task in self._tasks.items() if key == run_id])
        return self._to_read.pop(run_id, None)

    async def stop(self) -> None:
        """Read no further; what is under way goes on at the next start."""
        self._stopping = True
        await self._announcements.stop()
        await self._end([*self._tasks.values()])

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _done(self, run_id: str, task: asyncio.Task[None]) -> None:
        del self._tasks[run_id]
        if not task.cancelled():
            self._to_read.pop(run_id, None)

    # One reading, from its first page to its corpus

    async def _carry(self, reading: ReadingRecord, channels: Channels) -> None:
        """Read, and hand the run on or end it; a stop of the bot does neither."""
        run = reading.run
        try:
            corpus = await self._read(reading, channels)
            await to_the_end(self._hand_on(run, corpus))
        except (ReadingError, RefusedError) as error:
            log.info("The reading of run %s ended: %s", run.id, type(error).__name__)
            self._queue.fail(run, error.statement)
        except RunEndedError:
            log.warning("Run %s had ended before it was read", run.id)
        except Exception as error:  # noqa: BLE001  # the run's owner is told
            self._queue.fail(run, reason_of(run, error))

    async def _hand_on(self, run: RunRecord, corpus: CorpusSummary) -> None:
        """Let a run that has its corpus take its turn; whoever ends its reading waits for that."""
        run = await self._catalog.finish_reading(run.id, corpus.characters, found(corpus))
        self._to_read.pop(run.id, None)
        await self._remove_pages(run)
        if self._reporter is not None:
            self._reporter.read(run)
        self._queue.add(run)

    async def _remove_pages(self, run: RunRecord) -> None:
        """Delete the messages; those that resist go with the run's end, or at the next start."""
        try:
            await asyncio.to_thread(remove_pages, self._directory.run(run.id))
        except OSError as error:  # the run has its corpus and takes its turn
            log.error("Messages of run %s could not be deleted: %s", run.id, error)  # noqa: TRY400

    async def _read(self, reading: ReadingRecord, channels: Channels) -> CorpusSummary:
        folder, source = self._directory.run(reading.run.id), reading.source
        selection = Selection(authors=checked_authors(source.authors), names=source.names)
        pages = PageFile(folder, selection, limit=self._corpora.limit)
        cursor = await asyncio.to_thread(pages.resume)
        while not cursor.is_complete:
            self._tell(reading, cursor)
            messages = await self._page(reading, channels, cursor)
            opted_out = await self._opted_out(reading)
            append = asyncio.to_thread(pages.append, cursor, messages, opted_out=opted_out)
            cursor = await to_the_end(append)
        self._tell(reading, cursor)
        return await self._write_corpus(reading, pages)

    async def _page(
        self, reading: ReadingRecord, channels: Channels, cursor: Cursor
    ) -> list[Message]:
        """Ask for the next page for as long as it takes."""
        guild_id, wait = reading.run.guild_id, self._retry_seconds
        while True:
            try:
                return await channels.page(guild_id, reading.source.id, cursor.oldest)
            except ChannelUnavailableError as error:
                log.info("The reading of run %s waits: %s", reading.run.id, error)
                self._tell(reading, cursor, is_delayed=True)
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)

    async def _write_corpus(self, reading: ReadingRecord, pages: PageFile) -> CorpusSummary:
        """Make the corpus; again if somebody opted out meanwhile."""
        source = reading.source
        corpus = RunDirectory(self._directory.run(reading.run.id)).corpus
        while True:
            opted_out = await self._opted_out(reading)
            exported = await to_the_end(asyncio.to_thread(pages.export, opted_out=opted_out))
            summary = await self._corpora.read(
                [exported], corpus, authors=checked_authors(source.authors), names=source.names
            )
            if await self._opted_out(reading) <= opted_out:
                return summary

    async def _opted_out(self, reading: ReadingRecord) -> frozenset[str]:
        """Who is left out, as messages name them."""
        return frozenset(map(str, await self._catalog.opted_out(reading.run.guild_id)))

    def _tell(self, reading: ReadingRecord, cursor: Cursor, *, is_delayed: bool = False) -> None:
        if self._reporter is not None:
            progress = ReadingProgress(
                channel_name=reading.source.name,
                messages=cursor.messages,
                back_to=None if cursor.oldest is None else moment(cursor.oldest),
                is_delayed=is_delayed,
            )
            self._reporter.reading(reading.run, progress)


def moment(message_id: int) -> datetime:
    """When a message was written, by its id."""
    return datetime.fromtimestamp(((message_id >> 22) + DISCORD_EPOCH) / 1000, UTC)
