"""Runs that are to be deleted while the disk takes nothing: no way leads them on meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.errors import DiscordFaultError
from bot.runs import late_announcements
from storage.catalog import Catalog
from storage.errors import CatalogUnavailableError
from tests.bot.full import refuse
from tests.bot.reading import NOTHING, REQUEST, FakeChannels, Told
from tests.bot.uploads import TEXT, train_request, uploading

if TYPE_CHECKING:
    from bot.requests import TrainRequest
    from storage.records import ReadingRecord, RunRecord
    from tests.bot.core import Core

REQUESTS = pytest.mark.parametrize("request_", [train_request(), REQUEST])


@pytest.fixture
async def core(core: Core) -> Core:
    """Its operator lets channels be read."""
    return await core.again(channel_history_permitted=True)


def tasks(kind: str) -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith(f"{kind} ")]


async def begin(core: Core, request: TrainRequest) -> str:
    """The id of a run that nobody was told of."""
    upload = uploading(TEXT) if request.files else NOTHING
    return (await core.service.begin_training(core.ada, request, upload)).run.id


async def delete_in_vain(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wish is stored, and then the disk is full."""
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.privacy.delete_given(core.ada)


class BadDay:
    """Discord refuses all that is announced, until it is over."""

    def __init__(self) -> None:
        self.is_over = False
        self.posted: list[str] = []
        self.was_tried = asyncio.Event()

    async def __call__(self, run: RunRecord, *_: ReadingRecord) -> int:
        self.was_tried.set()
        if not self.is_over:
            raise DiscordFaultError
        self.posted.append(run.id)
        return 999


@REQUESTS
async def test_one_that_waits_for_its_announcement_is_not_announced_any_more(
    core: Core, monkeypatch: pytest.MonkeyPatch, request_: TrainRequest
) -> None:
    monkeypatch.setattr(late_announcements, "FIRST_PAUSE", 0.01)
    await begin(core, request_)
    later, told, channels, day = await core.again(), Told(), FakeChannels(), BadDay()
    monkeypatch.setattr(told, "announce", day)
    monkeypatch.setattr(later.reporter, "announce", day)
    await later.start()
    await later.readings.start(channels, told)
    await day.was_tried.wait()
    announcing = tasks("announce")

    await delete_in_vain(later, monkeypatch)
    day.is_over = True
    async with asyncio.timeout(5):
        await asyncio.gather(*announcing)

    assert [day.posted, channels.asked, later.launcher.started] == [[], [], []]
    assert tasks("read") == tasks("train") == []
    await later.service.purger.retry()
    assert await later.catalog.runs_of(1) == []
    assert later.files() == []


@REQUESTS
async def test_one_that_is_just_announced_does_not_begin_any_more(
    core: Core, monkeypatch: pytest.MonkeyPatch, request_: TrainRequest
) -> None:
    reading = Catalog.reading
    await core.start()
    await core.readings.start(FakeChannels(), Told())
    run_id = await begin(core, request_)

    async def delete_first(catalog: Catalog, guild_id: int, run_id: str) -> ReadingRecord | None:
        await delete_in_vain(core, monkeypatch)
        return await reading(catalog, guild_id, run_id)

    monkeypatch.setattr(Catalog, "reading", delete_first)
    await core.service.announce(run_id, 1001)

    assert tasks("read") == tasks("train") == []
    await core.service.purger.retry()
    assert [run.id for run, _ in core.reporter.of("ended", run_id)] == [run_id]
    assert core.files() == []


@REQUESTS
async def test_one_that_is_announced_while_it_is_deleted_does_not_outlive_that(
    core: Core, monkeypatch: pytest.MonkeyPatch, request_: TrainRequest
) -> None:
    """Though nothing fails."""
    cancel_run = Catalog.cancel_run
    await core.start()
    await core.readings.start(FakeChannels(open_pages=0), Told())
    begun = await begin(core, request_)

    async def announce_first(catalog: Catalog, run_id: str) -> RunRecord:
        await core.service.announce(run_id, 1001)
        return await cancel_run(catalog, run_id)

    monkeypatch.setattr(Catalog, "cancel_run", announce_first)
    await core.service.privacy.delete_given(core.ada)

    assert tasks("read") == tasks("train") == []
    assert len(core.reporter.of("ended", begun)) == 1
    assert core.files() == []
