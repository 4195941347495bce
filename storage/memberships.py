"""In which guilds each application is, as far as it has been seen.

A data directory may have served another application before; what belongs to the guilds of that
one is none of this one's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.database import Database


class MembershipCatalog:
    """The part of `Catalog` that knows where applications are."""

    _database: Database

    async def note_guilds(self, application_id: int, guilds: Iterable[int]) -> None:
        """Remember that the application is in these guilds."""
        async with self._database.transaction() as connection:
            await connection.executemany(
                "INSERT INTO memberships (application_id, guild_id) VALUES (?, ?) "
                "ON CONFLICT DO NOTHING",
                [(application_id, guild) for guild in guilds],
            )

    async def noted_guilds(self, application_id: int) -> frozenset[int]:
        """Return the guilds that the application is in, or was when it was last connected."""
        rows = await self._database.read(
            "SELECT guild_id FROM memberships WHERE application_id = ?", (application_id,)
        )
        return frozenset(guild for (guild,) in rows)

    async def is_shared(self, application_id: int, guild: int) -> bool:
        """Whether another application is in the guild, too."""
        rows = await self._database.read(
            "SELECT 1 FROM memberships WHERE guild_id = ? AND application_id <> ?",
            (guild, application_id),
        )
        return bool(rows)

    async def forget_guild(self, application_id: int, guild: int) -> None:
        """Note that the application has left a guild; no matter if it never was there."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "DELETE FROM memberships WHERE application_id = ? AND guild_id = ?",
                (application_id, guild),
            )
