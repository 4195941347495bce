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
from training.spec import DEFAULT_MINUTES, DIMENSIONS, Size

if TYPE_CHECKING:
    from training.spec import RunSpec

STEPS_PER_EPOCH = 40
"""As many as a small text should at least have: 20 KB with batches of 8 streams reached 1.85
nats in half a minute, with 37 streams 1.94; 85 KB with 32 streams 1.65, with 64 streams 1.76."""

MOST_STREAMS, LONGEST_SEQUENCE = 64, 50
"""Chunks of 100 characters gave 1.475 nats where chunks of 50 gave 1.466: half the steps."""

KNOWN_FROM = 2
"""Occurrences from which on a character is in the vocabulary. 50 KB of Japanese gave 2.956, 2.863
and 2.848 nats with 1, 2 and 3; the last step is not worth the characters that could never be
written."""

WARM_UP = 0.1
"""The part of the run in which the learning rate rises."""

PEAK = 1e-2
"""The peak of the learning rate for 256 units and 64 streams. 4e-3, 8e-3 and 1.5e-2 gave 1.510,
1.477 and 1.508 nats after 3.5 million characters of Shakespeare. A base learns at the same rate:
a smaller one keeps more of the old text, but learns the new one worse than from nothing."""

REFERENCE_SPEED = 9000.0
"""`training.device.measure_speed` on the two cores for which `SECONDS_PER_CHARACTER` holds."""

SECONDS_PER_CHARACTER = 4.8e-6, 8.9e-12
"""For each character, and for each of its multiplications, of which a network has as many as
weights: 3x128, 2x256 and 2x512 train at 119,000, 75,000 and 27,000 characters a second."""

SMALLER_BATCHES = 0.7
"""How the speed grows with the streams, as a power: 8, 16, 32 and 64 of them read 16,500, 25,000,
40,000 and 75,000 characters a second."""

STARTING_SECONDS = 8.0
"""From a run's start to its first step, and from its last one to its end."""

UNLIMITED = 1_000_000
"""Epochs."""

MEGABYTE = 1_000_000
"""Characters: the length of text for which the rules below give what was measured there."""


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
        speed: Time steps a second (`training.device.measure_speed`); None if the plan must
            not depend on it.
        base: The dimensions of the checkpoint that the run starts from.

    Raises:
        CorpusTooShortError: Not even one batch of the explicit size fits into the text.
    """
    training_characters = corpus_characters - held_out(corpus_characters)
    sequence_length, batch_size = choose_shape(spec, corpus_characters)
    reading = Reading(spec, training_characters, batch_size, speed)
    config = choose_network(spec, vocabulary_size, reading, base)
    most_epochs = UNLIMITED if spec.minutes is None else enough_epochs(training_characters)
    epochs = min(reading.epochs(config), most_epochs)
    dropout = choose_dropout(training_characters, epochs)
    if spec.dropout is not None:
        dropout = Dropout(layers=spec.dropout)
    chosen_rate = PEAK * math.sqrt(256 / config.hidden_size * batch_size / MOST_STREAMS)
    rate = spec.learning_rate or chosen_rate
    return Plan(config, batch_size, sequence_length, rate, dropout, most_epochs)


class Reading(NamedTuple):
    """How often a run can read its text."""

    spec: RunSpec
    training_characters: int
    batch_size: int
    speed: float | None

    def epochs(self, config: NetworkConfig) -> float:
        """Return how many passes over the text fit into the run with such a network."""
        if self.spec.epochs is not None:
            return self.spec.epochs
        seconds = max(60 * (self.spec.minutes or DEFAULT_MINUTES) - STARTING_SECONDS, 1.0)
        return seconds * self.characters_per_second(config) / self.training_characters

    def characters_per_second(self, config: NetworkConfig) -> float:
        """Return about how fast such a network is trained; small batches are slow."""
        each, multiplication = SECONDS_PER_CHARACTER
        embedding = config.vocabulary_size * config.embedding_size  # is looked up
        streams = math.pow(min(self.batch_size / MOST_STREAMS, 1.0), SMALLER_BATCHES)
        seconds = each + multiplication * (config.parameters - embedding)
        return (self.speed or REFERENCE_SPEED) / REFERENCE_SPEED * streams / seconds


def choose_vocabulary(training_text: str) -> Vocabulary:
    """Return the characters that a network should know of those in a text.

    A character that occurs once is unknown: what a network learns from one example is little,
    and so it learns where a character may come that the text does not have at all.
    """
    counts = Counter(training_text)
    known = [c for c, n in counts.items() if n >= KNOWN_FROM] or counts
    return Vocabulary("".join(sorted(known)))


def choose_network(
    spec: RunSpec, vocabulary_size: int, reading: Reading, base: NetworkConfig | None
) -> NetworkConfig:
    """Return the dimensions: the base's, or those that suit the text and the time there is."""
    if base is not None:
        return dataclasses.replace(base, vocabulary_size=vocabulary_size)
    cell, (layers, hidden_size) = spec.cell or Cell.LSTM, spec.dimensions

    def network(size: Size) -> NetworkConfig:
        auto_layers, auto_hidden_size = DIMENSIONS[size]
        units = hidden_size or auto_hidden_size
        return NetworkConfig(
            vocabulary_size=vocabulary_size,
            cell=cell,
            layers=layers or auto_layers,
            hidden_size=units,
            embedding_size=min(units, 256),
        )

    needed = needed_epochs(reading.training_characters)
    large, medium, small = (network(size) for size in (Size.LARGE, Size.MEDIUM, Size.SMALL))
    if reading.epochs(large) >= needed:
        return large
    return medium if reading.epochs(medium) >= needed / 5 else small


def needed_epochs(training_characters: int) -> float:
    """Return from how many epochs on the large network is better than the medium one.

    On a megabyte of Shakespeare the large one had reached 1.425 nats after 4 epochs and the
    medium one after 10, which take the same minutes; but where others slowed the machine down
    the large one came to 1.507 in three minutes. Smaller texts have to be read more often.
    """
    return 6.5 * math.pow(MEGABYTE / training_characters, 0.45)


def enough_epochs(training_characters: int) -> int:
    """Return after how many epochs there is nothing left to learn but the text by heart."""
    return round(max(30.0, 60 * math.pow(training_characters / MEGABYTE, 0.3)))


def choose_dropout(training_characters: int, epochs: float) -> Dropout:
    """Return the dropout: the more often a text is read and the shorter it is, the more.

    Small texts need it in the recurrent kernels too: 20 KB gave 1.885 nats with 0.2 in a small
    network and 1.738 with 0.5 and 0.5 in a medium one.
    """
    shortness = math.log2(MEGABYTE / training_characters)
    part = 0.1 + 0.08 * math.log2(max(epochs, 0.1) / 3.5) + 0.04 * max(shortness, 0.0)
    part = min(max(part, 0.0), 0.6)
    recurrent = min(part, 0.5) * min(max(shortness / 3, 0.0), 1.0)
    return Dropout(round(part, 2), round(recurrent, 2))


def choose_shape(spec: RunSpec, corpus_characters: int) -> tuple[int, int]:
    """Return sequence length and batch size, such that several steps fit into an epoch."""
    per_step = (corpus_characters - held_out(corpus_characters)) // STEPS_PER_EPOCH
    longest = max(per_step // (spec.batch_size or 8), 16)
    sequence_length = spec.sequence_length or min(longest, LONGEST_SEQUENCE)
    batch_size = spec.batch_size or min(max(per_step // sequence_length, 1), MOST_STREAMS)
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
