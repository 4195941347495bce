"""Readings on a full disk, and those that are canceled in the wrong moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import pytest

from bot.channels.pages import PageFile
from bot.channels.readings import UNANNOUNCED
from bot.runs import ends
from bot.runs.ends import DISK_FAILS
from bot.statements import said
from storage.catalog import Catalog
from storage.errors import CatalogUnavailableError
from storage.records import RunStatus
from tests.bot.full import refuse
from tests.bot.reading import NOTHING, REQUEST, FakeChannels, Told, begin
from tests.damage import full

if TYPE_CHECKING:
    from tests.bot.core import Core


@pytest.fixture
async def core(core: Core) -> Core:
    """Its operator lets channels be read."""
    core = await core.again(channel_history_permitted=True)
    await core.start()
    return core


class Refusal:
    """A catalog's method that takes nothing, and is tried again."""

    def __init__(self) -> None:
        self._tries = asyncio.Semaphore(0)

    async def __call__(self, *_: object) -> NoReturn:
        self._tries.release()
        await refuse()

    async def twice(self) -> None:
        """Wait until the same has been tried again, or something else."""
        async with asyncio.timeout(5):
            for _ in range(2):
                await self._tries.acquire()


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """Ends are tried again at once."""
    monkeypatch.setattr(ends, "STORE_AGAIN_SECONDS", 0.01)
    return Refusal()


async def test_a_full_disk_ends_the_reading_with_a_sentence(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PageFile, "append", full)
    await core.readings.start(FakeChannels(), Told())

    run = await core.ended(await begin(core))

    assert said(run.reason or "") == str(DISK_FAILS)


async def test_a_reading_that_failed_ends_as_soon_as_the_disk_takes_it(
    core: Core, monkeypatch: pytest.MonkeyPatch, refused: Refusal
) -> None:
    """Both are full: the disk of its messages, and that of the catalog."""
    with monkeypatch.context() as patch:
        patch.setattr(PageFile, "append", full)
        patch.setattr(Catalog, "fail_run", refused)
        await core.readings.start(FakeChannels(), Told())
        run_id = await begin(core)
        await refused.twice()
        assert await core.status(run_id) is RunStatus.QUEUED

    run = await core.ended(run_id)
    assert said(run.reason or "") == str(DISK_FAILS)


async def test_a_reading_that_cannot_be_announced_fails_as_soon_as_the_disk_takes_it(
    core: Core, monkeypatch: pytest.MonkeyPatch, refused: Refusal
) -> None:
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)
    later, told = await core.again(), Told()
    told.takes_announcements = False
    await later.start()
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "fail_run", refused)
        await later.readings.start(FakeChannels(), told)
        await refused.twice()

    assert said((await later.ended(begun.run.id)).reason or "") == str(UNANNOUNCED)


async def test_a_reading_whose_end_the_disk_refuses_is_canceled_or_goes_on_at_the_next_start(
    core: Core, monkeypatch: pytest.MonkeyPatch, refused: Refusal
) -> None:
    """Neither waits for the disk."""
    monkeypatch.setattr(PageFile, "append", full)
    monkeypatch.setattr(Catalog, "fail_run", refused)
    await core.readings.start(FakeChannels(), Told())
    canceled, kept = await begin(core), await begin(core)
    await refused.twice()

    async with asyncio.timeout(5):
        await core.service.cancel(core.ada, canceled)
        later = await core.again()

    assert await later.status(canceled) is RunStatus.CANCELED
    assert [reading.run.id for reading in await later.catalog.readings()] == [kept]


async def test_a_reading_whose_cancellation_cannot_be_stored_goes_on(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels, told = FakeChannels(open_pages=1), Told()
    await core.readings.start(channels, told)
    run_id = await begin(core)
    await told.until(100)
    monkeypatch.setattr(Catalog, "cancel_run", refuse)

    with pytest.raises(CatalogUnavailableError):
        await core.service.cancel(core.ada, run_id)
    channels.open_pages = 10**6

    await core.reporter.first("training", run_id)
