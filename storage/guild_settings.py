"""What each guild has chosen for itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from storage.records import GuildSettings, from_row

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from storage.database import Database

LISTS = ("train_roles", "write_channels", "talk_channels", "forbidden_words")
"""Fields that hold several values; in the catalog they are JSON."""

VALUES = ("language", "length", "temperature", "train_cooldown", "write_cooldown")


class GuildSettingsCatalog:
    """The part of `Catalog` that knows what guilds have chosen."""

    _database: Database

    async def guild_settings(self, guild_id: int) -> GuildSettings:
        """Return what the guild has chosen, or the defaults."""
        return _settings_of(
            guild_id,
            await self._database.read(
                "SELECT * FROM guild_settings WHERE guild_id = ?", (guild_id,)
            ),
        )

    async def change_guild_settings(self, guild_id: int, **changes: object) -> GuildSettings:
        """Change some of what the guild has chosen, and return all of it.

        `current_model_id` is none of it: `use_model` changes that.
        """
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "SELECT * FROM guild_settings WHERE guild_id = ?", (guild_id,)
            )
            settings = replace(_settings_of(guild_id, rows), **changes)  # type: ignore[arg-type]  # its fields
            columns = {name: getattr(settings, name) for name in VALUES}
            columns |= {name: json.dumps(getattr(settings, name)) for name in LISTS}
            await connection.execute_fetchall(
                "INSERT INTO guild_settings (guild_id) VALUES (?) ON CONFLICT DO NOTHING",
                (guild_id,),
            )
            await connection.execute_fetchall(
                "UPDATE guild_settings SET language = :language, length = :length, "
                "temperature = :temperature, train_cooldown = :train_cooldown, "
                "write_cooldown = :write_cooldown, train_roles = :train_roles, "
                "write_channels = :write_channels, talk_channels = :talk_channels, "
                "forbidden_words = :forbidden_words WHERE guild_id = :guild_id",
                {"guild_id": guild_id, **columns},
            )
            return settings


def _settings_of(guild_id: int, rows: Iterable[sqlite3.Row]) -> GuildSettings:
    for row in rows:
        return from_row(
            GuildSettings, row, **{name: tuple(json.loads(row[name])) for name in LISTS}
        )
    return GuildSettings(guild_id=guild_id)
