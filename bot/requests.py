"""What people ask for and what they get, as values: the service's vocabulary.

Plain numbers and strings, as Discord gave them; `bot.service` checks every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import TypeAlias

    from storage.records import GenerationRecord, ModelRecord, ReadingRecord, RunRecord
    from training.corpus import CorpusSummary

    Download: TypeAlias = Callable[[Sequence[Path]], Awaitable[None]]
    """Writes the files of a command, in their order, to the paths that it is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and where."""

    guild_id: int
    channel_id: int
    user_id: int
    manages_guild: bool
    """Whether the caller has the permission Manage Server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that comes with a command."""

    name: str
    """Whatever its owner called it; it never becomes a path."""
    size: int
    """Bytes, as Discord states them."""
    number: int = 1
    """Which of the command's files it is."""

    @property
    def label(self) -> str:
        """What it is called on disk, and in sentences about several."""
        return f"File {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChoice:
    """A channel that somebody wants to be read, and what Discord allows there."""

    id: int
    name: str
    caller_may_read: bool
    """Whether the caller can see the channel and its history."""
    bot_lacks: tuple[str, ...] = ()
    """The permissions, in Discord's words, that the bot needs there and does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """The options of /train: files or a channel, and what to do with them."""

    files: tuple[Upload, ...] = ()
    """Each with a number of its own."""
    channel: ChannelChoice | None = None
    name: str | None = None
    """The model's name; None takes the first file's or the channel's, made unique."""
    minutes: float = 3.0
    authors: str | None = None
    """A list of the only people whose messages are wanted; None wants everybody's."""
    names: bool = False
    """Whether each message begins with its author's name."""
    base: str | None = None
    """The model to start from, by its name in any case or its id; None starts from nothing."""


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
    """A run that is stored and not announced yet, and what comes before its training."""

    run: RunRecord
    corpus: CorpusSummary | None = None
    """What was found in its files; None while its corpus has yet to be read in a channel."""
    reading: ReadingRecord | None = None
    """The channel that is read first; None where there were files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingProgress:
    """How far the reading of a channel has come."""

    channel_name: str
    messages: int = 0
    back_to: datetime | None = None
    """When the oldest message so far was written."""
    is_delayed: bool = False
    """Whether Discord does not answer at the moment."""


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
