"""Uploads under way: each has its place among what waits before anything of it is downloaded."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import TooManyRunsError
from bot.errors.files import DownloadFailedError
from bot.errors.limits import StockFullError, TooManyImportsError
from bot.importing import IMPORTS_PER_SERVER
from bot.requests import ImportRequest, Upload
from model.checkpoint import to_bytes
from tests.bot.uploads import TEXT, small_checkpoint, train_request, uploading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Sequence
    from pathlib import Path

    from bot.requests import Caller
    from tests.bot.core import Core

CONTENT = to_bytes(small_checkpoint())
IMPORT = ImportRequest(file=Upload(name="fox.safetensors", size=len(CONTENT)))
LARGE = train_request(Upload(name="fox.txt", size=700 * 2**10))


class Line:
    """A line on which nothing arrives until the test lets it."""

    def __init__(self, *contents: str | bytes) -> None:
        self.asked = 0
        self.open = asyncio.Event()
        self.breaks = False
        self._contents = contents
        self._changed = asyncio.Event()

    async def download(self, paths: Sequence[Path]) -> None:
        self.asked += 1
        self._changed.set()
        async with asyncio.timeout(20):
            await self.open.wait()
        if self.breaks:
            raise DownloadFailedError
        await uploading(*self._contents)(paths)

    async def busy(self, count: int) -> None:
        """Wait until so many downloads have been asked for."""
        async with asyncio.timeout(10):
            while self.asked < count:
                self._changed.clear()
                await self._changed.wait()


def training(core: Core, caller: Caller, line: Line) -> Coroutine[Any, Any, Any]:
    return core.service.begin_training(caller, train_request(), line.download)


def importing(core: Core, caller: Caller, line: Line) -> Coroutine[Any, Any, Any]:
    return core.service.import_model(caller, IMPORT, line.download)


def somebody(core: Core, number: int) -> Caller:
    return replace(core.max, user_id=number)


@asynccontextmanager
async def under_way(*uploads: Coroutine[Any, Any, Any]) -> AsyncIterator[list[asyncio.Task[Any]]]:
    """Uploads that are given up with the test, unless they have ended."""
    tasks = [asyncio.create_task(upload) for upload in uploads]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def refusals(uploads: Sequence[asyncio.Task[Any]], count: int) -> list[BaseException]:
    """What the first uploads were refused with, as soon as there are so many."""
    async with asyncio.timeout(10):
        while sum(upload.done() for upload in uploads) < count:
            waiting = [upload for upload in uploads if not upload.done()]
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    ended = [upload.exception() for upload in uploads if upload.done()]
    return [error for error in ended if error is not None]


async def test_of_many_uploads_at_once_a_person_has_as_many_as_runs_may_wait(core: Core) -> None:
    """The others are refused in the same sentence, and nothing of theirs is downloaded."""
    line = Line(TEXT)

    async with under_way(*(training(core, core.max, line) for _ in range(40))) as uploads:
        refused = await refusals(uploads, 38)
        await line.busy(2)
        with pytest.raises(TooManyRunsError):
            await core.service.check_training(core.max, train_request())
        line.open.set()
        await asyncio.wait(uploads)

    assert {str(error) for error in refused} == {
        "You have 2 trainings waiting already; please wait until one has started, or cancel one."
    }
    assert line.asked == len(await core.catalog.runs_of(1)) == 2


async def test_uploads_count_together_with_runs_that_wait(core: Core) -> None:
    line = Line(TEXT)
    await core.begin()

    async with under_way(*(training(core, core.max, line) for _ in range(2))) as uploads:
        [refused] = await refusals(uploads, 1)
        await line.busy(1)

    assert isinstance(refused, TooManyRunsError)
    assert line.asked == 1


async def test_uploads_of_a_server_count_whoever_sends_them_and_no_others(core: Core) -> None:
    line = Line(TEXT)
    people = [somebody(core, number) for number in range(6)]

    async with under_way(*(training(core, person, line) for person in people)) as uploads:
        [refused] = await refusals(uploads, 1)
        await line.busy(5)
        elsewhere = await core.begin(by=core.stranger)

    assert str(refused).startswith("This server has 5 trainings waiting already")
    assert elsewhere.run.guild_id == core.stranger.guild_id


@pytest.mark.parametrize("end", ["success", "failure", "cancellation"])
async def test_a_place_is_free_again_after_an_upload(core: Core, end: str) -> None:
    """After a success its run has it, until that is canceled."""
    core = await core.again(runs_waiting_per_person=1)
    line = Line(TEXT)

    async with under_way(training(core, core.max, line)) as [upload]:
        await line.busy(1)
        with pytest.raises(TooManyRunsError):
            await core.begin()
        await end_of(upload, line, end)

    if end == "success":
        with pytest.raises(TooManyRunsError):
            await core.begin()
        await core.service.cancel(core.max, await core.only_run())
    assert (await core.begin()).run.user_id == core.max.user_id


async def end_of(upload: asyncio.Task[Any], line: Line, end: str) -> None:
    if end == "cancellation":
        upload.cancel()
    line.breaks = end == "failure"
    line.open.set()
    await asyncio.wait({upload})


async def test_uploads_fill_the_disk_of_a_server_before_they_are_there(core: Core) -> None:
    core = await core.again(disk_mebibytes_per_server=1)
    line = Line(TEXT)
    first = core.service.begin_training(core.max, LARGE, line.download)

    async with under_way(first) as [upload]:
        await line.busy(1)
        with pytest.raises(StockFullError):
            await core.service.begin_training(core.kim, LARGE, line.download)
        large_import = replace(IMPORT, file=LARGE.files[0])
        with pytest.raises(StockFullError):
            await core.service.import_model(core.kim, large_import, line.download)
        await core.service.check_training(core.stranger, LARGE)
        line.open.set()
        await upload

    assert line.asked == 1
    await core.service.check_training(core.kim, LARGE)


async def test_an_upload_that_alone_is_too_much_for_the_disk_is_not_downloaded(core: Core) -> None:
    core = await core.again(disk_mebibytes_per_server=1)
    too_large = train_request(Upload(name="fox.txt", size=2**20 + 1))

    with pytest.raises(StockFullError):
        await core.service.check_training(core.max, too_large)


async def test_a_person_imports_one_model_at_a_time(core: Core) -> None:
    line = Line(CONTENT)

    async with under_way(*(importing(core, core.max, line) for _ in range(9))) as uploads:
        refused = await refusals(uploads, 8)
        await line.busy(1)
        with pytest.raises(TooManyImportsError):
            await core.service.check_import(core.max, IMPORT)
        await core.service.check_training(core.max, train_request())

    assert {str(error) for error in refused} == {
        "You have one import under way already; please wait until one has ended."
    }
    assert line.asked == 1


async def test_a_server_imports_a_few_models_at_a_time(core: Core) -> None:
    line = Line(CONTENT)
    people = [somebody(core, number) for number in range(IMPORTS_PER_SERVER + 1)]

    async with under_way(*(importing(core, person, line) for person in people)) as uploads:
        [refused] = await refusals(uploads, 1)
        await line.busy(IMPORTS_PER_SERVER)
        await core.service.import_model(core.stranger, IMPORT, uploading(CONTENT))

    assert str(refused).startswith("This server has 3 imports under way already")
    assert line.asked == IMPORTS_PER_SERVER


@pytest.mark.parametrize("end", ["success", "failure", "cancellation"])
async def test_another_import_may_come_after_the_first(core: Core, end: str) -> None:
    line = Line(CONTENT)

    async with under_way(importing(core, core.max, line)) as [upload]:
        await line.busy(1)
        with pytest.raises(TooManyImportsError):
            await core.service.import_model(core.max, IMPORT, uploading(CONTENT))
        await end_of(upload, line, end)

    again = await core.service.import_model(core.max, IMPORT, uploading(CONTENT))
    assert again.imported


async def test_an_import_counts_once(core: Core) -> None:
    """Neither its upload nor what it was stated to have counts beside its checkpoint."""
    core = await core.again(disk_mebibytes_per_server=1)
    filling = replace(IMPORT, file=replace(IMPORT.file, size=2**20))

    model = await core.service.import_model(core.max, filling, uploading(CONTENT))

    assert model.checkpoint.file_size == len(CONTENT)
