"""A start of the bot on a bad day: of Discord's, of the disk's, or of both."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NoReturn

import pytest

from bot.errors import DiscordFaultError
from bot.runs import late_announcements
from storage.catalog import Catalog
from storage.records import ChannelSource, ReadingRecord, RunStatus
from tests.bot.a_run import RUN
from tests.bot.full import refuse
from tests.bot.reading import NOTHING, REQUEST, FakeChannels
from tests.bot.reporting import error

if TYPE_CHECKING:
    from bot.runs.progress import ProgressReporter
    from storage.records import RunRecord
    from tests.bot.core import Core
    from tests.bot.reporting import FakePosts

SOURCE = ChannelSource(id=7, name="tavern", authors="", names=False)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_announcements, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(late_announcements, "LONGEST_PAUSE", 0.01)


def announcing_tasks() -> list[asyncio.Task[object]]:
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("announce ")]


class BadDays:
    """A reporter's `announce` on so many bad days, and then on a good one."""

    def __init__(self, count: int) -> None:
        self.count, self.tried = count, 0
        self.was_tried = asyncio.Event()

    async def __call__(self, _: RunRecord) -> int:
        self.tried += 1
        self.was_tried.set()
        if self.tried <= self.count:
            raise DiscordFaultError
        return 999


async def test_a_run_is_announced_however_many_bad_days_come_first(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await core.begin()
    later = await core.again()
    monkeypatch.setattr(later.reporter, "announce", BadDays(5))

    await later.start()

    run, _ = await later.reporter.first("training", begun.run.id)
    assert run.message_id == 999
    assert later.reporter.of("ended", begun.run.id) == []


async def test_others_train_while_a_run_waits_to_be_announced(
    core: Core, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    unannounced, waiting = (await core.begin()).run.id, await core.queued()
    later = await core.again()
    days = BadDays(10**9)
    monkeypatch.setattr(later.reporter, "announce", days)

    await later.start()

    await later.reporter.first("training", waiting)
    await days.was_tried.wait()
    await later.close()
    assert announcing_tasks() == []
    assert "could not be announced" not in caplog.text
    last = await later.again()
    await last.start()
    await last.reporter.first("training", waiting)
    last.launcher.end(waiting)
    await last.reporter.first("training", unannounced)


async def test_a_run_that_is_canceled_before_it_is_announced_is_not_announced(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await core.begin()
    later = await core.again()
    days = BadDays(10**9)
    monkeypatch.setattr(later.reporter, "announce", days)
    await later.start()
    await days.was_tried.wait()
    [announcing] = announcing_tasks()

    await later.service.cancel(later.max, begun.run.id)
    tried = days.tried
    await announcing

    assert days.tried == tried
    assert later.reporter.news == []
    assert later.files() == []


async def test_a_message_whose_id_cannot_be_stored_yet_is_posted_once(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await core.begin()
    later = await core.again()
    days = BadDays(0)
    monkeypatch.setattr(later.reporter, "announce", days)
    refusals = asyncio.Queue[None]()

    async def refuse_and_tell(*_: object) -> NoReturn:
        refusals.put_nowait(None)
        await refuse()

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "set_message", refuse_and_tell)
        await later.start()
        for _ in range(3):
            await refusals.get()

    await later.reporter.first("training", begun.run.id)

    assert days.tried == 1
    assert (await later.catalog.run(1, begun.run.id)).message_id == 999


async def test_a_run_that_was_canceled_before_its_message_came_says_so_at_the_start(
    core: Core,
) -> None:
    """All of it happens before Discord has named all servers."""
    later = await core.again()
    begun = await later.begin()
    await later.service.cancel(later.max, begun.run.id)
    await later.service.announce(begun.run.id, 1001)

    await later.start()

    [(run, _)] = later.reporter.of("ended", begun.run.id)
    assert (run.message_id, run.status) == (1001, RunStatus.CANCELED)


@pytest.mark.parametrize("reading", [None, ReadingRecord(run=RUN, source=SOURCE)])
async def test_only_a_channel_that_takes_no_message_ends_a_run(
    reporter: ProgressReporter, posts: FakePosts, reading: ReadingRecord | None
) -> None:
    for failure in (error(500), error(429), ConnectionResetError(), TimeoutError()):
        posts.failures = [failure]
        with pytest.raises(DiscordFaultError):
            await reporter.announce(RUN, reading)
    posts.failures = [error(403, 50001)]

    assert await reporter.announce(RUN, reading) is None
    assert await reporter.announce(RUN, reading) == 5
    assert (SOURCE.id in posts.places) == (reading is not None)


@pytest.fixture
def removed(posts: FakePosts, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The channels and ids of messages that are deleted."""
    places: list[tuple[int, int]] = []

    async def remove(channel_id: int, message_id: int) -> None:
        places.append((channel_id, message_id))

    monkeypatch.setattr(posts, "remove", remove)
    return places


async def test_a_channel_is_not_told_that_it_will_be_read_if_nothing_comes_of_it(
    reporter: ProgressReporter,
    posts: FakePosts,
    removed: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def post(*_: object) -> int:
        raise error(403, 50001)

    monkeypatch.setattr(posts, "post", post)

    assert await reporter.announce(RUN, ReadingRecord(run=RUN, source=SOURCE)) is None
    assert removed == [(SOURCE.id, 6)]


@pytest.mark.parametrize("way", ["cancel", "delete"])
async def test_a_channel_does_not_stay_told_of_a_run_that_is_over_before_its_card_is_posted(
    core: Core,
    reporter: ProgressReporter,
    posts: FakePosts,
    removed: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
    *,
    way: str,
) -> None:
    """The channel takes its message, and on Discord's bad day no card follows."""
    core = await core.again(channel_history_permitted=True)
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)
    later, tried = await core.again(), asyncio.Event()

    async def post(*_: object) -> int:
        tried.set()
        raise error(500)

    monkeypatch.setattr(posts, "post", post)
    await later.start()
    await later.readings.start(FakeChannels(), reporter)
    await tried.wait()
    [announcing] = announcing_tasks()

    if way == "cancel":
        await later.service.cancel(later.ada, begun.run.id)
    else:
        await later.service.privacy.delete_given(later.ada)
    await announcing

    assert removed == [(5, 6)]


async def test_a_channel_is_told_once_however_many_tries_the_card_takes(
    reporter: ProgressReporter, posts: FakePosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def tell_channel(reading: ReadingRecord) -> int:
        told.append(reading.source.id)
        return 6

    monkeypatch.setattr(posts, "tell_channel", tell_channel)
    reading = ReadingRecord(run=RUN, source=SOURCE)
    for failure in (error(500), TimeoutError()):
        posts.failures = [failure]
        with pytest.raises(DiscordFaultError):
            await reporter.announce(RUN, reading)

    assert await reporter.announce(RUN, reading) == 5
    assert told == [SOURCE.id]
