"""Runs end once, models are whole, limits hold, and nothing is forgotten."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import math
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest

from storage.errors import NotFoundError, RunEndedError, TooManyRunsError
from storage.files import new_id
from storage.records import GuildSettings, ModelRecord, RunLimits, RunStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from storage.catalog import Catalog
    from storage.records import RunRecord
    from tests.storage.conftest import House

    Ending = Callable[[House, RunRecord], Awaitable[object]]

ENDINGS: dict[RunStatus, Ending] = {
    RunStatus.FINISHED: lambda house, run: house.finish(run),
    RunStatus.FAILED: lambda house, run: house.catalog.fail_run(run.id, "The disk is full."),
    RunStatus.CANCELED: lambda house, run: house.catalog.cancel_run(run.id),
}


def set_clock(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(time, "time", lambda: seconds)


async def add_checkpoint(house: House, model: ModelRecord) -> str:
    """Give a model a second checkpoint, as training it longer will."""
    checkpoint_id = new_id()
    async with house.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO checkpoints (id, guild_id, model_id, sha256, file_size, step, "
            "validation_loss, parameters, corpus_characters, created_at) "
            "SELECT ?, guild_id, model_id, sha256, file_size, 2 * step, 1.4, parameters, "
            "corpus_characters, created_at FROM checkpoints WHERE id = ?",
            (checkpoint_id, model.checkpoint.id),
        )
    return checkpoint_id


# Runs


async def test_a_run_is_remembered_as_it_was_queued(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, 1000.9)

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
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = await house.queue()
    set_clock(monkeypatch, 1000)
    started = await house.catalog.start_run(run.id)
    set_clock(monkeypatch, 2000)

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


async def test_a_runs_position_counts_those_that_wait_before_it(house: House) -> None:
    runs = [await house.queue(guild_id=guild_id) for guild_id in (5, 2, 9, 1)]

    async def positions() -> list[int | None]:
        return [await house.catalog.queue_position(run.id) for run in runs]

    assert await positions() == [1, 2, 3, 4]
    await house.catalog.start_run(runs[0].id)
    assert await positions() == [None, 1, 2, 3]
    await house.catalog.cancel_run(runs[2].id)
    assert await positions() == [None, 1, None, 2]
    assert await house.catalog.queue_position(new_id()) is None


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


async def test_the_history_is_newest_first_and_bounded(house: House) -> None:
    runs = [await house.queue(str(number)) for number in range(4)]

    assert await house.catalog.runs_of(1) == runs[::-1]
    assert await house.catalog.runs_of(1, limit=2) == runs[:1:-1]


async def test_a_corpus_may_go_when_its_run_has_ended_long_enough_ago(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, waiting = [await house.queue(name) for name in ("old", "new", "waiting")]
    set_clock(monkeypatch, 1000)
    await house.finish(old)
    set_clock(monkeypatch, 2000)
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


# Models


async def test_a_finished_run_makes_a_model_that_is_current(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await house.model("before")
    run = await house.queue("poems", user_id=8)
    set_clock(monkeypatch, 5000)

    model = await house.finish(run, checkpoint_id="c" * 32)

    assert (model.guild_id, model.user_id, model.name, model.created_at) == (1, 8, "poems", 5000)
    assert model.is_current
    assert model.checkpoint.id == "c" * 32
    assert model.checkpoint.corpus_characters == run.corpus_characters
    assert model.checkpoint.bits_per_character == pytest.approx(1.5 / math.log(2))
    assert (await house.catalog.run(1, run.id)).model_id == model.id
    assert await house.catalog.current_model(1) == model
    assert await house.catalog.models(1) == [model, dataclasses.replace(before, is_current=False)]
    assert await house.catalog.checkpoints(1, model.id) == [model.checkpoint]
    assert await house.catalog.checkpoint(1, "c" * 32) == model.checkpoint


async def test_a_run_finishes_completely_or_not_at_all(house: House) -> None:
    """Here its checkpoint's id is taken, which only the last of the rows finds out."""
    before = await house.model("before")
    run = await house.queue("poems")
    started = await house.catalog.start_run(run.id)

    with pytest.raises(sqlite3.IntegrityError):
        await house.finish(run, checkpoint_id=before.checkpoint.id)

    assert await house.catalog.run(1, run.id) == started
    assert await house.catalog.models(1) == [before]
    assert await house.catalog.current_model(1) == before


async def test_a_model_is_chosen_until_another_one_is(house: House) -> None:
    assert await house.catalog.current_model(1) is None
    assert await house.catalog.guild_settings(1) == GuildSettings(guild_id=1)
    first, second = await house.model("first"), await house.model("second")

    chosen = await house.catalog.use_model(1, first.id)

    assert chosen == first
    assert await house.catalog.current_model(1) == first
    assert not (await house.catalog.model(1, second.id)).is_current
    assert await house.catalog.guild_settings(1) == GuildSettings(
        guild_id=1, current_model_id=first.id
    )


async def test_a_guild_that_has_models_has_a_current_one(house: House) -> None:
    names = ["first", "second", "third", "fourth"]
    first, second, third, fourth = [await house.model(name) for name in names]
    await house.catalog.use_model(1, second.id)

    async def current_without(model: ModelRecord) -> str | None:
        await house.catalog.delete_model(1, model.id)
        current = await house.catalog.current_model(1)
        return None if current is None else current.name

    assert await current_without(third) == "second"
    assert await current_without(second) == "fourth"
    assert await current_without(fourth) == "first"
    assert await current_without(first) is None


async def test_a_deleted_model_names_its_files_and_leaves_its_texts_and_runs(
    house: House,
) -> None:
    run = await house.queue("poems")
    model = await house.finish(run)
    other = await house.model("other")
    generation = await house.generation(model)
    further = await add_checkpoint(house, model)

    gone = await house.catalog.delete_model(1, model.id)

    assert set(gone) == {model.checkpoint.id, further}
    assert await house.catalog.known_checkpoints() == {other.checkpoint.id}
    assert await house.catalog.generation(1, generation.id) == dataclasses.replace(
        generation, checkpoint_id=None
    )
    assert (await house.catalog.run(1, run.id)).model_id is None
    assert (await house.catalog.run(1, run.id)).status is RunStatus.FINISHED
    for lost in (
        house.catalog.model(1, model.id),
        house.catalog.checkpoint(1, further),
        house.catalog.checkpoints(1, model.id),
        house.catalog.delete_model(1, model.id),
    ):
        with pytest.raises(NotFoundError):
            await lost


async def test_a_model_writes_with_any_of_its_own_checkpoints(house: House) -> None:
    model, other = await house.model("poems"), await house.model("other")
    further = await add_checkpoint(house, model)

    changed = await house.catalog.use_checkpoint(1, model.id, further)

    assert changed.checkpoint.id == further
    assert changed.checkpoint.step == 1000
    assert [each.id for each in await house.catalog.checkpoints(1, model.id)] == [
        further,
        model.checkpoint.id,
    ]
    for foreign in (other.checkpoint.id, new_id()):
        with pytest.raises(NotFoundError, match="checkpoint"):
            await house.catalog.use_checkpoint(1, model.id, foreign)
    assert (await house.catalog.model(1, model.id)).checkpoint.id == further


async def test_what_somebody_has_typed_finds_models_best_first(house: House) -> None:
    names = ["Winter Poems", "POEMS 100%", "prose", "poems_2"]
    for name in names:
        await house.model(name)

    async def suggested(text: str, *, limit: int = 25) -> list[str]:
        return [model.name for model in await house.catalog.find_models(1, text, limit=limit)]

    assert await suggested("pOeM") == ["poems_2", "POEMS 100%", "Winter Poems"]
    assert await suggested("poem", limit=2) == ["poems_2", "POEMS 100%"]
    assert await suggested("") == names[::-1]
    assert await suggested("%") == ["POEMS 100%"]
    assert await suggested("_") == ["poems_2"]
    assert await suggested("' OR 1=1 --") == []
    assert await suggested("\ud800\0") == []


async def test_an_unknown_model_is_named_in_the_refusal(house: House) -> None:
    with pytest.raises(NotFoundError, match="There is no model called “poems” here") as error:
        await house.catalog.model_by_name(1, "poems")

    assert (error.value.what, error.value.name) == ("model", "poems")


# Generations and settings


async def test_a_text_is_kept_with_the_place_where_it_stopped(house: House) -> None:
    model = await house.model()

    generation = await house.generation(model)
    shown = await house.catalog.set_generation_message(1, generation.id, 42)

    assert generation.checkpoint_id == model.checkpoint.id
    assert (generation.prompt, generation.seed) == ("To be", 2**32 - 1)
    assert (generation.temperature, generation.length) == (0.8, 400)
    assert (generation.bookmark, generation.message_id) == (b"\0state", None)
    assert shown == dataclasses.replace(generation, message_id=42)
    assert await house.catalog.generation(1, generation.id) == shown


async def test_a_text_of_a_deleted_checkpoint_is_not_recorded(house: House) -> None:
    model = await house.model()
    await house.catalog.delete_model(1, model.id)

    with pytest.raises(NotFoundError, match="checkpoint"):
        await house.generation(model)


async def test_each_application_remembers_the_commands_that_it_synced(house: House) -> None:
    await house.catalog.set_command_hash(1, "old")
    await house.catalog.set_command_hash(1, "new")
    await house.catalog.set_command_hash(2, "other")

    hashes = [await house.catalog.command_hash(application) for application in (1, 2, 3)]

    assert hashes == ["new", "other", None]


async def test_everything_is_there_after_a_restart(
    path: Path, open_house: Callable[[Path], AbstractAsyncContextManager[House]]
) -> None:
    async with open_house(path) as house:
        model = await house.model()
        generation = await house.generation(model)
        waiting = await house.queue("prose")

    async with open_house(path) as house:
        assert await house.catalog.current_model(1) == model
        assert await house.catalog.generation(1, generation.id) == generation
        assert await house.catalog.active_runs() == [waiting]


async def test_what_the_queue_does_not_know_does_not_exist(catalog: Catalog) -> None:
    for change in (
        catalog.start_run(new_id()),
        catalog.set_message(new_id(), 1),
        catalog.fail_run(new_id(), "The disk is full."),
        catalog.cancel_run(new_id()),
    ):
        with pytest.raises(NotFoundError, match=r"^This run does not exist \(any more\)\.$"):
            await change
