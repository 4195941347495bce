"""From a corpus and the options to a concrete plan: pure functions, and one dial, minutes.

An explicit option always wins; what is left open is chosen here, from the length of the text
and from how many characters the machine can read in the time. With epochs instead of minutes
the choice depends on the corpus alone, so that a seed fixes the weights.

What each choice rests on is in docs/benchmarks.md, with what was tried and not kept.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from model.config import Cell, Dropout, NetworkConfig
from model.vocabulary import Vocabulary
from training.batches import characters_for, held_out
from training.errors import CorpusTooShortError
from training.spec import DIMENSIONS, Size

if TYPE_CHECKING:
    from training.spec import RunSpec

STEPS_PER_EPOCH = 40
"""As many as a small text should at least have: 20 KB with batches of 8 streams reached 1.85
nats in half a minute, with 37 streams 1.94; 85 KB with 32 streams 1.65, with 64 streams 1.76."""

WARM_UP = 0.1
"""The part of the run in which the learning rate rises."""

FINE_TUNING = 0.25
"""What a base's learning rate is of an untrained network's."""

UNLIMITED = 1_000_000
"""Epochs."""


class Plan(NamedTuple):
    """All that was chosen."""

    config: NetworkConfig
    batch_size: int
    sequence_length: int
    learning_rate: float
    """The peak of the schedule."""
    dropout: Dropout
    most_epochs: int = UNLIMITED
    """After which a run ends though there is time left: more would teach it to recite."""

    def to_json(self) -> str:
        """Return the plan as a text."""
        fields = self._asdict() | {"config": dataclasses.asdict(self.config)}
        return json.dumps(fields | {"dropout": self.dropout._asdict()})

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that `to_json` wrote."""
        fields = json.loads(text)
        config = fields["config"] | {"cell": Cell(fields["config"]["cell"])}
        whole = {"config": NetworkConfig(**config), "dropout": Dropout(**fields["dropout"])}
        return cls(**(fields | whole))


def make_plan(
    spec: RunSpec,
    *,
    corpus_characters: int,
    vocabulary_size: int,
    speed: float | None = None,
    base: NetworkConfig | None = None,
) -> Plan:
    """Return the plan of a run.

    Args:
        spec: The options.
        corpus_characters: Length of the whole text, with what is held out.
        vocabulary_size: Ids, the unknown one included.
        speed: Multiplications a second that the device makes; None if the plan must not
            depend on it.
        base: The dimensions of the checkpoint that the run starts from.

    Raises:
        CorpusTooShortError: Not even one batch of the explicit size fits into the text.
    """
    training_characters = corpus_characters - held_out(corpus_characters)
    config = choose_network(spec, training_characters, vocabulary_size, speed, base)
    sequence_length, batch_size = choose_shape(spec, corpus_characters)
    epochs = expected_epochs(spec, config, training_characters, speed)
    rate = spec.learning_rate or choose_rate(config) * (1 if base is None else FINE_TUNING)
    dropout = choose_dropout(training_characters, epochs)
    if spec.dropout is not None:
        dropout = Dropout(layers=spec.dropout)
    return Plan(config, batch_size, sequence_length, rate, dropout)


def choose_vocabulary(training_text: str) -> Vocabulary:
    """Return the characters that a network should know of those in a text."""
    counts = Counter(training_text)
    return Vocabulary("".join(sorted(c for c, n in counts.items() if n >= 1)))


def choose_network(
    spec: RunSpec,
    training_characters: int,
    vocabulary_size: int,
    speed: float | None,
    base: NetworkConfig | None,
) -> NetworkConfig:
    """Return the dimensions: the base's, or those that suit the text and the time there is."""
    if base is not None:
        return dataclasses.replace(base, vocabulary_size=vocabulary_size)
    layers, hidden_size = spec.dimensions
    auto_layers, auto_hidden_size = DIMENSIONS[choose_size(spec, training_characters, speed)]
    hidden_size = hidden_size or auto_hidden_size
    return NetworkConfig(
        vocabulary_size=vocabulary_size,
        cell=spec.cell or Cell.LSTM,
        layers=layers or auto_layers,
        hidden_size=hidden_size,
        embedding_size=min(hidden_size, 256),
    )


def choose_size(spec: RunSpec, training_characters: int, speed: float | None) -> Size:
    minutes = 3.0 if spec.minutes is None else spec.minutes
    if minutes < 0.5:
        return Size.SMALL
    return Size.MEDIUM


def expected_epochs(
    spec: RunSpec, config: NetworkConfig, training_characters: int, speed: float | None
) -> float:
    if spec.epochs is not None:
        return spec.epochs
    return 60 * (spec.minutes or 3) * 60_000 / training_characters


def choose_dropout(training_characters: int, epochs: float) -> Dropout:
    return Dropout(0.2, 0.0)


def choose_rate(config: NetworkConfig) -> float:
    return 8e-3


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
