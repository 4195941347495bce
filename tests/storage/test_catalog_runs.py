"""A run ends once, the queue is a queue, and the limits hold."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from typing import TYPE_CHECKING

import pytest

from storage.errors import NameTakenError, NotFoundError, RunEndedError, TooManyRunsError
from storage.files import new_id
from storage.records import RunLimits, RunStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.catalog import Catalog
    from storage.records import RunRecord
    from tests.storage.conftest import House

    Ending = Callable[[House, RunRecord], Awaitable[object]]

ENDINGS: dict[RunStatus, Ending] = {
    RunStatus.FINISHED: lambda house, run: house.finish(run),
    RunStatus.FAILED: lambda house, run: house.catalog.fail_run(run.id, "The disk is full."),
    RunStatus.CANCELED: lambda house, run: house.catalog.cancel_run(run.id),
}


async def test_a_run_is_remembered_as_it_was_queued(
    house: House, set_clock: Callable[[float], None]
) -> None:
    set_clock(1000.9)

    run = await house.queue("poems")

    assert (run.guild_id, run.channel_id, run.user_id, run.model_name) == (1, 3, 7, "poems")
    assert (run.minutes, run.corpus_characters, run.created_at) == (3, 1_115_394, 1000)
    assert run.status is RunStatus.QUEUED
    assert {run.message_id, run.started_at, run.ended_at, run.reason, run.model_id} == {None}
    assert await house.catalog.run(1, run.id) == run


@pytest.mark.parametrize(("first", "second"), list(itertools.product(ENDINGS, ENDINGS)))
async def test_a_run_ends_exactly_once(house: House, first: RunStatus, second: RunStatus) -> None:
    run = await house.queue()
    await house.catalog.start_run(run.id)
    await ENDINGS[first](house, run)
    ended = await house.catalog.run(1, run.id)
    models = await house.catalog.models(1)

    with pytest.raises(RunEndedError, match=first):
        await ENDINGS[second](house, run)
    with pytest.raises(RunEndedError, match=first):
        await house.catalog.start_run(run.id)

    assert ended.status is first
    assert ended.ended_at is not None
    assert await house.catalog.run(1, run.id) == ended
    assert await house.catalog.models(1) == models


async def test_of_ends_at_the_same_moment_one_comes_first(house: House) -> None:
    run = await house.queue()

    outcomes = await asyncio.gather(
        *(end(house, run) for end in ENDINGS.values()), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes].count(RunEndedError) == 2


async def test_a_run_that_a_restart_interrupted_starts_again_and_keeps_its_start(
    house: House, set_clock: Callable[[float], None]
) -> None:
    run = await house.queue()
    set_clock(1000)
    started = await house.catalog.start_run(run.id)
    set_clock(2000)

    again = await house.catalog.start_run(run.id)

    assert again == started
    assert (again.status, again.started_at) == (RunStatus.RUNNING, 1000)


async def test_a_failed_run_says_why(house: House) -> None:
    run = await house.queue()

    failed = await house.catalog.fail_run(run.id, "The disk is full.")

    assert failed.reason == "The disk is full."
    assert await house.catalog.run(1, run.id) == failed


async def test_the_queue_finds_all_guilds_active_runs_oldest_first(house: House) -> None:
    runs = [await house.queue(guild_id=guild_id) for guild_id in (5, 2, 9, 1)]
    await house.catalog.start_run(runs[0].id)
    await house.catalog.cancel_run(runs[1].id)

    active = await house.catalog.active_runs()

    assert [run.id for run in active] == [runs[0].id, runs[2].id, runs[3].id]


async def test_a_progress_message_is_remembered_even_after_the_end(house: House) -> None:
    run = await house.queue()
    ended = await house.catalog.cancel_run(run.id)

    await house.catalog.set_message(run.id, 2**63 - 1)

    assert await house.catalog.run(1, run.id) == dataclasses.replace(ended, message_id=2**63 - 1)


async def test_a_forgotten_run_leaves_nothing(house: House) -> None:
    run = await house.queue()

    for _ in range(2):
        await house.catalog.forget_run(run.id)

    assert await house.catalog.known_runs() == frozenset()


async def test_what_trains_and_waits_is_listed_in_its_order_and_then_what_ended_last(
    house: House, set_clock: Callable[[float], None]
) -> None:
    first, second, third, fourth, fifth = [await house.queue(name) for name in "abcde"]
    await house.catalog.start_run(third.id)
    for moment, run in ((1000, fourth), (2000, first), (2000, second)):
        set_clock(moment)
        await house.catalog.cancel_run(run.id)

    listed = [run.id for run in await house.catalog.runs_of(1)]

    assert listed == [run.id for run in (third, fifth, second, first, fourth)]
    page = await house.catalog.runs_of(1, limit=2, offset=2)
    assert [run.id for run in page] == listed[2:4]
    assert await house.catalog.count_runs(1) == 5


async def test_a_corpus_may_go_when_its_run_has_ended_long_enough_ago(
    house: House, set_clock: Callable[[float], None]
) -> None:
    old, new, waiting = [await house.queue(name) for name in ("old", "new", "waiting")]
    set_clock(1000)
    await house.finish(old)
    set_clock(2000)
    await house.catalog.cancel_run(new.id)

    assert await house.catalog.runs_ended_before(2000) == {old.id}
    assert await house.catalog.runs_ended_before(2001) == {old.id, new.id}
    assert await house.catalog.known_runs() == {old.id, new.id, waiting.id}


# Limits


async def test_a_person_and_a_guild_have_only_so_many_runs_waiting(house: House) -> None:
    limits = RunLimits(per_person=2, per_guild=3)

    await house.queue("one", user_id=7, limits=limits)
    await house.queue("two", user_id=7, limits=limits)
    with pytest.raises(TooManyRunsError, match=r"^You have 2 runs waiting") as of_person:
        await house.queue("three", user_id=7, limits=limits)
    await house.queue("three", user_id=8, limits=limits)
    with pytest.raises(TooManyRunsError, match=r"^This server has 3 runs waiting") as of_guild:
        await house.queue("four", user_id=9, limits=limits)

    assert (of_person.value.limit, of_person.value.whole_guild) == (2, False)
    assert (of_guild.value.limit, of_guild.value.whole_guild) == (3, True)
    assert len(await house.catalog.runs_of(1)) == 3
    with pytest.raises(TooManyRunsError):
        await house.catalog.check_run(1, user_id=9, name=None, limits=limits)
    await house.catalog.check_run(2, user_id=9, name=None, limits=limits)


async def test_a_run_that_trains_or_has_ended_does_not_wait(house: House) -> None:
    limits = RunLimits(per_person=1, per_guild=1)

    await house.catalog.start_run((await house.queue("one", limits=limits)).id)
    await house.catalog.cancel_run((await house.queue("two", limits=limits)).id)
    await house.queue("three", limits=limits)

    with pytest.raises(TooManyRunsError, match="1 run waiting"):
        await house.queue("four", limits=limits)


async def test_the_limits_hold_at_the_same_moment(house: House) -> None:
    limits = RunLimits(per_person=2, per_guild=5)

    outcomes = await asyncio.gather(
        *(house.queue(str(number), limits=limits) for number in range(10)),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes].count(TooManyRunsError) == 8
    assert len(await house.catalog.active_runs()) == 2


async def test_what_the_queue_does_not_know_does_not_exist(catalog: Catalog) -> None:
    for change in (
        catalog.start_run(new_id()),
        catalog.set_message(new_id(), 1),
        catalog.fail_run(new_id(), "The disk is full."),
        catalog.cancel_run(new_id()),
    ):
        with pytest.raises(
            NotFoundError, match=r"^This run does not exist \(any more\); please choose"
        ):
            await change


async def test_a_run_that_trains_a_model_longer_gives_it_another_checkpoint(house: House) -> None:
    model = await house.model("poems")
    run = await house.longer(model)
    await house.model("verse")
    checkpoint_id = new_id()

    now = await house.finish(run, checkpoint_id)

    assert (now.id, now.name, now.checkpoint.id) == (model.id, "poems", checkpoint_id)
    assert now.is_current
    assert {m.name for m in await house.catalog.models(1)} == {"poems", "verse"}
    ended = await house.catalog.run(1, run.id)
    assert (ended.model_id, ended.checkpoint_id) == (model.id, checkpoint_id)
    kept = await house.catalog.checkpoints(1, model.id)
    assert [checkpoint.id for checkpoint in kept] == [checkpoint_id, model.checkpoint.id]


async def test_a_model_is_in_training_once(house: House) -> None:
    """Whatever it is called; and a new model cannot take its name meanwhile."""
    model = await house.model("poems")
    run = await house.longer(model)

    for attempt in (house.longer(model), house.queue("POEMS")):
        with pytest.raises(NameTakenError):
            await attempt

    await house.catalog.cancel_run(run.id)
    assert (await house.longer(model)).model_name == "poems"


async def test_a_run_whose_model_is_deleted_makes_a_new_one(house: House) -> None:
    model = await house.model("poems")
    run = await house.longer(model)
    await house.catalog.delete_model(1, model.id)

    made = await house.finish(run)

    assert made.id != model.id
    assert made.name == "poems"
    assert (await house.catalog.run(1, run.id)).trained_model_id is None


async def test_another_guild_cannot_train_a_model_longer(house: House) -> None:
    model = await house.model("poems", guild_id=1)

    with pytest.raises(NotFoundError):
        await house.longer(model, guild_id=2)


async def test_a_deleted_checkpoint_leaves_its_run(house: House) -> None:
    model = await house.model("poems")
    [run] = await house.catalog.runs_of(1)
    assert run.checkpoint_id == model.checkpoint.id

    await house.catalog.delete_model(1, model.id)

    again = await house.catalog.run(1, run.id)
    assert (again.model_id, again.checkpoint_id) == (None, None)
