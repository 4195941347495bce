"""Recurrent layers for CPUs, in TensorFlow, with the gradient written out.

    lstm, gru : (inputs, weights, state) -> (outputs, state)

The product of the inputs with their kernel does not depend on the state, so it is made for all
time steps at once. What is left to the loop over time is the recurrent product and the gates.
Backward, the loop carries only the gradients of the gates; those of the weights are one product
over all steps after it.

Three things make it fast. Features come before streams, so that the weights are the left side of
every product, the one that need not be packed anew for each time step. All that a cell does
between two products is compiled into a few passes over its numbers, which TensorFlow's operations
one by one would carry to and from memory. And the products may be in bfloat16, which many CPUs
multiply several times as fast as float32; gates, cells and sums stay in float32.

`tests/model/test_recurrent.py` holds both cells to Keras's layers and to finite differences.

Shapes: T sequence length, B batch size, F inputs, H hidden size. Everything but the state is
time-major and has the streams last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import tensorflow as tf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Tensor: TypeAlias = Any
Tensors: TypeAlias = "tuple[Tensor, ...]"

LONGEST_BODY = 5
"""Time steps in one turn of the loop. 1, 2, 5 and 25 gave 72, 75, 80 and 76 thousand characters a
second (2x256), while the time to compile grows with each."""

compiled = tf.function(jit_compile=True, autograph=False)


def lstm(  # noqa: PLR0917 - the layer's weights and state, in Keras's order
    x: Tensor, kernel: Tensor, recurrent_kernel: Tensor, bias: Tensor, hidden: Tensor, cell: Tensor
) -> Tensors:
    r"""Read a chunk with one LSTM layer.

    .. math::
        (i, f, g, o) &= W x_t + U h_{t-1} + b \\
        c_t &= \sigma(f) \odot c_{t-1} + \sigma(i) \odot \tanh(g) \\
        h_t &= \sigma(o) \odot \tanh(c_t)

    Args:
        x: Inputs, shape (T, F, B). Their type, float32 or bfloat16, is that of all products.
        kernel: Shape (F, 4 H), float32, gates in Keras's order i f g o.
        recurrent_kernel: Shape (H, 4 H), float32.
        bias: Shape (4 H,), float32.
        hidden: The state before the chunk, shape (B, H), float32.
        cell: Likewise.

    Returns:
        The outputs, shape (T, H, B), of the type of `x`, and the state after the chunk, hidden
        and cell.

    Source:
        Gers et al., 2000; the gradient is the chain rule applied to the lines above.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def read(x: Tensor, *weights_and_state: Tensor) -> Any:  # noqa: ANN401
        kernel, recurrent_kernel, bias, hidden, cell = weights_and_state
        low, size = x.dtype, tf.TensorShape(hidden.shape[::-1])
        kernel, recurrent_kernel = tf.cast(kernel, low), tf.cast(recurrent_kernel, low)
        projected, transposed = tf.transpose(kernel) @ x, tf.transpose(recurrent_kernel)

        def forward(carry: Tensors, time: Tensor) -> tuple[Tensors, Tensors]:
            h, before = carry
            h, c, gates = _lstm_cell(transposed @ h, projected[time], bias, before)
            return (h, c), (h, before, gates)

        start = tf.cast(tf.transpose(hidden), low)
        gates_size = tf.TensorShape((recurrent_kernel.shape[1], size[1]))
        kinds = ((low, size), (tf.float32, size), (low, gates_size))
        carry = start, tf.transpose(cell)
        (last, after), (hiddens, cells, gates) = _scan(forward, carry, x.shape[0], kinds)
        outputs = hiddens.stack()

        def gradient(dy: Tensor, dh: Tensor, dc: Tensor) -> Tensors:
            def backward(carry: Tensors, time: Tensor) -> tuple[Tensors, Tensors]:
                dh, dc, c = carry
                before = cells.read(time)
                dz, dc = _lstm_cell_gradient(dh, dc, dy[time], c, before, gates.read(time))
                return (recurrent_kernel @ dz, dc, before), (dz,)

            carry = tf.cast(tf.transpose(dh), low), tf.transpose(dc), after
            kinds = ((low, gates_size),)
            (dh, dc, _), (dz,) = _scan(backward, carry, x.shape[0], kinds, reverse=True)
            dz = dz.stack()
            parts = _sum_of_products((_previous(start, outputs), x, _ones(x)), dz)
            drecurrent_kernel, dkernel, dbias = parts
            dstate = tf.transpose(_float(dh)), tf.transpose(dc)
            return kernel @ dz, dkernel, drecurrent_kernel, dbias[0], *dstate

        return (outputs, tf.transpose(_float(last)), tf.transpose(after)), gradient

    outputs, hidden, cell = read(x, kernel, recurrent_kernel, bias, hidden, cell)
    return outputs, hidden, cell


@compiled  # type: ignore[untyped-decorator]
def _lstm_cell(product: Tensor, projected: Tensor, bias: Tensor, before: Tensor) -> Tensors:
    """What one time step adds to the recurrent product: hidden, cell, and i f g o for later."""
    sums = _float(product) + _float(projected) + bias[:, None]
    i, f, g, o = tf.split(sums, 4)
    i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
    c = f * before + i * g
    low = product.dtype
    return tf.cast(o * tf.tanh(c), low), c, tf.cast(tf.concat((i, f, g, o), 0), low)


@compiled  # type: ignore[untyped-decorator]
def _lstm_cell_gradient(  # noqa: PLR0917 - six tensors, as the cell has them
    dh: Tensor, dc: Tensor, dy: Tensor, c: Tensor, before: Tensor, gates: Tensor
) -> tuple[Tensor, Tensor]:
    """The gradients of the sums before the gates, shape (4 H, B), and of the cell before."""
    i, f, g, o = tf.split(_float(gates), 4)
    tanh_c = tf.tanh(c)
    dh = _float(dh) + _float(dy)
    dc += dh * (o - o * tanh_c * tanh_c)
    di, df = dc * i, dc * f
    dz = (
        di * (g - g * i),
        df * (before - before * f),
        di - di * g * g,
        dh * tanh_c * (o - o * o),
    )
    return tf.cast(tf.concat(dz, 0), gates.dtype), df


def gru(
    x: Tensor, kernel: Tensor, recurrent_kernel: Tensor, biases: Tensor, hidden: Tensor
) -> Tensors:
    r"""Read a chunk with one GRU layer.

    .. math::
        (z, r) &= \sigma(W_{zr} x_t + b_{zr} + U_{zr} h_{t-1} + b'_{zr}) \\
        u &= U_h h_{t-1} + b'_h \qquad \hat h = \tanh(W_h x_t + b_h + r \odot u) \\
        h_t &= z \odot h_{t-1} + (1 - z) \odot \hat h

    Args:
        x: Inputs, shape (T, F, B). Their type, float32 or bfloat16, is that of all products.
        kernel: Shape (F, 3 H), float32, gates in Keras's order z r h.
        recurrent_kernel: Shape (H, 3 H), float32.
        biases: b and b', shape (2, 3 H), float32.
        hidden: The state before the chunk, shape (B, H), float32.

    Returns:
        The outputs, shape (T, H, B), of the type of `x`, and the state after the chunk.

    Source:
        Cho et al., 2014, with the reset gate after the product as in cuDNN.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def read(x: Tensor, *weights_and_state: Tensor) -> Any:  # noqa: ANN401
        kernel, recurrent_kernel, biases, hidden = weights_and_state
        low, size = x.dtype, tf.TensorShape(hidden.shape[::-1])
        kernel, recurrent_kernel = tf.cast(kernel, low), tf.cast(recurrent_kernel, low)
        projected, transposed = tf.transpose(kernel) @ x, tf.transpose(recurrent_kernel)

        def forward(carry: Tensors, time: Tensor) -> tuple[Tensors, Tensors]:
            low_before, before = carry
            low_h, h, gates = _gru_cell(transposed @ low_before, projected[time], biases, before)
            return (low_h, h), (low_h, before, gates)

        start = tf.transpose(hidden)
        low_start = tf.cast(start, low)
        kinds = (low, size), (tf.float32, size), (low, (4 * size[0], size[1]))
        carry = low_start, start
        (_, last), (hiddens, states, gates) = _scan(forward, carry, x.shape[0], kinds)
        outputs = hiddens.stack()

        def gradient(dy: Tensor, dh: Tensor) -> Tensors:
            def backward(carry: Tensors, time: Tensor) -> tuple[Tensors, Tensors]:
                product, dkept = carry
                inputs = dy[time], states.read(time), gates.read(time)
                dx, du, dkept = _gru_cell_gradient(product, dkept, *inputs)
                return (recurrent_kernel @ du, dkept), (dx, du)

            carry = tf.zeros(size, low), tf.transpose(dh)
            kinds = ((low, (kernel.shape[1], size[1])),) * 2
            (product, dkept), (dx, du) = _scan(backward, carry, x.shape[0], kinds, reverse=True)
            dx, du = dx.stack(), du.stack()
            dkernel, dbias = _sum_of_products((x, _ones(x)), dx)
            before = _previous(low_start, outputs), _ones(x)
            drecurrent_kernel, drecurrent_bias = _sum_of_products(before, du)
            dbiases = tf.concat((dbias, drecurrent_bias), 0)
            dhidden = tf.transpose(_float(product) + dkept)
            return kernel @ dx, dkernel, drecurrent_kernel, dbiases, dhidden

        return (outputs, tf.transpose(last)), gradient

    outputs, hidden = read(x, kernel, recurrent_kernel, biases, hidden)
    return outputs, hidden


@compiled  # type: ignore[untyped-decorator]
def _gru_cell(product: Tensor, projected: Tensor, biases: Tensor, before: Tensor) -> Tensors:
    """What one time step adds to the recurrent product: hidden, twice, and z r u h for later."""
    bias, recurrent_bias = tf.unstack(biases[..., None])
    xz, xr, xh = tf.split(_float(projected) + bias, 3)
    z, r, u = tf.split(_float(product) + recurrent_bias, 3)
    z, r = tf.sigmoid(xz + z), tf.sigmoid(xr + r)
    fresh = tf.tanh(xh + r * u)
    h = fresh + z * (before - fresh)
    low = product.dtype
    return tf.cast(h, low), h, tf.cast(tf.concat((z, r, u, fresh), 0), low)


@compiled  # type: ignore[untyped-decorator]
def _gru_cell_gradient(
    product: Tensor, dkept: Tensor, dy: Tensor, before: Tensor, gates: Tensor
) -> Tensors:
    """The gradients of a time step.

    Returns:
        Those of what came from the inputs and of the recurrent product, each (3 H, B), and that
        of what was kept of the hidden state as it was, (H, B).
    """
    z, r, u, fresh = tf.split(_float(gates), 4)
    dh = _float(product) + dkept + _float(dy)
    dkept = dh * z
    candidate = (dh - dkept) * (1 - fresh * fresh)
    dz, dr = dkept * (1 - z) * (before - fresh), candidate * u * (r - r * r)
    low = gates.dtype
    dx, du = (tf.cast(tf.concat((dz, dr, d), 0), low) for d in (candidate, candidate * r))
    return dx, du, dkept


def _scan(
    step: Callable[[Tensors, Tensor], tuple[Tensors, Tensors]],
    carry: Tensors,
    length: int,
    kinds: Sequence[tuple[Any, Any]],
    *,
    reverse: bool = False,
) -> tuple[Tensors, Tensors]:
    """Go through time, a few steps at a turn of the loop.

    Args:
        step: From what is carried, and the time, to what is carried on and the outputs.
        carry: What is carried before the first step.
        length: The number of steps.
        kinds: Type and shape of each output.
        reverse: Whether time goes backward.

    Returns:
        What is carried after the last step, and for each output an array over time.
    """
    body_length = next(n for n in range(min(length, LONGEST_BODY), 0, -1) if length % n == 0)
    arrays = tuple(
        tf.TensorArray(kind, length, element_shape=shape, clear_after_read=False)
        for kind, shape in kinds
    )

    def body(first: Tensor, carry: Tensors, arrays: Tensors) -> tuple[Tensor, Tensors, Tensors]:
        for n in range(body_length):
            time = length - 1 - first - n if reverse else first + n
            carry, outputs = step(carry, time)
            arrays = tuple(a.write(time, x) for a, x in zip(arrays, outputs, strict=True))
        return first + body_length, carry, arrays

    _, carry, arrays = tf.while_loop(lambda time, *_: time < length, body, (0, carry, arrays))
    return carry, arrays


def _sum_of_products(lefts: Tensors, right: Tensor) -> list[Tensor]:
    """Sum products over time and streams; however many left sides there are, it is one product.

    Args:
        lefts: Each of shape (T, n, B), n its own.
        right: Shape (T, m, B).

    Returns:
        For each left side its sum, shape (n, m), float32.
    """
    left = _flat(tf.concat(lefts, 1))
    product = _float(tf.matmul(left, _flat(right), transpose_b=True))
    return list(tf.split(product, [each.shape[1] for each in lefts]))


def _flat(x: Tensor) -> Tensor:
    return tf.reshape(tf.transpose(x, (1, 0, 2)), (x.shape[1], -1))


def _previous(start: Tensor, outputs: Tensor) -> Tensor:
    return tf.concat((start[None], outputs[:-1]), 0)


def _ones(x: Tensor) -> Tensor:
    """The input that a bias is the weight of."""
    return tf.ones((x.shape[0], 1, x.shape[2]), x.dtype)


def _float(x: Tensor) -> Tensor:
    return tf.cast(x, tf.float32)
