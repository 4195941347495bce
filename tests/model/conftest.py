"""Small untrained checkpoints: what they write is noise, and all laws hold for noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.checkpoint import Checkpoint
from model.config import Cell, NetworkConfig
from model.forward import from_named
from model.generation import Writer
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def make_checkpoint() -> Callable[..., Checkpoint]:
    def make(text: str, *, cell: Cell = Cell.LSTM, seed: int = 0, layers: int = 2) -> Checkpoint:
        vocabulary = Vocabulary.of(text)
        config = NetworkConfig(
            vocabulary_size=len(vocabulary),
            cell=cell,
            layers=layers,
            hidden_size=8,
            embedding_size=6,
        )
        generator = np.random.default_rng(seed)
        tensors = {
            name: generator.standard_normal(shape).astype(np.float32)
            for name, shape in config.shapes().items()
        }
        weights = from_named(tensors, layers)
        return Checkpoint(config=config, vocabulary=vocabulary, weights=weights)

    return make


@pytest.fixture(scope="session")
def checkpoint(make_checkpoint: Callable[..., Checkpoint]) -> Checkpoint:
    return make_checkpoint("the quick brown fox jumps over the lazy dog.\n")


@pytest.fixture(scope="session")
def make_writer(make_checkpoint: Callable[..., Checkpoint]) -> Callable[..., Writer]:
    return lambda *arguments, **named: Writer(make_checkpoint(*arguments, **named))


@pytest.fixture(scope="session")
def writer(checkpoint: Checkpoint) -> Writer:
    return Writer(checkpoint)
