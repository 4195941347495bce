"""Deleting for good: what is under way, what trains, what is on disk, and crashes meanwhile."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot import purging, run_queue
from bot.errors import (
    BeingDeletedError,
    DiskFailsError,
    GenerationGoneError,
    NoModelError,
    NotAllowedToPurgeError,
    RunGoneError,
)
from bot.importing import Importer
from bot.limit_errors import TrainCooldownError
from bot.requests import ImportRequest, Upload
from model.checkpoint import to_bytes
from storage.catalog import Catalog
from storage.errors import CatalogUnavailableError
from storage.files import DataDirectory
from storage.records import Given
from tests.bot.uploads import TEXT, small_checkpoint, train_request, uploading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bot.core import Core

CANARY = "Zanzibarisch"
TEXT_OF_MAX = f"{CANARY} is a word that nobody else writes.\n" * 50


def content(path: Path) -> str:
    """What is in a file."""
    return path.read_bytes().decode(errors="replace") if path.is_file() else ""


def traces(core: Core, *words: str) -> list[str]:
    """The files of the data directory that have one of the words, in their names or bytes."""
    return [
        f"{word} in {path.name}"
        for path in core.settings.data.rglob("*")
        for word in words
        if word in path.name or (path.is_file() and word.encode() in path.read_bytes())
    ]


async def give(core: Core) -> str:
    """A model, a text, an import, and a run that trains, all of Max's; the run's id."""
    begin = core.service.begin_training
    for name in (f"{CANARY} one", f"{CANARY} two"):
        begun = await begin(core.max, train_request(name=name), uploading(TEXT_OF_MAX))
        await core.service.announce(begun.run.id, 1001)
        await core.reporter.first("training", begun.run.id)
        if name.endswith("one"):
            core.launcher.end(begun.run.id)
            await core.ended(begun.run.id)
    await core.write(prompt=f"The {CANARY}")
    request = ImportRequest(file=Upload(name=f"{CANARY}.safetensors", size=9))
    await core.service.import_model(core.max, request, uploading(to_bytes(small_checkpoint())))
    return begun.run.id


async def test_what_a_person_gave_is_gone_to_the_last_byte(core: Core) -> None:
    theirs = await core.trained("others", by=core.kim)
    run_id = await give(core)
    await core.service.privacy.leave_out(core.max)
    given = await core.service.privacy.given(core.max)
    assert [*given.models.values()] == [f"{CANARY} one", CANARY]
    assert [given.runs, given.texts] == [2, 1]
    assert traces(core, CANARY), "or this would prove nothing"

    await core.service.privacy.delete_given(core.max)

    assert traces(core, CANARY, run_id) == []
    assert core.launcher.terminated == [run_id]
    ended = await core.ended(run_id)
    assert ended.status == "canceled"
    assert [model.id for model in await core.catalog.models(1)] == [theirs.id]
    assert core.directory.checkpoint(theirs.checkpoint.id).exists()
    assert await core.service.privacy.is_left_out(core.max)
    assert (await core.write(by=core.max)).model.id == theirs.id, "and it goes on"
    assert await core.queued("again", by=core.max)


async def test_everything_of_a_server_is_gone_and_other_servers_notice_nothing(
    core: Core,
) -> None:
    elsewhere = await core.trained("fiction", by=core.stranger)
    await give(core)
    await core.service.privacy.leave_out(core.kim)
    with pytest.raises(NotAllowedToPurgeError):
        await core.service.privacy.delete_everything(core.max)
    assert traces(core, CANARY)

    await core.service.privacy.delete_everything(core.ada)

    assert traces(core, CANARY) == []
    assert not await core.service.privacy.is_left_out(core.kim)
    with pytest.raises(NoModelError):
        await core.write(by=core.ada)
    assert (await core.write(by=core.stranger)).model.id == elsewhere.id


async def test_what_is_in_memory_goes_too(core: Core) -> None:
    model = await core.trained("mine")
    await core.write()
    assert model.checkpoint.id in core.library

    await core.service.privacy.delete_given(core.max)

    assert model.checkpoint.id not in core.library


async def test_an_upload_that_is_under_way_is_refused_and_leaves_nothing(core: Core) -> None:
    arriving = asyncio.Event()

    async def download(paths: Sequence[Path]) -> None:
        await asyncio.to_thread(paths[0].write_text, TEXT_OF_MAX)
        arriving.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(core.service.begin_training(core.max, train_request(), download))
    await arriving.wait()

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(BeingDeletedError):
        await upload
    assert traces(core, CANARY) == []
    assert core.files() == []


async def test_others_go_on_while_somebody_s_is_deleted(core: Core) -> None:
    core.launcher.may_read.clear()
    request = train_request(name="slow")
    upload = asyncio.create_task(core.service.begin_training(core.kim, request, uploading(TEXT)))
    await core.launcher.reading.wait()

    await core.service.privacy.delete_given(core.max)
    core.launcher.may_read.set()

    assert (await upload).run.model_name == "slow"


async def test_whoever_comes_while_it_is_deleted_is_asked_to_come_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await core.trained("others", by=core.kim)
    deleting, may_delete = asyncio.Event(), asyncio.Event()
    purge_rows = Catalog.purge_rows

    async def slowly(self: Catalog, purge: Any) -> Any:
        deleting.set()
        await may_delete.wait()
        return await purge_rows(self, purge)

    monkeypatch.setattr(Catalog, "purge_rows", slowly)
    deletion = asyncio.create_task(core.service.privacy.delete_given(core.max))
    await deleting.wait()

    with pytest.raises(BeingDeletedError):
        await core.begin(by=core.max)
    with pytest.raises(BeingDeletedError):
        await core.write(by=core.max)
    assert (await core.write(by=core.kim)).model.name == "others"
    may_delete.set()
    await deletion
    assert (await core.begin(by=core.max)).run.user_id == core.max.user_id


async def test_a_run_that_nobody_was_told_of_yet_is_not_announced_any_more(core: Core) -> None:
    begun = await core.begin("mine")

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(RunGoneError):
        await core.service.announce(begun.run.id, 1001)
    assert core.files() == []


async def test_a_model_that_is_just_being_saved_goes_as_well(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can no longer be canceled, so its end is waited for."""
    run_id = await core.queued(CANARY)
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)

    await core.service.privacy.delete_given(core.max)

    assert traces(core, CANARY, run_id) == []
    assert await core.catalog.models(1) == []


async def test_buttons_of_deleted_texts_say_that_they_are_gone(core: Core) -> None:
    await core.trained("others", by=core.kim)
    written = await core.write(prompt="The")

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(GenerationGoneError):
        await core.service.continue_text(core.max, written.generation.id)


class KilledError(BaseException):
    """The bot dies here."""


def die(*_: object, **__: object) -> None:
    raise KilledError


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (Catalog, "active_runs_in"),
        (Catalog, "purge_rows"),
        (DataDirectory, "remove_run"),
        (DataDirectory, "remove_checkpoint"),
        (Catalog, "scrub"),
    ],
)
async def test_a_bot_that_dies_meanwhile_deletes_the_rest_at_its_next_start(
    core: Core, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    run_id = await give(core)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, die)
        with pytest.raises(KilledError):
            await core.service.privacy.delete_given(core.max)

    core = await core.again()

    assert traces(core, CANARY, run_id) == []
    assert await core.catalog.purges() == []
    await core.start()
    assert core.launcher.started == []


async def test_a_scrub_that_cannot_be_done_yet_does_not_keep_the_bot_from_starting(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(core)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "scrub", refuse)
        await core.service.privacy.delete_given(core.max)
        core = await core.again()

    await core.retention.sweep()

    assert traces(core, CANARY) == []


async def refuse(*_: object, **__: object) -> None:
    """As a full disk does."""
    raise CatalogUnavailableError(Path("catalog"), "database or disk is full")


async def test_what_fails_is_refused_to_be_given_until_it_is_deleted(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would go, too, whenever the bot starts again: nobody has asked for that."""
    run_id = await give(core)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "purge_rows", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.max)
        with pytest.raises(BeingDeletedError):
            await core.begin()
        await core.service.purger.retry()

    await core.service.purger.retry()

    assert traces(core, CANARY, run_id) == []
    new = await core.trained("new")
    await core.service.purger.retry()
    core = await core.again()
    assert [model.id for model in await core.catalog.models(1)] == [new.id]


async def test_what_has_failed_is_tried_again_from_time_to_time(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(core)
    monkeypatch.setattr(purging, "RETRY_SECONDS", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "purge_rows", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.max)

    retrying = asyncio.create_task(core.service.purger.retry_for_ever())
    async with asyncio.timeout(5):
        while traces(core, CANARY):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert not retrying.done()
    retrying.cancel()


async def test_a_deletion_that_cannot_be_noted_has_not_begun(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = await core.trained()
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "begin_purge", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.max)

    await core.service.purger.retry()

    assert (await core.write(by=core.max)).model.id == model.id


async def test_a_file_that_resists_keeps_no_other_one_and_is_tried_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await give(core)
    folder, delete = core.directory.run(run_id), shutil.rmtree

    def resist(path: Path) -> None:
        if (path / "spec.json").read_bytes() == spec:
            raise PermissionError(path)
        delete(path)

    spec = (folder / "spec.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("storage.files.shutil.rmtree", resist)
        with pytest.raises(PermissionError):
            await core.service.privacy.delete_given(core.max)
        left = {path.parent for path in core.settings.data.rglob("*") if CANARY in content(path)}
        assert left == {folder}
    assert (await core.begin()).run.user_id == core.max.user_id

    await core.service.purger.retry()

    assert traces(core, CANARY, run_id) == []


async def test_a_run_whose_end_cannot_be_stored_holds_nobody_up(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await give(core)
    monkeypatch.setattr(run_queue, "STORE_AGAIN_SECONDS", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(run_queue, "LONGEST_END_SECONDS", 0.1)
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(DiskFailsError):
            await core.service.privacy.delete_given(core.max)

    await core.service.purger.retry()

    assert traces(core, CANARY, run_id) == []
    assert await core.queued("again")


@pytest.mark.parametrize("ends", [True, False])
async def test_a_copy_of_a_corpus_goes_with_what_its_owner_gave(core: Core, *, ends: bool) -> None:
    """A moderator trained the model longer, which has been deleted since."""
    begun = await core.service.begin_training(
        core.max, train_request(name="poems"), uploading(TEXT_OF_MAX)
    )
    await core.service.announce(begun.run.id, 1001)
    await core.reporter.first("training", begun.run.id)
    core.launcher.end(begun.run.id)
    run = await core.ended(begun.run.id)
    for number in (2, 3):
        longer = await core.service.train_longer(core.ada, run.id, 3)
        await core.service.announce(longer.run.id, 1000 + number)
        await core.reporter.first("training", longer.run.id)
        if number == 2 or ends:
            core.launcher.end(longer.run.id)
            run = await core.ended(longer.run.id)
    assert run.model_id is not None
    await core.service.delete(core.ada, run.model_id)
    assert traces(core, CANARY)

    await core.service.privacy.delete_given(core.max)

    assert traces(core, CANARY) == []
    assert await core.service.privacy.given(core.ada) == Given(models={}, runs=0, texts=0)


async def test_limits_hold_after_what_one_gave_is_deleted(core: Core) -> None:
    core = await core.again(train_cooldown_seconds=3600)
    await core.start()
    await core.trained()

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(TrainCooldownError):
        await core.begin()
    assert (await core.begin(by=core.kim)).run.user_id == core.kim.user_id


async def test_an_import_s_folder_is_no_run_s_and_goes_at_the_next_start(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.importing.shutil.rmtree", lambda *_, **__: None)
    monkeypatch.setattr(Importer, "_keep", die)
    request = ImportRequest(file=Upload(name="x.safetensors", size=9))
    with pytest.raises(KilledError):
        await core.service.import_model(core.max, request, uploading(TEXT_OF_MAX))
    monkeypatch.undo()
    assert traces(core, CANARY)

    core = await core.again()

    assert traces(core, CANARY) == []
