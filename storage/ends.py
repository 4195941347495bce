"""Ends of runs that are stored, but not shown to anybody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import RunStatus, UntoldEnd, run_of

if TYPE_CHECKING:
    import aiosqlite

    from storage.database import Database
    from storage.records import RunRecord


class EndCatalog:
    """The part of `Catalog` that knows which ends have yet to be shown."""

    _database: Database

    async def untold_ends(self) -> list[UntoldEnd]:
        """Return every guild's, oldest first: for the start of the bot."""
        rows = await self._database.read(
            "SELECT runs.*, last_word FROM untold_ends JOIN runs ON runs.id = run_id "
            "ORDER BY runs.number"
        )
        return [UntoldEnd(run=run_of(row), last_word=row["last_word"]) for row in rows]

    async def end_is_told(self, run_id: str) -> None:
        """Note that a run's end is shown, or that nobody takes it."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall("DELETE FROM untold_ends WHERE run_id = ?", (run_id,))

    async def run_is_deleted(self, run_id: str) -> bool:
        """Whether there is no such run any more, in any guild, or it is about to be deleted.

        Nothing of it may be shown.
        """
        return not await self._database.read(
            "SELECT 1 FROM runs WHERE id = ? AND NOT EXISTS (SELECT 1 FROM purges "
            "WHERE purges.guild_id = runs.guild_id "
            "AND coalesce(purges.user_id, runs.user_id) IN (runs.user_id, runs.corpus_user_id))",
            (run_id,),
        )


async def insert_untold(
    connection: aiosqlite.Connection, run: RunRecord, last_word: str | None = None
) -> None:
    """Note that a run's end is not shown yet; nobody waits for a cancellation alone."""
    if run.status is RunStatus.CANCELED and run.message_id is None:
        return
    await connection.execute_fetchall(
        "INSERT OR IGNORE INTO untold_ends (run_id, last_word) VALUES (?, ?)", (run.id, last_word)
    )
