"""Cancellations and announcements that come to nothing, or in the wrong moment."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot import service
from bot.errors import TooManyRunsError
from bot.requests import ChannelChoice, TrainRequest
from bot.views import announcing
from storage.catalog import Catalog
from storage.database import Database
from storage.errors import CatalogUnavailableError
from storage.files import new_id
from storage.records import RunStatus
from tests.bot.full import Refusal, refuse
from tests.bot.uploads import TEXT, train_request, uploading
from tests.damage import full

if TYPE_CHECKING:
    from storage.records import ReadingRecord
    from tests.bot.core import Core

FROM_CHANNEL = TrainRequest(channel=ChannelChoice(id=5, name="tavern", caller_may_read=True))


async def test_a_waiting_run_whose_cancellation_cannot_be_stored_keeps_its_place(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [await core.queued(by=by) for by in (core.max, core.kim, core.ada)]
    await core.reporter.first("training", runs[0])
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.cancel(core.kim, runs[1])

    for run_id in runs:
        await core.reporter.first("training", run_id)
        core.launcher.end(run_id)
        assert await core.ended_once(run_id) == RunStatus.FINISHED

    assert core.launcher.started == runs


async def test_a_place_that_becomes_free_meanwhile_is_taken_then(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First by the next one: a run does not begin while it is being canceled."""
    training, waiting, next_one = [
        await core.queued(by=by) for by in (core.kim, core.max, core.max)
    ]
    await core.reporter.first("training", training)

    async def end_first(*_: object) -> None:
        core.launcher.end(training)
        await core.reporter.first("training", next_one)
        core.launcher.end(next_one)
        await core.ended_once(next_one)
        await refuse()

    monkeypatch.setattr(Catalog, "cancel_run", end_first)
    with pytest.raises(CatalogUnavailableError):
        await core.service.cancel(core.max, waiting)

    await core.reporter.first("training", waiting)


async def test_a_run_that_is_canceled_as_it_takes_its_turn_ends_once_and_for_all(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await core.begin()
    reading = Catalog.reading

    async def cancel_first(catalog: Catalog, guild_id: int, run_id: str) -> ReadingRecord | None:
        await core.service.cancel(core.max, run_id)
        return await reading(catalog, guild_id, run_id)

    monkeypatch.setattr(Catalog, "reading", cancel_first)
    await core.service.announce(begun.run.id, 1001)

    assert await core.ended_once(begun.run.id) == RunStatus.CANCELED
    assert [kind for kind, *_ in core.reporter.news] == ["ended"]
    assert core.launcher.started == []


async def test_a_run_that_is_over_before_it_trains_says_how_it_ended(core: Core) -> None:
    begun = await core.begin()
    run = await core.catalog.set_message(begun.run.id, 1001)
    await core.catalog.cancel_run(run.id)

    core.queue.add(run)

    assert await core.ended_once(run.id) == RunStatus.CANCELED
    assert core.launcher.started == []


@pytest.mark.parametrize("is_announced", [False, True])
@pytest.mark.parametrize("request_", [train_request(name="poems"), FROM_CHANNEL])
async def test_a_run_that_has_failed_never_trains_though_the_disk_keeps_its_row(
    core: Core, monkeypatch: pytest.MonkeyPatch, request_: TrainRequest, *, is_announced: bool
) -> None:
    """After a restart neither, whether the id of its message could be stored or not."""
    core = await core.again(channel_history_permitted=True)
    upload = uploading(*[TEXT] * len(request_.files))
    begun = await core.service.begin_training(core.ada, request_, upload)
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "forget_run", refuse)
        if is_announced:
            await core.catalog.set_message(begun.run.id, 1001)
        await core.service.abandon(begun.run.id)
        assert core.files() == []
        later = await core.again()
        nobody: Any = SimpleNamespace()  # is neither asked nor told anything
        refused = Refusal()
        patch.setattr(Catalog, "forget_run", refused)
        await later.start()
        await later.readings.start(nobody, nobody)
        deleting = deleting_for_ever(later, monkeypatch)
        await refused.twice()

    await none_is_left(later)

    assert [later.reporter.news, later.launcher.started] == [[], []]
    deleting.cancel()


@pytest.mark.parametrize("request_", [train_request(name="poems"), FROM_CHANNEL])
async def test_a_run_that_has_failed_never_trains_though_its_files_resist(
    core: Core, monkeypatch: pytest.MonkeyPatch, request_: TrainRequest
) -> None:
    """Its name and its place are free all the same, and the files go as soon as they can."""
    core = await core.again(channel_history_permitted=True)
    upload = uploading(*[TEXT] * len(request_.files))
    begun = await core.service.begin_training(core.ada, request_, upload)

    with monkeypatch.context() as patch:
        patch.setattr("storage.files.shutil.rmtree", full)
        await core.service.abandon(begun.run.id)
        assert await core.catalog.runs_of(1) == []
        assert core.folder(begun.run.id).path.exists()

    await core.service.abandon(new_id())  # whatever comes next
    assert core.files() == []


def deleting_for_ever(core: Core, monkeypatch: pytest.MonkeyPatch) -> asyncio.Task[None]:
    """What a bot does from time to time."""
    monkeypatch.setattr(service, "DELETE_AGAIN_SECONDS", 0.01)
    return asyncio.create_task(core.service.delete_for_ever())


async def none_is_left(core: Core) -> None:
    """Wait until there is no run any more."""
    async with asyncio.timeout(5):
        while await core.catalog.runs_of(1):  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)


async def test_its_name_and_its_place_are_free_again_as_soon_as_the_disk_takes_it(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "forget_run", refuse)
        for name in ("one", "two"):
            await core.service.abandon((await core.begin(name)).run.id)
        with pytest.raises(TooManyRunsError):
            await core.begin("one")

    deleting = deleting_for_ever(core, monkeypatch)
    await none_is_left(core)

    assert (await core.trained("one")).name == "one"
    assert len(core.launcher.started) == 1
    deleting.cancel()


async def test_files_without_a_row_go_though_the_disk_takes_nothing(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = new_id()
    core.directory.run(run_id).mkdir()
    monkeypatch.setattr(Database, "transaction", refuse)

    await core.service.abandon(run_id)

    assert core.files() == []


async def test_the_card_of_a_run_that_cannot_be_abandoned_goes_all_the_same() -> None:
    withdrawn: list[tuple[int, int]] = []

    async def post(*_: object) -> int:
        return 5

    async def withdraw(*place: int) -> None:
        withdrawn.append((place[0], place[1]))

    async def tell(**_: object) -> None:
        pass

    service = SimpleNamespace(announce=refuse, abandon=refuse)
    client = SimpleNamespace(
        service=service, reporter=SimpleNamespace(post=post, withdraw=withdraw)
    )
    interaction: Any = SimpleNamespace(client=client, edit_original_response=tell)
    run = SimpleNamespace(id=new_id(), channel_id=2, model_name="Ann", found="")
    begun: Any = SimpleNamespace(run=run, reading=None, corpus=object())

    with pytest.raises(CatalogUnavailableError):
        await announcing.announce(interaction, begun)

    assert withdrawn == [(2, 5)]
