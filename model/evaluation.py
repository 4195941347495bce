"""How well a network predicts a text: the one number that compares networks.

The text is read once from the zero state with fixed weights, and every character but
the first is scored. A character outside the vocabulary costs the unknown id's score
plus the choice among 65,536 characters, so that calling rare characters unknown never
pays.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.forward import log_softmax, read, zero_state
from model.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from model.checkpoint import Checkpoint

UNKNOWN_COST = log(65536)
"""Nats that an unknown character costs beside its id's score."""
CHUNK = 1024
"""Characters read at a time: bounds the memory for the scores."""


class Evaluation(NamedTuple):
    """The figures of one text."""

    characters: int
    nats_per_character: float
    bits_per_character: float


def evaluate(checkpoint: Checkpoint, text: str) -> Evaluation:
    """Score a text of two characters or more.

    Args:
        checkpoint: The network.
        text: Read exactly as it is.

    Returns:
        The number of characters scored, and their mean cost in nats and in bits.

    Raises:
        ValueError: The text is too short to score.
    """
    ids = checkpoint.vocabulary.encode(text)
    if len(ids) < 2:
        msg = "There is nothing to score: the text needs at least 2 characters."
        raise ValueError(msg)
    state, total = zero_state(checkpoint.config), 0.0
    for start in range(0, len(ids) - 1, CHUNK):
        targets = ids[start + 1 : start + 1 + CHUNK]
        hidden, state = read(checkpoint.weights, ids[start : start + len(targets)], state)
        scores = hidden @ checkpoint.weights.output_kernel + checkpoint.weights.output_bias
        total -= log_softmax(scores)[np.arange(len(targets)), targets].sum()
    total += UNKNOWN_COST * np.count_nonzero(ids[1:] == UNKNOWN)
    nats = float(total) / (len(ids) - 1)
    return Evaluation(len(ids) - 1, nats, nats / log(2))
