"""The network as mathematics, in NumPy.

Two pure functions describe it completely:

    advance : (weights, character id, state) -> state      read one character
    logits  : (weights, state) -> scores                   what might come next

The state is all the memory there is. It goes in as an argument and comes out as a
result, so a text can stop after any character and go on from there, in another call
or another process. `read` is `advance` over many characters, with the products that
do not depend on the state taken out of the loop. `model.network` is the same network
in TensorFlow, for training; `tests/model/test_parity.py` holds the two together.

Shapes: V vocabulary size, E embedding size, H hidden size, G gates per cell (4 in an
LSTM, 3 in a GRU), T characters. All numbers are float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from model.config import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from model.config import NetworkConfig

Array: TypeAlias = "NDArray[np.float32]"


class LayerWeights(NamedTuple):
    """One recurrent layer; an LSTM's bias is a vector, a GRU's has two rows."""

    kernel: Array  # (inputs, G H)
    recurrent_kernel: Array  # (H, G H)
    bias: Array  # (4 H,) or (2, 3 H)


class Weights(NamedTuple):
    """The network's numbers."""

    embedding: Array  # (V, E)
    layers: tuple[LayerWeights, ...]
    output_kernel: Array  # (H, V)
    output_bias: Array  # (V,)


class LayerState(NamedTuple):
    """What one layer remembers; `hidden` is also its output."""

    hidden: Array  # (H,)
    cell: Array  # (H,) in an LSTM, (0,) in a GRU


State: TypeAlias = tuple[LayerState, ...]
Step: TypeAlias = "Callable[[LayerWeights, Array, LayerState], LayerState]"


def from_named(tensors: Mapping[str, Array], layers: int) -> Weights:
    """The weights from their names in a checkpoint."""
    return Weights(
        tensors["embedding"],
        tuple(
            LayerWeights(*(tensors[f"layers.{n}.{name}"] for name in LayerWeights._fields))
            for n in range(layers)
        ),
        tensors["output.kernel"],
        tensors["output.bias"],
    )


def to_named(weights: Weights) -> dict[str, Array]:
    """The weights by their names in a checkpoint: `from_named` backwards."""
    named = {"embedding": weights.embedding}
    for n, layer in enumerate(weights.layers):
        named |= {f"layers.{n}.{name}": tensor for name, tensor in layer._asdict().items()}
    return named | {"output.kernel": weights.output_kernel, "output.bias": weights.output_bias}


def zero_state(config: NetworkConfig) -> State:
    """The state before any character."""
    cell_size = config.hidden_size if config.cell is Cell.LSTM else 0
    layer = LayerState(np.zeros(config.hidden_size, np.float32), np.zeros(cell_size, np.float32))
    return (layer,) * config.layers


def advance(weights: Weights, character_id: int, state: State) -> State:
    """Read one character.

    Args:
        weights: The network's weights.
        character_id: From 0 (unknown) to V - 1.
        state: What was read before.

    Returns:
        The state after the character.
    """
    x = weights.embedding[character_id]
    after: list[LayerState] = []
    for layer, before in zip(weights.layers, state, strict=True):
        step = _step_of(layer)
        after.append(step(layer, x @ layer.kernel, before))
        x = outputs(after)
    return tuple(after)


def outputs(state: Sequence[LayerState]) -> Array:
    """What all layers so far say together, shape (H,): the next layer reads it.

    Layers are residual: each adds to what those below it have found out.

    Source:
        He et al., 2015, "Deep Residual Learning for Image Recognition".
    """
    total = state[0].hidden
    for layer in state[1:]:
        total = total + layer.hidden
    return total


def logits(weights: Weights, state: State) -> Array:
    """The score of every id as the next character, shape (V,)."""
    return outputs(state) @ weights.output_kernel + weights.output_bias


def read(weights: Weights, ids: NDArray[np.int32], state: State) -> tuple[Array, State]:
    """Read many characters; the same function as `advance` on each in turn.

    Layer by layer, so that the input's products with the kernel are one product for
    all characters and only the recurrent part is left to the loop.

    Args:
        weights: The network's weights.
        ids: Character ids, shape (T,).
        state: What was read before.

    Returns:
        The outputs of all layers together, shape (T, H), and the state after the last
        character.
    """
    x = weights.embedding[ids]  # (T, E)
    after: list[LayerState] = []
    for layer, before in zip(weights.layers, state, strict=True):
        step, now = _step_of(layer), before
        projected = x @ layer.kernel  # (T, G H)
        if not after:
            x = np.zeros((len(ids), len(before.hidden)), np.float32)
        for t, row in enumerate(projected):
            now = step(layer, row, now)
            x[t] += now.hidden
        after.append(now)
    return x, tuple(after)


def lstm_step(weights: LayerWeights, projected: Array, state: LayerState) -> LayerState:
    r"""Advance one LSTM layer by one character.

    .. math::
        (i, f, g, o) &= W x_t + U h_{t-1} + b \\
        c_t &= \sigma(f) \odot c_{t-1} + \sigma(i) \odot \tanh(g) \\
        h_t &= \sigma(o) \odot \tanh(c_t)

    Args:
        weights: The layer's weights.
        projected: The product of the input with the kernel, shape (4 H,).
        state: The layer's state after step t-1.

    Returns:
        The layer's state after step t.

    Source:
        Hochreiter & Schmidhuber, 1997, with the forget gate of Gers et al., 2000.
        The gate order is that of `keras.layers.LSTM`.
    """
    gates = projected + state.hidden @ weights.recurrent_kernel + weights.bias
    i, f, g, o = gates.reshape(4, -1)
    cell = sigmoid(f) * state.cell + sigmoid(i) * np.tanh(g)
    return LayerState(sigmoid(o) * np.tanh(cell), cell)


def gru_step(weights: LayerWeights, projected: Array, state: LayerState) -> LayerState:
    r"""Advance one GRU layer by one character.

    .. math::
        (z, r) &= \sigma(W_{zr} x_t + b_{zr} + U_{zr} h_{t-1} + b'_{zr}) \\
        \hat h &= \tanh(W_h x_t + b_h + r \odot (U_h h_{t-1} + b'_h)) \\
        h_t &= z \odot h_{t-1} + (1 - z) \odot \hat h

    Args:
        weights: The layer's weights.
        projected: The product of the input with the kernel, shape (3 H,).
        state: The layer's state after step t-1.

    Returns:
        The layer's state after step t.

    Source:
        Cho et al., 2014, with the reset gate after the product as in cuDNN and
        `keras.layers.GRU(reset_after=True)`, whose gate order this is.
    """
    z, r, candidate = (projected + weights.bias[0]).reshape(3, -1)
    recurrent = state.hidden @ weights.recurrent_kernel + weights.bias[1]
    recurrent_z, recurrent_r, recurrent_candidate = recurrent.reshape(3, -1)
    keep = sigmoid(z + recurrent_z)
    fresh = np.tanh(candidate + sigmoid(r + recurrent_r) * recurrent_candidate)
    return LayerState(keep * state.hidden + (1 - keep) * fresh, state.cell)


def sigmoid(x: Array) -> Array:
    """The logistic function, without overflow at either end."""
    half: Array = np.tanh(np.float32(0.5) * x)
    return np.float32(0.5) * (half + np.float32(1))


def log_softmax(scores: Array) -> NDArray[np.float64]:
    """The logarithm of the probability of each id, over the last axis, in float64."""
    shifted = scores.astype(np.float64)
    shifted -= shifted.max(axis=-1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return shifted


def _step_of(layer: LayerWeights) -> Step:
    return lstm_step if layer.bias.ndim == 1 else gru_step
