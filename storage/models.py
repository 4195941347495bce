"""Models and their checkpoints in the catalog.

A guild that has models has a current one, and a model always has a checkpoint that is its
own; both are foreign keys or follow from the only statements that could change them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from storage.errors import NameTakenError
from storage.files import new_id
from storage.limits import refuse_model, refuse_size
from storage.names import name_key, new_name, refuse_taken, taken_keys
from storage.records import (
    CheckpointRecord,
    ModelRecord,
    RunRecord,
    StockLimits,
    found,
    from_row,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    import aiosqlite

    from storage.database import Database

MODELS = """
SELECT checkpoints.*, models.user_id, models.name, models.created_at AS model_created_at,
       models.imported, models.id IS guild_settings.current_model_id AS is_current
FROM models
JOIN checkpoints ON checkpoints.id = models.checkpoint_id
LEFT JOIN guild_settings ON guild_settings.guild_id = models.guild_id
WHERE models.guild_id = :guild_id
"""
"""The query for a guild's models; more conditions and an order may follow it."""


NO_LIMITS = StockLimits()


class ModelCatalog:
    """The part of `Catalog` that knows models and checkpoints."""

    _database: Database

    async def model(self, guild_id: int, model_id: str) -> ModelRecord:
        """Return one model of the guild, or raise `NotFoundError`."""
        rows = await self._database.read(
            MODELS + "AND models.id = :id", {"guild_id": guild_id, "id": model_id}
        )
        return model_of(found(rows, "model"))

    async def model_by_name(self, guild_id: int, name: str) -> ModelRecord:
        """Return the model of that name, in whatever case it was typed."""
        rows = await self._database.read(
            MODELS + "AND models.name_key = :key", {"guild_id": guild_id, "key": name_key(name)}
        )
        return model_of(found(rows, "model", name))

    async def current_model(self, guild_id: int) -> ModelRecord | None:
        """Return the model that the guild writes with; None if it has no models."""
        rows = await self._database.read(MODELS + "AND is_current", {"guild_id": guild_id})
        return model_of(rows[0]) if rows else None

    async def model_of_file(self, guild_id: int, sha256: str) -> ModelRecord | None:
        """Return the guild's model that has a checkpoint with this hash; None if none has."""
        having_it = "SELECT model_id FROM checkpoints WHERE guild_id = :guild_id AND sha256 = :hash"
        rows = await self._database.read(
            f"{MODELS} AND models.id IN ({having_it}) ORDER BY models.number",
            {"guild_id": guild_id, "hash": sha256},
        )
        return model_of(rows[0]) if rows else None

    async def check_import(
        self, guild_id: int, name: str | None, limits: StockLimits = NO_LIMITS, size: int = 0
    ) -> None:
        """Raise what `import_model` would raise now; a default name (None) is never taken.

        `size` is that of the file, and of what the guild's runs keep on disk.
        """
        async with self._database.transaction() as connection:
            await refuse_model(connection, guild_id, limits)
            await refuse_size(connection, guild_id, limits, size)
            if name is not None:
                await refuse_taken(connection, guild_id, name)

    async def import_model(
        self,
        guild_id: int,
        *,
        checkpoint_id: str,
        user_id: int,
        name: str,
        name_is_default: bool,
        sha256: str,
        file_size: int,
        step: int,
        validation_loss: float | None,
        parameters: int,
        corpus_characters: int,
        novelty: float | None,
        limits: StockLimits = NO_LIMITS,
        runs_size: int = 0,
    ) -> ModelRecord:
        """Insert a model that came as a file; a guild without any writes with it at once.

        The checkpoint's file must be durably on disk before. A default name is made new.
        `runs_size` is what the guild's runs keep on disk.

        Raises:
            NameTakenError, LimitError: Nothing was inserted.
        """
        facts = {
            "checkpoint_id": checkpoint_id,
            "sha256": sha256,
            "file_size": file_size,
            "step": step,
            "validation_loss": validation_loss,
            "parameters": parameters,
            "corpus_characters": corpus_characters,
            "novelty": novelty,
        }
        model_id = new_id()
        origin = {"model_id": model_id, "guild_id": guild_id, "user_id": user_id, "imported": True}
        async with self._database.transaction() as connection:
            await refuse_model(connection, guild_id, limits)
            await refuse_size(connection, guild_id, limits, runs_size + file_size)
            if name_is_default:
                name = new_name(name, await taken_keys(connection, guild_id))
            else:
                await refuse_taken(connection, guild_id, name)
            await _insert_model(connection, {**facts, **origin, "name": name})
            await _insert_checkpoint(connection, {**facts, **origin})
            await connection.execute_fetchall(
                "INSERT INTO guild_settings (guild_id, current_model_id) VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET "
                "current_model_id = coalesce(current_model_id, excluded.current_model_id)",
                (guild_id, model_id),
            )
            return await model_in(connection, guild_id, model_id)

    async def use_model(self, guild_id: int, model_id: str) -> ModelRecord:
        """Make it the guild's current model."""
        async with self._database.transaction() as connection:
            await model_in(connection, guild_id, model_id)
            await make_current(connection, guild_id, model_id)
            return await model_in(connection, guild_id, model_id)

    async def rename_model(self, guild_id: int, model_id: str, name: str) -> ModelRecord:
        """Give it another name, or its own in another case.

        Raises:
            NameTakenError: Nothing has changed.
        """
        async with self._database.transaction() as connection:
            model = await model_in(connection, guild_id, model_id)
            others = await taken_keys(connection, guild_id) - {name_key(model.name)}
            if name_key(name) in others:
                raise NameTakenError(name)
            await connection.execute_fetchall(
                "UPDATE models SET name = ?, name_key = ? WHERE guild_id = ? AND id = ?",
                (name, name_key(name), guild_id, model_id),
            )
            return await model_in(connection, guild_id, model_id)

    async def delete_model(self, guild_id: int, model_id: str) -> tuple[str, ...]:
        """Delete it, and return the ids of the checkpoints whose files may go now.

        If it was the current one, the newest of those that remain becomes current.
        """
        key = {"guild_id": guild_id, "id": model_id}
        async with self._database.transaction() as connection:
            await model_in(connection, guild_id, model_id)
            checkpoints = await connection.execute_fetchall(
                "SELECT id FROM checkpoints WHERE guild_id = :guild_id AND model_id = :id", key
            )
            await connection.execute_fetchall(
                "DELETE FROM models WHERE guild_id = :guild_id AND id = :id", key
            )
            await replace_lost_current(connection, guild_id)
            return tuple(checkpoint_id for (checkpoint_id,) in checkpoints)

    async def checkpoints(self, guild_id: int, model_id: str) -> list[CheckpointRecord]:
        """Return a model's checkpoints, newest first."""
        rows = await self._database.read(
            "SELECT * FROM checkpoints WHERE guild_id = ? AND model_id = ? ORDER BY number DESC",
            (guild_id, model_id),
        )
        found(rows, "model")
        return [from_row(CheckpointRecord, row) for row in rows]

    async def checkpoint(self, guild_id: int, checkpoint_id: str) -> CheckpointRecord:
        """Return one checkpoint of the guild, or raise `NotFoundError`."""
        rows = await self._database.read(
            "SELECT * FROM checkpoints WHERE guild_id = ? AND id = ?", (guild_id, checkpoint_id)
        )
        return from_row(CheckpointRecord, found(rows, "checkpoint"))

    async def use_checkpoint(self, guild_id: int, model_id: str, checkpoint_id: str) -> ModelRecord:
        """Let the model write with another of its checkpoints."""
        async with self._database.transaction() as connection:
            await model_in(connection, guild_id, model_id)
            changed = await connection.execute_fetchall(
                "UPDATE models SET checkpoint_id = checkpoints.id FROM checkpoints "
                "WHERE models.guild_id = ? AND models.id = ? "
                "AND checkpoints.model_id = models.id AND checkpoints.id = ? RETURNING 1",
                (guild_id, model_id, checkpoint_id),
            )
            found(changed, "checkpoint")
            return await model_in(connection, guild_id, model_id)

    async def known_checkpoints(self) -> frozenset[str]:
        """Return the id of every checkpoint of every guild: for the sweep at the start."""
        rows = await self._database.read("SELECT id FROM checkpoints")
        return frozenset(checkpoint_id for (checkpoint_id,) in rows)


async def model_in(connection: aiosqlite.Connection, guild_id: int, model_id: str) -> ModelRecord:
    """Return a model as the open transaction sees it, or raise `NotFoundError`."""
    rows = await connection.execute_fetchall(
        MODELS + "AND models.id = :id", {"guild_id": guild_id, "id": model_id}
    )
    return model_of(found(rows, "model"))


async def make_current(connection: aiosqlite.Connection, guild_id: int, model_id: str) -> None:
    """Let the guild write with a model that it has."""
    await connection.execute_fetchall(
        "INSERT INTO guild_settings (guild_id, current_model_id) VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET current_model_id = excluded.current_model_id",
        (guild_id, model_id),
    )


async def replace_lost_current(connection: aiosqlite.Connection, guild_id: int) -> None:
    """Let the newest model that remains be current, if the current one has been deleted."""
    models = "SELECT id FROM models WHERE guild_id = :guild_id"
    await connection.execute_fetchall(
        "UPDATE guild_settings SET current_model_id = "  # noqa: S608 - ours
        f"({models} ORDER BY number DESC LIMIT 1) "
        f"WHERE guild_id = :guild_id AND current_model_id NOT IN ({models})",
        {"guild_id": guild_id},
    )


async def insert_model(
    connection: aiosqlite.Connection,
    run: RunRecord,
    facts: Mapping[str, object],
) -> None:
    """Insert the model that a run has made; its first checkpoint follows."""
    origin = {
        "model_id": run.model_id,
        "guild_id": run.guild_id,
        "user_id": run.user_id,
        "name": run.model_name,
        "imported": False,
    }
    await _insert_model(connection, {**facts, **origin})


async def insert_checkpoint(
    connection: aiosqlite.Connection,
    run: RunRecord,
    facts: Mapping[str, object],
) -> None:
    """Insert what came of a run; its model writes with it from now on."""
    origin = {
        "model_id": run.model_id,
        "guild_id": run.guild_id,
        "corpus_characters": run.corpus_characters,
    }
    values = {**facts, **origin}
    await connection.execute_fetchall(
        "UPDATE models SET checkpoint_id = :checkpoint_id "
        "WHERE guild_id = :guild_id AND id = :model_id",
        values,
    )
    await _insert_checkpoint(connection, values)


async def _insert_model(connection: aiosqlite.Connection, facts: Mapping[str, object]) -> None:
    await connection.execute_fetchall(
        "INSERT INTO models (id, guild_id, user_id, name, name_key, created_at, checkpoint_id, "
        "imported) VALUES (:model_id, :guild_id, :user_id, :name, :name_key, :created_at, "
        ":checkpoint_id, :imported)",
        {**facts, "name_key": name_key(str(facts["name"])), "created_at": int(time.time())},
    )


async def _insert_checkpoint(connection: aiosqlite.Connection, facts: Mapping[str, object]) -> None:
    await connection.execute_fetchall(
        "INSERT INTO checkpoints (id, guild_id, model_id, sha256, file_size, step, "
        "validation_loss, parameters, corpus_characters, created_at, novelty) "
        "VALUES (:checkpoint_id, :guild_id, :model_id, :sha256, :file_size, :step, "
        ":validation_loss, :parameters, :corpus_characters, :created_at, :novelty)",
        {**facts, "created_at": int(time.time())},
    )


def model_of(row: sqlite3.Row) -> ModelRecord:
    """Return the record of a row of the query `MODELS`."""
    return from_row(
        ModelRecord,
        row,
        id=row["model_id"],
        created_at=row["model_created_at"],
        imported=bool(row["imported"]),
        is_current=bool(row["is_current"]),
        checkpoint=from_row(CheckpointRecord, row),
    )
