"""The network once more, laid out so that writing is as fast as reading the weights.

`model.forward` says what the network is; this module computes the same function for
one text, character by character, and changes its state in place. What makes it fast,
in order of gain:

* The first layer reads no kernel for its input: the product of a character's embedding
  with it, the bias included, is a row that is made when the character is first met.
* Any other layer of an LSTM has one kernel for the output of the layer below and its own,
  which lie side by side.
* A result has its place, made once: nothing is allocated while writing.
* sigmoid(x) = tanh(x / 2) / 2 + 1 / 2, the inner halving done in the weights, so that
  one tanh serves all gates of an LSTM.
* Kernels are stored as a product reads them, from the beginning of a cache line on.

What is left is reading each weight once, and some ten short calls a layer: see
docs/decisions/0010. `tests/model/test_stepper.py` holds the two forms together.

Shapes: V vocabulary size, E embedding size, H hidden size, G gates per cell (4 in an
LSTM, 3 in a GRU). All numbers are float32.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy import add, dot, multiply, subtract, tanh

from model.config import Cell
from model.forward import LayerState, to_named, zero_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.config import NetworkConfig
    from model.forward import Array, LayerWeights, State, Weights

    Row: TypeAlias = tuple[Array, ...]
    """What a layer adds to its recurrent product, 4 H numbers in the order of its step:
    in the first layer one row for each character, in the others the bias."""
    RowMaker: TypeAlias = Callable[[LayerWeights, Array], Row]
    Step: TypeAlias = Callable[..., None]
    """Advances one layer, the first one by a character's row, the others by nothing."""

Order: TypeAlias = tuple[tuple[int, float], ...]
"""Which of Keras's gates stand where, each with its factor: a half for a sigmoid."""
LSTM_ORDER: Order = ((0, 0.5), (1, 0.5), (3, 0.5), (2, 1.0))  # i f o g, from i f g o
GRU_ORDER: Order = ((0, 0.5), (1, 0.5), (2, 1.0))  # z r h, as it is
GRU_RECURRENT_ORDER: Order = ((2, 1.0), (0, 0.5), (1, 0.5))  # h z r
HALF = np.array(0.5, np.float32)
"""An array: a ufunc converts any other number at each call, which takes as long again."""
CACHE_LINE = 64
"""Bytes. A product with a kernel that begins elsewhere takes up to a fifth longer."""


class Stepper:
    """A network that reads one text.

    It holds all that it needs, so the weights that it was made from may go. It works in
    place: two threads must not use one.
    """

    def __init__(self, config: NetworkConfig, weights: Weights) -> None:
        self.config = config
        self._bytes = sum(tensor.nbytes for tensor in to_named(weights).values())
        lstm = config.cell is Cell.LSTM
        layer_step, row = (_lstm, _lstm_row) if lstm else (_gru, _gru_row)
        outputs, self._sums, self._top = _outputs(config)
        self._hidden = [each[-1] for each in outputs]
        gates = _zeros(config.layers, 5 if lstm else 3, config.hidden_size)
        self._cells = [each[4:].reshape(-1) for each in gates]  # empty in a GRU
        self._rows = _Rows(weights, row)
        self._first, *self._others = (
            layer_step(layer, outputs[n], gates[n]) for n, layer in enumerate(weights.layers)
        )
        self._output_kernel = _as_read([weights.output_kernel], ((0, 1.0),))  # (V, H)
        self._output_bias = weights.output_bias
        self._scores = _zeros(config.vocabulary_size)

    @property
    def nbytes(self) -> int:
        """The memory that it holds: as much as the weights, and a row per character met."""
        return self._bytes + len(self._rows) * 4 * self.config.hidden_size * HALF.itemsize

    @property
    def state(self) -> State:
        """What was read so far, as a value; setting it goes on from another one."""
        pairs = zip(self._hidden, self._cells, strict=True)
        return tuple(LayerState(hidden.copy(), cell.copy()) for hidden, cell in pairs)

    @state.setter
    def state(self, state: State) -> None:
        for hidden, cell, layer in zip(self._hidden, self._cells, state, strict=True):
            hidden[:], cell[:] = layer
        for outputs in self._sums:
            add(*outputs)

    def forget(self) -> None:
        """Go back to the state before any character."""
        self.state = zero_state(self.config)

    def advance(self, character_id: int) -> None:
        """Read one character."""
        self._first(*self._rows[character_id])
        for step, outputs in zip(self._others, self._sums, strict=True):
            step()
            add(*outputs)

    def logits(self) -> Array:
        """The score of every id as the next character, shape (V,), until the next call."""
        dot(self._output_kernel, self._top, self._scores)
        add(self._scores, self._output_bias, self._scores)
        return self._scores


def _outputs(config: NetworkConfig) -> tuple[list[Array], list[tuple[Array, ...]], Array]:
    """Places for what the layers say: residual connections are sums from place to place.

    Returns:
        For each layer what it reads, in its place before what it says itself, (2, H), or
        in the first layer the latter alone, (1, H); for each other layer these two and
        where their sum belongs; and the last sum, which the output reads, (H,).
    """
    if config.layers == 1:
        only = _zeros(1, config.hidden_size)
        return [only], [], only[0]
    pairs, top = _zeros(config.layers - 1, 2, config.hidden_size), _zeros(config.hidden_size)
    above = [*pairs[1:, 0], top]
    sums: list[tuple[Array, ...]] = [
        (*pair, total) for pair, total in zip(pairs, above, strict=True)
    ]
    return [pairs[0, :1], *pairs], sums, top


class _Rows(dict[int, "Row"]):
    """The first layer's row for each character, made when it is first asked for.

    A table of all of them would be small for an alphabet, but not for Chinese.
    """

    def __init__(self, weights: Weights, row: RowMaker) -> None:
        self._embedding, self._layer, self._row = weights.embedding, weights.layers[0], row

    def __missing__(self, character_id: int) -> Row:
        projected = self._embedding[character_id] @ self._layer.kernel
        self[character_id] = self._row(self._layer, projected)
        return self[character_id]


def _lstm(layer: LayerWeights, outputs: Array, gates_and_cell: Array) -> Step:
    """An LSTM layer's step: `forward.lstm_step`, in place.

    Args:
        layer: Its weights.
        outputs: In the first layer its own output, (1, H), in any other one the output
            of the layer below and its own, (2, H).
        gates_and_cell: i f o g and the cell, side by side, (5, H).
    """
    inputs, hidden = outputs.reshape(-1), outputs[-1]
    kernels = [layer.kernel, layer.recurrent_kernel][-len(outputs) :]
    kernel = _as_read(kernels, LSTM_ORDER)
    (bias,) = _lstm_row(layer, np.zeros_like(layer.bias))
    *_, o, _, cell = gates_and_cell
    gates, sigmoids, i_f, g_cell = (
        gates_and_cell[part].reshape(-1) for part in (slice(4), slice(3), slice(2), slice(3, 5))
    )
    products = _zeros(2, len(hidden))
    fresh, kept = products
    both = products.reshape(-1)

    def step(row: Array = bias) -> None:
        dot(kernel, inputs, gates)
        add(gates, row, gates)
        tanh(gates, gates)
        multiply(sigmoids, HALF, sigmoids)
        add(sigmoids, HALF, sigmoids)
        multiply(i_f, g_cell, both)
        add(fresh, kept, cell)
        tanh(cell, fresh)
        multiply(o, fresh, hidden)

    return step


def _lstm_row(layer: LayerWeights, projected: Array) -> Row:
    """The row of an input's product with the kernel: all gates."""
    return (_as_read([(projected + layer.bias)[None]], LSTM_ORDER).reshape(-1),)


def _gru(layer: LayerWeights, outputs: Array, gates: Array) -> Step:
    """A GRU layer's step: `forward.gru_step`, in place, with the arguments of `_lstm`.

    A candidate needs the recurrent product u apart from the input's, so a row has two
    parts: what is added to the recurrent product (u, z, r), and the candidate's own.
    """
    hidden = outputs[-1]
    recurrent_kernel = _as_read([layer.recurrent_kernel], GRU_RECURRENT_ORDER)
    fresh = _zeros(len(hidden))
    u, z, r = gates
    recurrent, sigmoids = gates.reshape(-1), gates[1:].reshape(-1)

    def step(row: Array, candidate: Array) -> None:
        dot(recurrent_kernel, hidden, recurrent)
        add(recurrent, row, recurrent)
        tanh(sigmoids, sigmoids)
        multiply(sigmoids, HALF, sigmoids)
        add(sigmoids, HALF, sigmoids)
        multiply(r, u, fresh)
        add(fresh, candidate, fresh)
        tanh(fresh, fresh)
        subtract(hidden, fresh, hidden)
        multiply(hidden, z, hidden)
        add(hidden, fresh, hidden)

    return step if len(outputs) == 1 else _projecting(step, layer, outputs[0])


def _projecting(step: Step, layer: LayerWeights, below: Array) -> Step:
    """A GRU layer's step whose row comes from the layer below."""
    size = len(below)
    kernel = _as_read([layer.kernel], GRU_ORDER)
    bias = np.concatenate(_gru_row(layer, np.zeros_like(layer.bias[0])))
    row = bias.copy()
    parts = row[:-size], row[-size:]
    projected, projected_bias = row[size:], bias[size:]

    def project_and_step() -> None:
        dot(kernel, below, projected)
        add(projected, projected_bias, projected)
        step(*parts)

    return project_and_step


def _gru_row(layer: LayerWeights, projected: Array) -> Row:
    """The row of an input's product with the kernel: (u, z, r) and the candidate."""
    z, r, candidate = np.split(projected + layer.bias[0], 3)
    recurrent_z, recurrent_r, u = np.split(layer.bias[1], 3)
    sigmoids = [(z + recurrent_z) * HALF, (r + recurrent_r) * HALF]
    return np.concatenate([u, *sigmoids]), candidate.copy()


def _as_read(kernels: list[Array], order: Order) -> Array:
    """Kernels side by side with one row per output, as a product reads them.

    Args:
        kernels: Each (inputs, G H), as in a checkpoint.
        order: The order of the gates in the result.

    Returns:
        Shape (G H, sum of the inputs).
    """
    inputs = np.cumsum([0, *map(len, kernels)])
    rows = _zeros(len(order), kernels[0].shape[1] // len(order), int(inputs[-1]))
    for block, (gate, factor) in zip(rows, order, strict=True):
        columns = slice(gate * len(block), (gate + 1) * len(block))
        for kernel, start in zip(kernels, inputs, strict=False):
            multiply(kernel[:, columns].T, factor, block[:, start : start + len(kernel)])
    return rows.reshape(-1, rows.shape[-1])


def _zeros(*shape: int) -> Array:
    """Zeros from the beginning of a cache line on."""
    count, line = prod(shape), CACHE_LINE // 4
    block = np.zeros(count + line, np.float32)
    start = -block.ctypes.data // block.itemsize % line
    return block[start : start + count].reshape(shape)
