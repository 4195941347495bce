"""Readings on a full disk, and those that are canceled in the wrong moment."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from bot.channels.pages import PageFile, remove_pages
from bot.channels.readings import UNANNOUNCED, Readings
from bot.errors import DiscordFaultError
from bot.runs import ends, late_announcements
from bot.runs.ends import DISK_FAILS
from bot.statements import said
from storage.catalog import Catalog
from storage.errors import CatalogUnavailableError
from storage.records import RunStatus
from tests.bot.full import Refusal, refuse
from tests.bot.reading import NOTHING, REQUEST, FakeChannels, Told, begin
from tests.damage import full

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.requests import ReadingProgress
    from storage.records import ReadingRecord, RunRecord
    from tests.bot.core import Core
    from training.corpora.messages import Message


@pytest.fixture
async def core(core: Core) -> Core:
    """Its operator lets channels be read."""
    core = await core.again(channel_history_permitted=True)
    await core.start()
    return core


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


# Nobody reads a channel that was not told


class Announcing(Told):
    """A reporter that Discord may keep from announcing; it notes by which message all hangs."""

    def __init__(self) -> None:
        super().__init__()
        self.is_bad_day = False
        self.messages: set[int | None] = set()

    async def announce(self, run: RunRecord, reading: ReadingRecord) -> int | None:
        if self.is_bad_day:
            raise DiscordFaultError
        return await super().announce(run, reading)

    def reading(self, run: RunRecord, progress: ReadingProgress) -> None:
        self.messages.add(run.message_id)
        super().reading(run, progress)


async def test_a_cancellation_that_cannot_be_stored_reads_no_channel_that_waits_to_be_told(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_announcements, "FIRST_PAUSE", 0.01)
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)
    later, told = await core.again(), Announcing()
    told.is_bad_day = True
    await later.start()
    await later.readings.start(FakeChannels(), told)

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(CatalogUnavailableError):
            await later.service.cancel(core.ada, begun.run.id)
    told.is_bad_day = False

    await later.reporter.first("training", begun.run.id)
    assert told.messages == {999}


async def test_a_cancellation_that_cannot_be_stored_reads_no_channel_that_is_just_told(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Announcing()
    await core.readings.start(FakeChannels(), told)
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "cancel_run", refuse)
        with pytest.raises(CatalogUnavailableError):
            await core.service.cancel(core.ada, begun.run.id)
    await core.service.announce(begun.run.id, 1001)

    await core.reporter.first("training", begun.run.id)
    assert told.messages == {1001}


async def test_a_cancellation_that_cannot_be_stored_at_the_start_leaves_the_channel_to_be_told(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)
    later, told = await core.again(), Announcing()
    await later.start()

    async def start_first(*_: object) -> None:
        await later.readings.start(FakeChannels(), told)
        await refuse()

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "cancel_run", start_first)
        with pytest.raises(CatalogUnavailableError):
            await later.service.cancel(core.ada, begun.run.id)

    await later.reporter.first("training", begun.run.id)
    assert told.messages == {999}


# Cancellations in the wrong moment


class Watched(FakeChannels):
    """A channel that never answers, and notices when nobody waits for it any more."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.left = asyncio.Event(), asyncio.Event()

    async def page(self, *_: object) -> list[Message]:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.left.set()
        return []


async def test_a_reading_that_begins_while_it_is_canceled_does_not_outlive_that(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels, cancel_run = Watched(), Catalog.cancel_run
    await core.readings.start(channels, Told())
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)

    async def announce_first(catalog: Catalog, run_id: str) -> RunRecord:
        await core.service.announce(run_id, 1001)
        await channels.begun.wait()
        return await cancel_run(catalog, run_id)

    monkeypatch.setattr(Catalog, "cancel_run", announce_first)
    await core.service.cancel(core.ada, begun.run.id)
    await asyncio.sleep(0)

    assert channels.left.is_set()
    assert await core.ended_once(begun.run.id) is RunStatus.CANCELED
    assert core.files() == []


def resist(folder: Path) -> None:
    raise PermissionError(folder)


@pytest.mark.parametrize("remove", [remove_pages, resist])
async def test_a_run_that_has_just_been_read_goes_on_where_its_cancellation_cannot_be_stored(
    core: Core, monkeypatch: pytest.MonkeyPatch, remove: Callable[[Path], None]
) -> None:
    """Its messages are deleted meanwhile, if they can be."""
    loop, deleting, ending = asyncio.get_running_loop(), asyncio.Event(), threading.Event()
    end = Readings.end

    def remove_late(folder: Path) -> None:
        loop.call_soon_threadsafe(deleting.set)
        assert ending.wait(5)
        remove(folder)

    async def end_meanwhile(readings: Readings, run_id: str) -> ReadingRecord | None:
        ending.set()  # heard of at the loop's next turn, when the reading has been ended
        return await end(readings, run_id)

    monkeypatch.setattr("bot.channels.readings.remove_pages", remove_late)
    monkeypatch.setattr(Readings, "end", end_meanwhile)
    monkeypatch.setattr(Catalog, "cancel_run", refuse)
    await core.readings.start(FakeChannels(), Told())
    before = await core.queued()
    run_id = await begin(core)
    async with asyncio.timeout(5):
        await deleting.wait()

    with pytest.raises(CatalogUnavailableError):
        await core.service.cancel(core.ada, run_id)
    core.launcher.end(before)

    await core.reporter.first("training", run_id)
    kept = {path.name for path in core.folder(run_id).path.iterdir()}
    assert kept - {"pages.jsonl", "messages.json"} == {"corpus.txt", "spec.json"}
    assert ("pages.jsonl" in kept) is (remove is resist)


async def test_messages_that_cannot_be_deleted_keep_no_run_from_training_and_go_with_its_end(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.readings.remove_pages", resist)
    await core.readings.start(FakeChannels(), Told())
    run_id = await begin(core)
    await core.reporter.first("training", run_id)
    assert (core.folder(run_id).path / "pages.jsonl").exists()

    core.launcher.end(run_id)

    assert await core.ended_once(run_id) is RunStatus.FINISHED
    assert [path.name for path in core.folder(run_id).path.iterdir()] == ["worker.log"]
