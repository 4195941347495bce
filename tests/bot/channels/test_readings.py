"""Channels that are read for runs, without Discord: what is asked, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.channels.readings import UNANNOUNCED, moment
from bot.errors import channels as channel_errors
from bot.runs.ends import UNEXPECTED
from bot.statements import said
from storage.records import RunStatus
from tests.bot.reading import ANN, FIRST, NOTHING, REQUEST, FakeChannels, Told, begin, talk, text
from tests.bot.uploads import train_request

if TYPE_CHECKING:
    from tests.bot.core import Core


@pytest.fixture
async def core(core: Core) -> Core:
    """Its operator lets channels be read."""
    core = await core.again(channel_history_permitted=True)
    await core.start()
    return core


async def test_a_channel_is_read_to_its_beginning_and_then_trained_on(core: Core) -> None:
    """The messages are gone by then."""
    channels, told = FakeChannels(), Told()
    await core.readings.start(channels, told)

    run_id = await begin(core)

    run, _ = await core.reporter.first("training", run_id)
    assert run.corpus_characters == len(text(talk()))
    assert core.folder(run_id).read_corpus() == text(talk())
    assert channels.asked == [None, FIRST + 151, FIRST + 51, FIRST + 1]
    assert [progress.messages for progress in told.progress] == [0, 100, 200, 250, 250]
    assert told.progress[1].back_to == moment(FIRST + 151)
    assert [said(line) for line in told.found] == [
        "The channel's history: 250 messages by 2 people"
    ]
    assert {path.name for path in core.folder(run_id).path.iterdir()} == {
        "corpus.txt",
        "spec.json",
    }


async def test_a_run_is_called_after_its_channel(core: Core) -> None:
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)

    assert begun.run.model_name == "tavern"
    assert begun.reading is not None
    assert begun.reading.source.id == 5
    assert begun.corpus is None


async def test_authors_and_names_choose_in_a_channel_too(core: Core) -> None:
    await core.readings.start(FakeChannels(), Told())

    run_id = await begin(core, replace(REQUEST, authors="Ben", names=True))

    await core.reporter.first("training", run_id)
    lines = core.folder(run_id).read_corpus().splitlines()
    assert len(lines) == 125
    assert all(line.startswith("Ben: this is line ") for line in lines)


async def test_an_author_who_never_wrote_ends_the_run_with_the_nearest_names(core: Core) -> None:
    await core.readings.start(FakeChannels(), Told())

    run_id = await begin(core, replace(REQUEST, authors="Benn"))

    run = await core.ended(run_id)
    assert said(run.reason or "") == "Nobody called Benn wrote in it; the nearest: Ben."


async def test_a_channel_with_too_little_in_it_ends_the_run_with_a_sentence(core: Core) -> None:
    await core.readings.start(FakeChannels(talk(3)), Told())

    run = await core.ended(await begin(core))

    assert run.status is RunStatus.FAILED
    assert "training needs at least 1,000" in said(run.reason or "")


@pytest.mark.parametrize(
    "error", [channel_errors.ChannelGoneError(), channel_errors.ChannelClosedError()]
)
async def test_a_channel_that_cannot_be_read_ends_the_run_with_its_sentence(
    core: Core, error: Exception
) -> None:
    await core.readings.start(FakeChannels(faults=[error]), Told())

    run = await core.ended(await begin(core))

    assert said(run.reason or "") == str(error)
    assert core.files() == [f"runs/{run.id}"]


async def test_what_nobody_foresaw_ends_the_run_and_no_other(core: Core) -> None:
    await core.readings.start(FakeChannels(faults=[ValueError("odd")]), Told())

    run = await core.ended(await begin(core))

    assert said(run.reason or "") == str(UNEXPECTED)
    await core.reporter.first("training", await begin(core))


async def test_bad_days_are_waited_out_and_told(core: Core) -> None:
    faults: list[Exception] = [channel_errors.ChannelUnavailableError("503")] * 3
    channels, told = FakeChannels(faults=faults), Told()
    await core.readings.start(channels, told)

    await core.reporter.first("training", await begin(core))

    assert channels.asked[:4] == [None] * 4
    assert [progress.is_delayed for progress in told.progress[:5]] == [
        *(False, True, True, True),
        False,
    ]


async def test_a_reading_goes_on_after_the_bot_has_stopped(core: Core) -> None:
    channels = FakeChannels(open_pages=2)
    told = Told()
    await core.readings.start(channels, told)
    run_id = await begin(core)
    await told.until(200)

    later = await core.again()
    await later.start()
    rest, told = FakeChannels(), Told()
    await later.readings.start(rest, told)

    await later.reporter.first("training", run_id)
    assert rest.asked[0] == FIRST + 51
    assert told.progress[0].messages == 200
    assert later.folder(run_id).read_corpus() == text(talk())


async def test_a_reading_that_was_never_announced_is_at_the_next_start(core: Core) -> None:
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)

    later = await core.again()
    await later.start()
    await later.readings.start(FakeChannels(), Told())

    run, _ = await later.reporter.first("training", begun.run.id)
    assert run.message_id == 999


async def test_a_reading_that_cannot_be_announced_any_more_fails_with_a_sentence(
    core: Core,
) -> None:
    begun = await core.service.begin_training(core.ada, REQUEST, NOTHING)
    told = Told()
    told.takes_announcements = False

    later = await core.again()
    await later.start()
    await later.readings.start(FakeChannels(), told)

    assert said((await later.ended(begun.run.id)).reason or "") == str(UNANNOUNCED)


async def test_messages_that_a_crash_left_go_at_the_start(core: Core) -> None:
    """The bot died after the corpus was written and before the messages were deleted."""
    run_id = await core.queued()
    left = core.folder(run_id).path / "pages.jsonl"
    left.write_text("{}\n")

    await core.readings.recall()

    assert not left.exists()


async def test_a_reading_that_is_announced_early_waits_for_the_start(core: Core) -> None:
    run_id = await begin(core)

    await core.readings.start(FakeChannels(), Told())

    await core.reporter.first("training", run_id)


async def test_a_reading_is_canceled_by_whoever_may_and_leaves_nothing(core: Core) -> None:
    channels, told = FakeChannels(open_pages=1), Told()
    await core.readings.start(channels, told)
    run_id = await begin(core)
    await told.until(100)

    with pytest.raises(errors.NotAllowedError):
        await core.service.cancel(core.max, run_id)
    await core.service.cancel(core.ada, run_id)

    assert (await core.ended(run_id)).status is RunStatus.CANCELED
    assert core.files() == []
    assert await core.catalog.readings() == []


async def test_a_corpus_that_is_being_made_is_canceled_too(core: Core) -> None:
    core.launcher.may_read.clear()
    await core.readings.start(FakeChannels(), Told())
    run_id = await begin(core)
    await core.launcher.reading.wait()

    await core.service.cancel(core.ada, run_id)

    assert core.files() == []


async def test_who_opts_out_while_the_corpus_is_made_is_left_out_too(core: Core) -> None:
    core.launcher.may_read.clear()
    await core.readings.start(FakeChannels(), Told())
    run_id = await begin(core)
    await core.launcher.reading.wait()

    await core.service.privacy.leave_out(core.max)
    core.launcher.may_read.set()

    await core.reporter.first("training", run_id)
    assert core.folder(run_id).read_corpus() == text([m for m in talk() if m.author == ANN])


async def test_the_newest_messages_stay_within_the_limit(core: Core) -> None:
    core = await core.again(corpus_characters=2_000)
    await core.start()
    channels = FakeChannels()
    await core.readings.start(channels, Told())

    run_id = await begin(core)

    run, _ = await core.reporter.first("training", run_id)
    assert 1_980 < run.corpus_characters <= 2_000
    assert text(talk()).endswith(core.folder(run_id).read_corpus())
    assert len(channels.asked) == 2


async def test_other_runs_train_while_a_channel_is_read(core: Core) -> None:
    await core.readings.start(FakeChannels(open_pages=0), Told())
    await begin(core)

    await core.reporter.first("training", await core.queued())


async def test_a_reading_counts_as_waiting(core: Core) -> None:
    core = await core.again(runs_waiting_per_person=1)
    await core.start()
    await core.readings.start(FakeChannels(open_pages=0), Told())
    await begin(core)

    with pytest.raises(errors.TooManyRunsError):
        await core.service.check_training(core.ada, train_request())


def test_a_message_tells_when_it_was_written() -> None:
    assert moment(175928847299117063) == datetime(2016, 4, 30, 11, 18, 25, 796000, UTC)
