"""Readings on a full disk, and those that are canceled in the wrong moment."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from bot.channels.pages import PageFile
from bot.channels.readings import UNANNOUNCED
from bot.errors import DiscordFaultError
from bot.runs import ends, late_announcements
from bot.runs.ends import DISK_FAILS
from bot.statements import said
from storage.catalog import Catalog
from storage.errors import CatalogUnavailableError
from storage.records import RunStatus
from tests.bot.full import refuse
from tests.bot.reading import NOTHING, REQUEST, FakeChannels, Told, begin
from tests.damage import full

if TYPE_CHECKING:
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


async def test_a_run_that_has_just_been_read_goes_on_where_its_cancellation_cannot_be_stored(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_reading, canceling = Catalog.finish_reading, list[asyncio.Task[None]]()
    monkeypatch.setattr(Catalog, "cancel_run", refuse)

    async def cancel_then(catalog: Catalog, run_id: str, *facts: Any) -> RunRecord:
        run = await finish_reading(catalog, run_id, *facts)
        canceling.append(asyncio.create_task(core.service.cancel(core.ada, run_id)))
        await catalog.run(run.guild_id, run_id)  # the task is at its turn, and then has it
        await asyncio.sleep(0)
        return run

    monkeypatch.setattr(Catalog, "finish_reading", cancel_then)
    await core.readings.start(FakeChannels(), Told())
    before = await core.queued()
    run_id = await begin(core)
    await core.reporter.first("waiting", run_id)
    with pytest.raises(CatalogUnavailableError):
        await canceling[0]
    core.launcher.end(before)

    await core.reporter.first("training", run_id)
    assert {path.name for path in core.folder(run_id).path.iterdir()} == {"corpus.txt", "spec.json"}
