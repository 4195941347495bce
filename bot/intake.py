"""From somebody's upload to a stored run, or to nothing at all.

    download -> read in a process of its own -> delete the uploads -> spec, base -> row

The row comes last, so whatever is in the catalog has its files. Whatever goes wrong on the way,
and a cancellation too, leaves neither a file nor a row.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, TypeVar

from bot.authors import checked_authors
from bot.checks import check_range, find_model, refusals
from bot.errors import (
    CheckpointBrokenError,
    CorpusRefusedError,
    FileEmptyError,
    FilesTooLargeError,
    FileTooLargeError,
    StoppingError,
)
from bot.names import checked_name, name_of_file
from bot.requests import BegunRun
from bot.settings import MAXIMUM_MINUTES, MEBIBYTE
from storage.errors import FileDamagedError
from storage.files import new_id, read_verified, write_durably
from storage.records import RunLimits
from training.corpus import check_long_enough
from training.errors import THIS_FILE, CorpusError
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from bot.requests import Caller, Download, TrainRequest
    from bot.settings import Settings
    from storage.catalog import Catalog
    from storage.files import DataDirectory
    from storage.records import RunRecord
    from training.corpus import CorpusSummary
    from training.launcher import Launcher

T = TypeVar("T")

READERS = 2
"""Corpora that are read at the same time."""


class Intake:
    """Takes uploads in."""

    def __init__(
        self, *, settings: Settings, catalog: Catalog, directory: DataDirectory, launcher: Launcher
    ) -> None:
        self._settings = settings
        self._catalog = catalog
        self._directory = directory
        self._launcher = launcher
        self._readers = asyncio.Semaphore(READERS)
        self._stopping = False
        self._under_way: set[asyncio.Task[BegunRun]] = set()
        self._limits = RunLimits(
            per_person=settings.runs_waiting_per_person,
            per_guild=settings.runs_waiting_per_server,
        )

    async def check(self, caller: Caller, request: TrainRequest) -> None:
        """Refuse what settings and catalog alone can refuse."""
        check_range("minutes", request.minutes, self._settings.minimum_minutes, MAXIMUM_MINUTES)
        _check_sizes(request, self._settings.file_mebibytes * MEBIBYTE)
        checked_authors(request.authors)
        if request.base is not None:
            await find_model(self._catalog, caller.guild_id, request.base)
        name = None if request.name is None else checked_name(request.name)
        with refusals():
            await self._catalog.check_run(
                caller.guild_id, user_id=caller.user_id, name=name, limits=self._limits
            )

    async def begin(self, caller: Caller, request: TrainRequest, download: Download) -> BegunRun:
        """Make the run's directory and its row.

        Raises:
            StoppingError: `stop` was called before or meanwhile.
        """
        if self._stopping:
            raise StoppingError
        await self.check(caller, request)
        work = asyncio.create_task(self._begin(caller, request, download))
        self._under_way.add(work)
        work.add_done_callback(self._under_way.discard)
        try:
            return await work
        except asyncio.CancelledError:
            if self._stopping:
                raise StoppingError from None
            raise

    async def stop(self) -> None:
        """Refuse whatever is under way; returns when nothing of it is left."""
        self._stopping = True
        work = [*self._under_way]
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)

    async def _begin(self, caller: Caller, request: TrainRequest, download: Download) -> BegunRun:
        run_id = new_id()
        try:
            corpus = await self._collect(run_id, request, download)
            await self._take_base(run_id, caller, request)
            run = await self._insert(run_id, caller, request, corpus)
        except BaseException:
            await to_the_end(self.undo(run_id))
            raise
        return BegunRun(run=run, corpus=corpus)

    async def undo(self, run_id: str) -> None:
        """Delete a run that nobody was told of."""
        try:
            await self._catalog.forget_run(run_id)
        finally:
            await asyncio.to_thread(self._directory.remove_run, run_id)

    async def _collect(
        self, run_id: str, request: TrainRequest, download: Download
    ) -> CorpusSummary:
        folder = RunDirectory(self._directory.run(run_id))
        folder.path.mkdir(mode=0o700)
        uploads = [folder.path / upload.label for upload in request.files]
        await download(uploads)
        corpus = await self._read(request, uploads, folder.corpus)
        for upload in uploads:
            upload.unlink()
        spec = RunSpec(minutes=request.minutes, seed=secrets.randbits(31))
        await to_the_end(asyncio.to_thread(folder.write_spec, spec))
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

    async def _read(
        self, request: TrainRequest, uploads: Sequence[Path], out: Path
    ) -> CorpusSummary:
        authors = checked_authors(request.authors)
        try:
            async with self._readers:
                corpus = await self._launcher.read_corpus(
                    uploads, out, authors=authors, names=request.names
                )
            check_long_enough(corpus.characters)
        except CorpusError as error:
            raise CorpusRefusedError(str(error)) from error
        limit = self._settings.corpus_characters
        if corpus.characters > limit:
            raise CorpusRefusedError(
                f"This text has {corpus.characters:,} characters; at most {limit:,} can be "
                "trained on, so please attach a shorter one."
            )
        return corpus

    async def _insert(
        self, run_id: str, caller: Caller, request: TrainRequest, corpus: CorpusSummary
    ) -> RunRecord:
        given = None if request.name is None else checked_name(request.name)
        with refusals():
            return await self._catalog.queue_run(
                caller.guild_id,
                run_id=run_id,
                channel_id=caller.channel_id,
                user_id=caller.user_id,
                name=given or name_of_file(request.files[0].name),
                name_is_default=given is None,
                minutes=request.minutes,
                corpus_characters=corpus.characters,
                found=corpus.description,
                limits=self._limits,
            )


def _check_sizes(request: TrainRequest, limit: int) -> None:
    """Refuse files without a byte, and more bytes than are read, as far as they are stated."""
    for upload in request.files:
        label = upload.label if len(request.files) > 1 else THIS_FILE
        if upload.size > limit:
            raise FileTooLargeError(upload.size, limit, label)
        if upload.size <= 0:
            raise FileEmptyError(label)
    together = sum(upload.size for upload in request.files)
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
