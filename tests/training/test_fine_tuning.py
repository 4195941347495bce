"""Starting from a base: nothing that it knows is lost, and what is new has room."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.checkpoint import Checkpoint
from model.config import Cell, NetworkConfig
from model.forward import from_named, logits, read, zero_state
from model.vocabulary import Vocabulary
from training.errors import SpecError
from training.fine_tuning import check_base, grown, vocabulary_for
from training.spec import RunSpec, Size

OLD = "abcdef"


def some_checkpoint(characters: str, seed: int = 0) -> Checkpoint:
    vocabulary = Vocabulary(characters)
    config = NetworkConfig(
        vocabulary_size=len(vocabulary), layers=2, hidden_size=6, embedding_size=4
    )
    generator = np.random.default_rng(seed)
    tensors = {
        name: generator.normal(size=shape).astype(np.float32)
        for name, shape in config.shapes().items()
    }
    weights = from_named(tensors, config.layers)
    return Checkpoint(config=config, vocabulary=vocabulary, weights=weights)


@given(st.text(OLD, min_size=1, max_size=30), st.text("xyz", max_size=3))
def test_a_grown_base_reads_what_it_knows_exactly_as_before(text: str, new: str) -> None:
    characters = OLD + "".join(sorted(set(new)))
    base, fresh = some_checkpoint(OLD), some_checkpoint(characters, seed=1)
    shares = np.full(len(characters) + 1, 1 / (len(characters) + 1))

    weights = grown(base.weights, fresh.weights, shares)

    known = len(base.vocabulary)
    ids = base.vocabulary.encode(text)
    assert (Vocabulary(characters).encode(text) == ids).all()
    _, before = read(base.weights, ids, zero_state(base.config))
    _, after = read(weights, ids, zero_state(fresh.config))
    np.testing.assert_array_equal(logits(weights, after)[:known], logits(base.weights, before))


def test_a_new_character_begins_as_likely_as_it_is_frequent() -> None:
    """Where the base is undecided, which is all that its bias knows."""
    base, fresh = some_checkpoint(OLD), some_checkpoint(OLD + "x", seed=1)
    shares = np.array([1e-6, *[0.15] * 6, 0.1])

    weights = grown(base.weights, fresh.weights, shares)

    odds = np.exp(weights.output_bias[-1]) / np.exp(weights.output_bias[:-1]).sum()
    assert odds == pytest.approx(0.1, rel=1e-4)
    assert not weights.output_kernel[:, -1].any()


@given(st.text(max_size=50))
def test_the_vocabulary_keeps_the_bases_ids(text: str) -> None:
    base = some_checkpoint(OLD)

    vocabulary = vocabulary_for(text, base)

    assert vocabulary.characters.startswith(OLD)
    assert set(vocabulary.characters) <= set(OLD) | set(text)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        (RunSpec(epochs=1, units=7), "hidden size cannot be 7"),
        (RunSpec(epochs=1, layers=1), "layers cannot be 1"),
        (RunSpec(epochs=1, cell=Cell.GRU), "cell cannot be gru"),
        (RunSpec(epochs=1, size=Size.MEDIUM), "hidden size cannot be 256"),
    ],
)
def test_options_that_ask_for_another_network_are_refused(spec: RunSpec, sentence: str) -> None:
    with pytest.raises(SpecError, match=f"2 layers of 6 LSTM units, .*{sentence}"):
        check_base(spec, some_checkpoint(OLD).config)


def test_options_that_say_what_the_base_is_are_fine() -> None:
    spec = RunSpec(epochs=1, units=6, layers=2, cell=Cell.LSTM)

    check_base(spec, some_checkpoint(OLD).config)
