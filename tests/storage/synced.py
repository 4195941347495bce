"""The simplest rows that a catalog has: numbers, as the applications whose commands are synced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiosqlite

    from storage.database import Database


async def insert(connection: aiosqlite.Connection, number: int) -> None:
    await connection.execute(
        "INSERT INTO synced_commands (application_id, hash) VALUES (?, 'hash')", (number,)
    )


async def numbers(database: Database) -> set[int]:
    rows = await database.read("SELECT application_id FROM synced_commands")
    return {number for (number,) in rows}
