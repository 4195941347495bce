"""What people ask for and what they get, as values: the service's vocabulary.

Plain numbers and strings, as Discord gave them; `bot.service` checks every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.records import ModelOrder
from training.spec import DEFAULT_MINUTES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime
    from pathlib import Path
    from typing import TypeAlias

    from bot.writing.thread import Order
    from model.header import Header
    from storage.records import (
        CheckpointRecord,
        GenerationRecord,
        GuildSettings,
        ModelRecord,
        ReadingRecord,
        RunRecord,
    )
    from training.corpus import CorpusSummary

    Download: TypeAlias = Callable[[Sequence[Path]], Awaitable[None]]
    """Writes the files of a command, in their order, to the paths that it is given."""

MODELS_ON_A_PAGE = 10
RUNS_ON_A_PAGE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and where."""

    guild_id: int
    channel_id: int
    user_id: int
    manages_guild: bool
    """Whether the caller has the permission Manage Server."""
    parent_id: int | None = None
    """The channel that it is a thread of; None in a channel."""
    role_ids: frozenset[int] = frozenset()
    """The caller's roles."""


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
    """The permissions, as discord.py calls them, that the bot needs there and does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """The options of /train: files or a channel, and what to do with them."""

    files: tuple[Upload, ...] = ()
    """Each with a number of its own."""
    channel: ChannelChoice | None = None
    name: str | None = None
    """The model's name; None takes the first file's or the channel's, made unique."""
    minutes: float = DEFAULT_MINUTES
    authors: str | None = None
    """A list of the only people whose messages are wanted; None wants everybody's."""
    names: bool = False
    """Whether each message begins with its author's name."""
    base: str | None = None
    """The model to start from, by its name in any case or its id; None starts from nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """The options of /generate."""

    length: int | None = None
    """Characters (code points), 1 to 8,000; None is what the server has chosen."""
    temperature: float | None = None
    """0 to 2; None is what the server has chosen."""
    prompt: str = ""
    model: str | None = None
    """A model's name, in any case, or its id; None is the server's current one."""
    seed: int | None = None
    """Any integer; None draws one. Of several texts it is the first one's."""
    top_k: int | None = None
    """1 or more; None draws among all characters."""
    top_p: float | None = None
    """Above 0 and at most 1; None draws among all characters."""
    stop: str | None = None
    """A text before which writing ends."""
    count: int = 1
    """How many texts, 1 to 4."""
    prompt_kept: bool = True
    """Whether the prompt may be kept, to write from it once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """The options of /models for an import."""

    file: Upload
    name: str | None = None
    """The model's name; None takes the file's, made unique."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which of the server's models a list shows."""

    page: int = 0
    order: ModelOrder = ModelOrder.NEWEST
    search: str = ""
    """What the names contain, in any case."""


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
    """What is to be written, and the model that will write it: nothing refuses it any more."""

    order: Order
    """The first text's; others differ by their seeds."""
    seed_is_given: bool
    """Whether somebody chose the seed, and so what is written."""
    count: int
    model: ModelRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What there is on a server, for whoever looks around."""

    model: ModelRecord | None
    """The current one; None where there is none."""
    has_runs: bool
    """Whether there is a history of trainings."""
    chosen: GuildSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text, fresh from a model."""

    generation: GenerationRecord
    """Kept, so that its buttons find it: seed, prompt, temperature, where it stopped."""
    text: str
    """What was written, without the prompt."""
    prompt: str
    """As it may be shown."""
    stop: str | None
    """The stop text, as it may be shown; None where there is none."""
    skipped: str
    """Those characters of the prompt that the model does not know, each once; often empty."""
    never: str
    """Those of the stop text, which therefore cannot occur; often empty."""
    model: ModelRecord
    earlier: CheckpointRecord | None = None
    """What wrote it instead of the model's own checkpoint, if that is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the server's models."""

    models: Sequence[ModelRecord]
    page: int
    """From 0 on."""
    pages: int
    count: int
    """Models on all pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """All there is to know about a run."""

    run: RunRecord
    checkpoint: CheckpointRecord | None = None
    """What came of it; None until it has finished, and once that is deleted."""
    model: ModelRecord | None = None
    """The model that has this checkpoint, as it is called now."""
    channel: str | None = None
    """The name of the channel that it is reading; None unless it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRuns:
    """A page of the server's runs."""

    runs: Sequence[RunDetails]
    page: int
    """From 0 on."""
    pages: int
    count: int
    """Runs on all pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All there is to know about a model."""

    model: ModelRecord
    checkpoints: Sequence[CheckpointRecord]
    """Newest first."""
    header: Header | None
    """What its checkpoint's file says of itself; None if that cannot be read."""
    base: ModelRecord | None
    """The server's model that it started from, or that has that file now."""
    curve: Path | None
    """The picture of its loss curve, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A checkpoint's file, to be sent as `file_name`."""

    path: Path
    file_name: str
    size: int
