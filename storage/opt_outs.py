"""Who is left out when the bot reads a channel, in each guild for itself."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


class OptOutCatalog:
    """The part of `Catalog` that knows who opted out."""

    _database: Database

    async def opt_out(self, guild_id: int, user_id: int) -> None:
        """Leave somebody out from now on; no matter if they are left out already."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "INSERT INTO opt_outs (guild_id, user_id, created_at) VALUES (?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                (guild_id, user_id, int(time.time())),
            )

    async def opt_in(self, guild_id: int, user_id: int) -> None:
        """Take somebody in again; no matter if they never opted out."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "DELETE FROM opt_outs WHERE guild_id = ? AND user_id = ?", (guild_id, user_id)
            )

    async def opted_out(self, guild_id: int) -> frozenset[int]:
        """Return everybody who is left out in the guild."""
        rows = await self._database.read(
            "SELECT user_id FROM opt_outs WHERE guild_id = ?", (guild_id,)
        )
        return frozenset(user_id for (user_id,) in rows)

    async def is_opted_out(self, guild_id: int, user_id: int) -> bool:
        """Whether somebody is left out in the guild."""
        rows = await self._database.read(
            "SELECT 1 FROM opt_outs WHERE guild_id = ? AND user_id = ?", (guild_id, user_id)
        )
        return bool(rows)
