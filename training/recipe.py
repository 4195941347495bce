"""From a corpus and the options to a concrete plan: pure functions, and one dial, minutes.

An explicit option always wins; what is left open is chosen here. With epochs instead of
minutes the choice depends on the corpus alone, so that a seed fixes the weights.

The figures for 1 MB of text were measured on two cores: 2x256, batches of 64 streams, a
one-cycle schedule to 4e-3, dropout 0.2. Chunks of 50 characters cost no more time than
chunks of 100 and make twice the steps: 1.65 nats after two epochs of tinyshakespeare, where
242 steps of 100 (1.5 epochs) had come to 1.83. Small texts get small batches, because a
network learns from the number of steps too, and several fit into each epoch.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from model.config import Cell, NetworkConfig
from training.batches import characters_for, held_out
from training.errors import CorpusTooShortError
from training.spec import Size

if TYPE_CHECKING:
    from training.spec import RunSpec

DIMENSIONS = {Size.SMALL: (3, 128), Size.MEDIUM: (2, 256), Size.LARGE: (2, 512)}
"""Layers and hidden size."""

STEPS_PER_EPOCH = 40
"""As many as a small text should at least have: 20 KB with batches of 8 streams reached 1.85
nats in half a minute, with 37 streams 1.94; 85 KB with 32 streams 1.65, with 64 streams 1.76."""

WARM_UP = 0.1
"""The part of the run in which the learning rate rises."""


class Plan(NamedTuple):
    """All that was chosen."""

    config: NetworkConfig
    batch_size: int
    sequence_length: int
    learning_rate: float
    """The peak of the schedule."""
    dropout: float


def make_plan(spec: RunSpec, *, corpus_characters: int, vocabulary_size: int) -> Plan:
    """Return the plan of a run.

    Args:
        spec: The options.
        corpus_characters: Length of the whole text, with what is held out.
        vocabulary_size: Ids, the unknown one included.

    Raises:
        CorpusTooShortError: Not even one batch of the explicit size fits into the text.
    """
    size = choose_size(spec, corpus_characters) if spec.size is Size.AUTO else spec.size
    layers, hidden_size = DIMENSIONS[size]
    hidden_size = spec.units or hidden_size
    config = NetworkConfig(
        vocabulary_size=vocabulary_size,
        cell=spec.cell or Cell.LSTM,
        layers=spec.layers or layers,
        hidden_size=hidden_size,
        embedding_size=min(hidden_size, 256),
    )
    sequence_length, batch_size = choose_shape(spec, corpus_characters)
    dropout = (0.3 if size is Size.LARGE else 0.2) if spec.dropout is None else spec.dropout
    learning_rate = spec.learning_rate or (2e-3 if size is Size.LARGE else 4e-3)
    return Plan(config, batch_size, sequence_length, learning_rate, dropout)


def choose_size(spec: RunSpec, corpus_characters: int) -> Size:
    """Return the size for a text of so many characters and the time there is."""
    minutes = 3.0 if spec.minutes is None else spec.minutes
    if minutes < 0.5 or corpus_characters < 30_000:
        return Size.SMALL
    return Size.LARGE if minutes >= 20 and corpus_characters >= 500_000 else Size.MEDIUM


def choose_shape(spec: RunSpec, corpus_characters: int) -> tuple[int, int]:
    """Return sequence length and batch size, such that several steps fit into an epoch."""
    per_step = (corpus_characters - held_out(corpus_characters)) // STEPS_PER_EPOCH
    sequence_length = spec.sequence_length or min(max(per_step // (spec.batch_size or 8), 16), 50)
    batch_size = spec.batch_size or min(max(per_step // sequence_length, 1), 64)
    required = characters_for(sequence_length * batch_size + 1)
    if corpus_characters < required:
        raise CorpusTooShortError(corpus_characters, required)
    return sequence_length, batch_size


def learning_rate(fraction: float, *, peak: float) -> float:
    """Return the learning rate at a fraction of the run: one cycle, from peak / 25 to 0.

    It rises in a straight line and falls as half a cosine.

    Source:
        Smith & Topin, 2018, "Super-Convergence".
    """
    if fraction < WARM_UP:
        return peak * (0.04 + 0.96 * fraction / WARM_UP)
    fall = min((fraction - WARM_UP) / (1 - WARM_UP), 1.0)
    return peak * 0.5 * (1 + math.cos(math.pi * fall))
