"""Runs in the catalog: queued, running, and ended exactly once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from storage.ends import insert_untold
from storage.errors import NameTakenError, RunEndedError
from storage.files import new_id
from storage.limits import refuse_run
from storage.models import insert_checkpoint, insert_model, make_current, model_in
from storage.names import name_key, new_name, refuse_taken, taken_keys
from storage.purges import refuse_deleted
from storage.readings import delete_reading, insert_reading
from storage.records import (
    ModelRecord,
    RunDemand,
    RunLimits,
    RunRecord,
    RunStatus,
    found,
    run_of,
)

if TYPE_CHECKING:
    import aiosqlite

    from storage.database import Database
    from storage.records import ChannelSource

NO_DEMAND = RunDemand()


class RunCatalog:
    """The part of `Catalog` that knows runs.

    Methods without a guild are for the run queue, which serves all guilds and takes its ids
    from the catalog, never from a person.
    """

    _database: Database

    async def check_run(
        self,
        guild_id: int,
        *,
        user_id: int,
        name: str | None,
        limits: RunLimits,
        demand: RunDemand = NO_DEMAND,
    ) -> None:
        """Raise what `queue_run` would raise now; a default name (None) is never taken.

        Raises:
            NameTakenError, LimitError.
        """
        async with self._database.transaction() as connection:
            await refuse_run(connection, guild_id, user_id, limits, demand)
            if name is not None:
                await refuse_taken(connection, guild_id, name)

    async def queue_run(
        self,
        guild_id: int,
        *,
        run_id: str,
        channel_id: int,
        user_id: int,
        name: str,
        name_is_default: bool,
        minutes: float,
        corpus_characters: int,
        limits: RunLimits,
        found: str = "",
        trained_model_id: str | None = None,
        corpus_user_id: int | None = None,
        source: ChannelSource | None = None,
        size: int = 0,
    ) -> RunRecord:
        """Insert a waiting run, its name reserved; a default name is made new (`poems 2`).

        With `trained_model_id` it has that model's name, whatever is given, and gives it
        another checkpoint; `corpus_user_id` gave its corpus. With a `source` its corpus has yet
        to be read there (`finish_reading`). `size` is what the guild's runs keep on disk with it.

        Raises:
            NameTakenError, LimitError: Nothing was inserted. Where a model is trained longer,
                the former: it is in training already.
            NotFoundError: The guild has no such model, or it or the corpus is about to be deleted.
        """
        async with self._database.transaction() as connection:
            demand = RunDemand(minutes=minutes, trained_model_id=trained_model_id, size=size)
            await refuse_run(connection, guild_id, user_id, limits, demand)
            if trained_model_id is not None:
                model = await model_in(connection, guild_id, trained_model_id)
                await refuse_deleted(connection, guild_id, model.user_id, corpus_user_id)
                name = model.name
                await _refuse_second(connection, guild_id, name)
            elif name_is_default:
                name = new_name(name, await taken_keys(connection, guild_id))
            else:
                await refuse_taken(connection, guild_id, name)
            [row] = await connection.execute_fetchall(
                "INSERT INTO runs (id, guild_id, channel_id, user_id, model_name, name_key, "
                "minutes, corpus_characters, created_at, found, trained_model_id, corpus_user_id, "
                "reads_channel, status) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued') RETURNING *",
                (
                    run_id,
                    guild_id,
                    channel_id,
                    user_id,
                    name,
                    name_key(name),
                    minutes,
                    corpus_characters,
                    int(time.time()),
                    found,
                    trained_model_id,
                    corpus_user_id,
                    source is not None,
                ),
            )
            if source is not None:
                await insert_reading(connection, run_of(row), source)
        return run_of(row)

    async def finish_reading(self, run_id: str, characters: int, found: str = "") -> RunRecord:
        """Note that a run's corpus is written, and what was found, so that it may train.

        Raises:
            RunEndedError: It is over.
        """
        async with self._database.transaction() as connection:
            await _require_active(connection, run_id)
            await delete_reading(connection, run_id)
            [row] = await connection.execute_fetchall(
                "UPDATE runs SET corpus_characters = ?, found = ? WHERE id = ? RETURNING *",
                (characters, found, run_id),
            )
            return run_of(row)

    async def run(self, guild_id: int, run_id: str) -> RunRecord:
        """Return one run of the guild, or raise `NotFoundError`."""
        rows = await self._database.read(
            "SELECT * FROM runs WHERE guild_id = ? AND id = ?", (guild_id, run_id)
        )
        return run_of(found(rows, "run"))

    async def runs_of(self, guild_id: int, *, limit: int = 25, offset: int = 0) -> list[RunRecord]:
        """Return the guild's runs: the active ones in their order, then the ended ones.

        Of these, what ended last comes first.
        """
        rows = await self._database.read(
            "SELECT * FROM runs WHERE guild_id = ? ORDER BY ended_at IS NOT NULL, ended_at DESC, "
            "iif(ended_at IS NULL, number, -number) LIMIT ? OFFSET ?",
            (guild_id, limit, offset),
        )
        return [run_of(row) for row in rows]

    async def count_runs(self, guild_id: int) -> int:
        """Return how many runs of the guild there are, ended ones among them."""
        [[count]] = await self._database.read(
            "SELECT count(*) FROM runs WHERE guild_id = ?", (guild_id,)
        )
        return int(count)

    async def run_ids_of(self, guild_id: int) -> list[str]:
        """Return the ids of all of the guild's runs."""
        rows = await self._database.read("SELECT id FROM runs WHERE guild_id = ?", (guild_id,))
        return [run_id for (run_id,) in rows]

    async def active_runs(self) -> list[RunRecord]:
        """Return every guild's queued and running runs, oldest first: for the queue's start.

        Those that are still being read are not among them.
        """
        rows = await self._database.read(
            "SELECT * FROM runs WHERE status IN ('queued', 'running') "
            "AND id NOT IN (SELECT run_id FROM readings) ORDER BY number"
        )
        return [run_of(row) for row in rows]

    async def set_message(self, run_id: str, message_id: int) -> RunRecord:
        """Remember the run's progress message; if the run has ended meanwhile, it has to say so."""
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "UPDATE runs SET message_id = ? WHERE id = ? RETURNING *", (message_id, run_id)
            )
            run = run_of(found(rows, "run"))
            if not run.status.is_active:
                await insert_untold(connection, run)
        return run

    async def start_run(self, run_id: str) -> RunRecord:
        """Mark as running; again for one that a restart interrupted.

        Raises:
            RunEndedError: It is over.
        """
        async with self._database.transaction() as connection:
            await _require_active(connection, run_id)
            [row] = await connection.execute_fetchall(
                "UPDATE runs SET status = 'running', started_at = coalesce(started_at, ?) "
                "WHERE id = ? RETURNING *",
                (int(time.time()), run_id),
            )
            return run_of(row)

    async def finish_run(
        self,
        run_id: str,
        *,
        checkpoint_id: str,
        sha256: str,
        file_size: int,
        step: int,
        validation_loss: float | None,
        parameters: int,
        novelty: float | None,
        last_word: str | None = None,
    ) -> ModelRecord:
        """End a run with a model that becomes the guild's current one, or change nothing.

        The model is a new one, or the one that the run trains longer, which gets the checkpoint.

        The checkpoint's file must be durably on disk before: a row promises its file.
        `last_word` is kept until the end is shown.

        Raises:
            RunEndedError: It is over.
        """
        facts = {
            "checkpoint_id": checkpoint_id,
            "sha256": sha256,
            "file_size": file_size,
            "step": step,
            "validation_loss": validation_loss,
            "parameters": parameters,
            "novelty": novelty,
        }
        async with self._database.transaction() as connection:
            before = await _require_active(connection, run_id)
            model_id = before.trained_model_id or new_id()
            run = await _end(
                connection,
                run_id,
                RunStatus.FINISHED,
                model_id=model_id,
                checkpoint_id=checkpoint_id,
                last_word=last_word,
            )
            if before.trained_model_id is None:
                await insert_model(connection, run, facts)
            await insert_checkpoint(connection, run, facts)
            await make_current(connection, run.guild_id, model_id)
            return await model_in(connection, run.guild_id, model_id)

    async def fail_run(self, run_id: str, reason: str) -> RunRecord:
        """End a run with a reason.

        Raises:
            RunEndedError: It is over.
        """
        async with self._database.transaction() as connection:
            return await _end(connection, run_id, RunStatus.FAILED, reason=reason)

    async def cancel_run(self, run_id: str) -> RunRecord:
        """End a run that somebody does not want any more.

        Raises:
            RunEndedError: It is over.
        """
        async with self._database.transaction() as connection:
            return await _end(connection, run_id, RunStatus.CANCELED)

    async def forget_run(self, run_id: str) -> None:
        """Delete the row of a run that could not be announced; no matter if it is gone.

        Where there is none, a disk that takes nothing is not asked for anything.
        """
        if not await self._database.read("SELECT 1 FROM runs WHERE id = ?", (run_id,)):
            return
        async with self._database.transaction() as connection:
            await connection.execute_fetchall("DELETE FROM runs WHERE id = ?", (run_id,))

    async def forget_runs_ended_before(self, moment: int) -> frozenset[str]:
        """Delete the rows of all guilds' runs that ended before a moment; return their ids."""
        async with self._database.transaction() as connection:
            rows = await connection.execute_fetchall(
                "DELETE FROM runs WHERE ended_at < ? RETURNING id", (moment,)
            )
            return frozenset(run_id for (run_id,) in rows)

    async def known_runs(self) -> frozenset[str]:
        """Return the id of every run of every guild: for the sweep at the start."""
        return frozenset(run_id for (run_id,) in await self._database.read("SELECT id FROM runs"))

    async def runs_ended_before(self, moment: int) -> frozenset[str]:
        """Return the ids of all guilds' runs that ended before a moment: their corpora may go."""
        rows = await self._database.read("SELECT id FROM runs WHERE ended_at < ?", (moment,))
        return frozenset(run_id for (run_id,) in rows)


async def _end(
    connection: aiosqlite.Connection,
    run_id: str,
    status: RunStatus,
    *,
    reason: str | None = None,
    model_id: str | None = None,
    checkpoint_id: str | None = None,
    last_word: str | None = None,
) -> RunRecord:
    await _require_active(connection, run_id)
    await delete_reading(connection, run_id)
    [row] = await connection.execute_fetchall(
        "UPDATE runs SET status = ?, reason = ?, model_id = ?, checkpoint_id = ?, ended_at = ? "
        "WHERE id = ? RETURNING *",
        (status, reason, model_id, checkpoint_id, int(time.time()), run_id),
    )
    await insert_untold(connection, run_of(row), last_word)
    return run_of(row)


async def _require_active(connection: aiosqlite.Connection, run_id: str) -> RunRecord:
    rows = await connection.execute_fetchall("SELECT * FROM runs WHERE id = ?", (run_id,))
    run = run_of(found(rows, "run"))
    if not run.status.is_active:
        raise RunEndedError(run_id, run.status)
    return run


async def _refuse_second(connection: aiosqlite.Connection, guild_id: int, name: str) -> None:
    """Refuse a run where another one of that name waits or trains."""
    rows = await connection.execute_fetchall(
        "SELECT 1 FROM runs WHERE guild_id = ? AND name_key = ? "
        "AND status IN ('queued', 'running')",
        (guild_id, name_key(name)),
    )
    if rows:
        raise NameTakenError(name)
