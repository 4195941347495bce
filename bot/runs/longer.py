"""Training longer: from a run that has finished to another one that goes on from it.

The new run learns the same text, which is kept for a while, and starts from the checkpoint that
came of the former. It gives the same model another checkpoint, whatever the model is called by
then. As in `bot.runs.intake` the row comes last, and whatever goes wrong leaves
neither a file nor, once the disk takes that, a row (`bot.runs.abandoning`).
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from bot import errors
from bot.checks import check_owner, check_range, refusals
from bot.requests import BegunRun
from bot.runs.curve_words import curve_words
from bot.runs.intake import to_the_end
from model.header import header_of
from storage.errors import FileDamagedError, NameTakenError
from storage.files import new_id, read_verified, write_durably
from storage.records import RunDemand
from training.corpus import CorpusSummary
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from bot.requests import Caller
    from bot.rules import Rules
    from bot.runs.abandoning import Abandoned
    from bot.settings import Settings
    from bot.stock import Stock
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import CheckpointRecord, ModelRecord, RunRecord


class LongerTraining:
    """Makes runs that go on from others."""

    def __init__(
        self,
        *,
        settings: Settings,
        catalog: Catalog,
        directory: DataDirectory,
        rules: Rules,
        stock: Stock,
        abandoned: Abandoned,
    ) -> None:
        self._minutes = settings.minimum_minutes, settings.maximum_minutes
        self._catalog = catalog
        self._directory = directory
        self._rules = rules
        self._stock = stock
        self._abandoned = abandoned
        self._limits = settings.run_limits

    async def check(self, caller: Caller, run_id: str) -> RunRecord:
        """Refuse what catalog and disk can refuse at a glance; return the former run.

        Raises:
            RefusedError: Its model is gone or another person's, or its text is no longer kept.
        """
        return (await self._check(caller, run_id))[0]

    async def begin(self, caller: Caller, run_id: str, minutes: float) -> BegunRun:
        """Make the new run's directory and its row.

        Raises:
            RefusedError: As in `check`; or the minutes are out of range.
        """
        check_range("minutes", minutes, *self._minutes)
        former, model, checkpoint = await self._check(caller, run_id)
        new = new_id()
        try:
            await to_the_end(asyncio.to_thread(self._make, new, former, model, checkpoint, minutes))
            run = await self._insert(new, caller, former, model, minutes)
        except BaseException:
            await to_the_end(self._abandoned.add(new))
            raise
        found = CorpusSummary(
            characters=former.corpus_characters, distinct=0, description=former.found
        )
        return BegunRun(run=run, corpus=found)

    async def _check(
        self, caller: Caller, run_id: str
    ) -> tuple[RunRecord, ModelRecord, CheckpointRecord]:
        """The former run and what came of it, if it may be gone on from."""
        await self._rules.check_training(caller)
        former, model, checkpoint = await self._find(caller, run_id)
        demand = RunDemand(
            minutes=self._minutes[0],
            trained_model_id=model.id,
            size=await self._stock.size(caller.guild_id),
        )
        with refusals():
            await self._catalog.check_run(
                caller.guild_id,
                user_id=caller.user_id,
                name=None,
                limits=self._limits,
                demand=demand,
            )
        corpus = RunDirectory(self._directory.run(former.id)).corpus
        if former.reads_channel or not corpus.is_file():
            raise errors.CorpusGoneError(model.name)
        return former, model, checkpoint

    async def _find(
        self, caller: Caller, run_id: str
    ) -> tuple[RunRecord, ModelRecord, CheckpointRecord]:
        with refusals():
            run = await self._catalog.run(caller.guild_id, run_id)
            if run.model_id is None or run.checkpoint_id is None:
                raise errors.CheckpointGoneError
            model = await self._catalog.model(caller.guild_id, run.model_id)
            checkpoint = await self._catalog.checkpoint(caller.guild_id, run.checkpoint_id)
        check_owner(caller, model.user_id, "train-longer")
        return run, model, checkpoint

    def _make(
        self,
        run_id: str,
        former: RunRecord,
        model: ModelRecord,
        checkpoint: CheckpointRecord,
        minutes: float,
    ) -> None:
        """Write all that the run needs; blocking."""
        folder = RunDirectory(self._directory.run(run_id))
        folder.path.mkdir(mode=0o700)
        try:
            corpus = RunDirectory(self._directory.run(former.id)).corpus.read_bytes()
        except FileNotFoundError as error:
            raise errors.CorpusGoneError(model.name) from error
        try:
            source = self._directory.checkpoint(checkpoint.id)
            base = read_verified(source, sha256=checkpoint.sha256)
        except (FileDamagedError, OSError) as error:
            raise errors.CheckpointBrokenError from error
        write_durably(folder.corpus, corpus)
        write_durably(folder.base, base)
        names = header_of(base).training.names
        seed = secrets.randbits(31)
        spec = RunSpec(minutes=minutes, seed=seed, names=names, curve_words=curve_words())
        folder.write_spec(spec)

    async def _insert(
        self, run_id: str, caller: Caller, former: RunRecord, model: ModelRecord, minutes: float
    ) -> RunRecord:
        async with self._stock.adding(caller.guild_id, run_id) as size:
            with refusals():
                try:
                    return await self._catalog.queue_run(
                        caller.guild_id,
                        run_id=run_id,
                        channel_id=caller.channel_id,
                        user_id=caller.user_id,
                        name=model.name,
                        name_is_default=False,
                        minutes=minutes,
                        corpus_characters=former.corpus_characters,
                        found=former.found,
                        trained_model_id=model.id,
                        corpus_user_id=former.corpus_user_id or former.user_id,
                        limits=self._limits,
                        size=size,
                    )
                except NameTakenError as error:
                    raise errors.InTrainingError from error
