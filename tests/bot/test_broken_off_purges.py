"""Deletions that break off, by a crash or by a disk that refuses, are completed."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from bot import service
from bot.errors import (
    BeingDeletedError,
    DiskFailsError,
)
from bot.importing import Importer
from bot.requests import ImportRequest, Upload
from bot.runs import ends, training_run
from storage.catalog import Catalog
from storage.errors import CatalogUnavailableError
from storage.files import DataDirectory
from tests.bot.canary import CANARY, TEXT_OF_MAX, give
from tests.bot.full import refuse
from tests.bot.uploads import uploading
from tests.traces import traces

if TYPE_CHECKING:
    from pathlib import Path

    from storage.records import Purge, Purged
    from tests.bot.core import Core


def content(path: Path) -> str:
    """What is in a file."""
    return path.read_bytes().decode(errors="replace") if path.is_file() else ""


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

    assert traces(core.settings.data, CANARY, run_id) == []
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

    assert traces(core.settings.data, CANARY) == []


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

    assert traces(core.settings.data, CANARY, run_id) == []
    new = await core.trained("new")
    await core.service.purger.retry()
    core = await core.again()
    assert [model.id for model in await core.catalog.models(1)] == [new.id]


async def test_what_has_failed_is_tried_again_from_time_to_time(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(core)
    monkeypatch.setattr(service, "DELETE_AGAIN_SECONDS", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "purge_rows", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.max)

    retrying = asyncio.create_task(core.service.delete_for_ever())
    async with asyncio.timeout(5):
        while traces(core.settings.data, CANARY):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    assert not retrying.done()
    retrying.cancel()


async def test_a_deletion_that_is_done_meanwhile_is_not_tried_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or what is given right after it would go, too."""
    await give(core)
    purge_rows, scrub = Catalog.purge_rows, Catalog.scrub
    trying: list[asyncio.Task[None]] = []
    given: list[str] = []

    async def let_try(catalog: Catalog, purge: Purge) -> Purged:
        if not trying:
            trying.append(asyncio.create_task(core.service.purger.retry()))
            await asyncio.sleep(0)  # until it waits for its turn
        return await purge_rows(catalog, purge)

    async def give_and_scrub(catalog: Catalog) -> None:
        if not given:
            given.append((await core.begin("new")).run.id)
        await scrub(catalog)

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "purge_rows", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.max)
    monkeypatch.setattr(Catalog, "purge_rows", let_try)
    monkeypatch.setattr(Catalog, "scrub", give_and_scrub)

    await core.service.privacy.delete_given(core.max)
    await asyncio.gather(*trying)

    assert [run.id for run in await core.catalog.runs_of(1)] == given


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

    assert traces(core.settings.data, CANARY, run_id) == []


async def test_a_run_whose_end_cannot_be_stored_holds_nobody_up(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await give(core)
    monkeypatch.setattr(ends, "STORE_AGAIN_SECONDS", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(training_run, "LONGEST_END_SECONDS", 0.1)
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(DiskFailsError):
            await core.service.privacy.delete_given(core.max)

    await core.service.purger.retry()

    assert traces(core.settings.data, CANARY, run_id) == []
    assert await core.queued("again")


async def test_a_waiting_run_that_is_to_be_deleted_does_not_begin_though_its_end_is_refused(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = await core.queued(by=core.kim)
    waiting, next_one = await core.queued(), await core.queued(by=core.kim)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.max)
    for run_id in (training, next_one):
        await core.reporter.first("training", run_id)
        core.launcher.end(run_id)
        await core.ended(run_id)

    await core.service.purger.retry()

    assert core.launcher.started == [training, next_one]
    assert (await core.ended(waiting)).status == "canceled"


async def test_an_import_s_folder_is_no_run_s_and_goes_at_the_next_start(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.importing.shutil.rmtree", lambda *_, **__: None)
    monkeypatch.setattr(Importer, "_keep", die)
    request = ImportRequest(file=Upload(name="x.safetensors", size=9))
    with pytest.raises(KilledError):
        await core.service.import_model(core.max, request, uploading(TEXT_OF_MAX))
    monkeypatch.undo()
    assert traces(core.settings.data, CANARY)

    core = await core.again()

    assert traces(core.settings.data, CANARY) == []
