from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot import progress
from bot.progress import ProgressReporter
from bot.progress_text import News, duration, progress_text
from bot.rendering import CONTENT_LIMIT, size
from bot.requests import ReadingProgress
from storage.records import RunRecord, RunStatus
from training.events import Finished, Progress, Started
from training.novelty import describe_novelty

if TYPE_CHECKING:
    from collections.abc import Callable

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
DONE = replace(RUN, status=RunStatus.FINISHED, model_id="b" * 32)
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

    posted: list[tuple[str, str | None]] = field(default_factory=list)
    edited: list[tuple[str, str | None]] = field(default_factory=list)
    places: set[int] = field(default_factory=set)
    times: list[float] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    tried: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, channel_id: int, text: str, cancel: str | None) -> int:
        self._try(channel_id)
        self.posted.append((text, cancel))
        return 5

    async def edit(self, channel_id: int, message_id: int, text: str, cancel: str | None) -> None:
        self._try(channel_id, message_id)
        self.edited.append((text, cancel))
        self.times.append(asyncio.get_running_loop().time())

    async def remove(self, channel_id: int, message_id: int) -> None:
        self._try(channel_id, message_id)

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


@pytest.fixture
def posts() -> FakePosts:
    return FakePosts()


@pytest.fixture
async def reporter(posts: FakePosts) -> ProgressReporter:
    reporter = ProgressReporter(posts, edit_seconds=EDIT_SECONDS)
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

    assert ["9 %" in posts.edited[0][0], "is trained" in posts.edited[1][0]] == [True, True]
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
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert [cancel for _, cancel in posts.posted] == [RUN.id]
    assert [cancel for _, cancel in posts.edited] == [RUN.id, RUN.id, None]


@pytest.mark.parametrize(
    "failure",
    [error(500), error(429), error(400, 30046), ConnectionResetError(), TimeoutError()],
    ids=["500", "429", "30046", "reset", "timeout"],
)
async def test_the_end_is_written_however_often_it_takes(
    reporter: ProgressReporter,
    posts: FakePosts,
    failure: Exception,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "LONGEST_BACKOFF", EDIT_SECONDS)
    posts.failures = [failure] * 5

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert posts.tried == 6
    assert "is trained" in posts.edited[0][0]


async def test_the_end_is_posted_anew_when_the_message_is_gone(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    posts.failures = [error(404, 10008)]

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert [cancel for _, cancel in posts.posted] == [None]
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


@pytest.mark.parametrize("failure", [error(404, 10003), error(403, 50001)], ids=["gone", "barred"])
async def test_a_channel_that_is_gone_or_barred_is_given_up(
    reporter: ProgressReporter,
    posts: FakePosts,
    failure: Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    posts.failures = [failure]

    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert posts.tried == 1
    assert f"The end of run {RUN.id} cannot be shown" in caplog.text


async def test_a_failed_edit_harms_nothing(reporter: ProgressReporter, posts: FakePosts) -> None:
    posts.failures = [error(500)]
    reporter.training(RUNNING, step(10))
    await posts.until(lambda: posts.tried == 1)

    reporter.training(RUNNING, step(20))
    await posts.until(lambda: len(posts.edited) == 1)

    assert "2 %" in posts.edited[0][0]
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
    assert "is trained" in posts.edited[0][0]


async def test_nothing_is_written_before_discord_is_there(posts: FakePosts) -> None:
    reporter = ProgressReporter(posts, edit_seconds=EDIT_SECONDS)
    reporter.ended(DONE, FINISHED)
    await asyncio.sleep(0)
    before = posts.tried

    reporter.open()
    await idle(reporter)

    assert (before, len(posts.edited)) == (0, 1)


async def test_closing_writes_the_ends_and_drops_the_rest(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    other = replace(RUNNING, id="c" * 32)
    reporter.training(other, step(1))
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.training(other, step(2))
    reporter.ended(DONE, FINISHED)

    await reporter.close()

    assert ["is trained" in text for text, _ in posts.edited] == [False, True]


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (News(run=RUN), "**Ann** is about to train."),
        (News(run=RUN, position=1), "**Ann** waits for its turn: one training comes first."),
        (News(run=RUN, position=3), "**Ann** waits for its turn: 3 trainings come first."),
        (
            News(run=RUNNING, started=STARTED),
            "**Ann** is learning 1,115,394 characters.\n`░░░░░░░░░░░░░░░░░░░░` 0 % · getting ready",
        ),
        (
            News(run=RUNNING, started=STARTED, progress=step(425)),
            (
                "**Ann** is learning 1,115,394 characters.\n"
                "`████████░░░░░░░░░░░░` 42 % · 2 min 05 s left\n"
                "loss 2.000 · 2.90 bits per character · 35,000 characters per second"
            ),
        ),
        (
            News(run=replace(RUN, status=RunStatus.FAILED, reason="It ran out of *memory*.")),
            "**Ann** could not be trained. It ran out of \\*memory\\*.",
        ),
        (
            News(run=replace(RUN, status=RunStatus.CANCELED)),
            "The training of **Ann** was canceled; nothing of it was kept.",
        ),
        (
            News(run=DONE, finished=FINISHED),
            (
                "**Ann** is trained, and is now the model that this server writes with.\n"
                "2.16 bits per character after 3.2 passes over the text, in 3 min 00 s\n"
                "97 % of what it writes is new.\n"
                "A first sample:\n```\nTo be, or not to be\n```\n"
                "Write with it: `/generate`. All models: `/models`."
            ),
        ),
    ],
)
def test_the_message_says(news: News, expected: str) -> None:
    assert progress_text(news) == expected


def test_the_end_warns_of_a_model_that_recites() -> None:
    text = progress_text(News(run=DONE, finished=replace(FINISHED, novelty=0.414)))

    assert f"\n{describe_novelty(0.414)}\n" in text
    assert "recites parts of its text" in text


def test_the_end_says_nothing_of_a_novelty_that_is_not_known() -> None:
    text = progress_text(News(run=DONE, finished=replace(FINISHED, novelty=None)))

    assert " is new" not in text


def test_the_longest_summary_fits_into_a_message() -> None:
    run = replace(DONE, model_name="*" * 40)
    for sample in ("`" * 10_000, "😀" * 10_000, "e\u0301" * 10_000):
        text = progress_text(News(run=run, finished=replace(FINISHED, sample=sample, novelty=0.0)))

        assert size(text) <= CONTENT_LIMIT


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (4260, "1 h 11 min"),
    ],
)
def test_durations_are_short(seconds: float, words: str) -> None:
    assert duration(seconds) == words


TAVERN = ReadingProgress(channel_name="ta*vern")
FAR = replace(TAVERN, messages=12_300, back_to=datetime(2024, 3, 5, tzinfo=UTC))


def test_a_reading_says_how_far_it_is() -> None:
    def text(reading: ReadingProgress) -> str:
        return progress_text(News(run=RUN, reading=reading))

    assert text(TAVERN) == r"**Ann** is about to read #ta\*vern."
    assert text(FAR) == (
        r"**Ann** is reading #ta\*vern: 12,300 messages so far, back to March 2024."
    )
    delayed = text(replace(FAR, is_delayed=True))
    assert delayed.endswith("the reading goes on as soon as it does.")
    assert len(delayed.splitlines()) == 2


async def test_after_a_reading_the_message_says_what_was_found(posts: FakePosts) -> None:
    """Until the run has ended; it never says that it reads once it does not."""
    reporter = ProgressReporter(posts, edit_seconds=EDIT_SECONDS)
    reporter.open()

    reporter.reading(RUN, FAR)
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.read(RUN, "The channel's history: 12,000 messages by 9 people")
    await posts.until(lambda: len(posts.edited) == 2)
    reporter.training(RUNNING, STARTED)
    await posts.until(lambda: len(posts.edited) == 3)
    reporter.ended(DONE, FINISHED)
    await posts.until(lambda: len(posts.edited) == 4)

    texts = [text for text, _ in posts.edited]
    assert ["12,300 messages so far" in text for text in texts] == [True, False, False, False]
    assert ["12,000 messages by 9 people" in text for text in texts] == [False, True, True, False]
    assert [cancel for _, cancel in posts.edited] == [RUN.id] * 3 + [None]
    await reporter.close()
