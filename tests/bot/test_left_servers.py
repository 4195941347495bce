"""Servers that the bot has left, while the disk takes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import BeingDeletedError
from storage.catalog import Catalog
from tests.bot.full import refuse

if TYPE_CHECKING:
    from storage.records import Purge
    from tests.bot.core import Core

OURS = 71
"""An application."""


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


@pytest.mark.parametrize("step", ["is_shared", "begin_purge", "purge_rows", "forget_guild"])
async def test_a_server_that_cannot_be_forgotten_yet_is_later(
    both: Core, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, step, refuse)
        await both.service.memberships.left(OURS, 1)
        assert await both.catalog.noted_guilds(OURS) == {1, 2}, "or a crash would end the trying"

    await both.service.memberships.retry()

    assert await has_models(both) == {2}
    assert await both.catalog.noted_guilds(OURS) == {2}


async def test_one_that_cannot_be_forgotten_keeps_no_other_one(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_purge = Catalog.begin_purge

    async def resist(catalog: Catalog, purge: Purge) -> None:
        await (refuse() if purge.guild_id == 1 else begin_purge(catalog, purge))

    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "begin_purge", resist)
        await both.service.memberships.connected(OURS, set())
        assert await has_models(both) == {1}

    await both.service.memberships.retry()

    assert await has_models(both) == set()
    assert await both.catalog.noted_guilds(OURS) == set()


async def test_what_a_server_had_goes_before_it_is_joined_again(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "begin_purge", refuse)
        await both.service.memberships.left(OURS, 1)

    await both.service.memberships.joined(OURS, 1)

    assert await has_models(both) == {2}
    await both.trained("new")
    await both.service.memberships.retry()
    assert await has_models(both) == {1, 2}


async def test_a_server_that_is_joined_again_too_early_is_still_known(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "begin_purge", refuse)
        await both.service.memberships.left(OURS, 1)
        await both.service.memberships.joined(OURS, 1)

    await both.service.memberships.retry()

    assert await has_models(both) == {2}
    assert await both.catalog.noted_guilds(OURS) == {1, 2}


@pytest.mark.parametrize("step", ["begin_purge", "purge_rows"])
async def test_what_a_server_gives_when_it_is_back_is_none_of_what_it_had(
    both: Core, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """It can give nothing before, whoever else deletes what it had."""
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, step, refuse)
        await both.service.memberships.left(OURS, 1)
        await both.service.memberships.joined(OURS, 1)
    await both.service.privacy.delete_everything(both.ada)
    with pytest.raises(BeingDeletedError):
        await both.begin()

    await both.service.memberships.retry()

    await both.trained("new")
    await both.service.memberships.retry()
    await both.service.purger.retry()
    assert await has_models(both) == {1, 2}


async def test_servers_that_were_left_are_forgotten_though_new_ones_cannot_be_noted(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "note_guilds", refuse)
        await both.service.memberships.connected(OURS, {2, 3})
        assert await has_models(both) == {2}

    await both.service.memberships.retry()

    assert await both.catalog.noted_guilds(OURS) == {2, 3}


async def test_a_server_that_is_joined_is_noted_as_soon_as_the_disk_takes_it(
    both: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "note_guilds", refuse)
        await both.service.memberships.joined(OURS, 3)

    await both.service.memberships.retry()

    assert await both.catalog.noted_guilds(OURS) == {1, 2, 3}


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_no_run_of_a_server_that_was_left_begins_though_that_cannot_be_noted(
    both: Core, monkeypatch: pytest.MonkeyPatch, *, is_restarted: bool
) -> None:
    training, waiting = await both.queued(by=both.stranger), await both.queued(by=both.max)
    unannounced = (await both.begin(by=both.kim)).run.id
    await both.reporter.first("training", training)
    monkeypatch.setattr(Catalog, "begin_purge", refuse)

    if is_restarted:
        both = await both.again()
        await both.service.memberships.connected(OURS, {2})
        await both.start()
    else:
        await both.service.memberships.left(OURS, 1)
    await both.reporter.first("training", training)
    both.launcher.end(training)
    await both.ended(training)
    other = await both.queued(by=both.stranger)
    await both.reporter.first("training", other)

    begun = {run.id for kind, run, _ in both.reporter.news if kind == "training"}
    assert begun.isdisjoint({waiting, unannounced})
    assert (await both.catalog.run(1, unannounced)).message_id is None
