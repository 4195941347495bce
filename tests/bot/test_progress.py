from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot import ends, progress
from bot.forbidden import ForbiddenWords
from bot.progress import ProgressReporter
from bot.progress_text import Action, Curve
from bot.requests import ReadingProgress
from bot.words import languages, say, speaking
from storage.records import RunRecord, RunStatus
from training.events import Finished, Progress, Sample, Started

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.progress_text import RunCard

EDIT_SECONDS = 0.02

RUN = RunRecord(
    id="a" * 32,
    guild_id=1,
    channel_id=2,
    message_id=discord.utils.time_snowflake(discord.utils.utcnow()),
    user_id=4,
    model_name="Ann",
    minutes=3.0,
    corpus_characters=1_115_394,
    created_at=0,
    started_at=None,
    ended_at=None,
    status=RunStatus.QUEUED,
    reason=None,
    model_id=None,
)
RUNNING = replace(RUN, status=RunStatus.RUNNING)
DONE = replace(
    RUN, status=RunStatus.FINISHED, model_id="b" * 32, checkpoint_id="c" * 32, ended_at=1
)
STARTED = Started(
    characters=1_115_394,
    training_characters=1_003_854,
    vocabulary_size=66,
    parameters=1_000_000,
    cell="lstm",
    layers=2,
    hidden_size=256,
    device="cpu",
)
FINISHED = Finished(
    checkpoint="model.safetensors",
    step=900,
    epochs=3.2,
    validation_loss=1.5,
    bits_per_character=2.16,
    seconds=180.0,
    sample="To be, or not to be",
    novelty=0.97,
)


ENDED = "has learned to write"


def step(number: int) -> Progress:
    return Progress(
        fraction=number / 1000,
        step=number,
        epoch=0.5,
        loss=2.0,
        validation_loss=None,
        bits_per_character=2.9,
        characters_per_second=35_000.0,
        seconds_left=125.0,
    )


class Response:
    """As much of an HTTP response as discord.py's errors want."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "no reason"


def error(status: int, code: int = 0) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(Response(status), {"code": code, "message": "no"})  # type: ignore[arg-type]  # fake


@dataclass
class FakePosts:
    """Remembers what was written below which message, and fails as often as it is told to."""

    posted: list[RunCard] = field(default_factory=list)
    edited: list[RunCard] = field(default_factory=list)
    told: list[tuple[int, RunCard]] = field(default_factory=list)
    places: set[int] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    tried: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, channel_id: int, card: RunCard) -> int:
        self._try(channel_id)
        self.posted.append(card)
        return 5

    async def edit(self, channel_id: int, message_id: int, card: RunCard) -> None:
        self._try(channel_id, message_id)
        self.edited.append(card)
        self.times.append(asyncio.get_running_loop().time())

    async def remove(self, channel_id: int, message_id: int) -> None:
        self._try(channel_id, message_id)

    async def tell(self, user_id: int, card: RunCard) -> None:
        self._try()
        self.told.append((user_id, card))

    def _try(self, *places: int) -> None:
        self.places.update(places)
        self.tried += 1
        self.changed.set()
        if self.failures:
            raise self.failures.pop(0)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


@dataclass
class FakeEnds:
    """What the catalog is told of ends."""

    told: list[str] = field(default_factory=list)

    async def end_is_told(self, run_id: str) -> None:
        self.told.append(run_id)


@pytest.fixture
def told() -> FakeEnds:
    return FakeEnds()


@pytest.fixture
def posts() -> FakePosts:
    return FakePosts()


SPOKEN = {RUN.guild_id: "en"}


async def spoken(guild_id: int) -> str:
    """As the client tells it."""
    return SPOKEN[guild_id]


FORBIDDEN: dict[int, ForbiddenWords | None] = {RUN.guild_id: ForbiddenWords()}


async def forbidden(guild_id: int) -> ForbiddenWords | None:
    """As the client tells it."""
    return FORBIDDEN[guild_id]


@pytest.fixture
async def reporter(posts: FakePosts, told: FakeEnds) -> ProgressReporter:
    reporter = ProgressReporter(posts, told, spoken, forbidden, edit_seconds=EDIT_SECONDS)
    reporter.open()
    return reporter


async def idle(reporter: ProgressReporter) -> None:
    """Wait until every message has said its last."""
    async with asyncio.timeout(5):
        while tasks := list(reporter._tasks.values()):  # noqa: SLF001 - nothing else tells
            await asyncio.wait(tasks)


async def test_news_between_two_edits_replace_each_other(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    for number in range(100):
        reporter.training(RUNNING, step(number))
    await posts.until(lambda: bool(posts.edited))
    for number in range(100, 900):
        reporter.training(RUNNING, step(number))
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert ["9 %" in posts.edited[0].text, ENDED in posts.edited[1].text] == [True, True]
    assert len(posts.edited) == 2
    assert posts.times[1] - posts.times[0] >= EDIT_SECONDS
    assert posts.places == {RUN.channel_id, RUN.message_id}


async def test_cancel_stays_until_the_run_has_ended_and_not_longer(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    await reporter.post(RUN)
    reporter.waiting(RUN, 2)
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.training(RUNNING, STARTED)
    await posts.until(lambda: len(posts.edited) == 2)
    reporter.training(RUNNING, step(1))
    await posts.until(lambda: len(posts.edited) == 3)
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert [card.actions for card in (*posts.posted, *posts.edited)] == [
        (Action.CANCEL,),
        (Action.CANCEL,),
        (Action.CANCEL,),
        (Action.FINISH, Action.CANCEL),
        (Action.GENERATE, Action.TRAIN_LONGER),
    ]


async def test_a_sample_stays_while_progress_goes_on(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    reporter.training(RUNNING, step(1))
    reporter.training(RUNNING, Sample(text="tyger", step=1, seconds=10.0))
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.training(RUNNING, step(500))
    await posts.until(lambda: len(posts.edited) == 2)

    assert ["tyger" in card.text for card in posts.edited] == [True, True]
    assert "50 %" in posts.edited[1].text
    await reporter.close()


async def test_a_sample_is_shown_without_what_its_server_forbids(
    reporter: ProgressReporter, posts: FakePosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FORBIDDEN, RUN.guild_id, ForbiddenWords(["tyger"]))
    reporter.training(RUNNING, step(1))
    reporter.training(RUNNING, Sample(text="burning tyger", step=1, seconds=10.0))
    await posts.until(lambda: len(posts.edited) == 1)

    assert "burning █████" in posts.edited[0].text
    await reporter.close()


async def test_what_looks_the_same_is_not_written_again(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    reporter.training(RUNNING, step(1))
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.training(RUNNING, step(1))
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert len(posts.edited) == 2


@pytest.mark.parametrize(
    "failure",
    [error(500), error(429), error(400, 30046), ConnectionResetError(), TimeoutError()],
    ids=["500", "429", "30046", "reset", "timeout"],
)
async def test_the_end_is_written_however_often_it_takes(
    reporter: ProgressReporter,
    posts: FakePosts,
    told: FakeEnds,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ends, "LONGEST_BACKOFF", EDIT_SECONDS / 10)
    posts.failures = [failure] * 50

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert posts.tried == 51
    assert ENDED in posts.edited[0].text
    assert told.told == [RUN.id]


async def test_the_end_is_posted_anew_when_the_message_is_gone(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    posts.failures = [error(404, 10008)]

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert [ENDED in card.text for card in posts.posted] == [True]
    assert posts.edited == []


async def test_a_message_lost_on_the_way_is_not_edited_again(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    posts.failures = [error(404, 10008)]
    reporter.training(RUNNING, step(1))
    await posts.until(lambda: posts.tried == 1)

    reporter.training(RUNNING, step(2))
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert posts.tried == 2
    assert len(posts.posted) == 1


async def test_a_picture_that_may_not_be_sent_is_left_out(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    posts.failures = [error(403, 50013)]

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    [card] = posts.edited
    assert not any(isinstance(part, Curve) for part in card.parts)
    assert posts.told == []


@pytest.mark.parametrize(
    "failures",
    [[error(404, 10003)], [error(403, 50001)] * 2, [error(404, 10008), *[error(403, 50013)] * 2]],
    ids=["gone", "barred", "deleted and silent"],
)
async def test_who_started_a_run_is_told_where_the_channel_is_lost(
    reporter: ProgressReporter, posts: FakePosts, failures: list[Exception]
) -> None:
    """With its picture, but with nothing to press, for that would be refused there."""
    posts.failures = list(failures)

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    [(user_id, card)] = posts.told
    assert user_id == RUN.user_id
    assert ENDED in card.text
    assert f"may no longer post in <#{RUN.channel_id}>" in card.text
    assert Curve(DONE.checkpoint_id or "") in card.parts
    assert card.actions == ()


async def test_an_end_that_nobody_takes_is_in_the_log(
    reporter: ProgressReporter, posts: FakePosts, told: FakeEnds, caplog: pytest.LogCaptureFixture
) -> None:
    posts.failures = [error(404, 10003), error(403, 50007)]

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert posts.told == []
    assert told.told == [RUN.id], "it is not tried again at the next start"
    assert f"The end of run {RUN.id} cannot be shown" in caplog.text


async def test_a_failed_edit_harms_nothing(reporter: ProgressReporter, posts: FakePosts) -> None:
    posts.failures = [error(500)]
    reporter.training(RUNNING, step(10))
    await posts.until(lambda: posts.tried == 1)

    reporter.training(RUNNING, step(20))
    await posts.until(lambda: len(posts.edited) == 1)

    assert "2 %" in posts.edited[0].text
    await reporter.close()


async def test_an_old_message_is_edited_rarely_but_its_end_at_once(
    reporter: ProgressReporter, posts: FakePosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a slow pace of hours, only the end of the run can be the second edit."""
    monkeypatch.setattr(progress, "SLOW_FACTOR", 1_000_000)
    long_ago = discord.utils.time_snowflake(discord.utils.utcnow() - timedelta(hours=2))
    old = replace(RUNNING, message_id=long_ago)
    reporter.training(old, step(1))
    reporter.ended(replace(DONE, message_id=long_ago), FINISHED)
    await idle(reporter)

    assert len(posts.edited) == 1
    assert ENDED in posts.edited[0].text


async def test_nothing_is_written_before_discord_is_there(posts: FakePosts) -> None:
    reporter = ProgressReporter(posts, FakeEnds(), spoken, forbidden, edit_seconds=EDIT_SECONDS)
    reporter.ended(DONE, FINISHED)
    await asyncio.sleep(0)
    before = posts.tried

    reporter.open()
    await idle(reporter)

    assert (before, len(posts.edited)) == (0, 1)


async def test_an_end_that_is_not_shown_when_the_bot_stops_stays_untold(
    reporter: ProgressReporter, posts: FakePosts, told: FakeEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "CLOSING_SECONDS", 0.1)
    posts.failures = [error(500)] * 1_000

    reporter.ended(DONE, FINISHED)
    await reporter.close()

    assert posts.tried > 0
    assert (posts.edited, told.told) == ([], [])


async def test_closing_writes_the_ends_and_drops_the_rest(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    other = replace(RUNNING, id="c" * 32)
    reporter.training(other, step(1))
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.training(other, step(2))
    reporter.ended(DONE, FINISHED)

    await reporter.close()

    assert [ENDED in card.text for card in posts.edited] == [False, True]


async def test_a_message_speaks_its_servers_language_and_follows_it(
    reporter: ProgressReporter, posts: FakePosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the task speaks that had the news."""
    monkeypatch.setitem(SPOKEN, RUN.guild_id, "de")
    reporter.training(RUNNING, step(1))
    await posts.until(lambda: len(posts.edited) == 1)
    monkeypatch.setitem(SPOKEN, RUN.guild_id, "en")
    reporter.say_again(RUN.guild_id + 1)
    reporter.say_again(RUN.guild_id)
    await posts.until(lambda: len(posts.edited) == 2)
    monkeypatch.setitem(SPOKEN, RUN.guild_id, "de")
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    headings = [str(card.parts[0]) for card in posts.edited]
    assert headings == ["### Ann lernt", "### Ann is learning", "### Ann hat schreiben gelernt"]
    assert say("card-learns", name="Ann") == "Ann is learning"


TAVERN = ReadingProgress(channel_name="ta*vern")
FAR = replace(TAVERN, messages=12_300, back_to=datetime(2024, 3, 5, tzinfo=UTC))


async def test_after_a_reading_the_message_says_what_was_found(posts: FakePosts) -> None:
    """Until the run has ended; it never says that it reads once it does not."""
    reporter = ProgressReporter(posts, FakeEnds(), spoken, forbidden, edit_seconds=EDIT_SECONDS)
    reporter.open()
    found = "The channel's history: 12,000 messages by 9 people"

    reporter.reading(RUN, FAR)
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.read(replace(RUN, found=found))
    await posts.until(lambda: len(posts.edited) == 2)
    reporter.training(replace(RUNNING, found=found), STARTED)
    await posts.until(lambda: len(posts.edited) == 3)
    reporter.ended(DONE, FINISHED)
    await posts.until(lambda: len(posts.edited) == 4)

    texts = [card.text for card in posts.edited]
    assert ["12,300 messages so far" in text for text in texts] == [True, False, False, False]
    assert ["12,000 messages by 9 people" in text for text in texts] == [False, True, True, False]
    assert [Action.CANCEL in card.actions for card in posts.edited] == [True] * 3 + [False]
    await reporter.close()


@pytest.mark.parametrize("language", languages())
async def test_a_message_after_a_restart_is_in_the_servers_language(
    reporter: ProgressReporter,
    posts: FakePosts,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody's command runs then, whose language could be spoken."""
    monkeypatch.setitem(SPOKEN, RUN.guild_id, language)

    await reporter.announce(RUN)

    with speaking(language):
        assert say("card-begins", name=RUN.model_name) in posts.posted[0].text
