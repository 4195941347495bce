"""Our recurrent layers are Keras's, and their gradients those of the same function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from model.config import Cell

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Tensors = list[NDArray[np.float32]]

pytestmark = pytest.mark.slow  # imports TensorFlow

DIMENSIONS = [(20, 3, 5, 7), (13, 1, 4, 1), (1, 2, 3, 6), (24, 4, 2, 9)]
"""Sequence length, batch size, inputs, hidden size; 13 steps fill no longer body of the loop."""


def random_layer(cell: Cell, length: int, batch: int, inputs: int, hidden: int) -> Tensors:
    """Inputs, kernel, recurrent kernel, bias, then what the state consists of."""
    generator = np.random.default_rng(length)
    wide = cell.gates * hidden
    bias = (wide,) if cell is Cell.LSTM else (2, wide)
    states = 2 if cell is Cell.LSTM else 1
    shapes = [(length, inputs, batch), (inputs, wide), (hidden, wide), bias]
    shapes += [(batch, hidden)] * states
    return [generator.normal(0, 0.5, shape).astype(np.float32) for shape in shapes]


def ours(cell: Cell, tensors: list[Any]) -> list[Any]:
    """Outputs and state."""
    from model import recurrent  # noqa: PLC0415 - the everyday run must not pay for TensorFlow

    return list((recurrent.lstm if cell is Cell.LSTM else recurrent.gru)(*tensors))


def theirs(cell: Cell, tensors: list[Any]) -> list[Any]:
    """The same from Keras."""
    import keras  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    x, kernel, recurrent_kernel, bias, *state = tensors
    kind = keras.layers.LSTM if cell is Cell.LSTM else keras.layers.GRU
    layer = kind(recurrent_kernel.shape[0], return_sequences=True, return_state=True)
    layer.build((None, None, x.shape[1]))
    (y, *after), _ = layer.stateless_call(
        [kernel, recurrent_kernel, bias],
        layer.non_trainable_variables,
        tf.transpose(x, (2, 0, 1)),
        initial_state=state,
    )
    return [tf.transpose(y, (1, 2, 0)), *after]


def results_and_gradients(layer: Any, cell: Cell, tensors: Tensors) -> tuple[Tensors, Tensors]:
    """What a layer gives, and the gradient of some sum of that with respect to every input."""
    import tensorflow as tf  # noqa: PLC0415

    generator = np.random.default_rng(1)
    variables = [tf.Variable(tensor) for tensor in tensors]

    with tf.GradientTape() as tape:
        results = layer(cell, [tf.convert_to_tensor(variable) for variable in variables])
        factors = [generator.normal(size=x.shape).astype(np.float32) for x in results]
        total = tf.add_n([tf.reduce_sum(x * w) for x, w in zip(results, factors, strict=True)])
    gradients = tape.gradient(total, variables)
    return [x.numpy() for x in results], [x.numpy() for x in gradients]


@pytest.mark.parametrize("dimensions", DIMENSIONS, ids=str)
@pytest.mark.parametrize("cell", Cell)
def test_results_and_gradients_are_those_of_keras(
    cell: Cell, dimensions: tuple[int, int, int, int]
) -> None:
    tensors = random_layer(cell, *dimensions)

    results, gradients = results_and_gradients(ours, cell, tensors)
    expected_results, expected_gradients = results_and_gradients(theirs, cell, tensors)

    for mine, expected in zip(
        results + gradients, expected_results + expected_gradients, strict=True
    ):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("cell", Cell)
def test_gradients_are_those_of_finite_differences(cell: Cell) -> None:
    """Along a random direction through all that goes in."""
    import tensorflow as tf  # noqa: PLC0415

    generator = np.random.default_rng(2)
    tensors = random_layer(cell, 12, 3, 4, 5)
    directions = [generator.normal(size=x.shape).astype(np.float32) for x in tensors]

    def total(distance: float) -> float:
        moved = [
            tf.constant(x + np.float32(distance) * d)
            for x, d in zip(tensors, directions, strict=True)
        ]
        return float(tf.add_n([tf.reduce_sum(tf.square(x)) for x in ours(cell, moved)]))

    variables = [tf.Variable(tensor) for tensor in tensors]
    with tf.GradientTape() as tape:
        results = ours(cell, [tf.convert_to_tensor(variable) for variable in variables])
        loss = tf.add_n([tf.reduce_sum(tf.square(x)) for x in results])
    gradients = tape.gradient(loss, variables)
    slope = sum(float(tf.reduce_sum(g * d)) for g, d in zip(gradients, directions, strict=True))

    step = 1e-3
    assert slope == pytest.approx((total(step) - total(-step)) / (2 * step), rel=1e-2)


@pytest.mark.parametrize("cell", Cell)
def test_products_in_bfloat16_change_a_result_by_less_than_their_rounding(cell: Cell) -> None:
    """bfloat16 keeps 8 bits; the state, which adds up over time, stays in float32."""
    import tensorflow as tf  # noqa: PLC0415

    tensors = random_layer(cell, 50, 2, 6, 16)
    x, *weights_and_state = map(tf.constant, tensors)
    exact = ours(cell, [x, *weights_and_state])
    rounded = ours(cell, [tf.cast(x, tf.bfloat16), *weights_and_state])

    assert rounded[0].dtype == tf.bfloat16
    assert all(after.dtype == tf.float32 for after in rounded[1:])
    for mine, expected in zip(rounded, exact, strict=True):
        np.testing.assert_allclose(tf.cast(mine, tf.float32), expected, atol=0.05)
