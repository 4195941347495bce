"""Models are whole, texts keep their place, and nothing is forgotten."""

from __future__ import annotations

import dataclasses
import math
import sqlite3
from typing import TYPE_CHECKING

import pytest

from storage.errors import NotFoundError
from storage.files import new_id
from storage.records import GuildSettings, ModelRecord, RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.storage.conftest import House


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


async def test_a_finished_run_makes_a_model_that_is_current(
    house: House, set_clock: Callable[[float], None]
) -> None:
    before = await house.model("before")
    run = await house.queue("poems", user_id=8)
    set_clock(5000)

    model = await house.finish(run, checkpoint_id="c" * 32)

    assert (model.guild_id, model.user_id, model.name, model.created_at) == (1, 8, "poems", 5000)
    assert model.is_current
    assert model.checkpoint.id == "c" * 32
    assert model.checkpoint.corpus_characters == run.corpus_characters
    assert model.checkpoint.bits_per_character == pytest.approx(1.5 / math.log(2))
    assert model.checkpoint.novelty == 0.97
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
