"""Readings in the catalog: queued runs whose corpus is still being read from a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import ChannelSource, ReadingRecord, run_of

if TYPE_CHECKING:
    import sqlite3

    import aiosqlite

    from storage.database import Database
    from storage.records import RunRecord

_READINGS = (
    "SELECT runs.*, source_id, source_name, authors, names FROM readings "
    "JOIN runs ON runs.id = run_id AND runs.guild_id = readings.guild_id"
)


class ReadingCatalog:
    """The part of `Catalog` that knows readings."""

    _database: Database

    async def reading(self, guild_id: int, run_id: str) -> ReadingRecord | None:
        """Return what a run of the guild reads; None if it reads nothing (any more)."""
        rows = await self._database.read(
            f"{_READINGS} WHERE readings.guild_id = ? AND run_id = ?", (guild_id, run_id)
        )
        return _reading(rows[0]) if rows else None

    async def readings(self) -> list[ReadingRecord]:
        """Return every guild's readings, oldest first: for the start of the bot."""
        rows = await self._database.read(f"{_READINGS} ORDER BY runs.number")
        return [_reading(row) for row in rows]


async def insert_reading(
    connection: aiosqlite.Connection, run: RunRecord, source: ChannelSource
) -> None:
    """Let a run that has just been inserted get its corpus from a channel."""
    await connection.execute_fetchall(
        "INSERT INTO readings (run_id, guild_id, source_id, source_name, authors, names) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (run.id, run.guild_id, source.id, source.name, source.authors, source.names),
    )


async def delete_reading(connection: aiosqlite.Connection, run_id: str) -> None:
    """Note that a run reads no longer; no matter if it never did."""
    await connection.execute_fetchall("DELETE FROM readings WHERE run_id = ?", (run_id,))


def _reading(row: sqlite3.Row) -> ReadingRecord:
    source = ChannelSource(
        id=row["source_id"],
        name=row["source_name"],
        authors=row["authors"],
        names=bool(row["names"]),
    )
    return ReadingRecord(run=run_of(row), source=source)
