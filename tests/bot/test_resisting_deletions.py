"""Deletions that the system is in the way of: at the start of the bot, and from then on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot import service, startup
from bot.errors import BeingDeletedError
from bot.requests import ChannelChoice, TrainRequest
from storage.catalog import Catalog
from storage.files import new_id
from storage.records import Purge
from tests.bot.full import refuse
from tests.bot.uploads import uploading

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.bot.core import Core


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that no event tells of."""
    async with asyncio.timeout(5):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_deletion_that_cannot_be_completed_does_not_keep_the_bot_from_starting(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is, nothing can be given that it would take along."""
    await core.trained()
    await core.catalog.begin_purge(Purge(guild_id=1, user_id=core.max.user_id))
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "purge_rows", refuse)
        later = await core.again()
    with pytest.raises(BeingDeletedError):
        await later.begin()

    await later.service.purger.retry()

    assert later.files() == []
    assert await later.catalog.purges() == []
    assert (await later.begin()).run.user_id == core.max.user_id


async def test_runs_that_are_to_be_deleted_are_neither_announced_nor_trained(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the deletion resists; the run of somebody else trains meanwhile."""
    core = await core.again(channel_history_permitted=True, runs_waiting_per_person=3)
    waiting, unannounced = await core.queued(), (await core.begin()).run.id
    channel = ChannelChoice(id=5, name="tavern", caller_may_read=True)
    manages = replace(core.max, manages_guild=True)
    reading = await core.service.begin_training(manages, TrainRequest(channel=channel), uploading())
    other = await core.queued(by=core.kim)
    await core.catalog.set_message(reading.run.id, 1009)
    await core.catalog.begin_purge(Purge(guild_id=1, user_id=core.max.user_id))
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, "purge_rows", refuse)
        later = await core.again()
        channels: Any = SimpleNamespace()  # is not asked for any page
        await later.start()
        await later.readings.start(channels, channels)
        await later.reporter.first("training", other)
    assert {run.id for _, run, _ in later.reporter.news} == {other}
    later.launcher.end(other)
    await later.ended(other)
    assert later.launcher.started == [other]

    await later.service.purger.retry()

    assert [run.id for run in await later.catalog.runs_of(1)] == [other]
    assert [run.id for run, _ in later.reporter.of("ended", waiting)] == [waiting]
    assert later.reporter.of("ended", unannounced) == []


async def test_what_cannot_be_swept_keeps_neither_the_rest_nor_the_bot(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, loose = core.directory.run(new_id()), core.directory.checkpoint(new_id())
    stuck.mkdir()
    loose.touch()

    def resist(path: Path) -> None:
        raise PermissionError(path)

    with monkeypatch.context() as patch:
        patch.setattr("storage.files.shutil.rmtree", resist)
        later = await core.again()
    assert [stuck.exists(), loose.exists()] == [True, False]

    await later.again()

    assert not stuck.exists()


async def test_messages_that_cannot_be_deleted_keep_no_bot_from_starting(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await core.queued()

    def resist(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr("bot.channels.readings.remove_pages", resist)
    later = await core.again()
    await later.start()

    await later.reporter.first("training", run_id)


def starting(core: Core) -> startup.Bot:
    """What runs, once Discord is there."""
    client: Any = SimpleNamespace(connected=asyncio.Event(), reporter=core.reporter, channels=None)
    client.connected.set()
    opened: Any = core  # has the parts of what `bot.core` opens
    return startup.Bot(core=opened, client=client)


@pytest.mark.parametrize("step", ["begin_purge", "purge_rows"])
async def test_a_started_bot_goes_on_with_deletions_that_have_failed(
    core: Core, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A server was left: the wish cannot be stored at first, or the rows resist."""
    monkeypatch.setattr(service, "DELETE_AGAIN_SECONDS", 0.01)
    await core.trained()
    await core.service.memberships.connected(71, {1})
    with monkeypatch.context() as patch:
        patch.setattr(Catalog, step, refuse)
        await core.service.memberships.left(71, 1)
        assert await core.catalog.count_models(1) == 1

    working = asyncio.create_task(startup._work(starting(core), lambda: None))  # noqa: SLF001

    async def is_gone() -> bool:
        return not await core.catalog.count_models(1) and not await core.catalog.noted_guilds(71)

    await until(is_gone)
    assert not working.done()
    working.cancel()


async def test_a_started_bot_goes_on_with_files_that_resisted(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "DELETE_AGAIN_SECONDS", 0.01)
    await core.trained()

    def resist(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr("storage.files.shutil.rmtree", resist)
        with pytest.raises(PermissionError):
            await core.service.privacy.delete_given(core.max)
    assert core.files()

    working = asyncio.create_task(startup._work(starting(core), lambda: None))  # noqa: SLF001

    async def is_gone() -> bool:
        return not core.files()

    await until(is_gone)
    working.cancel()
