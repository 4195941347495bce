"""What a guild or a person may not have more of, asked within the transaction that adds to it.

So of two who come at once, one is refused. What was trained within a day counts also where the
runs were deleted for good: numbers of them are remembered in memory, on no disk, for that long.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from storage.errors import (
    MinutesUsedError,
    StockFullError,
    TooManyCheckpointsError,
    TooManyModelsError,
    TooManyRunsError,
    TooSoonError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiosqlite

    from storage.database import Database
    from storage.records import RunDemand, RunLimits, StockLimits, UploadCount

DAY = 86_400
"""Seconds."""


MEMORY = """
CREATE TEMP TABLE spent_runs (
    guild_id   INTEGER NOT NULL,
    user_id    INTEGER NOT NULL,
    minutes    REAL NOT NULL,
    status     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER
) STRICT;
CREATE TEMP VIEW counted_runs AS
SELECT guild_id, user_id, minutes, status, created_at, started_at, ended_at FROM main.runs
UNION ALL SELECT * FROM spent_runs;
"""
"""The connection's own, which SQLite keeps in memory (`storage.database`)."""


class LimitCatalog:
    """The part of `Catalog` that remembers what counts against limits, though it is deleted."""

    _database: Database

    async def forget_spent(self) -> None:
        """Forget the runs that have been deleted for good and count no more."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "DELETE FROM spent_runs WHERE ended_at < ?", (time.time() - DAY,)
            )


async def remember_spent(
    connection: aiosqlite.Connection, meant: str, facts: Mapping[str, object]
) -> None:
    """Remember what runs count for that are about to be deleted for good; that is their end."""
    await connection.execute_fetchall(
        "INSERT INTO spent_runs "  # noqa: S608 - ours
        "SELECT guild_id, user_id, minutes, iif(ended_at IS NULL, 'canceled', status), "
        "created_at, started_at, "
        f"coalesce(ended_at, :now) FROM runs WHERE {meant}",
        {**facts, "now": int(time.time())},
    )


async def refuse_run(
    connection: aiosqlite.Connection,
    guild_id: int,
    user_id: int,
    limits: RunLimits,
    demand: RunDemand,
) -> None:
    """Refuse one more run.

    Raises:
        LimitError: One of its kinds.
    """
    await _refuse_waiting(connection, guild_id, user_id, limits, demand.uploads)
    await _refuse_too_soon(connection, guild_id, user_id, limits.cooldown)
    of_person, of_guild = limits.daily_per_person, limits.daily_per_guild
    await _refuse_minutes(connection, guild_id, user_id, of_person, demand.minutes)
    await _refuse_minutes(connection, guild_id, None, of_guild, demand.minutes)
    if demand.trained_model_id is None:
        await refuse_model(connection, guild_id, limits.stock)
    else:
        await _refuse_checkpoint(connection, guild_id, demand.trained_model_id, limits.stock)
    await refuse_size(connection, guild_id, limits.stock, demand.size)


async def refuse_model(
    connection: aiosqlite.Connection, guild_id: int, limits: StockLimits
) -> None:
    """Raise `TooManyModelsError` where a guild may not have one more."""
    if not limits.models:
        return
    [[count]] = await connection.execute_fetchall(
        "SELECT (SELECT count(*) FROM models WHERE guild_id = :guild_id) + "
        "(SELECT count(*) FROM runs WHERE guild_id = :guild_id "
        "AND status IN ('queued', 'running') AND trained_model_id IS NULL)",
        {"guild_id": guild_id},
    )
    if count >= limits.models:
        raise TooManyModelsError(limits.models)


async def refuse_size(
    connection: aiosqlite.Connection, guild_id: int, limits: StockLimits, size: int
) -> None:
    """Raise `StockFullError` where so many bytes beside the checkpoints are too many."""
    if not limits.size:
        return
    [[stored]] = await connection.execute_fetchall(
        "SELECT coalesce(sum(file_size), 0) FROM checkpoints WHERE guild_id = ?", (guild_id,)
    )
    if stored + size > limits.size:
        raise StockFullError(stored + size, limits.size)


async def _refuse_checkpoint(
    connection: aiosqlite.Connection, guild_id: int, model_id: str, limits: StockLimits
) -> None:
    [[count]] = await connection.execute_fetchall(
        "SELECT count(*) FROM checkpoints WHERE guild_id = ? AND model_id = ?", (guild_id, model_id)
    )
    if limits.checkpoints and count >= limits.checkpoints:
        raise TooManyCheckpointsError(limits.checkpoints)


async def _refuse_minutes(
    connection: aiosqlite.Connection,
    guild_id: int,
    user_id: int | None,
    limit: float,
    minutes: float,
) -> None:
    """Hold to what a person, or the whole guild (None), may train within a day.

    A run that has ended counts as long as it took, one that has not as long as it may take.
    """
    if not limit:
        return
    now = time.time()
    rows = await connection.execute_fetchall(
        "SELECT ended_at, CASE WHEN ended_at IS NULL THEN minutes "
        "WHEN started_at IS NULL THEN 0 ELSE min(minutes, (ended_at - started_at) / 60.0) END "
        "FROM counted_runs WHERE guild_id = :guild_id AND (:user_id IS NULL OR user_id = :user_id) "
        "AND (ended_at IS NULL OR ended_at > :since)",
        {"guild_id": guild_id, "user_id": user_id, "since": now - DAY},
    )
    used = [(now + DAY if ended is None else ended + DAY, took) for ended, took in rows]
    left = limit - sum(took for _, took in used)
    if minutes <= left:
        return
    free, when = left, now + DAY
    for moment, took in sorted(used):
        free += took
        if free >= min(minutes, limit):
            when = moment
            break
    raise MinutesUsedError(max(left, 0.0), limit, when - now, whole_guild=user_id is None)


async def _refuse_waiting(
    connection: aiosqlite.Connection,
    guild_id: int,
    user_id: int,
    limits: RunLimits,
    uploads: UploadCount,
) -> None:
    [[of_guild, of_person]] = await connection.execute_fetchall(
        "SELECT count(*), count(*) FILTER (WHERE user_id = ?) FROM runs "
        "WHERE guild_id = ? AND status = 'queued'",
        (user_id, guild_id),
    )
    if of_person + uploads.of_person >= limits.per_person:
        raise TooManyRunsError(limits.per_person, whole_guild=False)
    if of_guild + uploads.of_guild >= limits.per_guild:
        raise TooManyRunsError(limits.per_guild, whole_guild=True)


async def _refuse_too_soon(
    connection: aiosqlite.Connection, guild_id: int, user_id: int, cooldown: float
) -> None:
    """Hold to the guild's cooldown or to the given one, whichever is longer.

    A run that was over before it started has cost nothing, and does not count.
    """
    for (chosen,) in await connection.execute_fetchall(
        "SELECT train_cooldown FROM guild_settings WHERE guild_id = ?", (guild_id,)
    ):
        cooldown = max(cooldown, chosen)
    if not cooldown:
        return
    [[last]] = await connection.execute_fetchall(
        "SELECT max(created_at) FROM counted_runs WHERE guild_id = ? AND user_id = ? "
        "AND (status = 'queued' OR started_at IS NOT NULL)",
        (guild_id, user_id),
    )
    left = 0 if last is None else last + cooldown - time.time()
    if left > 0:
        raise TooSoonError(min(left, cooldown), cooldown)
