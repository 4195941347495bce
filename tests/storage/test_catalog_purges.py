"""Deleting for good: every row that is meant, no other one, and no byte of it left."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from storage.database import Database
from storage.errors import CatalogUnavailableError
from storage.files import new_id
from storage.purges import KEPT_OF_GUILDS
from storage.records import ChannelSource, Purge

if TYPE_CHECKING:
    from pathlib import Path

    from storage.catalog import Catalog
    from tests.storage.conftest import House

APPLICATION = 5
MINE, OTHERS = 7, 8
SOURCE = ChannelSource(id=3, name="general", authors=None, names=False)
OF_NO_GUILD = {"synced_commands", "scrubs"}
"""Tables that know nothing of guilds."""


async def furnish(house: House, guild_id: int, user_id: int = MINE) -> None:
    """Have something in every table that has rows of guilds."""
    run = await house.queue(f"poems {user_id}", guild_id=guild_id, user_id=user_id)
    model = await house.finish(run)
    await house.generation(model)
    await house.catalog.change_guild_settings(guild_id, talk_channels=(3,))
    await house.talk(model)
    await house.queue(f"waits {user_id}", guild_id=guild_id, user_id=user_id)
    await house.queue(f"reads {user_id}", guild_id=guild_id, user_id=user_id, source=SOURCE)
    await house.catalog.opt_out(guild_id, user_id)
    await house.catalog.note_guilds(APPLICATION, [guild_id])
    await house.catalog.begin_purge(Purge(guild_id=guild_id, user_id=user_id))


async def tables(house: House) -> dict[str, set[str]]:
    """The columns of every table."""
    rows = await house.database.read(
        "SELECT its.name, columns.name FROM sqlite_schema AS its "
        "JOIN pragma_table_info(its.name) AS columns WHERE its.type = 'table'"
    )
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


async def rows_of(house: House, guild_id: int) -> dict[str, int]:
    """How many rows of a guild each table has."""
    counted = {}
    for table, columns in (await tables(house)).items():
        if "guild_id" in columns:
            query = f"SELECT count(*) FROM {table} WHERE guild_id = ?"  # noqa: S608 - of the schema
            [[counted[table]]] = await house.database.read(query, (guild_id,))
    return counted


async def test_every_table_is_of_guilds_or_goes_with_one_that_is(house: House) -> None:
    """So that whoever adds a table cannot forget that guilds may go."""
    found = await tables(house)
    of_guilds = {table for table, columns in found.items() if "guild_id" in columns}
    cascading = {
        table
        for table in found
        for row in await house.database.read(
            f"SELECT * FROM pragma_foreign_key_list('{table}')"  # noqa: S608 - of the schema
        )
        if row["on_delete"] == "CASCADE" and row["table"] in of_guilds
    }

    assert found.keys() - of_guilds - cascading == OF_NO_GUILD


async def test_a_guilds_rows_go_from_every_table_and_nobody_elses(house: House) -> None:
    await furnish(house, 1)
    await furnish(house, 2)
    await house.catalog.change_guild_settings(1, forbidden_words=("word",))
    assert all((await rows_of(house, 1)).values()), "or this would prove nothing"
    before = await rows_of(house, 2)

    purged = await house.catalog.purge_rows(Purge(guild_id=1))

    left = {table for table, count in (await rows_of(house, 1)).items() if count}
    assert left == KEPT_OF_GUILDS
    assert await rows_of(house, 2) == before
    assert [len(purged.runs), len(purged.checkpoints)] == [3, 1]
    assert [purge.guild_id for purge in await house.catalog.purges()] == [2]


async def test_a_table_that_is_added_later_is_purged_as_well(house: House) -> None:
    async with house.database.transaction() as connection:
        await connection.execute("CREATE TABLE talks (guild_id INTEGER, user_id INTEGER) STRICT")
        await connection.execute("INSERT INTO talks VALUES (1, 7), (1, 8), (2, 7), (2, 8)")

    await house.catalog.purge_rows(Purge(guild_id=1, user_id=7))
    assert (await rows_of(house, 1))["talks"] == 1
    await house.catalog.purge_rows(Purge(guild_id=1))

    assert (await rows_of(house, 1))["talks"] == 0
    assert (await rows_of(house, 2))["talks"] == 2


async def test_what_a_person_gave_goes_and_what_others_gave_stays(house: House) -> None:
    await furnish(house, 1, OTHERS)
    theirs = await house.catalog.models(1)
    await furnish(house, 1, MINE)
    await furnish(house, 2, MINE)
    elsewhere = await rows_of(house, 2)
    given = await house.catalog.given(1, MINE)
    assert [*given.models.values()] == ["poems 7"]
    assert given.runs == 3
    assert (await house.catalog.given(1, OTHERS)).runs == 3

    await house.catalog.purge_rows(Purge(guild_id=1, user_id=MINE))

    assert (await house.catalog.given(1, MINE)).is_nothing
    assert (await house.catalog.given(1, OTHERS)).runs == 3
    assert [model.id for model in await house.catalog.models(1)] == [theirs[0].id]
    current = await house.catalog.current_model(1)
    assert current is not None
    assert current.id == theirs[0].id, "the newest that remains"
    assert await house.catalog.is_opted_out(1, MINE), "it was decided, not given"
    assert await rows_of(house, 2) == elsewhere


async def test_runs_and_texts_of_others_go_with_the_model_that_they_are_of(house: House) -> None:
    """A moderator trained it longer, from a copy of its corpus; somebody wrote with it."""
    model = await house.finish(await house.queue("mine", user_id=MINE))
    longer = await house.catalog.queue_run(
        1,
        run_id=new_id(),
        channel_id=3,
        user_id=OTHERS,
        name="",
        name_is_default=False,
        minutes=3,
        corpus_characters=1000,
        limits=house.unlimited,
        trained_model_id=model.id,
    )
    await house.catalog.record_generation(
        1,
        channel_id=3,
        user_id=OTHERS,
        checkpoint_id=model.checkpoint.id,
        prompt="",
        seed=1,
        temperature=1,
        length=1,
        bookmark=b"state",
    )
    purge = Purge(guild_id=1, user_id=MINE)
    assert [run.id for run in await house.catalog.active_runs_in(purge)] == [longer.id]

    purged = await house.catalog.purge_rows(purge)

    assert longer.id in purged.runs
    assert (await house.catalog.given(1, OTHERS)).is_nothing


async def test_a_purge_is_remembered_until_its_rows_are_gone(path: Path, house: House) -> None:
    purge = Purge(guild_id=1, user_id=MINE)
    await house.catalog.begin_purge(purge)

    async with house.open(path) as other:
        assert await other.catalog.purges() == [purge]
        await other.catalog.purge_rows(purge)
        assert await other.catalog.purges() == []


async def test_no_byte_is_left_of_what_was_deleted(path: Path, house: House) -> None:
    """SQLite's own `secure_delete` leaves some, where rows have moved from page to page."""
    chance = random.Random(1)
    model = await house.model("CANARY", guild_id=1)
    others = await house.model("poems", guild_id=2)
    for _ in range(400):
        one = chance.choice([model, others])
        await house.catalog.record_generation(
            one.guild_id,
            channel_id=3,
            user_id=MINE,
            checkpoint_id=one.checkpoint.id,
            prompt=f"{'CANARY' if one is model else 'others'} {chance.random()}" * 9,
            seed=1,
            temperature=1,
            length=1,
            bookmark=chance.randbytes(chance.choice([10, 3000, 9000])),
        )

    await house.catalog.purge_rows(Purge(guild_id=1))
    await house.catalog.scrub()

    contents = [file.read_bytes() for file in path.parent.iterdir()]
    assert not any(b"CANARY" in content for content in contents)
    assert any(b"others" in content for content in contents)


@pytest.mark.slow  # SQLite waits for the other program
async def test_a_scrub_that_somebody_is_in_the_way_of_stays_due(
    path: Path, catalog: Catalog, house: House
) -> None:
    await house.model("CANARY")
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM models").fetchall()
        await catalog.purge_rows(Purge(guild_id=1))

        with pytest.raises(CatalogUnavailableError, match="another program is reading it"):
            await catalog.scrub()

    async with Database.open(path) as database:
        assert await database.read("SELECT * FROM scrubs")
    await catalog.scrub()
    assert not any(b"CANARY" in file.read_bytes() for file in path.parent.iterdir())


async def test_an_application_s_guilds_are_its_own(catalog: Catalog) -> None:
    await asyncio.gather(catalog.note_guilds(1, [10, 11]), catalog.note_guilds(2, [11, 12]))
    await catalog.note_guilds(1, [11])

    assert await catalog.noted_guilds(1) == {10, 11}
    assert [await catalog.is_shared(1, guild) for guild in (10, 11, 12)] == [False, True, True]
    await catalog.forget_guild(1, 11)
    assert await catalog.noted_guilds(1) == {10}
    assert await catalog.noted_guilds(2) == {11, 12}
