"""Models and their checkpoints in the catalog.

A guild that has models has a current one, and a model always has a checkpoint that is its
own; both are foreign keys or follow from the only statements that could change them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from storage.errors import NameTakenError
from storage.names import name_key, taken_keys
from storage.records import CheckpointRecord, ModelRecord, RunRecord, found, from_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    import aiosqlite

    from storage.database import Database

_MODELS = """
SELECT checkpoints.*, models.user_id, models.name, models.created_at AS model_created_at,
       models.id IS guild_settings.current_model_id AS is_current
FROM models
JOIN checkpoints ON checkpoints.id = models.checkpoint_id
LEFT JOIN guild_settings ON guild_settings.guild_id = models.guild_id
WHERE models.guild_id = :guild_id
"""


class ModelCatalog:
    """The part of `Catalog` that knows models and checkpoints."""

    _database: Database

    async def models(self, guild_id: int) -> list[ModelRecord]:
        """Return the guild's models, newest first."""
        rows = await self._database.read(
            _MODELS + "ORDER BY models.number DESC", {"guild_id": guild_id}
        )
        return [_model(row) for row in rows]

    async def model(self, guild_id: int, model_id: str) -> ModelRecord:
        """Return one model of the guild, or raise `NotFoundError`."""
        rows = await self._database.read(
            _MODELS + "AND models.id = :id", {"guild_id": guild_id, "id": model_id}
        )
        return _model(found(rows, "model"))

    async def model_by_name(self, guild_id: int, name: str) -> ModelRecord:
        """Return the model of that name, in whatever case it was typed."""
        rows = await self._database.read(
            _MODELS + "AND models.name_key = :key", {"guild_id": guild_id, "key": name_key(name)}
        )
        return _model(found(rows, "model", name))

    async def find_models(self, guild_id: int, text: str, *, limit: int = 25) -> list[ModelRecord]:
        """Return models whose name contains the text: those that begin with it first."""
        rows = await self._database.read(
            _MODELS + "AND instr(models.name_key, :key) > 0 "
            "ORDER BY instr(models.name_key, :key) > 1, models.number DESC LIMIT :limit",
            {"guild_id": guild_id, "key": name_key(text), "limit": limit},
        )
        return [_model(row) for row in rows]

    async def current_model(self, guild_id: int) -> ModelRecord | None:
        """Return the model that the guild writes with; None if it has no models."""
        rows = await self._database.read(_MODELS + "AND is_current", {"guild_id": guild_id})
        return _model(rows[0]) if rows else None

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
            await connection.execute_fetchall(
                "UPDATE guild_settings SET current_model_id = (SELECT id FROM models "
                "WHERE guild_id = :guild_id ORDER BY number DESC LIMIT 1) "
                "WHERE guild_id = :guild_id AND current_model_id = :id",
                key,
            )
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
        _MODELS + "AND models.id = :id", {"guild_id": guild_id, "id": model_id}
    )
    return _model(found(rows, "model"))


async def make_current(connection: aiosqlite.Connection, guild_id: int, model_id: str) -> None:
    """Let the guild write with a model that it has."""
    await connection.execute_fetchall(
        "INSERT INTO guild_settings (guild_id, current_model_id) VALUES (?, ?) "
        "ON CONFLICT DO UPDATE SET current_model_id = excluded.current_model_id",
        (guild_id, model_id),
    )


async def insert_model(
    connection: aiosqlite.Connection,
    run: RunRecord,
    facts: Mapping[str, object],
) -> None:
    """Insert the model that a run has made; its first checkpoint follows."""
    values = {
        **facts,
        "model_id": run.model_id,
        "guild_id": run.guild_id,
        "user_id": run.user_id,
        "name": run.model_name,
        "name_key": name_key(run.model_name),
        "created_at": int(time.time()),
    }
    await connection.execute_fetchall(
        "INSERT INTO models (id, guild_id, user_id, name, name_key, created_at, checkpoint_id) "
        "VALUES (:model_id, :guild_id, :user_id, :name, :name_key, :created_at, :checkpoint_id)",
        values,
    )


async def insert_checkpoint(
    connection: aiosqlite.Connection,
    run: RunRecord,
    facts: Mapping[str, object],
) -> None:
    """Insert what came of a run; its model writes with it from now on."""
    values = {
        **facts,
        "model_id": run.model_id,
        "guild_id": run.guild_id,
        "corpus_characters": run.corpus_characters,
        "created_at": int(time.time()),
    }
    await connection.execute_fetchall(
        "UPDATE models SET checkpoint_id = :checkpoint_id "
        "WHERE guild_id = :guild_id AND id = :model_id",
        values,
    )
    await connection.execute_fetchall(
        "INSERT INTO checkpoints (id, guild_id, model_id, sha256, file_size, step, "
        "validation_loss, parameters, corpus_characters, created_at, novelty) "
        "VALUES (:checkpoint_id, :guild_id, :model_id, :sha256, :file_size, :step, "
        ":validation_loss, :parameters, :corpus_characters, :created_at, :novelty)",
        values,
    )


def _model(row: sqlite3.Row) -> ModelRecord:
    return from_row(
        ModelRecord,
        row,
        id=row["model_id"],
        created_at=row["model_created_at"],
        is_current=bool(row["is_current"]),
        checkpoint=from_row(CheckpointRecord, row),
    )
