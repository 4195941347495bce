"""What the bot can do, for whom, and what it refuses.

A command on Discord parses its options, calls one method here and renders the answer. Every
method looks only into the caller's own guild, and raises `bot.errors.RefusedError` (whose
`str()` is the answer) for whatever cannot be done.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.checks import check_owner, refusals
from bot.errors import RunGoneError
from bot.importing import Importer
from bot.memberships import Memberships
from bot.models import ModelService
from bot.privacy import Privacy
from bot.purging import Purger
from bot.requests import Overview
from bot.rules import Rules
from bot.runs.abandoning import Abandoned
from bot.runs.intake import Intake
from bot.runs.listing import Runs
from bot.runs.longer import LongerTraining
from bot.server_settings import ServerSettings
from bot.stock import Stock
from bot.under_way import UnderWay
from bot.writing.forbidden import forbidden_words
from bot.writing.talking import Talking
from bot.writing.texts import TextService
from storage.errors import CatalogUnavailableError

if TYPE_CHECKING:
    from bot.channels.readings import Readings
    from bot.requests import (
        BegunRun,
        Caller,
        Download,
        TrainRequest,
    )
    from bot.runs.corpora import CorpusReader
    from bot.runs.queue import RunQueue
    from bot.settings import Settings
    from bot.writing.forbidden import ForbiddenWords
    from bot.writing.thread import WritingThread
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import RunRecord

DELETE_AGAIN_SECONDS = 60.0
"""Between two tries to delete what could not be deleted."""


class Service(TextService, ModelService):
    """Everything that commands and buttons may ask for."""

    def __init__(
        self,
        *,
        settings: Settings,
        catalog: Catalog,
        directory: DataDirectory,
        corpora: CorpusReader,
        readings: Readings,
        queue: RunQueue,
        writing: WritingThread,
    ) -> None:
        self._catalog = catalog
        self._directory = directory
        self._readings = readings
        self._queue = queue
        self._writing = writing
        self._under_way = UnderWay()
        self.runs = Runs(catalog)
        self.rules = Rules(catalog, write_cooldown=settings.write_cooldown_seconds)
        self.talking = Talking(
            catalog=catalog, directory=directory, writing=writing, rules=self.rules
        )
        stock = Stock(catalog, directory)
        self._importer = Importer(
            catalog=catalog, directory=directory, stock=stock, limits=settings.run_limits.stock
        )
        self.purger = Purger(
            catalog=catalog,
            directory=directory,
            under_way=self._under_way,
            readings=readings,
            queue=queue,
            writing=writing,
        )
        self.server_settings = ServerSettings(catalog)
        self.privacy = Privacy(catalog, self.purger)
        self.memberships = Memberships(
            catalog=catalog, purger=self.purger, under_way=self._under_way
        )
        self._abandoned = Abandoned(catalog, directory, queue)
        self._intake = Intake(
            settings=settings,
            catalog=catalog,
            directory=directory,
            corpora=corpora,
            rules=self.rules,
            stock=stock,
            abandoned=self._abandoned,
        )
        self._longer = LongerTraining(
            settings=settings,
            catalog=catalog,
            directory=directory,
            rules=self.rules,
            stock=stock,
            abandoned=self._abandoned,
        )

    async def take_up(self) -> None:
        """Take note of what could not be deleted before this start; before anybody is served."""
        await self.purger.take_up()
        await self._abandoned.take_up()

    async def stop(self) -> None:
        """Answer no more mentions, and refuse uploads under way; none of them leaves anything."""
        self.talking.stop()
        await self._under_way.stop()

    async def delete_for_ever(self) -> None:
        """Go on with deletions that have failed, from time to time."""
        while True:
            await asyncio.sleep(DELETE_AGAIN_SECONDS)
            await self.memberships.retry()
            await self.purger.retry()
            await self._abandoned.retry()

    async def language(self, guild_id: int) -> str | None:
        """The language that the guild has chosen; None if it left that to Discord."""
        return (await self._catalog.guild_settings(guild_id)).language

    async def overview(self, caller: Caller) -> Overview:
        """What there is on the caller's server."""
        guild_id = caller.guild_id
        return Overview(
            model=await self._catalog.current_model(guild_id),
            has_runs=await self._catalog.count_runs(guild_id) > 0,
            chosen=await self._catalog.guild_settings(guild_id),
        )

    async def forbidden(self, guild_id: int) -> ForbiddenWords:
        """The words that the guild does not want to read."""
        chosen = await self._catalog.guild_settings(guild_id)
        return await asyncio.to_thread(forbidden_words, chosen.forbidden_words)

    async def check_training(self, caller: Caller, request: TrainRequest) -> None:
        """Refuse what settings and catalog alone can refuse, before anything is deferred."""
        await self._intake.check(caller, request)

    async def begin_training(
        self, caller: Caller, request: TrainRequest, download: Download
    ) -> BegunRun:
        """Download and read the files, if there are any, and store the run.

        It waits for `announce`.

        `download` writes the attachments to the paths that it is given. After any error or
        cancellation no file is left; a row that the disk keeps goes as soon as it takes that.
        """
        begin = partial(self._intake.begin, caller, request, download)
        return await self._under_way.carry(caller, begin, ends_with_bot=True)

    async def announce(self, run_id: str, message_id: int) -> None:
        """Keep the id of the progress message and let the run take its turn, or read first.

        One that is canceled right before that only ends, and is not taken up any more.
        """
        with refusals():
            run = await self._catalog.set_message(run_id, message_id)
            reading = await self._catalog.reading(run.guild_id, run.id)
            now = await self._catalog.run(run.guild_id, run.id)
        if run.status.is_active and not now.status.is_active:
            return  # whoever canceled it has reported its end
        if reading is None:
            self._queue.add(now)
        else:
            self._readings.add(reading)

    async def abandon(self, run_id: str) -> None:
        """Undo `begin_training` or `train_longer`: the run could not be announced."""
        await self._abandoned.add(run_id)

    async def check_cancel(self, caller: Caller, run_id: str) -> RunRecord:
        """Return the run if the caller may cancel it, before anything is deferred."""
        return await self._active_run(caller, run_id, "cancel")

    async def cancel(self, caller: Caller, run_id: str) -> None:
        """Cancel a run that reads, waits or trains; it keeps nothing. `Reporter.ended` follows."""
        run = await self.check_cancel(caller, run_id)
        reading = await self._readings.end(run.id)
        try:
            await self._queue.cancel(run)
        except CatalogUnavailableError:
            if reading is not None:
                self._readings.add(reading)
            raise
        await self._readings.end(run.id)  # it may have begun right before

    async def finish(self, caller: Caller, run_id: str) -> bool:
        """Let a run that trains end with its best, and return whether it ends now.

        Otherwise it ends as soon as it is better than when it began. `Reporter.ended` follows.
        """
        return await self._queue.finish(await self._active_run(caller, run_id, "finish"))

    async def check_longer(self, caller: Caller, run_id: str) -> RunRecord:
        """Return the run if its model may be trained longer from it, before a form is shown."""
        return await self._longer.check(caller, run_id)

    async def train_longer(self, caller: Caller, run_id: str, minutes: float) -> BegunRun:
        """Store a run that goes on from another one's checkpoint; it waits for `announce`."""
        begin = partial(self._longer.begin, caller, run_id, minutes)
        return await self._under_way.carry(caller, begin)

    async def _active_run(self, caller: Caller, run_id: str, action: str) -> RunRecord:
        """Return the run if it has not ended and the caller may do this with it."""
        with refusals():
            run = await self._catalog.run(caller.guild_id, run_id)
        if not run.status.is_active:
            raise RunGoneError
        check_owner(caller, run.user_id, action)
        return run
