"""Deleting for good: what a person gave to a guild, or all that a guild has.

    begin_purge : the wish, as a row            whatever comes then, the next start completes it
    purge_rows  : the rows, the wish among them, in one transaction; the files follow
    scrub       : the catalog's file anew       no byte of what was deleted is left in it

Which rows these are, the schema says, so that a new table cannot be forgotten: every table with
a `guild_id` has rows of guilds, and whatever else a row refers to is in the columns' names.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from storage.errors import NotFoundError
from storage.limits import remember_spent
from storage.models import replace_lost_current
from storage.records import Given, Purge, Purged, RunRecord, run_of

if TYPE_CHECKING:
    import aiosqlite

    from storage.database import Database

KEPT_OF_PEOPLE = {"opt_outs"}
"""What is not given but decided: it outlives the wish to delete what was given."""

KEPT_OF_GUILDS = {"memberships"}
"""Says where the application is, as long as it is there (`storage.memberships`)."""

OF_ALL_TOGETHER = {"conversations"}
"""What one person gave cannot be told from what others did, so it goes with anybody's."""

REFERRED_TO = {"checkpoints", "models"}
"""They go last: with them, rows that refer to them forget that they do."""

_AMONG = "{column} IN (SELECT value FROM json_each(:{ids}))"
_OF_PEOPLE = {
    "user_id": "user_id = :user_id",
    "corpus_user_id": "corpus_user_id = :user_id",
    "prompt_user_ids": ":user_id IN (SELECT value FROM json_each(prompt_user_ids))",
    "model_id": _AMONG.format(column="model_id", ids="models"),
    "trained_model_id": _AMONG.format(column="trained_model_id", ids="models"),
    "checkpoint_id": _AMONG.format(column="checkpoint_id", ids="checkpoints"),
}
"""By a column's name, when a row belongs to what a person gave."""

_HAVING = """
SELECT each.name FROM sqlite_schema AS each JOIN pragma_table_info(each.name) AS its
WHERE each.type = 'table' AND its.name = ?
"""


class PurgeCatalog:
    """The part of `Catalog` that deletes for good."""

    _database: Database

    async def given(self, guild_id: int, user_id: int) -> Given:
        """Return what a person gave to the guild, and what goes with it."""
        key = (guild_id, user_id)
        models = await self._database.read(
            "SELECT id, name FROM models WHERE guild_id = ? AND user_id = ? ORDER BY number", key
        )
        [[runs, texts, conversations]] = await self._database.read(
            "SELECT (SELECT count(*) FROM runs "
            "WHERE guild_id = ?1 AND (user_id = ?2 OR corpus_user_id = ?2)), "
            "(SELECT count(*) FROM generations WHERE guild_id = ?1 AND (user_id = ?2 "
            "OR ?2 IN (SELECT value FROM json_each(prompt_user_ids)))), "
            "(SELECT count(*) FROM conversations WHERE guild_id = ?1 AND bookmark <> x'')",
            key,
        )
        return Given(
            models=dict(tuple(row) for row in models),
            runs=runs,
            texts=texts,
            conversations=conversations,
        )

    async def begin_purge(self, purge: Purge) -> None:
        """Note that this is to be deleted."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "INSERT INTO purges (guild_id, user_id) VALUES (?, ?)",
                (purge.guild_id, purge.user_id),
            )

    async def purges(self) -> list[Purge]:
        """Return what was begun and not completed: for the start of the bot."""
        rows = await self._database.read("SELECT guild_id, user_id FROM purges ORDER BY rowid")
        return [Purge(guild_id=guild_id, user_id=user_id) for guild_id, user_id in rows]

    async def active_runs_in(self, purge: Purge) -> list[RunRecord]:
        """Return the runs that have to end before their rows go."""
        async with self._database.transaction() as connection:
            facts = await _facts(connection, purge)
            meant = await _condition(connection, "runs", purge)
            rows = await connection.execute_fetchall(f"SELECT * FROM runs WHERE {meant}", facts)  # noqa: S608 - ours
            runs = [run_of(row) for row in rows]
            return [run for run in runs if run.status.is_active]

    async def purge_rows(self, purge: Purge) -> Purged:
        """Delete the rows, and return whose files may go now; `scrub` is due then."""
        async with self._database.transaction() as connection:
            await connection.execute("PRAGMA defer_foreign_keys = ON")
            facts = await _facts(connection, purge)
            meant = await _condition(connection, "runs", purge)
            runs = await connection.execute_fetchall(f"SELECT id FROM runs WHERE {meant}", facts)  # noqa: S608 - ours
            await remember_spent(connection, meant, facts)
            tables = await _tables_of(connection, purge)
            for table in sorted(tables, key=lambda table: table in REFERRED_TO):
                meant = await _condition(connection, table, purge)
                await connection.execute_fetchall(f"DELETE FROM {table} WHERE {meant}", facts)  # noqa: S608 - ours
            await replace_lost_current(connection, purge.guild_id)
            await connection.execute_fetchall("INSERT OR IGNORE INTO scrubs (due) VALUES (1)")
            return Purged(
                runs=tuple(run_id for (run_id,) in runs),
                checkpoints=tuple(json.loads(facts["checkpoints"])),
            )

    async def scrub(self) -> None:
        """Leave no byte of what was deleted in the catalog's files, if any may be left."""
        if not await self._database.read("SELECT 1 FROM scrubs"):
            return
        await self._database.scrub()
        async with self._database.transaction() as connection:
            await connection.execute_fetchall("DELETE FROM scrubs")

    async def empty_log(self) -> None:
        """Leave in the catalog's log nothing of what it has had, such as rows that are gone."""
        await self._database.empty_log()


async def refuse_deleted(
    connection: aiosqlite.Connection, guild_id: int, *people: int | None
) -> None:
    """Refuse a run that would be made of what one of these people wants to be deleted."""
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM purges WHERE guild_id = ?1 "
        "AND (user_id IS NULL OR user_id IN (SELECT value FROM json_each(?2)))",
        (guild_id, json.dumps(people)),
    )
    if rows:
        raise NotFoundError("model")


async def _facts(connection: aiosqlite.Connection, purge: Purge) -> dict[str, Any]:
    """What the conditions refer to; the ids are JSON."""
    key = (purge.guild_id, purge.user_id)
    models = await connection.execute_fetchall(
        "SELECT id FROM models WHERE guild_id = ?1 AND user_id = coalesce(?2, user_id)", key
    )
    checkpoints = await connection.execute_fetchall(
        "SELECT checkpoints.id FROM checkpoints JOIN models ON models.id = model_id "
        "WHERE models.guild_id = ?1 AND models.user_id = coalesce(?2, models.user_id)",
        key,
    )
    return {
        "guild_id": purge.guild_id,
        "user_id": purge.user_id,
        "models": json.dumps([model_id for (model_id,) in models]),
        "checkpoints": json.dumps([checkpoint_id for (checkpoint_id,) in checkpoints]),
    }


async def _tables_of(connection: aiosqlite.Connection, purge: Purge) -> set[str]:
    """The tables that have rows of guilds, and, for a person, of people."""
    tables = await _having(connection, "guild_id") - KEPT_OF_GUILDS
    if purge.user_id is None:
        return tables
    of_people = [await _having(connection, column) for column in _OF_PEOPLE]
    return tables.intersection(set().union(*of_people)) - KEPT_OF_PEOPLE


async def _condition(connection: aiosqlite.Connection, table: str, purge: Purge) -> str:
    """Which rows of a table are meant."""
    of_guild = "guild_id = :guild_id"
    if purge.user_id is None or table in OF_ALL_TOGETHER:
        return of_guild
    found = [
        condition
        for column, condition in _OF_PEOPLE.items()
        if table in await _having(connection, column)
    ]
    return f"{of_guild} AND ({' OR '.join(found)})"


async def _having(connection: aiosqlite.Connection, column: str) -> set[str]:
    """The tables that have this column."""
    return {table for (table,) in await connection.execute_fetchall(_HAVING, (column,))}
