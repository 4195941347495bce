from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import Cell
from model.forward import (
    LayerState,
    LayerWeights,
    advance,
    from_named,
    gru_step,
    log_softmax,
    logits,
    lstm_step,
    outputs,
    read,
    sigmoid,
    to_named,
    zero_state,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.checkpoint import Checkpoint


@pytest.mark.parametrize("cell", Cell)
@given(ids=st.lists(st.integers(0, 5), max_size=12), cut=st.integers(0, 12))
@settings(max_examples=30)
def test_reading_many_characters_is_advancing_by_each_in_turn(
    make_checkpoint: Callable[..., Checkpoint], cell: Cell, ids: list[int], cut: int
) -> None:
    """Whatever the chunks in which they are read."""
    checkpoint = make_checkpoint("abcde", cell=cell)
    weights, start = checkpoint.weights, zero_state(checkpoint.config)

    head, state = read(weights, np.array(ids[:cut], np.int32), start)
    tail, state = read(weights, np.array(ids[cut:], np.int32), state)

    expected = start
    for hidden, character_id in zip([*head, *tail], ids, strict=True):
        expected = advance(weights, character_id, expected)
        np.testing.assert_allclose(hidden, outputs(expected), rtol=1e-4, atol=1e-5)
    for ours, theirs in zip(state, expected, strict=True):
        np.testing.assert_allclose(ours.hidden, theirs.hidden, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(ours.cell, theirs.cell, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", Cell)
def test_advance_leaves_the_state_it_was_given_alone(
    make_checkpoint: Callable[..., Checkpoint], cell: Cell
) -> None:
    """State is a value: a text can go on from any earlier point."""
    checkpoint = make_checkpoint("abcde", cell=cell)
    before = advance(checkpoint.weights, 1, zero_state(checkpoint.config))
    copies = [(layer.hidden.copy(), layer.cell.copy()) for layer in before]

    advance(checkpoint.weights, 2, before)
    logits(checkpoint.weights, before)

    for layer, (hidden, cell_copy) in zip(before, copies, strict=True):
        np.testing.assert_array_equal(layer.hidden, hidden)
        np.testing.assert_array_equal(layer.cell, cell_copy)


def test_an_lstm_step_is_its_formula_number_by_number() -> None:
    """A naive second implementation, one unit and one gate at a time."""
    weights, x, state = one_unit(gates=4, bias_shape=(4,))

    after = lstm_step(weights, x @ weights.kernel, state)

    pre = gate_sums(weights, x, state)
    i, f, g, o = (pre[n] + float(weights.bias[n]) for n in range(4))
    cell = logistic(f) * float(state.cell[0]) + logistic(i) * math.tanh(g)
    assert after.cell[0] == pytest.approx(cell, rel=1e-5)
    assert after.hidden[0] == pytest.approx(logistic(o) * math.tanh(cell), rel=1e-5)


def test_a_gru_step_is_its_formula_number_by_number() -> None:
    """The reset gate works after the recurrent product, as in cuDNN."""
    weights, x, state = one_unit(gates=3, bias_shape=(2, 3))

    after = gru_step(weights, x @ weights.kernel, state)

    h, u = float(state.hidden[0]), weights.recurrent_kernel[0]
    w = [float(x @ weights.kernel[:, n]) + float(weights.bias[0, n]) for n in range(3)]
    r = [h * float(u[n]) + float(weights.bias[1, n]) for n in range(3)]
    keep, reset = logistic(w[0] + r[0]), logistic(w[1] + r[1])
    expected = keep * h + (1 - keep) * math.tanh(w[2] + reset * r[2])
    assert after.hidden[0] == pytest.approx(expected, rel=1e-5)


def test_weights_have_the_names_of_a_checkpoint(checkpoint: Checkpoint) -> None:
    named = to_named(checkpoint.weights)

    assert {name: tensor.shape for name, tensor in named.items()} == checkpoint.config.shapes()
    assert sum(tensor.size for tensor in named.values()) == checkpoint.config.parameters
    again = to_named(from_named(named, checkpoint.config.layers))
    assert all(again[name] is tensor for name, tensor in named.items())


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=9))
def test_probabilities_sum_to_one_however_large_the_scores(scores: list[float]) -> None:
    assert np.exp(log_softmax(np.array(scores, np.float32))).sum() == pytest.approx(1)


def test_sigmoid_is_finite_at_both_ends() -> None:
    values = sigmoid(np.array([-1e30, 0, 1e30], np.float32))

    assert values.tolist() == [0, 0.5, 1]


def one_unit(
    *, gates: int, bias_shape: tuple[int, ...]
) -> tuple[LayerWeights, np.ndarray, LayerState]:
    generator = np.random.default_rng(7)

    def draw(*shape: int) -> np.ndarray:
        return generator.standard_normal(shape).astype(np.float32)

    weights = LayerWeights(draw(2, gates), draw(1, gates), draw(*bias_shape))
    return weights, draw(2), LayerState(draw(1), draw(1))


def gate_sums(weights: LayerWeights, x: np.ndarray, state: LayerState) -> list[float]:
    return [
        float(x[0] * weights.kernel[0, n] + x[1] * weights.kernel[1, n])
        + float(state.hidden[0] * weights.recurrent_kernel[0, n])
        for n in range(4)
    ]


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))
