"""The end of a run is told, however often that takes and wherever it can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.runs import delivery, progress
from bot.runs.card import Curve
from tests.bot.a_run import DONE, FINISHED, RUN, RUNNING, step
from tests.bot.reporting import EDIT_SECONDS, ENDED, FakeEnds, FakePosts, error, idle

if TYPE_CHECKING:
    from bot.runs.progress import ProgressReporter


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
    monkeypatch.setattr(delivery, "LONGEST_BACKOFF", EDIT_SECONDS / 10)
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
    patient: ProgressReporter, posts: FakePosts, failures: list[Exception]
) -> None:
    """At once, with its picture, but with nothing to press, for that would be refused there."""
    posts.failures = list(failures)

    patient.ended(DONE, FINISHED)
    await idle(patient)

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
