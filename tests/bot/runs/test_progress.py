"""The card of a run follows it: not too often, in its server's language, and nothing twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import discord
import pytest

from bot.runs import progress
from bot.runs.card import Action
from bot.runs.progress import ProgressReporter
from bot.words import languages, say, speaking
from bot.writing.forbidden import ForbiddenWords
from tests.bot.a_run import DONE, FAR, FINISHED, RUN, RUNNING, STARTED, step
from tests.bot.reporting import (
    EDIT_SECONDS,
    ENDED,
    FORBIDDEN,
    SPOKEN,
    FakeEnds,
    FakePosts,
    error,
    forbidden,
    idle,
    spoken,
)
from training.events import Sample


async def test_news_between_two_edits_replace_each_other(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    for number in range(100):
        reporter.training(RUNNING, step(number))
    await posts.until(lambda: bool(posts.edited))
    for number in range(100, 900):
        reporter.training(RUNNING, step(number))
    await posts.until(lambda: len(posts.edited) == 2)
    reporter.ended(DONE, FINISHED)
    await idle(reporter)

    assert ["9 %" in posts.edited[0].text, "89 %" in posts.edited[1].text] == [True, True]
    assert len(posts.edited) == 3
    assert posts.times[1] - posts.times[0] >= EDIT_SECONDS
    assert posts.places == {RUN.channel_id, RUN.message_id}


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=2)])
async def test_the_end_of_a_run_waits_for_no_turn(
    patient: ProgressReporter, posts: FakePosts, age: timedelta
) -> None:
    message_id = discord.utils.time_snowflake(discord.utils.utcnow() - age)
    patient.training(replace(RUNNING, message_id=message_id), step(1))
    await posts.until(lambda: len(posts.edited) == 1)
    patient.training(replace(RUNNING, message_id=message_id), step(2))
    patient.ended(replace(DONE, message_id=message_id), FINISHED)
    await idle(patient)

    assert [ENDED in card.text for card in posts.edited] == [False, True]


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


async def test_news_that_come_after_the_end_do_not_undo_it(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    reporter.ended(DONE, FINISHED)
    reporter.reading(RUN, FAR)
    await idle(reporter)

    assert [ENDED in card.text for card in posts.edited] == [True]


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


async def test_a_failed_edit_harms_nothing(reporter: ProgressReporter, posts: FakePosts) -> None:
    posts.failures = [error(500)]
    reporter.training(RUNNING, step(10))
    await posts.until(lambda: posts.tried == 1)

    reporter.training(RUNNING, step(20))
    await posts.until(lambda: len(posts.edited) == 1)

    assert "2 %" in posts.edited[0].text
    await reporter.close()


async def test_an_old_message_is_edited_rarely(
    reporter: ProgressReporter, posts: FakePosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a slow pace of hours there is no second edit until the end."""
    monkeypatch.setattr(progress, "SLOW_FACTOR", 1_000_000)
    long_ago = discord.utils.time_snowflake(discord.utils.utcnow() - timedelta(hours=2))
    old = replace(RUNNING, message_id=long_ago)
    reporter.training(old, step(1))
    await posts.until(lambda: len(posts.edited) == 1)
    reporter.training(old, step(500))
    await asyncio.sleep(5 * EDIT_SECONDS)
    reporter.ended(replace(DONE, message_id=long_ago), FINISHED)
    await idle(reporter)

    assert [ENDED in card.text for card in posts.edited] == [False, True]


async def test_nothing_is_written_before_discord_is_there(posts: FakePosts) -> None:
    reporter = ProgressReporter(posts, FakeEnds(), spoken, forbidden, edit_seconds=EDIT_SECONDS)
    reporter.ended(DONE, FINISHED)
    await asyncio.sleep(0)
    before = posts.tried

    reporter.open()
    await idle(reporter)

    assert (before, len(posts.edited)) == (0, 1)


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


async def test_after_a_reading_the_message_says_what_was_found(
    reporter: ProgressReporter, posts: FakePosts
) -> None:
    """Until the run has ended; it never says that it reads once it does not."""
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
