"""Untrained networks, which write as fast as trained ones, and what a process weighs."""

from __future__ import annotations

import resource
import sys
from typing import NamedTuple

import numpy as np

from model.checkpoint import Checkpoint
from model.config import Cell, NetworkConfig
from model.forward import from_named
from model.vocabulary import Vocabulary


class Size(NamedTuple):
    """The dimensions that matter for speed; the embedding has as many units as a layer."""

    layers: int
    units: int


def untrained(cell: Cell, size: Size) -> Checkpoint:
    """A network with 65 characters in its vocabulary, as tinyshakespeare has."""
    vocabulary = Vocabulary.of("".join(map(chr, range(32, 97))))
    config = NetworkConfig(
        vocabulary_size=len(vocabulary),
        cell=cell,
        layers=size.layers,
        hidden_size=size.units,
        embedding_size=size.units,
    )
    generator = np.random.default_rng(0)
    tensors = {
        name: generator.normal(0, 0.1, shape).astype(np.float32)
        for name, shape in config.shapes().items()
    }
    weights = from_named(tensors, config.layers)
    return Checkpoint(config=config, vocabulary=vocabulary, weights=weights)


def megabytes(who: int = resource.RUSAGE_SELF) -> float:
    """The most memory that a process, or the largest of its children, has used."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss * unit / 1e6
