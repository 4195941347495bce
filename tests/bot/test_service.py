"""From /train to a run: what is refused before and while a text is read, and what stays."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.errors import files as file_errors
from bot.requests import GenerateRequest, Listing, Upload
from tests.bot.uploads import TEXT, train_request, uploading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.requests import Caller
    from tests.bot.core import Core

# What /train refuses before it reads anything


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"minutes": 0.4}, "Please choose minutes between 0.5 and 60."),
        ({"minutes": 60.5}, "Please choose minutes between 0.5 and 60."),
        ({"minutes": float("nan")}, "Please choose minutes between 0.5 and 60."),
        ({"authors": " ,"}, str(errors.AuthorsInvalidError())),
        (
            {"name": "a\0b"},
            (
                "This name has characters that cannot be seen; please choose one of 1 to 40 "
                "visible characters."
            ),
        ),
    ],
)
async def test_wrong_options_are_refused_before_anything_is_read(
    core: Core, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(errors.RefusedError) as refused:
        await core.service.check_training(core.max, train_request(**options))

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("sizes", "sentence"),
    [
        ([0], "This file is empty; please attach one with text in it."),
        (
            [600],
            (
                "This file has 600.0 MiB, but at most 512 MiB can be read; "
                "please attach a smaller one."
            ),
        ),
        ([1, 0], "File 2 is empty; please attach one with text in it."),
        (
            [1, 600],
            ("File 2 has 600.0 MiB, but at most 512 MiB can be read; please attach a smaller one."),
        ),
        (
            [200, 200, 200],
            (
                "These files have 600.0 MiB together, but at most 512 MiB can be read; "
                "please attach fewer or smaller ones."
            ),
        ),
    ],
)
async def test_files_of_a_wrong_size_are_refused_before_anything_is_read(
    core: Core, sizes: list[int], sentence: str
) -> None:
    files = [Upload(name="fox.txt", size=s * 2**20, number=n) for n, s in enumerate(sizes, 1)]

    with pytest.raises(errors.RefusedError) as refused:
        await core.service.check_training(core.max, train_request(*files))

    assert str(refused.value) == sentence


async def test_files_that_fill_the_limit_together_are_taken(core: Core) -> None:
    files = [Upload(name="fox.txt", size=256 * 2**20, number=n) for n in (1, 2)]

    await core.service.check_training(core.max, train_request(*files))


async def test_the_least_and_most_minutes_are_the_operators(core: Core) -> None:
    core = await core.again(minimum_minutes=0.1, maximum_minutes=90.0)

    await core.service.check_training(core.max, train_request(minutes=0.1))
    await core.service.check_training(core.max, train_request(minutes=90))
    with pytest.raises(errors.OutOfRangeError, match=r"between 0\.1 and 90"):
        await core.service.check_training(core.max, train_request(minutes=91))


async def test_a_name_is_taken_by_a_model_in_any_case(core: Core) -> None:
    await core.trained("Poems")

    with pytest.raises(errors.NameTakenError) as refused:
        await core.service.check_training(core.kim, train_request(name="pOEMS"))

    assert str(refused.value) == (
        "This server already has a model called pOEMS; please choose another."
    )


async def test_a_person_has_so_many_runs_waiting_and_no_more(core: Core) -> None:
    for _ in range(3):  # one of them trains
        await core.queued()

    with pytest.raises(errors.TooManyRunsError) as refused:
        await core.service.check_training(core.max, train_request())

    assert str(refused.value) == (
        "You have 2 trainings waiting already; please wait until one has started, or cancel one."
    )
    await core.service.check_training(core.kim, train_request())


async def test_a_server_has_so_many_runs_waiting_and_no_more(core: Core) -> None:
    for number in range(6):
        await core.queued(by=replace(core.max, user_id=number))

    with pytest.raises(errors.TooManyRunsError, match="This server has 5 trainings waiting"):
        await core.service.check_training(core.kim, train_request())


# From an upload to a run


async def test_a_run_begins_with_its_corpus_and_without_the_upload(core: Core) -> None:
    begun = await core.begin()

    folder = core.folder(begun.run.id)
    assert begun.corpus is not None
    assert begun.corpus.characters == len(TEXT)
    assert folder.read_corpus() == TEXT
    assert folder.read_spec().minutes == 3.0
    assert {path.name for path in folder.path.iterdir()} == {"corpus.txt", "spec.json"}
    assert begun.run.model_name == "fox"


async def test_a_default_name_is_made_unique(core: Core) -> None:
    names = [(await core.begin()).run.model_name for _ in range(2)]

    assert names == ["fox", "fox 2"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"too short", "This text has 9 characters; training needs at least 1,000, so please"),
        (b"", "This file is empty; please choose one with text in it."),
        (b"\0" * 5000, "This file is not a text file; please choose"),
        (bytes(range(1, 256)) * 20, "This file is not in UTF-8, nor clearly"),
        (b"ab" * 10_000, "This text has 20,000 characters; at most 10,000 can be trained on"),
    ],
)
async def test_a_text_that_cannot_be_trained_on_leaves_nothing(
    core: Core, content: bytes, sentence: str
) -> None:
    core = await core.again(corpus_characters=10_000)

    with pytest.raises(errors.RefusedError) as refused:
        await core.service.begin_training(core.max, train_request(), uploading(content))

    assert str(refused.value).startswith(sentence)
    assert core.files() == []
    assert await core.catalog.runs_of(1) == []


async def test_a_failed_download_leaves_nothing(core: Core) -> None:
    async def download(paths: Sequence[Path]) -> None:
        await asyncio.to_thread(paths[0].write_bytes, b"half of it")
        raise file_errors.DownloadFailedError

    with pytest.raises(file_errors.DownloadFailedError) as refused:
        await core.service.begin_training(core.max, train_request(), download)

    assert str(refused.value) == (
        "The file could not be downloaded from Discord; please send it again."
    )
    assert core.files() == []


async def test_a_canceled_upload_leaves_nothing(core: Core) -> None:
    """Whoever stops waiting for the corpus leaves neither a file nor a row."""
    core.launcher.may_read.clear()
    upload = asyncio.create_task(core.begin())
    await core.launcher.reading.wait()

    upload.cancel()

    with pytest.raises(asyncio.CancelledError):
        await upload
    assert core.files() == []
    assert await core.catalog.runs_of(1) == []


async def test_a_stop_refuses_the_uploads_under_way(core: Core) -> None:
    core.launcher.may_read.clear()
    upload = asyncio.create_task(core.begin())
    await core.launcher.reading.wait()

    await core.service.stop()

    for late in (upload, core.begin()):
        with pytest.raises(errors.StoppingError):
            await late
    assert core.files() == []
    assert await core.catalog.runs_of(1) == []


async def test_a_stop_refuses_an_upload_that_is_being_checked(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking, stopped = asyncio.Event(), asyncio.Event()

    async def check(_: Caller) -> None:
        checking.set()
        await stopped.wait()

    monkeypatch.setattr(core.service.rules, "check_training", check)
    upload = asyncio.create_task(core.begin())
    await checking.wait()

    await core.service.stop()
    stopped.set()

    with pytest.raises(errors.StoppingError):
        await upload
    assert core.files() == []


async def test_a_name_taken_while_reading_leaves_nothing(core: Core) -> None:
    core.launcher.may_read.clear()
    late = asyncio.create_task(core.begin("Poems", by=core.kim))
    await core.launcher.reading.wait()
    early = asyncio.create_task(core.begin("poems"))
    core.launcher.may_read.set()

    outcomes = await asyncio.gather(late, early, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, errors.NameTakenError)]
    assert len(refused) == 1
    assert len(await core.catalog.runs_of(1)) == 1
    assert len(core.files()) == 3  # one folder with two files


async def test_an_abandoned_run_leaves_nothing(core: Core) -> None:
    begun = await core.begin()

    await core.service.abandon(begun.run.id)

    assert core.files() == []
    assert await core.catalog.runs_of(1) == []


# What is another server's


async def test_no_server_reaches_into_another(core: Core) -> None:
    """With the other server's ids in hand, a stranger sees, changes and learns nothing."""
    model = await core.trained("Poems")
    written = await core.write()
    service, stranger = core.service, core.stranger
    own = await core.trained("Poems", by=stranger)

    attempts = [
        service.model(stranger, model.id),
        service.details(stranger, model.id),
        service.use(stranger, model.id),
        service.use_checkpoint(stranger, model.id, model.checkpoint.id),
        service.use_checkpoint(stranger, own.id, model.checkpoint.id),
        service.rename(stranger, model.id, "Mine"),
        service.delete(stranger, model.id),
        service.export(stranger, model.id),
        service.check_generation(stranger, GenerateRequest(model=model.id)),
        service.continue_text(stranger, written.generation.id),
        service.again(stranger, written.generation.id),
        service.check_again(stranger, written.generation.id),
        service.check_text(stranger, written.generation.id),
        service.edit(stranger, written.generation.id, "The"),
        service.remember_message(stranger, written.generation.id, 1),
    ]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert all(isinstance(outcome, errors.RefusedError) for outcome in outcomes), outcomes
    assert (await service.list_models(stranger, Listing())).models == [own]
    assert await service.model(core.max, model.id) == model
