"""The fast form of the network is the same function as the readable one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config import Cell, NetworkConfig
from model.forward import Weights, advance, from_named, logits, to_named, zero_state
from model.stepper import Stepper

pytestmark = pytest.mark.filterwarnings("ignore:invalid value encountered in dot:RuntimeWarning")
# A product of a few rows computes with what happens to lie behind them too, and throws it away.
# A number that were really not one would still fail every comparison below.

CONFIGS = st.builds(
    NetworkConfig,
    vocabulary_size=st.integers(2, 30),
    cell=st.sampled_from(Cell),
    layers=st.integers(1, 4),
    hidden_size=st.integers(1, 20),
    embedding_size=st.integers(1, 20),
)
SEEDS = st.integers(0, 2**32 - 1)


def random_weights(config: NetworkConfig, seed: int) -> Weights:
    generator = np.random.default_rng(seed)
    tensors = {
        name: generator.standard_normal(shape).astype(np.float32)
        for name, shape in config.shapes().items()
    }
    return from_named(tensors, config.layers)


def assert_close(ours: np.ndarray, theirs: np.ndarray) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4)


@given(CONFIGS, SEEDS, st.lists(st.integers(0, 29), max_size=12))
def test_the_fast_form_gives_the_scores_and_the_state_of_the_readable_one(
    config: NetworkConfig, seed: int, ids: list[int]
) -> None:
    weights = random_weights(config, seed)
    stepper, state = Stepper(config, weights), zero_state(config)

    for character_id in ids:
        stepper.advance(character_id % config.vocabulary_size)
        state = advance(weights, character_id % config.vocabulary_size, state)

    assert_close(stepper.logits(), logits(weights, state))
    for ours, theirs in zip(stepper.state, state, strict=True):
        assert_close(ours.hidden, theirs.hidden)
        assert_close(ours.cell, theirs.cell)


@given(CONFIGS, SEEDS, st.lists(st.integers(0, 1), min_size=1, max_size=8))
def test_a_state_that_was_taken_out_goes_in_again_exactly(
    config: NetworkConfig, seed: int, ids: list[int]
) -> None:
    """To the last bit, in another stepper too: a text that stops and goes on is the same."""
    weights = random_weights(config, seed)
    one, other = Stepper(config, weights), Stepper(config, weights)
    one.advance(1)
    other.state = one.state

    for character_id in ids:
        one.advance(character_id)
        other.advance(character_id)

    np.testing.assert_array_equal(one.logits(), other.logits())


def test_a_state_that_was_taken_out_stays_as_it_is() -> None:
    config = NetworkConfig(vocabulary_size=5, hidden_size=4, embedding_size=3)
    stepper = Stepper(config, random_weights(config, 0))
    stepper.advance(1)
    state = stepper.state
    hidden = [layer.hidden.copy() for layer in state]

    stepper.advance(2)

    np.testing.assert_array_equal([layer.hidden for layer in state], hidden)


@pytest.mark.parametrize("cell", Cell)
def test_the_weights_may_go_and_the_memory_is_counted(cell: Cell) -> None:
    """As much as the weights, and a row of 4 H numbers for each character that was met."""
    config = NetworkConfig(vocabulary_size=5, cell=cell, hidden_size=32, embedding_size=3)
    weights = random_weights(config, 0)
    stepper = Stepper(config, weights)

    before = stepper.nbytes
    for character_id in (1, 2, 1):
        stepper.advance(character_id)

    assert before == sum(tensor.nbytes for tensor in to_named(weights).values())
    assert stepper.nbytes == before + 2 * 4 * 32 * 4
