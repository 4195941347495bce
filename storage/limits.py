"""What a guild or a person may not have more of, asked within the transaction that adds to it.

So of two who come at once, one is refused.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from storage.errors import TooManyRunsError, TooSoonError

if TYPE_CHECKING:
    import aiosqlite

    from storage.records import RunLimits


async def refuse_run(
    connection: aiosqlite.Connection, guild_id: int, user_id: int, limits: RunLimits
) -> None:
    """Refuse one more run.

    Raises:
        TooManyRunsError, TooSoonError.
    """
    await _refuse_waiting(connection, guild_id, user_id, limits)
    await _refuse_too_soon(connection, guild_id, user_id, limits.cooldown)


async def _refuse_waiting(
    connection: aiosqlite.Connection, guild_id: int, user_id: int, limits: RunLimits
) -> None:
    [[of_guild, of_person]] = await connection.execute_fetchall(
        "SELECT count(*), count(*) FILTER (WHERE user_id = ?) FROM runs "
        "WHERE guild_id = ? AND status = 'queued'",
        (user_id, guild_id),
    )
    if of_person >= limits.per_person:
        raise TooManyRunsError(limits.per_person, whole_guild=False)
    if of_guild >= limits.per_guild:
        raise TooManyRunsError(limits.per_guild, whole_guild=True)


async def _refuse_too_soon(
    connection: aiosqlite.Connection, guild_id: int, user_id: int, cooldown: float
) -> None:
    """Hold to the guild's cooldown or to the given one, whichever is longer.

    A run that was canceled while it waited has cost nothing, and does not count.
    """
    for (chosen,) in await connection.execute_fetchall(
        "SELECT train_cooldown FROM guild_settings WHERE guild_id = ?", (guild_id,)
    ):
        cooldown = max(cooldown, chosen)
    if not cooldown:
        return
    [[last]] = await connection.execute_fetchall(
        "SELECT max(created_at) FROM runs WHERE guild_id = ? AND user_id = ? "
        "AND (status <> 'canceled' OR started_at IS NOT NULL)",
        (guild_id, user_id),
    )
    left = 0 if last is None else last + cooldown - time.time()
    if left > 0:
        raise TooSoonError(min(left, cooldown), cooldown)
