"""A guild neither sees nor changes anything of another one, whatever ids it forges."""

from __future__ import annotations

import inspect
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.catalog import Catalog
from storage.errors import StorageError
from storage.files import new_id
from storage.records import ChannelSource, RunLimits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from tests.storage.conftest import House

    Operation = Callable[[Catalog, "Loot"], Awaitable[object]]

OURS, THEIRS = 1, 2
NAME = "Poems"
SOURCE = ChannelSource(id=3, name="general", authors=None, names=False)
SECRETIVE = 99
"""Somebody who opted out of both."""
UNLIMITED = RunLimits(per_person=1000, per_guild=1000)


@dataclass(frozen=True)
class Loot:
    """Ids of one guild's things, and a name that it has."""

    run: str
    model: str
    checkpoint: str
    generation: str
    name: str


ids_nobody_has = st.builds(Loot, *[st.text(max_size=40)] * 5)

OPERATIONS: dict[str, Operation] = {
    "check_run": lambda catalog, loot: catalog.check_run(
        THEIRS, user_id=7, name=loot.name, limits=UNLIMITED
    ),
    "queue_run": lambda catalog, loot: catalog.queue_run(
        THEIRS,
        run_id=new_id(),
        channel_id=3,
        user_id=7,
        name=loot.name,
        name_is_default=False,
        minutes=3,
        corpus_characters=10_000,
        limits=UNLIMITED,
        source=SOURCE,
    ),
    "reading": lambda catalog, loot: catalog.reading(THEIRS, loot.run),
    "opt_out": lambda catalog, _: catalog.opt_out(THEIRS, 7),
    "opt_in": lambda catalog, _: catalog.opt_in(THEIRS, SECRETIVE),
    "opted_out": lambda catalog, _: catalog.opted_out(THEIRS),
    "is_opted_out": lambda catalog, _: catalog.is_opted_out(THEIRS, SECRETIVE),
    "run": lambda catalog, loot: catalog.run(THEIRS, loot.run),
    "runs_of": lambda catalog, _: catalog.runs_of(THEIRS),
    "count_runs": lambda catalog, _: catalog.count_runs(THEIRS),
    "models": lambda catalog, _: catalog.models(THEIRS),
    "model": lambda catalog, loot: catalog.model(THEIRS, loot.model),
    "model_by_name": lambda catalog, loot: catalog.model_by_name(THEIRS, loot.name),
    "count_models": lambda catalog, loot: catalog.count_models(THEIRS, loot.name),
    "model_of_file": lambda catalog, _: catalog.model_of_file(THEIRS, "ab" * 32),
    "check_import": lambda catalog, loot: catalog.check_import(THEIRS, loot.name),
    "run_ids_of": lambda catalog, _: catalog.run_ids_of(THEIRS),
    "import_model": lambda catalog, loot: catalog.import_model(
        THEIRS,
        checkpoint_id=new_id(),
        user_id=7,
        name=loot.name,
        name_is_default=True,
        sha256="cd" * 32,
        file_size=4096,
        step=500,
        validation_loss=None,
        parameters=1,
        corpus_characters=0,
        novelty=None,
    ),
    "find_models": lambda catalog, loot: catalog.find_models(THEIRS, loot.name),
    "current_model": lambda catalog, _: catalog.current_model(THEIRS),
    "use_model": lambda catalog, loot: catalog.use_model(THEIRS, loot.model),
    "rename_model": lambda catalog, loot: catalog.rename_model(THEIRS, loot.model, loot.name),
    "delete_model": lambda catalog, loot: catalog.delete_model(THEIRS, loot.model),
    "checkpoints": lambda catalog, loot: catalog.checkpoints(THEIRS, loot.model),
    "checkpoint": lambda catalog, loot: catalog.checkpoint(THEIRS, loot.checkpoint),
    "use_checkpoint": lambda catalog, loot: catalog.use_checkpoint(
        THEIRS, loot.model, loot.checkpoint
    ),
    "record_generation": lambda catalog, loot: catalog.record_generation(
        THEIRS,
        channel_id=3,
        user_id=7,
        checkpoint_id=loot.checkpoint,
        prompt="",
        seed=1,
        temperature=1,
        length=1,
        bookmark=b"",
    ),
    "generation": lambda catalog, loot: catalog.generation(THEIRS, loot.generation),
    "set_generation_message": lambda catalog, loot: catalog.set_generation_message(
        THEIRS, loot.generation, 13
    ),
    "given": lambda catalog, _: catalog.given(THEIRS, 7),
    "conversation": lambda catalog, loot: catalog.conversation(THEIRS, 3, loot.checkpoint),
    "begin_conversation": lambda catalog, loot: catalog.begin_conversation(
        THEIRS, 3, talk_channel_id=3, checkpoint_id=loot.checkpoint
    ),
    "keep_conversation": lambda catalog, loot: catalog.keep_conversation(
        THEIRS, 3, loot.checkpoint, b"theirs"
    ),
    "last_written": lambda catalog, _: catalog.last_written(THEIRS, 7),
    "guild_settings": lambda catalog, _: catalog.guild_settings(THEIRS),
    "change_guild_settings": lambda catalog, _: catalog.change_guild_settings(THEIRS, length=7),
}


async def furnish(house: House, guild_id: int) -> Loot:
    run = await house.queue(NAME, guild_id=guild_id)
    model = await house.finish(run)
    generation = await house.generation(model)
    await house.queue("waiting", guild_id=guild_id)
    await house.queue("reading", guild_id=guild_id, source=SOURCE)
    await house.catalog.opt_out(guild_id, SECRETIVE)
    await house.catalog.change_guild_settings(guild_id, talk_channels=(3,))
    await house.talk(model, f"state of {guild_id}".encode())
    return Loot(run.id, model.id, model.checkpoint.id, generation.id, NAME)


async def everything(house: House, guild_id: int) -> list[dict[str, Any]]:
    tables = ["runs", "readings", "models", "checkpoints", "generations", "guild_settings"]
    tables += ["opt_outs", "conversations"]
    return [
        dict(row)
        for table in tables
        for row in await house.database.read(
            f"SELECT * FROM {table} WHERE guild_id = ?",  # noqa: S608 - from the list above
            (guild_id,),
        )
    ]


def test_every_method_that_a_guild_can_reach_is_tried() -> None:
    reachable = {
        name
        for name, method in inspect.getmembers(Catalog, inspect.iscoroutinefunction)
        if "guild_id" in inspect.signature(method).parameters
    }

    assert reachable == OPERATIONS.keys()


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(attempts=st.data())
async def test_a_guild_neither_sees_nor_changes_what_is_anothers(
    open_house: Callable[[Path], AbstractAsyncContextManager[House]], attempts: st.DataObject
) -> None:
    """Its own ids, the other's and nonsense, mixed within one call, in any order."""
    with TemporaryDirectory() as folder:
        async with open_house(Path(folder) / "catalog.sqlite3") as house:
            ours, theirs = await furnish(house, OURS), await furnish(house, THEIRS)
            before = await everything(house, OURS)
            choices = [asdict(ours), asdict(theirs), asdict(attempts.draw(ids_nobody_has))]

            for _ in range(10):
                operation = OPERATIONS[attempts.draw(st.sampled_from(sorted(OPERATIONS)))]
                loot = Loot(
                    **{part: attempts.draw(st.sampled_from(choices))[part] for part in asdict(ours)}
                )
                try:
                    answer = repr(await operation(house.catalog, loot))
                except StorageError as refusal:
                    answer = str(refusal)

                assert not any(
                    secret in answer
                    for secret in (
                        *(ours.run, ours.model, ours.checkpoint, ours.generation),
                        f"state of {OURS}",
                    )
                )
            assert await everything(house, OURS) == before
