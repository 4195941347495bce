"""From somebody's upload to a stored run, or to nothing at all.

    place -> download -> read in a process of its own -> delete the uploads -> spec, base -> row

An upload has a place among the runs that wait, and on the disk, before anything of it is
downloaded (`bot.uploads`). The row comes last, so whatever is in the catalog has its files. Where
a channel is to be read, the corpus is the one file that comes later (`bot.channels.readings`).
Whatever goes wrong on the way, and a cancellation too, leaves neither a file nor a row
(`bot.runs.abandoning`).
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from bot.channels.checks import check_source
from bot.checks import check_range, find_model, refusals
from bot.errors import CheckpointBrokenError
from bot.errors.files import FileEmptyError, FilesTooLargeError, FileTooLargeError
from bot.names import checked_name, name_of_channel, name_of_file
from bot.requests import BegunRun
from bot.runs.authors import checked_authors
from bot.runs.curve_words import curve_words
from bot.settings import MEBIBYTE
from bot.statements import found
from bot.uploads import UploadKind
from storage.errors import FileDamagedError
from storage.files import new_id, read_verified, write_durably
from storage.records import ChannelSource, ReadingRecord, RunDemand
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence

    from bot.requests import Caller, Download, TrainRequest, Upload
    from bot.rules import Rules
    from bot.runs.abandoning import Abandoned
    from bot.runs.corpora import CorpusReader
    from bot.settings import Settings
    from bot.stock import Stock
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import RunRecord
    from training.corpus import CorpusSummary

T = TypeVar("T")


class Intake:
    """Takes uploads in."""

    def __init__(
        self,
        *,
        settings: Settings,
        catalog: Catalog,
        directory: DataDirectory,
        corpora: CorpusReader,
        rules: Rules,
        stock: Stock,
        abandoned: Abandoned,
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._rules = rules
        self._stock = stock
        self._abandoned = abandoned
        self._directory = directory
        self._corpora = corpora
        self._limits = settings.run_limits

    async def check(self, caller: Caller, request: TrainRequest) -> None:
        """Refuse what can be refused before anything is downloaded."""
        async with self._place(caller, request):
            pass

    async def begin(self, caller: Caller, request: TrainRequest, download: Download) -> BegunRun:
        """Make the run's directory and its row."""
        run_id = new_id()
        async with self._place(caller, request):
            self._stock.uploads.begin(run_id, UploadKind.RUN, caller, _size(request))
        try:
            return await self._take_in(run_id, caller, request, download)
        finally:
            self._stock.uploads.end(run_id)

    @asynccontextmanager
    async def _place(self, caller: Caller, request: TrainRequest) -> AsyncIterator[None]:
        """Refuse what settings, catalog and other uploads can refuse; the body may begin one."""
        await self._rules.check_training(caller)
        check_source(caller, request, permitted=self._settings.channel_history_permitted)
        shortest, longest = self._settings.minimum_minutes, self._settings.maximum_minutes
        check_range("minutes", request.minutes, shortest, longest)
        check_sizes(request.files, self._settings.file_mebibytes * MEBIBYTE)
        checked_authors(request.authors)
        if request.base is not None:
            await find_model(self._catalog, caller.guild_id, request.base)
        name = None if request.name is None else checked_name(request.name)
        async with self._stock.adding(caller.guild_id) as size:
            demand = RunDemand(
                minutes=request.minutes,
                size=size + _size(request),
                uploads=self._stock.uploads.count(UploadKind.RUN, caller),
            )
            with refusals():
                await self._catalog.check_run(
                    caller.guild_id,
                    user_id=caller.user_id,
                    name=name,
                    limits=self._limits,
                    demand=demand,
                )
            yield

    async def _take_in(
        self, run_id: str, caller: Caller, request: TrainRequest, download: Download
    ) -> BegunRun:
        try:
            corpus = await self._collect(run_id, request, download)
            await self._take_base(run_id, caller, request)
            run = await self._insert(run_id, caller, request, corpus)
        except BaseException:
            await to_the_end(self._abandoned.add(run_id))
            raise
        source = _source(request)
        reading = None if source is None else ReadingRecord(run=run, source=source)
        return BegunRun(run=run, corpus=corpus, reading=reading)

    async def _collect(
        self, run_id: str, request: TrainRequest, download: Download
    ) -> CorpusSummary | None:
        """Make the run's directory, with its corpus unless a channel is to be read."""
        folder = RunDirectory(self._directory.run(run_id))
        folder.path.mkdir(mode=0o700)
        corpus = await self._read_uploads(folder, request, download) if request.files else None
        spec = RunSpec(
            minutes=request.minutes,
            seed=secrets.randbits(31),
            names=request.names,
            curve_words=curve_words(),
        )
        await to_the_end(asyncio.to_thread(folder.write_spec, spec))
        return corpus

    async def _read_uploads(
        self, folder: RunDirectory, request: TrainRequest, download: Download
    ) -> CorpusSummary:
        uploads = [folder.path / upload.label for upload in request.files]
        await download(uploads)
        authors = checked_authors(request.authors)
        corpus = await self._corpora.read(
            uploads, folder.corpus, authors=authors, names=request.names
        )
        for upload in uploads:
            upload.unlink()
        return corpus

    async def _take_base(self, run_id: str, caller: Caller, request: TrainRequest) -> None:
        """Copy the base into the run's directory: the model may be deleted while the run waits."""
        if request.base is None:
            return
        model = await find_model(self._catalog, caller.guild_id, request.base)
        source = self._directory.checkpoint(model.checkpoint.id)
        target = RunDirectory(self._directory.run(run_id)).base
        try:
            content = await asyncio.to_thread(read_verified, source, sha256=model.checkpoint.sha256)
        except (FileDamagedError, OSError) as error:
            raise CheckpointBrokenError from error
        await to_the_end(asyncio.to_thread(write_durably, target, content))

    async def _insert(
        self, run_id: str, caller: Caller, request: TrainRequest, corpus: CorpusSummary | None
    ) -> RunRecord:
        given = None if request.name is None else checked_name(request.name)
        async with self._stock.adding(caller.guild_id, run_id) as size:
            with refusals():
                return await self._catalog.queue_run(
                    caller.guild_id,
                    run_id=run_id,
                    channel_id=caller.channel_id,
                    user_id=caller.user_id,
                    name=given or _default_name(request),
                    name_is_default=given is None,
                    minutes=request.minutes,
                    corpus_characters=0 if corpus is None else corpus.characters,
                    found="" if corpus is None else found(corpus),
                    limits=self._limits,
                    source=_source(request),
                    size=size,
                )


def _default_name(request: TrainRequest) -> str:
    if request.channel is not None:
        return name_of_channel(request.channel.name)
    return name_of_file(request.files[0].name)


def _size(request: TrainRequest) -> int:
    return sum(upload.size for upload in request.files)


def _source(request: TrainRequest) -> ChannelSource | None:
    if request.channel is None:
        return None
    return ChannelSource(
        id=request.channel.id,
        name=request.channel.name,
        authors=request.authors,
        names=request.names,
    )


def check_sizes(files: Sequence[Upload], limit: int) -> None:
    """Refuse files without a byte, and more bytes than are read, as far as they are stated."""
    for upload in files:
        file = upload.number if len(files) > 1 else 0
        if upload.size > limit:
            raise FileTooLargeError(upload.size, limit, file)
        if upload.size <= 0:
            raise FileEmptyError(file)
    together = sum(upload.size for upload in files)
    if together > limit:
        raise FilesTooLargeError(together, limit)


async def to_the_end(work: Coroutine[object, object, T]) -> T:
    """Await work that must not be cut short; whoever cancels it waits until it is done."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
