"""Texts that were written, as long as they may be continued."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from storage.files import new_id
from storage.records import GenerationRecord, found, from_row

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

_FIND = "SELECT * FROM generations WHERE guild_id = ? AND id = ?"


class GenerationCatalog:
    """The part of `Catalog` that knows generations."""

    _database: Database

    async def record_generation(
        self,
        guild_id: int,
        *,
        channel_id: int,
        user_id: int,
        checkpoint_id: str,
        prompt: str,
        seed: int,
        temperature: float,
        length: int,
        bookmark: bytes,
        top_k: int | None = None,
        top_p: float | None = None,
        stop: str | None = None,
        count: int = 1,
        prompt_kept: bool = True,
        tail: str = "",
        prompt_user_ids: tuple[int, ...] = (),
        former_id: str | None = None,
    ) -> GenerationRecord:
        """Keep where a text stopped, so that it can go on, under a new id.

        `former_id` is the text that it comes of, whose prompt and stop text may be others' words;
        `prompt_user_ids` says whose. What they gave may have been deleted while it was written.

        Raises:
            NotFoundError: The guild does not have this checkpoint or former text (any more).
        """
        values = {
            "id": new_id(),
            "guild_id": guild_id,
            "channel_id": channel_id,
            "user_id": user_id,
            "checkpoint_id": checkpoint_id,
            "prompt": prompt,
            "seed": seed,
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "stop": stop,
            "length": length,
            "count": count,
            "bookmark": bookmark,
            "prompt_kept": prompt_kept,
            "tail": tail,
            "prompt_user_ids": json.dumps(prompt_user_ids),
            "created_at": int(time.time()),
        }
        async with self._database.transaction() as connection:
            if former_id is not None:
                former = await connection.execute_fetchall(_FIND, (guild_id, former_id))
                found(former, "text")
            rows = await connection.execute_fetchall(
                "INSERT INTO generations (id, guild_id, channel_id, user_id, checkpoint_id, "
                "prompt, seed, temperature, top_k, top_p, stop, length, count, bookmark, "
                "prompt_kept, tail, prompt_user_ids, created_at) "
                "SELECT :id, guild_id, :channel_id, :user_id, id, :prompt, :seed, :temperature, "
                ":top_k, :top_p, :stop, :length, :count, :bookmark, :prompt_kept, :tail, "
                ":prompt_user_ids, :created_at "
                "FROM checkpoints WHERE guild_id = :guild_id AND id = :checkpoint_id RETURNING *",
                values,
            )
        return _generation_of(found(rows, "checkpoint"))

    async def generation(self, guild_id: int, generation_id: str) -> GenerationRecord:
        """Return one text of the guild, or raise `NotFoundError`."""
        rows = await self._database.read(_FIND, (guild_id, generation_id))
        return _generation_of(found(rows, "text"))

    async def last_written(self, guild_id: int, user_id: int) -> int | None:
        """Return when a text was last written for a person in the guild; None if never."""
        [[moment]] = await self._database.read(
            "SELECT max(created_at) FROM generations WHERE guild_id = ? AND user_id = ?",
            (guild_id, user_id),
        )
        return None if moment is None else int(moment)

    async def set_generation_message(
        self, guild_id: int, generation_id: str, message_id: int
    ) -> GenerationRecord:
        """Remember the message that shows the text."""
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "UPDATE generations SET message_id = ? WHERE guild_id = ? AND id = ? RETURNING *",
                (message_id, guild_id, generation_id),
            )
        return _generation_of(found(rows, "text"))

    async def forget_generations_before(self, moment: int) -> int:
        """Delete the rows of all guilds' texts that are older, and return how many there were."""
        async with self._database.transaction() as connection:
            cursor = await connection.execute(
                "DELETE FROM generations WHERE created_at < ?", (moment,)
            )
            return cursor.rowcount


def _generation_of(row: sqlite3.Row) -> GenerationRecord:
    return from_row(
        GenerationRecord,
        row,
        prompt_kept=bool(row["prompt_kept"]),
        prompt_user_ids=tuple(json.loads(row["prompt_user_ids"])),
    )
