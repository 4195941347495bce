"""A model from a file: all of it, or nothing at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.errors import files as file_errors
from bot.importing import LARGEST_CHECKPOINT
from bot.requests import ImportRequest, Upload
from model.checkpoint import to_bytes
from model.header import TrainingRecord
from storage.files import sha256_of
from tests.bot.uploads import small_checkpoint, uploading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bot.core import Core

CONTENT = to_bytes(small_checkpoint())
REQUEST = ImportRequest(file=Upload(name="fox.safetensors", size=len(CONTENT)))


async def test_an_imported_model_is_the_file_and_says_who_brought_it(core: Core) -> None:
    model = await core.service.import_model(core.max, REQUEST, uploading(CONTENT))

    checkpoint = model.checkpoint
    assert (model.name, model.imported, model.user_id) == ("fox", True, core.max.user_id)
    assert sha256_of(core.directory.checkpoint(checkpoint.id)) == checkpoint.sha256
    assert (checkpoint.step, checkpoint.validation_loss, checkpoint.novelty) == (20, 1.5, 0.97)
    assert core.files() == [f"checkpoints/{checkpoint.id}.safetensors"]
    assert (await core.write(length=20)).model == model, "the only one is the current one"


async def test_an_imported_model_takes_no_other_ones_place(core: Core) -> None:
    trained = await core.trained("fox")

    model = await core.service.import_model(core.kim, REQUEST, uploading(CONTENT))

    assert (model.name, model.is_current) == ("fox 2", False)
    assert await core.catalog.current_model(core.kim.guild_id) == trained


async def test_figures_that_no_column_holds_never_get_there(core: Core) -> None:
    """The largest that a header may state are kept as they are."""
    record = TrainingRecord(steps=2**53, corpus_characters=2**53, validation_loss=2.0**53)
    content = to_bytes(replace(small_checkpoint(), training=record))

    model = await core.service.import_model(core.max, REQUEST, uploading(content))

    assert model.checkpoint.step == model.checkpoint.corpus_characters == 2**53


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x" * 99, "it has no header of this program"),
        (CONTENT[:-1], "its tensors are damaged"),
        (b"", "it has no header of this program"),
    ],
)
async def test_what_is_no_checkpoint_leaves_nothing(
    core: Core, content: bytes, reason: str
) -> None:
    with pytest.raises(file_errors.ImportRefusedError) as refused:
        await core.service.import_model(core.max, REQUEST, uploading(content))

    assert str(refused.value) == (
        f"This file cannot be imported: {reason}; please attach one that Export in /models has "
        "made."
    )
    assert core.files() == []
    assert await core.catalog.models(1) == []


@pytest.mark.parametrize(
    ("size", "error"),
    [(LARGEST_CHECKPOINT + 1, file_errors.FileTooLargeError), (0, file_errors.FileEmptyError)],
)
async def test_a_file_of_a_wrong_size_is_refused_before_it_is_downloaded(
    core: Core, size: int, error: type[Exception]
) -> None:
    request = replace(REQUEST, file=replace(REQUEST.file, size=size))

    with pytest.raises(error):
        await core.service.import_model(core.max, request, never)


@pytest.mark.parametrize(
    ("name", "error"),
    [("FOX", errors.NameTakenError), ("\N{ZERO WIDTH SPACE}", errors.NameInvalidError)],
)
async def test_a_name_that_cannot_be_had_is_refused_before_the_download(
    core: Core, name: str, error: type[Exception]
) -> None:
    await core.trained("fox")

    with pytest.raises(error):
        await core.service.import_model(core.max, replace(REQUEST, name=name), never)


async def test_a_name_taken_during_the_download_leaves_nothing(core: Core) -> None:
    async def slow(paths: Sequence[Path]) -> None:
        await core.service.import_model(core.kim, named, uploading(CONTENT))
        await uploading(CONTENT)(paths)

    named = replace(REQUEST, name="Fox")

    with pytest.raises(errors.NameTakenError):
        await core.service.import_model(core.max, named, slow)

    assert len(await core.catalog.models(1)) == len(core.files()) == 1


async def test_a_failed_download_leaves_nothing(core: Core) -> None:
    async def download(paths: Sequence[Path]) -> None:
        await uploading(CONTENT[:99])(paths)
        raise file_errors.DownloadFailedError

    with pytest.raises(file_errors.DownloadFailedError):
        await core.service.import_model(core.max, REQUEST, download)

    assert core.files() == []


async def test_a_canceled_download_leaves_nothing(core: Core) -> None:
    begun = asyncio.Event()

    async def download(_: Sequence[Path]) -> None:
        begun.set()
        await asyncio.Event().wait()

    work = asyncio.create_task(core.service.import_model(core.max, REQUEST, download))
    await begun.wait()
    work.cancel()

    with pytest.raises(asyncio.CancelledError):
        await work
    assert core.files() == []


@pytest.mark.slow
async def test_a_cancellation_later_on_leaves_all_or_nothing(core: Core) -> None:
    """Wherever it comes, the catalog and the folder tell the same."""
    for turns in range(30):
        work = asyncio.create_task(core.service.import_model(core.max, REQUEST, uploading(CONTENT)))
        for _ in range(turns):
            await asyncio.sleep(0.001)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

        models = await core.catalog.models(1)
        assert core.files() == sorted(
            f"checkpoints/{model.checkpoint.id}.safetensors" for model in models
        )


async def never(_: Sequence[Path]) -> None:
    pytest.fail("it was downloaded")
