"""What the bot can do, for whom, and what it refuses.

A command on Discord parses its options, calls one method here and renders the answer. Every
method takes the `Caller`, looks only into the caller's own guild, and raises
`bot.errors.RefusedError` (whose `str()` is the answer) for whatever cannot be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from storage.records import CheckpointRecord, GenerationRecord, ModelRecord, RunRecord
    from training.corpus import CorpusSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and where."""

    guild_id: int
    channel_id: int
    user_id: int
    manages_guild: bool
    """Whether the caller has the permission Manage Server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """The options of /train."""

    file_name: str
    file_size: int
    """Bytes, as Discord states them."""
    name: str | None = None
    """The model's name; None takes the file's, made unique."""
    minutes: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """The options of /generate."""

    length: int = 400
    """Characters (code points), 1 to 8,000."""
    temperature: float = 0.8
    """0 to 2."""
    prompt: str = ""
    model: str | None = None
    """A model's name, in any case, or its id; None is the server's current one."""
    seed: int | None = None
    """Any integer; None draws one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunRun:
    """A run that is stored and not announced yet, and what was found in its file."""

    run: RunRecord
    corpus: CorpusSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedGeneration:
    """A request that the catalog does not refuse, and the model that will write."""

    request: GenerateRequest
    model: ModelRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text, fresh from a model."""

    generation: GenerationRecord
    """Kept, so that Continue and Again find it: seed, prompt, temperature, where it stopped."""
    text: str
    """What was written, without the prompt."""
    skipped: str
    """Those characters of the prompt that the model does not know, each once; often empty."""
    model: ModelRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A checkpoint's file, to be sent as `file_name`."""

    path: Path
    file_name: str
    size: int


class Service:
    """Everything that commands and buttons may ask for."""

    # Training

    async def check_training(self, caller: Caller, request: TrainRequest) -> None:
        """Refuse what settings and catalog alone can refuse, before anything is deferred."""
        raise NotImplementedError

    async def begin_training(
        self,
        caller: Caller,
        request: TrainRequest,
        download: Callable[[Path], Awaitable[None]],
    ) -> BegunRun:
        """Download and read the file and store the run; it waits for `announce`.

        `download` writes the attachment to the path that it is given. After any error or
        cancellation nothing is left, neither a file nor a row.
        """
        raise NotImplementedError

    async def announce(self, run_id: str, message_id: int) -> None:
        """The progress message is posted: keep its id and let the run take its turn."""
        raise NotImplementedError

    async def abandon(self, run_id: str) -> None:
        """The progress message could not be posted: undo `begin_training`."""
        raise NotImplementedError

    async def cancel(self, caller: Caller, run_id: str) -> None:
        """Cancel a run that waits or trains; it keeps nothing. `Reporter.ended` follows."""
        raise NotImplementedError

    # Writing

    async def check_generation(self, caller: Caller, request: GenerateRequest) -> CheckedGeneration:
        """Find the model and check every option, before anything is deferred."""
        raise NotImplementedError

    async def generate(self, caller: Caller, checked: CheckedGeneration) -> Written:
        """Write a text."""
        raise NotImplementedError

    async def continue_text(self, caller: Caller, generation_id: str) -> Written:
        """Go on exactly where a text stopped, with its own checkpoint; as long as it was asked."""
        raise NotImplementedError

    async def again(self, caller: Caller, generation_id: str) -> Written:
        """Write another text from the same prompt, with a new seed and the same checkpoint."""
        raise NotImplementedError

    async def remember_message(self, generation_id: str, message_id: int) -> None:
        """A text was posted: keep its message's id."""
        raise NotImplementedError

    # Models

    async def models(self, caller: Caller) -> list[ModelRecord]:
        """The server's models, newest first."""
        raise NotImplementedError

    async def model(self, caller: Caller, model_id: str) -> ModelRecord:
        """One of the server's models, by its id."""
        raise NotImplementedError

    async def current_model(self, caller: Caller) -> ModelRecord | None:
        """The model that /generate takes without being told."""
        raise NotImplementedError

    async def checkpoints(self, caller: Caller, model_id: str) -> list[CheckpointRecord]:
        """A model's checkpoints, newest first."""
        raise NotImplementedError

    async def suggest(self, guild_id: int, text: str) -> list[ModelRecord]:
        """At most 25 models whose names fit what somebody has typed so far."""
        raise NotImplementedError

    def may_change(self, caller: Caller, model: ModelRecord) -> bool:
        """Whether the caller may use, rename and delete this model."""
        raise NotImplementedError

    async def use(self, caller: Caller, model: str) -> ModelRecord:
        """Make a model, by its name or id, the server's current one."""
        raise NotImplementedError

    async def use_checkpoint(
        self, caller: Caller, model_id: str, checkpoint_id: str
    ) -> ModelRecord:
        """Let a model write with another one of its checkpoints."""
        raise NotImplementedError

    async def rename(self, caller: Caller, model_id: str, name: str) -> ModelRecord:
        """Give a model another name."""
        raise NotImplementedError

    async def delete(self, caller: Caller, model_id: str) -> ModelRecord:
        """Delete a model with its checkpoints and their files; returns what it was."""
        raise NotImplementedError

    async def export(self, caller: Caller, model_id: str) -> Export:
        """The file of a model's current checkpoint; whoever may use it may have it."""
        raise NotImplementedError
