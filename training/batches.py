"""The training text as contiguous streams, and the held-out text as scored streams.

    epoch e     the text as a ring, entered at offset(seed, e), cut into B streams of S
    step        the next T characters of every stream, and the character after each

A network that carries its state from one step to the next so reads B long texts, each
without a gap. Each batch is a function of the seed and the step alone: nothing has to be
remembered to go on from a snapshot. Each epoch leaves out the less than B + B T characters
that fill no whole step; because the offset is fresh, they are others every time.

Shapes: N characters, B batch size, T sequence length, S stream length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ids: TypeAlias = NDArray[np.int32]


MOST_HELD_OUT = 5_000
"""Characters. What is held out is not learned, and what comes after a text is most like its end:
of tinyshakespeare, whose last tenth was scored, holding out 20,000 cost 0.08 nats, 5,000 cost 0.02.
The checkpoints of a run are compared on the same characters, so that few of them are enough."""


class Batch(NamedTuple):
    """What one step reads."""

    inputs: Ids  # (B, T)
    targets: Ids  # (B, T), the character after each input
    starts_epoch: bool
    """The streams begin here, so the state before them is zero."""


class ScoredBatch(NamedTuple):
    """A chunk of the held-out text; the last ones are padded."""

    inputs: Ids  # (B, T)
    targets: Ids  # (B, T)
    scored: NDArray[np.float32]  # (B, T), 1 where the target counts, 0 where it is padding


@dataclass(frozen=True, slots=True)
class Streams:
    """The training text, batch after batch."""

    ids: Ids
    batch_size: int
    sequence_length: int
    seed: int

    @property
    def stream_length(self) -> int:
        """Characters that each stream has to predict in an epoch."""
        return (len(self.ids) - 1) // self.batch_size

    @property
    def steps_per_epoch(self) -> int:
        """Whole batches in one pass over the text."""
        return self.stream_length // self.sequence_length

    def offset(self, epoch: int) -> int:
        """Where in the ring an epoch begins."""
        return int(np.random.default_rng((self.seed, epoch)).integers(len(self.ids)))

    def batch(self, step: int) -> Batch:
        """Return the batch of a step, counted from 0 over all epochs."""
        epoch, chunk = divmod(step, self.steps_per_epoch)
        stream = np.arange(self.batch_size)[:, None] * self.stream_length  # (B, 1)
        time = chunk * self.sequence_length + np.arange(self.sequence_length + 1)  # (T + 1,)
        window = self.ids[(self.offset(epoch) + stream + time) % len(self.ids)]  # (B, T + 1)
        return Batch(window[:, :-1], window[:, 1:], starts_epoch=chunk == 0)


def scored_batches(ids: Ids, batch_size: int, sequence_length: int) -> Iterator[ScoredBatch]:
    """Yield the held-out text so that every character but the first is scored once."""
    stream_length = -(-(len(ids) - 1) // batch_size)
    stream = np.arange(batch_size)[:, None] * stream_length  # (B, 1)
    for first in range(0, stream_length, sequence_length):
        time = first + np.arange(sequence_length)  # (T,)
        place = stream + time  # (B, T)
        scored = (time < stream_length) & (place < len(ids) - 1)
        place = np.minimum(place, len(ids) - 2)
        yield ScoredBatch(ids[place], ids[place + 1], scored.astype(np.float32))


def held_out(characters: int) -> int:
    """Return how many characters at a text's end are kept for validation."""
    return min(max(characters // 20, 300), MOST_HELD_OUT)


def characters_for(training_characters: int) -> int:
    """Return how long a text must be to leave so many characters for training."""
    return training_characters + min(max(training_characters // 19 + 1, 300), MOST_HELD_OUT)


def frequencies(ids: Ids, vocabulary_size: int) -> NDArray[np.float64]:
    """Return the share of each id in a text; one that does not occur counts as half a character."""
    counts = np.maximum(np.bincount(ids, minlength=vocabulary_size), 0.5)
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares
