"""Servers that the bot has left for good, those with an outage, and another bot's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import NoModelError

if TYPE_CHECKING:
    from tests.bot.core import Core

OURS, ANOTHER = 71, 72
"""Applications."""


async def has_models(core: Core) -> set[int]:
    """The servers, of 1 and 2, that have a model."""
    return {guild for guild in (1, 2) if await core.catalog.count_models(guild)}


@pytest.fixture
async def both(core: Core) -> Core:
    """A bot in two servers, each with a model."""
    await core.trained("poems", by=core.max)
    await core.trained("fiction", by=core.stranger)
    await core.service.memberships.connected(OURS, {1, 2})
    return core


async def test_a_server_that_the_bot_leaves_is_forgotten(both: Core) -> None:
    run_id = await both.queued("more")
    await both.reporter.first("training", run_id)

    await both.service.memberships.left(OURS, 1)

    assert await has_models(both) == {2}
    assert both.launcher.terminated == [run_id]
    assert await both.catalog.noted_guilds(OURS) == {2}
    with pytest.raises(NoModelError):
        await both.write()


async def test_so_is_one_that_it_has_left_while_it_was_offline(both: Core) -> None:
    waiting = await both.queued("more", by=both.stranger)
    core = await both.again()

    await core.service.memberships.connected(OURS, {1})
    await core.start()

    assert await has_models(core) == {1}
    assert core.launcher.started == []
    assert not core.directory.run(waiting).exists()


async def test_whoever_comes_back_begins_anew_and_is_known_again(both: Core) -> None:
    await both.service.memberships.left(OURS, 1)
    await both.service.memberships.joined(OURS, 1)
    await both.trained("again")

    await both.service.memberships.connected(OURS, {2})

    assert await has_models(both) == {2}


async def test_another_application_s_servers_are_none_of_ours(both: Core) -> None:
    """The same data directory with another token."""
    await both.service.memberships.connected(ANOTHER, {3})
    assert await has_models(both) == {1, 2}

    await both.service.memberships.connected(ANOTHER, {2, 3})
    await both.service.memberships.connected(ANOTHER, {3})

    assert await has_models(both) == {1, 2}, "ours is still in it"
    await both.service.memberships.left(OURS, 2)
    assert await has_models(both) == {1}


async def test_servers_that_nobody_has_noted_are_kept(core: Core) -> None:
    """A catalog from before such notes were taken."""
    await core.trained("poems")

    await core.service.memberships.connected(OURS, set())

    assert await core.catalog.count_models(1) == 1
