"""The catalog's rows as values: frozen, complete, and safe to hand to anyone.

Guilds, channels, people and messages have Discord's numbers; what is ours has opaque ids
(`storage.files.new_id`). Times are whole Unix seconds.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from storage.errors import NotFoundError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)


class RunStatus(StrEnum):
    """Where a run stands; the last three are its ends, and it reaches exactly one."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def is_active(self) -> bool:
        """Whether the run has yet to end."""
        return self in {RunStatus.QUEUED, RunStatus.RUNNING}


class ModelOrder(StrEnum):
    """In which order models are listed."""

    NEWEST = "newest"
    NAME = "name"
    BEST = "best"
    """The fewest bits per character first."""
    LAST_USED = "used"
    """The one that wrote the latest text first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLimits:
    """How much a guild may keep; 0 limits nothing."""

    models: int = 0
    """Those that are to come of runs among them."""
    checkpoints: int = 0
    """Of one model."""
    size: int = 0
    """Of all checkpoints, and of what runs keep, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """How much there may be before another run is refused."""

    per_person: int
    """Runs of a person that wait, those that are uploaded among them."""
    per_guild: int
    """Runs of a guild that wait, in the same way."""
    cooldown: float = 0
    """Seconds between two runs of one person; a guild may have chosen more."""
    daily_per_person: float = 0
    """Minutes of a person's training within 24 hours; 0 limits nothing, here and below."""
    daily_per_guild: float = 0
    """Minutes of a guild's."""
    stock: StockLimits = field(default_factory=StockLimits)
    """What may be kept already."""


class UploadCount(NamedTuple):
    """Uploads that are under way."""

    of_person: int = 0
    of_guild: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDemand:
    """What one more run would take."""

    minutes: float = 0
    trained_model_id: str | None = None
    """The model that it would give another checkpoint; None would make a new one."""
    size: int = 0
    """What the guild's runs would keep on disk with it, in bytes."""
    uploads: UploadCount = field(default_factory=UploadCount)
    """Those that count as runs that wait, without its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One execution of training."""

    id: str
    guild_id: int
    channel_id: int
    message_id: int | None
    """The progress message; None until it has been posted."""
    user_id: int
    """Who started the run."""
    model_name: str
    minutes: float
    corpus_characters: int
    created_at: int
    started_at: int | None
    ended_at: int | None
    status: RunStatus
    reason: str | None
    """Why the run failed, as the bot keeps what is to be said; None unless it did."""
    model_id: str | None
    """The model that the run made; None until it has finished, and once that is deleted."""
    found: str = ""
    """What was found in the files, as the bot keeps what is to be said."""
    trained_model_id: str | None = None
    """The model that is trained longer; None makes a new one, and so does one that is deleted."""
    checkpoint_id: str | None = None
    """What came of the run; None until it has finished, and once that is deleted."""
    corpus_user_id: int | None = None
    """Who gave its corpus; None: whoever started the run."""
    reads_channel: bool = False
    """Whether its corpus comes from a channel; then it is not kept once the run has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSource:
    """A channel whose messages become a run's corpus, and which of them are wanted."""

    id: int
    name: str
    """As it was when the run was asked for, without the #."""
    authors: str | None
    """The list of the only people who are wanted, as it was typed; None: everybody is."""
    names: bool
    """Whether each message begins with its author's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRecord:
    """A queued run whose corpus is still being read, and from where."""

    run: RunRecord
    source: ChannelSource


@dataclass(frozen=True, slots=True, kw_only=True)
class UntoldEnd:
    """A run that is over, though nobody has been told."""

    run: RunRecord
    last_word: str | None
    """What its worker said last, as a line; None unless the run has finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRecord:
    """One checkpoint's file and what is worth knowing without opening it."""

    id: str
    """Also names the file: `DataDirectory.checkpoint(id)`."""
    guild_id: int
    model_id: str
    sha256: str
    """Of the whole file, in hexadecimal."""
    file_size: int
    """In bytes."""
    step: int
    validation_loss: float | None
    """Nats per character."""
    parameters: int
    corpus_characters: int
    created_at: int
    novelty: float | None
    """The share of what it writes that is new, from 0 to 1; None if it was never measured."""

    @property
    def bits_per_character(self) -> float | None:
        """The quality that people are shown; lower is better."""
        return None if self.validation_loss is None else self.validation_loss / math.log(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """What a guild calls by name, with the checkpoint that it writes with."""

    id: str
    guild_id: int
    user_id: int
    """Who trained or imported it."""
    name: str
    created_at: int
    imported: bool
    """Whether it came as a file instead of being trained here."""
    checkpoint: CheckpointRecord
    is_current: bool
    """Whether the guild writes with this model unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRecord:
    """One text that was written, and the place from which it can go on."""

    id: str
    guild_id: int
    channel_id: int
    message_id: int | None
    user_id: int
    checkpoint_id: str | None
    """The checkpoint that wrote it; None once that has been deleted."""
    prompt: str
    """Empty where it is not kept."""
    seed: int
    temperature: float
    top_k: int | None
    top_p: float | None
    stop: str | None
    """The text before which it ends; None where there is none."""
    length: int
    """Characters asked for."""
    count: int
    """How many texts were asked for together; this is one of them."""
    bookmark: bytes
    """Where the text stopped, as `model.generation` encodes it."""
    created_at: int
    tail: str = ""
    """Its last characters, where the guild forbids words."""
    prompt_kept: bool = True
    """Whether the prompt is known, so that the text can be written from it once more."""
    prompt_user_ids: tuple[int, ...] = ()
    """Whose words its prompt and stop text are; empty: whoever it was written for."""

    @property
    def givers(self) -> tuple[int, ...]:
        """Whose words go on in what comes of it."""
        return self.prompt_user_ids or (self.user_id,)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    """What a guild has chosen."""

    guild_id: int
    current_model_id: str | None = None
    """Never None as long as the guild has a model."""
    language: str | None = None
    """In which the bot speaks, as two letters; None follows what the guild has at Discord."""
    length: int | None = None
    """Characters of a text unless asked otherwise; None leaves it to the bot."""
    temperature: float | None = None
    """Of a text unless asked otherwise; None leaves it to the bot."""
    train_cooldown: int = 0
    """Seconds between two runs of one person."""
    write_cooldown: int = 0
    """Seconds between two texts for one person."""
    train_roles: tuple[int, ...] = ()
    """Whoever has one of these may train; with none, everybody may."""
    write_channels: tuple[int, ...] = ()
    """Where the bot may write; with none, everywhere."""
    talk_channels: tuple[int, ...] = ()
    """Where it answers whoever mentions it."""
    forbidden_words: tuple[str, ...] = ()
    """What never stands in a text, as it was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """What is to be deleted: what one person gave to a guild, or all that the guild has."""

    guild_id: int
    user_id: int | None = None
    """Whose; None: everybody's, and what the guild has chosen."""

    def covers(self, guild_id: int, user_id: int) -> bool:
        """Whether this person gives to this guild what is to be deleted."""
        return guild_id == self.guild_id and self.user_id in {None, user_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """Whose files may go, now that their rows are gone."""

    runs: tuple[str, ...]
    checkpoints: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person gave to a guild, and what goes with it."""

    models: dict[str, str]
    """The names of those that they trained or imported, by their ids, oldest first."""
    runs: int
    texts: int
    conversations: int = 0
    """The guild's: what one said there cannot be told from what others did."""

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to delete."""
        return not (self.models or self.runs or self.texts or self.conversations)

    @property
    def mark(self) -> str:
        """What tells it from what is there after anything is given; conversations aside."""
        facts = (*self.models, self.runs, self.texts)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def from_row(kind: type[Record], row: sqlite3.Row, **given: object) -> Record:
    """Make a record of those columns that it has a field for, and of what is given."""
    columns = {field.name: row[field.name] for field in fields(kind) if field.name not in given}
    return kind(**columns, **given)


def run_of(row: sqlite3.Row) -> RunRecord:
    """Make the record of a row of runs."""
    status, reads_channel = RunStatus(row["status"]), bool(row["reads_channel"])
    return from_row(RunRecord, row, status=status, reads_channel=reads_channel)


def found(rows: Iterable[sqlite3.Row], what: str, name: str | None = None) -> sqlite3.Row:
    """Return the row that was asked for, or raise `NotFoundError`."""
    for row in rows:
        return row
    raise NotFoundError(what, name)
