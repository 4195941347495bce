from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors, file_errors
from bot.requests import GenerateRequest, Listing, Upload
from model.checkpoint import load
from model.generation import Writer, begin, write
from model.sampling import Sampling
from storage.files import new_id
from tests.bot.conftest import TEXT, train_request, uploading

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from bot.requests import Caller
    from storage.records import ModelRecord
    from tests.bot.conftest import Core

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

    await core.close()


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
    await core.close()


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


# Canceling


async def test_only_the_starter_and_moderators_cancel(core: Core) -> None:
    run_id = await core.queued(by=core.max)

    with pytest.raises(errors.NotAllowedError) as refused:
        await core.service.cancel(core.kim, run_id)
    with pytest.raises(errors.RunGoneError):
        await core.service.cancel(core.stranger, run_id)
    await core.service.cancel(core.ada, run_id)

    assert str(refused.value) == (
        "Only the person who made it and members with Manage Server may cancel it; "
        "please ask one of them."
    )
    assert core.files() == []


async def test_a_run_that_has_ended_is_not_canceled(core: Core) -> None:
    await core.trained()
    [run] = await core.catalog.runs_of(1)

    with pytest.raises(errors.RunGoneError) as refused:
        await core.service.cancel(core.max, run.id)

    assert str(refused.value) == ("This training has already ended; start another one with /train.")


# Writing


async def test_the_same_seed_gives_the_same_text(core: Core) -> None:
    await core.trained()

    first = await core.write(seed=7)
    second = await core.write(seed=7, by=core.kim)
    other = await core.write(seed=8)

    assert first.text == second.text != other.text
    assert len(first.text) == 400


async def test_two_hundred_and_continue_is_four_hundred(core: Core) -> None:
    """A text can stop and go on, after a restart of the bot too, as if it never stopped."""
    await core.trained()
    whole = await core.write(seed=7, length=400, prompt="The fox")
    half = await core.write(seed=7, length=200, prompt="The fox")

    later = await core.again()
    rest = await later.service.continue_text(core.kim, half.generation.id)
    more = await later.service.continue_text(core.kim, rest.generation.id)
    await later.close()

    assert half.text + rest.text == whole.text
    assert len(more.text) == 200
    assert rest.generation.prompt == "The fox"


async def test_a_text_is_what_the_checkpoint_writes(core: Core) -> None:
    model = await core.trained()
    writer = Writer(load(core.directory.checkpoint(model.checkpoint.id)))

    written = await core.write(seed=3, length=100, prompt="Fox", temperature=1.2)

    bookmark, _ = begin(writer, prompt="Fox", seed=3)
    passage = write(writer, bookmark, length=100, sampling=Sampling(temperature=1.2))
    assert written.text == passage.text
    assert written.generation.bookmark == passage.bookmark.to_bytes()


async def test_again_takes_the_prompt_with_another_seed(core: Core) -> None:
    await core.trained()
    first = await core.write(prompt="The", temperature=1.1, length=50)

    [second] = await core.service.again(core.kim, first.generation.id)

    before, after = first.generation, second.generation
    assert after.seed != before.seed
    assert (after.prompt, after.temperature, after.length) == ("The", 1.1, 50)


async def test_a_prompt_without_any_known_character_works(core: Core) -> None:
    await core.trained()

    written = await core.write(prompt="Ωψ Ω\ud800", length=10)

    assert written.skipped == "Ωψ?"
    assert len(written.text) == 10


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"length": 0}, "Please choose length between 1 and 8,000."),
        ({"length": 8001}, "Please choose length between 1 and 8,000."),
        ({"temperature": -0.1}, "Please choose temperature between 0 and 2."),
        ({"temperature": float("nan")}, "Please choose temperature between 0 and 2."),
        (
            {"seed": 2**64},
            "Please choose seed between -9,007,199,254,740,992 and 9,007,199,254,740,992.",
        ),
        ({"count": 5}, "Please choose count between 1 and 4."),
        ({"count": 0}, "Please choose count between 1 and 4."),
        ({"top_k": 0}, "Please choose top_k between 1 and 10,000."),
        ({"top_p": 0.0}, "Please choose top_p between 0.01 and 1."),
        ({"top_p": float("nan")}, "Please choose top_p between 0.01 and 1."),
        ({"prompt": "a" * 2001}, "A prompt has at most 2,000 characters; please shorten yours."),
        (
            {"temperature": 0.0, "top_k": 5},
            (
                "At temperature 0 the likeliest character always comes next, so top_k would change "
                "nothing; please leave out top_k or choose a higher temperature."
            ),
        ),
        (
            {"temperature": 0.0, "count": 2},
            (
                "At temperature 0 all texts would be the same; please choose a higher temperature "
                "or a count of 1."
            ),
        ),
        (
            {"top_k": 1, "count": 2},
            (
                "With top_k 1 all texts would be the same; please choose a higher top_k or a count "
                "of 1."
            ),
        ),
        (
            {"model": "nothing like it"},
            "This server has no such model (any more); /models shows those it has.",
        ),
        (
            {"model": "\ud800"},
            "This server has no such model (any more); /models shows those it has.",
        ),
    ],
)
async def test_wrong_options_of_generate_are_refused(
    core: Core, options: dict[str, object], sentence: str
) -> None:
    await core.trained()

    with pytest.raises(errors.RefusedError) as refused:
        await core.service.check_generation(core.max, replace(GenerateRequest(), **options))  # type: ignore[arg-type]  # by name

    assert str(refused.value) == sentence


async def test_without_a_model_it_says_how_to_make_one(core: Core) -> None:
    with pytest.raises(errors.NoModelError) as refused:
        await core.write()

    assert str(refused.value) == (
        "This server has no model yet; make one with /train and a text file."
    )


async def test_a_deleted_model_cannot_go_on(core: Core) -> None:
    model = await core.trained()
    written = await core.write()
    await core.service.delete(core.max, model.id)

    for press in (core.service.continue_text, core.service.again):
        with pytest.raises(errors.CheckpointGoneError) as refused:
            await press(core.max, written.generation.id)

    assert str(refused.value) == (
        "The model that this needs is gone; choose another one with /models or make one "
        "with /train."
    )


async def test_a_model_deleted_before_its_turn_is_gone_and_not_damaged(core: Core) -> None:
    model = await core.trained()
    checked = await core.service.check_generation(core.max, GenerateRequest())
    await core.service.delete(core.max, model.id)

    with pytest.raises(errors.CheckpointGoneError):
        await core.service.generate(core.max, checked)


@pytest.mark.parametrize("damage", ["missing", "flipped", "cut"])
async def test_a_missing_or_damaged_checkpoint_is_one_sentence(core: Core, damage: str) -> None:
    model = await core.trained()
    path = core.directory.checkpoint(model.checkpoint.id)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    if damage != "missing":
        path.write_bytes(content if damage == "flipped" else content[:-100])

    with pytest.raises(errors.CheckpointBrokenError) as refused:
        await core.write()

    assert str(refused.value) == (
        "This model's file is missing or damaged; choose another model with /models or train it "
        "again with /train."
    )


async def test_an_unknown_text_cannot_go_on(core: Core) -> None:
    with pytest.raises(errors.GenerationGoneError) as refused:
        await core.service.continue_text(core.max, new_id())

    assert str(refused.value) == (
        "This text can no longer be continued; write a new one with /generate."
    )


async def test_a_message_is_remembered(core: Core) -> None:
    await core.trained()
    written = await core.write()

    await core.service.remember_message(core.max, written.generation.id, 42)

    assert (await core.catalog.generation(1, written.generation.id)).message_id == 42


# Models


async def test_the_newest_model_is_the_current_one_until_another_is_used(core: Core) -> None:
    old = await core.trained("Old")
    new = await core.trained("New")
    assert await core.catalog.current_model(core.kim.guild_id) == new

    used = await core.service.use(core.max, "oLD")

    assert used.id == old.id
    assert (await core.write()).model.id == old.id
    assert (await core.write(model=new.id)).model.id == new.id
    assert [model.name for model in await core.catalog.models(1)] == ["New", "Old"]


async def test_only_the_trainer_and_moderators_change_a_model(core: Core) -> None:
    model = await core.trained("Poems", by=core.max)
    service = core.service
    changes: list[Callable[[Caller], Awaitable[ModelRecord]]] = [
        lambda who: service.use(who, "Poems"),
        lambda who: service.use_checkpoint(who, model.id, model.checkpoint.id),
        lambda who: service.rename(who, model.id, "Verses"),
        lambda who: service.delete(who, model.id),
    ]

    for change in changes:
        with pytest.raises(errors.NotAllowedError, match="Only the person who made it"):
            await change(core.kim)

    assert (await service.model(core.kim, model.id)).name == "Poems"
    assert [service.may_change(who, model) for who in (core.max, core.ada, core.kim)] == [
        True,
        True,
        False,
    ]
    for change in changes:
        await change(core.ada)
    assert await core.catalog.models(1) == []


async def test_a_model_is_renamed_to_a_visible_and_free_name_only(core: Core) -> None:
    await core.trained("Taken")
    model = await core.trained("Poems")

    with pytest.raises(errors.NameTakenError):
        await core.service.rename(core.max, model.id, "TAKEN")
    with pytest.raises(errors.NameInvalidError):
        await core.service.rename(core.max, model.id, "\N{RIGHT-TO-LEFT MARK}")
    renamed = await core.service.rename(core.max, model.id, "  Verse ")

    assert renamed.name == "Verse"


async def test_a_deleted_model_leaves_no_file(core: Core) -> None:
    model = await core.trained()
    await core.write()

    await core.service.delete(core.max, model.id)

    assert not core.directory.checkpoint(model.checkpoint.id).exists()
    assert model.checkpoint.id not in core.library
    assert await core.catalog.current_model(core.max.guild_id) is None


@pytest.mark.parametrize(
    ("name", "file_name"),
    [("My Poems", "My_Poems.safetensors"), ("../x", "x.safetensors"), ("?!", "model.safetensors")],
)
async def test_an_export_is_the_file_under_a_harmless_name(
    core: Core, name: str, file_name: str
) -> None:
    model = await core.trained(name)

    export = await core.service.export(core.kim, model.id)

    assert export.file_name == file_name
    assert export.size == export.path.stat().st_size
    assert load(export.path).vocabulary.characters


async def test_an_export_without_its_file_is_refused(core: Core) -> None:
    model = await core.trained()
    core.directory.remove_checkpoint(model.checkpoint.id)

    with pytest.raises(errors.CheckpointBrokenError):
        await core.service.export(core.max, model.id)


async def test_autocomplete_suggests_the_servers_own_models(core: Core) -> None:
    await core.trained("Poems")
    await core.trained("Epic Poems")

    assert [m.name for m in await core.service.suggest(1, "POEM")] == ["Poems", "Epic Poems"]
    assert await core.service.suggest(2, "") == []


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
