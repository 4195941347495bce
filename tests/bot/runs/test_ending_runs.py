"""Runs that people end: canceled, with nothing kept, or finished early, with what they learned."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot import errors
from bot.views.runs import finish
from storage.records import Purge, RunStatus
from tests.bot import fakes
from training.events import Finished

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bot.core import Core
    from training.events import Event

ENDS_NOW = "It ends now and keeps the best that it has come to; the card will say so in a moment."
ENDS_LATER = (
    "It ends as soon as it is better than when it began, and keeps the best that it has come to; "
    "the card will say so."
)


def pressing(core: Core) -> Any:
    """As much of an interaction as a button needs that Max has pressed."""
    return SimpleNamespace(
        client=SimpleNamespace(service=core.service),
        guild_id=core.max.guild_id,
        channel_id=core.max.channel_id,
        channel=None,
        user=SimpleNamespace(id=core.max.user_id, roles=[]),
        permissions=discord.Permissions.none(),
    )


# Canceling


async def test_a_canceled_run_that_trains_keeps_nothing(core: Core) -> None:
    run_id, other = await core.queued(), await core.queued()
    await core.reporter.first("training", run_id)

    await core.service.cancel(core.max, run_id)

    assert core.launcher.terminated == [run_id]
    assert await core.ended_once(run_id) == RunStatus.CANCELED
    assert not core.folder(run_id).path.exists()
    await core.reporter.first("training", other)


async def test_a_canceled_run_that_waits_keeps_nothing(core: Core) -> None:
    await core.queued()
    run_id = await core.queued()

    await core.service.cancel(core.max, run_id)

    assert await core.ended_once(run_id) == RunStatus.CANCELED
    assert not core.folder(run_id).path.exists()
    assert run_id not in core.launcher.started


async def test_a_run_whose_row_is_gone_ends_all_the_same(core: Core) -> None:
    """However that came about: nobody is left with a card that says that it trains."""
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    await core.catalog.purge_rows(Purge(guild_id=1, user_id=core.max.user_id))

    core.launcher.end(run_id)

    assert (await core.ended(run_id)).status == RunStatus.CANCELED
    assert len(core.reporter.of("ended", run_id)) == 1


async def test_two_cancels_at_once_are_one_end(core: Core) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    await asyncio.gather(
        core.service.cancel(core.max, run_id), core.service.cancel(core.ada, run_id)
    )

    assert core.launcher.terminated == [run_id]
    assert await core.ended_once(run_id) == RunStatus.CANCELED


async def test_a_run_canceled_before_it_is_announced_ends_when_it_is(core: Core) -> None:
    begun = await core.begin()

    await core.service.cancel(core.max, begun.run.id)
    assert core.reporter.of("ended", begun.run.id) == []
    await core.service.announce(begun.run.id, 5)

    assert await core.ended_once(begun.run.id) == RunStatus.CANCELED
    assert core.launcher.started == []


async def test_cancel_comes_too_late_for_a_model_that_is_being_saved(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the worker's last word on a run is finished: it never has two ends."""
    refusals: list[BaseException | None] = []
    finish_run = core.catalog.finish_run

    async def finish_and_cancel(run_id: str, **facts: object) -> object:
        [refusal] = await asyncio.gather(
            core.service.cancel(core.max, run_id), return_exceptions=True
        )
        refusals.append(refusal)
        return await finish_run(run_id, **facts)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(core.catalog, "finish_run", finish_and_cancel)
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)

    assert await core.ended_once(run_id) == RunStatus.FINISHED
    assert isinstance(refusals[0], errors.RunGoneError)


async def test_only_the_starter_and_moderators_cancel(core: Core) -> None:
    run_id = await core.queued(by=core.max)

    with pytest.raises(errors.NotAllowedError) as refused:
        await core.service.cancel(core.kim, run_id)
    with pytest.raises(errors.RunGoneError):
        await core.service.cancel(core.stranger, run_id)
    await core.service.cancel(core.ada, run_id)

    assert str(refused.value) == (
        "Only the person who made it and members with Manage Server may cancel it; "
        "please ask one of them."
    )
    assert core.files() == []


async def test_a_run_that_has_ended_is_not_canceled(core: Core) -> None:
    await core.trained()
    [run] = await core.catalog.runs_of(1)

    with pytest.raises(errors.RunGoneError) as refused:
        await core.service.cancel(core.max, run.id)

    assert str(refused.value) == ("This training has already ended; start another one with /train.")


# Finishing early


async def test_a_run_that_finishes_early_ends_as_any_other(core: Core) -> None:
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)

    await core.service.finish(core.max, run_id)

    assert await core.ended_once(run_id) == RunStatus.FINISHED
    [(run, finished)] = core.reporter.of("ended", run_id)
    assert isinstance(finished, Finished)
    assert finished.asked
    assert run.model_id is not None
    with pytest.raises(errors.RunGoneError):
        await core.service.finish(core.max, run_id)


async def test_who_may_not_cancel_a_run_may_not_finish_it_either(core: Core) -> None:
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)

    with pytest.raises(errors.NotAllowedError):
        await core.service.finish(core.kim, run_id)
    with pytest.raises(errors.RunGoneError):
        await core.service.finish(core.stranger, run_id)
    await core.service.finish(core.ada, run_id)

    assert await core.ended_once(run_id) == RunStatus.FINISHED


async def test_a_run_that_waits_has_learned_nothing_that_could_be_kept(core: Core) -> None:
    first = await core.queued("First")
    second = await core.queued("Second")
    await core.reporter.first("training", first)

    with pytest.raises(errors.NothingLearnedError):
        await core.service.finish(core.max, second)

    assert core.launcher.started == [first]


@pytest.mark.parametrize(
    ("first", "said"), [(9.0, ENDS_NOW), (2.0, ENDS_LATER), (None, ENDS_LATER)]
)
async def test_whoever_finishes_a_run_is_told_whether_that_is_now_or_later(
    core: Core, monkeypatch: pytest.MonkeyPatch, first: float | None, said: str
) -> None:
    """A worker goes on until it is better than when it began; with a base that may take long."""
    progress = replace(fakes.PROGRESS, first_bits_per_character=first)
    monkeypatch.setattr(fakes, "PROGRESS", progress)
    run_id = await core.queued("Poems")
    await core.reporter.first("training", run_id)

    assert await finish(pressing(core), run_id) == said


async def test_what_a_lost_worker_had_learned_the_next_one_has_yet_to_learn(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins anew where there is no snapshot."""
    begun = asyncio.Event()

    async def run(directory: Path, on_event: Callable[[Event], None]) -> Finished:
        for event in (fakes.STARTED, fakes.PROGRESS, fakes.STARTED):
            on_event(event)
        begun.set()
        return await asyncio.Future[Finished]()

    monkeypatch.setattr(core.launcher, "run", run)
    run_id = await core.queued("Poems")
    await begun.wait()

    with pytest.raises(errors.NothingLearnedError):
        await core.service.finish(core.max, run_id)


@pytest.mark.parametrize("resumed", [True, False])
async def test_a_run_that_has_just_begun_finishes_only_if_it_was_resumed(
    core: Core, monkeypatch: pytest.MonkeyPatch, *, resumed: bool
) -> None:
    """Its worker has not said how far it is; a snapshot tells that there is something."""
    begun = asyncio.Event()

    async def run(directory: Path, _: object) -> Finished:
        core.launcher.ends[directory.name] = asyncio.get_running_loop().create_future()
        begun.set()
        return await core.launcher.ends[directory.name]

    monkeypatch.setattr(core.launcher, "run", run)
    run_id = await core.queued("Poems")
    await begun.wait()
    core.folder(run_id).checkpoint.write_bytes(core.launcher.checkpoint)
    if resumed:
        core.folder(run_id).snapshot.write_bytes(b"snapshot")
        await core.service.finish(core.max, run_id)
        assert await core.ended_once(run_id) == RunStatus.FINISHED
    else:
        with pytest.raises(errors.NothingLearnedError):
            await core.service.finish(core.max, run_id)
