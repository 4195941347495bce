r"""Recurrent layers for CPUs, in TensorFlow, with the gradient written out.

    lstm, gru : (projected inputs, recurrent kernel, state) -> (outputs, state)

The inputs come projected: their product with the kernel does not depend on the state, so
the caller makes it for all time steps at once. What is left to the loop over time is the
recurrent product and the gates. Backward, the loop carries only the gradients of the gates;
the recurrent kernel's gradient is one product over all steps after it.

Two things make it fast. The products may be in bfloat16, which many CPUs multiply several
times as fast as float32; gates, cells and sums stay in float32. And the loop's body is many
steps long, because an operation costs TensorFlow about as much as the work that it does here.

`tests/model/test_recurrent.py` holds both cells to Keras's layers and to finite differences.

Shapes: T sequence length, B batch size, H hidden size. Everything is time-major.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import tensorflow as tf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Tensor: TypeAlias = Any
Tensors: TypeAlias = "tuple[Tensor, ...]"

LONGEST_BODY = 10
"""Time steps in one turn of the loop. 1, 5, 10 and 25 gave 30, 35, 38 and 35 thousand
characters a second and core (2x256), while the time to compile grows with each."""


def lstm(
    projected: Tensor, recurrent_kernel: Tensor, hidden: Tensor, cell: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Read a chunk with one LSTM layer.

    .. math::
        (i, f, g, o) &= x_t + U h_{t-1} \\
        c_t &= \sigma(f) \odot c_{t-1} + \sigma(i) \odot \tanh(g) \\
        h_t &= \sigma(o) \odot \tanh(c_t)

    Args:
        projected: The inputs' products with the kernel, bias added, shape (T, B, 4 H). Its
            type, float32 or bfloat16, is that of all products.
        recurrent_kernel: Shape (H, 4 H), float32, gates in Keras's order i f g o.
        hidden: The state before the chunk, shape (B, H), float32.
        cell: Likewise.

    Returns:
        The outputs, shape (T, B, H), of the type of `projected`, and the state after the
        chunk, hidden and cell.

    Source:
        Gers et al., 2000; the gradient is the chain rule applied to the lines above.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def read(projected: Tensor, kernel: Tensor, hidden: Tensor, cell: Tensor) -> Any:  # noqa: ANN401
        low = projected.dtype
        kernel = tf.cast(kernel, low)

        def forward(carry: Tensors, inputs: Tensors) -> tuple[Tensors, Tensors]:
            (h, before), (x,) = carry, inputs
            i, f, g, o = _quarters(_float(tf.matmul(h, kernel)) + _float(x))
            i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
            c = f * before + i * g
            tanh_c = tf.tanh(c)
            h = tf.cast(o * tanh_c, low)
            return (h, c), (h, before, _stack((i, f, g, o, tanh_c), low))

        def backward(carry: Tensors, inputs: Tensors) -> tuple[Tensors, Tensors]:
            (dh, dc), (dy, before, gates) = carry, inputs
            i, f, g, o, tanh_c = tf.unstack(_float(gates))
            dh += _float(dy)
            dc += dh * (o - o * tanh_c * tanh_c)
            di, df = dc * i, dc * f
            dz = _join(
                (
                    di * (g - g * i),
                    df * (before - before * f),
                    di - di * g * g,
                    dh * tanh_c * (o - o * o),
                ),
                low,
            )
            return (_float(tf.matmul(dz, kernel, transpose_b=True)), df), (dz,)

        start = tf.cast(hidden, low)
        types = (low, tf.float32, low)
        (last, after), (outputs, cells, gates) = _scan(forward, (start, cell), (projected,), types)

        def gradient(dy: Tensor, dh: Tensor, dc: Tensor) -> tuple[Tensor, ...]:
            inputs = (dy, cells, gates)
            (dh, dc), (dz,) = _scan(backward, (dh, dc), inputs, (low,), reverse=True)
            return dz, _kernel_gradient(start, outputs, dz), dh, dc

        return (outputs, _float(last), after), gradient

    outputs, hidden, cell = read(projected, recurrent_kernel, hidden, cell)
    return outputs, hidden, cell


def gru(
    projected: Tensor, recurrent_kernel: Tensor, recurrent_bias: Tensor, hidden: Tensor
) -> tuple[Tensor, Tensor]:
    r"""Read a chunk with one GRU layer.

    .. math::
        (z, r) &= \sigma(x_{zr} + U_{zr} h_{t-1} + b'_{zr}) \\
        u &= U_h h_{t-1} + b'_h \qquad \hat h = \tanh(x_h + r \odot u) \\
        h_t &= z \odot h_{t-1} + (1 - z) \odot \hat h

    Args:
        projected: The inputs' products with the kernel, their bias added, shape (T, B, 3 H).
            Its type, float32 or bfloat16, is that of all products.
        recurrent_kernel: Shape (H, 3 H), float32, gates in Keras's order z r h.
        recurrent_bias: Shape (3 H,), float32.
        hidden: The state before the chunk, shape (B, H), float32.

    Returns:
        The outputs, shape (T, B, H), of the type of `projected`, and the state after the
        chunk.

    Source:
        Cho et al., 2014, with the reset gate after the product as in cuDNN.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def read(projected: Tensor, kernel: Tensor, bias: Tensor, hidden: Tensor) -> Any:  # noqa: ANN401
        low = projected.dtype
        kernel = tf.cast(kernel, low)

        def forward(carry: Tensors, inputs: Tensors) -> tuple[Tensors, Tensors]:
            (before,), (x,) = carry, inputs
            product = _float(tf.matmul(tf.cast(before, low), kernel)) + bias
            (xz, xr, xh), (z, r, u) = _thirds(_float(x)), _thirds(product)
            z, r = tf.sigmoid(xz + z), tf.sigmoid(xr + r)
            fresh = tf.tanh(xh + r * u)
            h = fresh + z * (before - fresh)
            return (h,), (tf.cast(h, low), before, _stack((z, r, u, fresh), low))

        def backward(carry: Tensors, inputs: Tensors) -> tuple[Tensors, Tensors]:
            (dh,), (dy, before, gates) = carry, inputs
            z, r, u, fresh = tf.unstack(_float(gates))
            dh += _float(dy)
            keep = dh * z
            candidate = (dh - keep) * (1 - fresh * fresh)
            dz, dr = keep * (1 - z) * (before - fresh), candidate * u * (r - r * r)
            dx = _join((dz, dr, candidate), low)
            dproduct = _join((dz, dr, candidate * r), low)
            return (_float(tf.matmul(dproduct, kernel, transpose_b=True)) + keep,), (dx, dproduct)

        types = (low, tf.float32, low)
        (last,), (outputs, states, gates) = _scan(forward, (hidden,), (projected,), types)

        def gradient(dy: Tensor, dh: Tensor) -> tuple[Tensor, ...]:
            inputs = (dy, states, gates)
            (dh,), (dx, dproduct) = _scan(backward, (dh,), inputs, (low, low), reverse=True)
            dkernel = _kernel_gradient(tf.cast(hidden, low), outputs, dproduct)
            return dx, dkernel, tf.reduce_sum(_float(dproduct), (0, 1)), dh

        return (outputs, last), gradient

    outputs, hidden = read(projected, recurrent_kernel, recurrent_bias, hidden)
    return outputs, hidden


def project(x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    """The inputs' products with a kernel, bias added.

    The bias's gradient, a sum over all rows, is a product too: TensorFlow's own sum is slow.

    Args:
        x: Shape (T, B, inputs).
        kernel: Shape (inputs, G H), of the type of `x`.
        bias: Shape (G H,), float32.

    Returns:
        Shape (T, B, G H), of the type of `x`.
    """

    @tf.custom_gradient  # type: ignore[untyped-decorator]
    def add(products: Tensor, bias: Tensor) -> Any:  # noqa: ANN401
        def gradient(dy: Tensor) -> tuple[Tensor, Tensor]:
            return dy, _float(tf.ones((1, dy.shape[0]), dy.dtype) @ dy)[0]

        return tf.nn.bias_add(products, tf.cast(bias, products.dtype)), gradient

    rows = tf.reshape(x, (-1, x.shape[-1]))
    return tf.reshape(add(rows @ kernel, bias), (*x.shape[:-1], bias.shape[0]))


def _scan(
    step: Callable[[Tensors, Tensors], tuple[Tensors, Tensors]],
    carry: Tensors,
    inputs: Sequence[Tensor],
    types: Sequence[Any],
    *,
    reverse: bool = False,
) -> tuple[Tensors, Tensors]:
    """Go through time, many steps at a turn of the loop.

    Args:
        step: From what is carried and the inputs of one time to both of the next and the
            outputs.
        carry: What is carried before the first step.
        inputs: Each of shape (T, ...).
        types: Those of the outputs.
        reverse: Whether time goes backward; outputs stand in the order of the inputs.

    Returns:
        What is carried after the last step, and the outputs, each of shape (T, ...).
    """
    length = inputs[0].shape[0]
    body_length = next(n for n in range(min(length, LONGEST_BODY), 0, -1) if length % n == 0)
    turns = length // body_length
    inputs = [tf.reshape(x, (turns, body_length, *x.shape[1:])) for x in inputs]
    arrays = tuple(tf.TensorArray(kind, turns) for kind in types)

    def body(turn: Tensor, carry: Tensors, arrays: Tensors) -> tuple[Tensor, Tensors, Tensors]:
        place = turns - 1 - turn if reverse else turn
        rows = list(zip(*(tf.unstack(x[place]) for x in inputs), strict=True))
        outputs = []
        for row in reversed(rows) if reverse else rows:
            carry, output = step(carry, row)
            outputs.append(output)
        ordered = outputs[::-1] if reverse else outputs
        stacked = map(tf.stack, zip(*ordered, strict=True))
        written = (array.write(place, x) for array, x in zip(arrays, stacked, strict=True))
        return turn + 1, carry, tuple(written)

    _, carry, arrays = tf.while_loop(lambda turn, *_: turn < turns, body, (0, carry, arrays))
    outputs = (array.concat() for array in arrays)
    return carry, tuple(tf.ensure_shape(x, (length, *x.shape[1:])) for x in outputs)


def _kernel_gradient(start: Tensor, outputs: Tensor, dz: Tensor) -> Tensor:
    """The sum over time and batch of previous output times gate gradient, shape (H, G H)."""
    previous = tf.concat([start[None], outputs[:-1]], 0)
    rows = tf.reshape(previous, (-1, previous.shape[-1]))
    return _float(tf.matmul(rows, tf.reshape(dz, (-1, dz.shape[-1])), transpose_a=True))


def _float(x: Tensor) -> Tensor:
    return tf.cast(x, tf.float32)


def _quarters(x: Tensor) -> list[Tensor]:
    """Slices, which TensorFlow makes three times as fast as `tf.split` does."""
    size = x.shape[-1] // 4
    return [x[:, n * size : (n + 1) * size] for n in range(4)]


def _thirds(x: Tensor) -> list[Tensor]:
    size = x.shape[-1] // 3
    return [x[:, n * size : (n + 1) * size] for n in range(3)]


def _stack(parts: Tensors, low: Any) -> Tensor:  # noqa: ANN401
    return tf.cast(tf.stack(parts), low)


def _join(parts: Tensors, low: Any) -> Tensor:  # noqa: ANN401
    return tf.cast(tf.concat(parts, 1), low)
