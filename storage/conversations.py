"""Where the conversation in each channel stopped. What was said is not kept, only the state."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database

CONVERSATIONS_KEPT = 200
"""In each guild; those that have rested longest are forgotten."""


class ConversationCatalog:
    """The part of `Catalog` that knows conversations.

    One ends when the guild writes with another checkpoint or turns talking off for its channel,
    whoever changes that: triggers delete it (`migrations/0007_conversations.sql`). What is said
    goes only into one that has begun: so an answer on its way brings none back that was deleted.
    """

    _database: Database

    async def conversation(
        self, guild_id: int, channel_id: int, checkpoint_id: str
    ) -> bytes | None:
        """Return where the checkpoint stopped talking there; None if it has said nothing."""
        rows = await self._database.read(
            "SELECT bookmark FROM conversations "
            "WHERE guild_id = ? AND channel_id = ? AND checkpoint_id = ? AND bookmark <> x''",
            (guild_id, channel_id, checkpoint_id),
        )
        return bytes(rows[0]["bookmark"]) if rows else None

    async def begin_conversation(
        self, guild_id: int, channel_id: int, *, talk_channel_id: int, checkpoint_id: str
    ) -> None:
        """Note that a conversation begins, in which nothing has been said.

        Nothing is noted where the guild writes with another checkpoint by now, or has turned
        talking off there.

        Args:
            guild_id: The guild.
            channel_id: Where it is held: a channel or a thread.
            talk_channel_id: The channel for which talking is on: the same or the thread's.
            checkpoint_id: Which one talks.
        """
        values = {
            "guild_id": guild_id,
            "channel_id": channel_id,
            "talk_channel_id": talk_channel_id,
            "checkpoint_id": checkpoint_id,
            "updated_at": int(time.time()),
            "kept": CONVERSATIONS_KEPT,
        }
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "INSERT INTO conversations (guild_id, channel_id, talk_channel_id, checkpoint_id, "
                "bookmark, updated_at) "
                "SELECT models.guild_id, :channel_id, :talk_channel_id, checkpoint_id, x'', "
                ":updated_at FROM guild_settings "
                "JOIN models ON models.id = current_model_id "
                "WHERE guild_settings.guild_id = :guild_id AND checkpoint_id = :checkpoint_id "
                "AND :talk_channel_id IN (SELECT value FROM json_each(talk_channels)) "
                "ON CONFLICT (guild_id, channel_id) DO UPDATE SET "
                "talk_channel_id = excluded.talk_channel_id, "
                "checkpoint_id = excluded.checkpoint_id, bookmark = excluded.bookmark, "
                "updated_at = excluded.updated_at",
                values,
            )
            await connection.execute_fetchall(
                "DELETE FROM conversations WHERE guild_id = :guild_id AND channel_id NOT IN "
                "(SELECT channel_id FROM conversations WHERE guild_id = :guild_id "
                "ORDER BY updated_at DESC, channel_id = :channel_id DESC LIMIT :kept)",
                values,
            )

    async def keep_conversation(
        self, guild_id: int, channel_id: int, checkpoint_id: str, bookmark: bytes
    ) -> None:
        """Remember where a conversation stopped; one that has ended meanwhile stays ended."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "UPDATE conversations SET bookmark = ?, updated_at = ? "
                "WHERE guild_id = ? AND channel_id = ? AND checkpoint_id = ?",
                (bookmark, int(time.time()), guild_id, channel_id, checkpoint_id),
            )

    async def forget_conversations_before(self, moment: int) -> None:
        """Forget those of all guilds in which nobody has spoken since."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "DELETE FROM conversations WHERE updated_at < ?", (moment,)
            )
