"""What is deleted for good is not shown any more, however late the end of its run is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.runs import delivery
from tests.bot.a_run import DONE, FINISHED, RUN
from tests.bot.reporting import EDIT_SECONDS, FakeEnds, FakePosts, error, idle

if TYPE_CHECKING:
    from bot.runs.progress import ProgressReporter
    from tests.bot.core import Core


async def test_an_end_that_is_deleted_before_the_start_is_told_to_nobody(core: Core) -> None:
    """Its server was left while the bot was offline."""
    await core.trained()
    await core.service.memberships.connected(71, {1})
    later = await core.again()

    await later.service.memberships.connected(71, set())
    await later.start()

    assert later.reporter.news == []


@pytest.mark.parametrize(
    "failures",
    [[], [error(404, 10008)], [error(404, 10003)], [error(403, 50001)]],
    ids=["there", "message gone", "channel gone", "barred"],
)
async def test_an_end_that_waits_for_a_better_day_is_over_when_it_is_deleted(
    reporter: ProgressReporter,
    posts: FakePosts,
    told: FakeEnds,
    monkeypatch: pytest.MonkeyPatch,
    failures: list[Exception],
) -> None:
    monkeypatch.setattr(delivery, "LONGEST_BACKOFF", EDIT_SECONDS)
    posts.failures = [error(500)] * 10**6
    reporter.ended(DONE, FINISHED)
    await posts.until(lambda: posts.tried == 2)

    told.deleted.add(RUN.id)
    posts.failures = [*failures]
    await idle(reporter)

    assert (posts.posted, posts.told) == ([], [])
    assert len(posts.edited) == (not failures)
    for card in posts.edited:
        assert "was canceled" in card.text
        assert FINISHED.sample not in card.text
        assert card.actions == ()


async def test_an_end_that_has_turned_elsewhere_goes_nowhere_once_it_is_deleted(
    reporter: ProgressReporter, posts: FakePosts, told: FakeEnds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LONGEST_BACKOFF", EDIT_SECONDS)
    posts.failures = [error(404, 10003), *[error(500)] * 10**6]
    reporter.ended(DONE, FINISHED)
    await posts.until(lambda: posts.tried == 2)

    told.deleted.add(RUN.id)
    posts.failures = []
    await idle(reporter)

    assert (posts.edited, posts.posted, posts.told) == ([], [], [])
