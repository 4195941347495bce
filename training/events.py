"""What a worker says: one JSON object a line, on its stdout and nowhere else.

    run = started (progress | sample | recovered)* (finished | failed)
        | failed

Every line has `event`, the name of its kind in lower case, and that kind's fields. A run
that is stopped from outside says nothing more: its lines just end. Fields and kinds may be
added; a listener ignores the fields that it does not know, and does without those that the
lines of an older version lack.
"""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The corpus is read and the network is built; the first step is next."""

    characters: int
    """Characters of the whole corpus."""
    training_characters: int
    """Those that are trained on; the others are held out for validation."""
    vocabulary_size: int
    parameters: int
    cell: str
    layers: int
    hidden_size: int
    device: str
    """`cpu` or `gpu`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Sent about once a second."""

    fraction: float
    """Of the run, from 0 to 1: of its time or of its steps."""
    step: int
    epoch: float
    """Passes over the training text so far."""
    loss: float
    """Nats per character on the training text, averaged since the last event."""
    validation_loss: float | None
    """The latest one; None before the first validation."""
    bits_per_character: float | None
    """`validation_loss` / ln 2."""
    first_bits_per_character: float | None = None
    """Of the untrained network, or of the base; None before the first validation."""
    characters_per_second: float
    """Since the last event, without compilation, validation and snapshots."""
    seconds: float = 0.0
    """Of the run's time so far, interruptions not counted."""
    seconds_left: float

    @property
    def is_better(self) -> bool:
        """Whether the latest validation was better than the first."""
        now, first = self.bits_per_character, self.first_bits_per_character
        return now is not None and first is not None and now < first


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the network writes by now: sent soon after the start, and once a minute."""

    text: str
    """Of the same seed each time, so that one sees it change."""
    step: int
    seconds: float
    """Of the run's time so far, interruptions not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """The loss had left the finite numbers or shot up.

    The run goes on from its best weights, at half the learning rate.
    """

    step: int
    learning_rate: float
    """The peak of the schedule from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The checkpoint is complete on disk."""

    checkpoint: str
    """Its file name in the run's directory."""
    step: int
    epochs: float
    validation_loss: float
    """Of the checkpoint, the best that the run has seen. Nats per character."""
    bits_per_character: float
    seconds: float
    """From the process's start, interruptions not counted."""
    sample: str
    """A first text of the checkpoint."""
    samples: Mapping[str, str] = field(default_factory=dict)
    """Shorter texts of it by their temperatures, such as "0.5"."""
    first_bits_per_character: float | None = None
    """Of the untrained network, or of the base; None if it is not known any more."""
    novelty: float | None = None
    """The share of what it writes that is new (`training.novelty`); None if it is not known."""
    early: bool = False
    """Whether it ended before its time, having nothing left to learn."""
    asked: bool = False
    """Whether it ended before its time because somebody had asked for it."""
    recoveries: int = 0
    """How often the loss had shot up and the run went on more slowly."""
    sha256: str | None = None
    """The hash of the checkpoint's file; None in the lines of older versions."""
    curve: str | None = None
    """The file name of the loss curve's picture, beside the checkpoint; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The run cannot go on."""

    reason: str
    """One sentence, in English, for the person who started it."""
    error: str = ""
    """The name of the error's class; empty in the lines of older versions."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the error is about, by the names of its attributes, for another language."""


Event: TypeAlias = Started | Progress | Sample | Recovered | Finished | Failed

KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind for kind in (Started, Progress, Sample, Recovered, Finished, Failed)
}


def bits(nats: float) -> float:
    """Return bits per character for a loss in nats per character."""
    return nats / math.log(2)


def encode(event: Event) -> str:
    """Return the event as one line of JSON, without its line end.

    Raises:
        ValueError: A number is not finite; JSON has no such numbers.
    """
    fields = dataclasses.asdict(event)
    return json.dumps({"event": type(event).__name__.lower(), **fields}, allow_nan=False)


def decode(line: str | bytes) -> Event:
    """Return the event of a line.

    Raises:
        ValueError: The line is no event.
    """
    try:
        fields = json.loads(line)
        kind = KINDS[fields["event"]]
        known = {field.name for field in dataclasses.fields(kind)}
        return kind(**{name: value for name, value in fields.items() if name in known})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"not an event: {line[:200]!r}") from error
