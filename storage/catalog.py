"""The catalog: signatures first; the bodies follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database
    from storage.records import (
        CheckpointRecord,
        GenerationRecord,
        GuildSettings,
        ModelRecord,
        RunLimits,
        RunRecord,
    )


class Catalog:
    """What the bot knows. A missing id, or another guild's, raises `NotFoundError`."""

    def __init__(self, database: Database) -> None:
        raise NotImplementedError

    # Runs -----------------------------------------------------------------------------

    async def check_run(
        self, guild_id: int, *, user_id: int, name: str | None, limits: RunLimits
    ) -> None:
        """Raise what `queue_run` would raise now; name None: a default name, never taken.

        Raises:
            NameTakenError, TooManyRunsError.
        """
        raise NotImplementedError

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
    ) -> RunRecord:
        """Insert a waiting run, its name reserved; a default name is made unique (`poems 2`).

        Raises:
            NameTakenError, TooManyRunsError: Nothing was inserted.
        """
        raise NotImplementedError

    async def run(self, guild_id: int, run_id: str) -> RunRecord:
        """Return one run of the guild."""
        raise NotImplementedError

    async def runs_of(self, guild_id: int, *, limit: int = 25) -> list[RunRecord]:
        """Return the guild's runs, newest first."""
        raise NotImplementedError

    async def active_runs(self) -> list[RunRecord]:
        """Return every guild's queued and running runs, oldest first: for the queue's start."""
        raise NotImplementedError

    async def queue_position(self, run_id: str) -> int | None:
        """Return 1 for the next run to start, None for one that does not wait."""
        raise NotImplementedError

    async def set_message(self, run_id: str, message_id: int) -> RunRecord:
        """Remember the run's progress message."""
        raise NotImplementedError

    async def start_run(self, run_id: str) -> RunRecord:
        """Mark as running; again for one that a restart interrupted. RunEndedError if over."""
        raise NotImplementedError

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
    ) -> ModelRecord:
        """End a run with a model: model, checkpoint, current one, all or none.

        The checkpoint's file must be durably on disk before. RunEndedError if the run is over.
        """
        raise NotImplementedError

    async def fail_run(self, run_id: str, reason: str) -> RunRecord:
        """End a run with a reason in one sentence. RunEndedError if it is over."""
        raise NotImplementedError

    async def cancel_run(self, run_id: str) -> RunRecord:
        """End a run that somebody does not want any more. RunEndedError if it is over."""
        raise NotImplementedError

    async def forget_run(self, run_id: str) -> None:
        """Delete the row of a run whose progress message could not be posted."""
        raise NotImplementedError

    async def known_runs(self) -> frozenset[str]:
        """Return the id of every run of every guild: for the sweep at the start."""
        raise NotImplementedError

    async def runs_ended_before(self, time: int) -> frozenset[str]:
        """Return the ids of the runs whose corpus has been kept long enough."""
        raise NotImplementedError

    # Models and checkpoints -----------------------------------------------------------

    async def models(self, guild_id: int) -> list[ModelRecord]:
        """Return the guild's models, newest first."""
        raise NotImplementedError

    async def model(self, guild_id: int, model_id: str) -> ModelRecord:
        """Return one model of the guild."""
        raise NotImplementedError

    async def model_by_name(self, guild_id: int, name: str) -> ModelRecord:
        """Return the model of that name, in whatever case it was typed."""
        raise NotImplementedError

    async def find_models(self, guild_id: int, text: str, *, limit: int = 25) -> list[ModelRecord]:
        """Return models whose name contains the text, those that begin with it first."""
        raise NotImplementedError

    async def current_model(self, guild_id: int) -> ModelRecord | None:
        """Return the model that the guild writes with; None: it has no models."""
        raise NotImplementedError

    async def use_model(self, guild_id: int, model_id: str) -> ModelRecord:
        """Make it the guild's current model."""
        raise NotImplementedError

    async def rename_model(self, guild_id: int, model_id: str, name: str) -> ModelRecord:
        """Give it another name. NameTakenError: nothing has changed."""
        raise NotImplementedError

    async def delete_model(self, guild_id: int, model_id: str) -> tuple[str, ...]:
        """Delete it, and return the ids of the checkpoints whose files can go now.

        If it was the current one, the newest of those that remain becomes current.
        """
        raise NotImplementedError

    async def checkpoints(self, guild_id: int, model_id: str) -> list[CheckpointRecord]:
        """Return a model's checkpoints, newest first."""
        raise NotImplementedError

    async def checkpoint(self, guild_id: int, checkpoint_id: str) -> CheckpointRecord:
        """Return one checkpoint of the guild."""
        raise NotImplementedError

    async def use_checkpoint(self, guild_id: int, model_id: str, checkpoint_id: str) -> ModelRecord:
        """Let the model write with another of its checkpoints."""
        raise NotImplementedError

    async def known_checkpoints(self) -> frozenset[str]:
        """Return the id of every checkpoint of every guild: for the sweep at the start."""
        raise NotImplementedError

    # Generations ----------------------------------------------------------------------

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
    ) -> GenerationRecord:
        """Keep where a text stopped, so that it can go on. Draws the id."""
        raise NotImplementedError

    async def generation(self, guild_id: int, generation_id: str) -> GenerationRecord:
        """Return one text of the guild."""
        raise NotImplementedError

    async def set_generation_message(
        self, guild_id: int, generation_id: str, message_id: int
    ) -> None:
        """Remember the message that shows the text."""
        raise NotImplementedError

    # Settings -------------------------------------------------------------------------

    async def guild_settings(self, guild_id: int) -> GuildSettings:
        """Return what the guild has chosen; the defaults if nothing yet."""
        raise NotImplementedError

    async def command_hash(self, application_id: int) -> str | None:
        """Return the hash of the commands that this application last synced."""
        raise NotImplementedError

    async def set_command_hash(self, application_id: int, value: str) -> None:
        """Remember the hash of the commands that were synced."""
        raise NotImplementedError
