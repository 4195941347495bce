"""The network in TensorFlow, for training: `model.forward` once more, with gradients.

Imported only in the worker's process. On a GPU the recurrent layers are Keras's own, so that
cuDNN does the work; on a CPU they are those of `model.recurrent`, which are faster there. State
goes in as an argument and comes out as a result here too: a stream of text is trained on chunk
by chunk. Dropout draws from a seed that the caller gives, so that a step is a function of its
number.

Shapes: T sequence length, B batch size, V vocabulary size, E embedding size, H hidden size, F
inputs. Everything is time-major, and between layers the streams come last: (T, F, B).
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from model import recurrent
from model.config import Cell, Dropout
from model.forward import LayerWeights, from_named, to_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from model.config import NetworkConfig
    from model.forward import Weights

Tensor: TypeAlias = Any
States: TypeAlias = "tuple[tuple[Tensor, ...], ...]"
"""For each layer (hidden, cell) in an LSTM or (hidden,) in a GRU, each (B, H)."""

EMBEDDING_DEVIATION = 0.5
"""Standard deviation of the embedding's first values. It is ten times the usual one,
and what mattered most of all in the first minute: on tinyshakespeare a loss of 2.33
after 12 seconds, where 0.04 gave 3.24."""

FEW = 256
"""Up to so many characters, the first layer reads one-hot vectors, with a table for a kernel:
looking rows up is slower, because its gradient is not a product."""


class Network:
    """Embedding, recurrent layers and output, as TensorFlow variables.

    Args:
        config: The dimensions.
        dropout: What training hides.
        seed: Fixes the first weights.
        frequencies: How often each id stands in the training text, shape (V,). The
            first output bias is their logarithm, so that the network knows from the
            start which characters are rare, and learns what makes them likely.
        on_gpu: Whether the recurrent layers are Keras's.
        low_precision: Whether products are in bfloat16; weights and sums never are.
    """

    def __init__(
        self,
        config: NetworkConfig,
        *,
        dropout: Dropout | None = None,
        seed: int = 0,
        frequencies: NDArray[np.float64] | None = None,
        on_gpu: bool = False,
        low_precision: bool = False,
    ) -> None:
        self.config, self.dropout = config, dropout or Dropout()
        self._type = tf.bfloat16 if low_precision else tf.float32
        self._variables = _first_weights(config, seed)
        if frequencies is not None:
            self._variables["output.bias"].assign(np.log(frequencies))
        self._read = self._keras_reader() if on_gpu else self._read_layer

    def __call__(
        self, ids: Tensor, states: States, dropout_seed: Tensor | None = None
    ) -> tuple[Tensor, States]:
        """Read a chunk of every stream.

        Args:
            ids: Character ids, shape (T, B), int32.
            states: The streams' states before the chunk.
            dropout_seed: Two integers that fix what dropout hides; None hides nothing.

        Returns:
            The scores of the character after each one, shape (T, B, V), float32, and
            the states after the chunk.
        """
        hide = _hider(dropout_seed)
        x, after = ids, []
        for n, before in enumerate(states):
            weights = [self._variables[f"layers.{n}.{name}"] for name in LayerWeights._fields]
            weights[1] = hide(weights[1], self.dropout.recurrent)
            y, *state = self._read(n, x, weights, before)
            y = hide(y, self.dropout.layers)
            x = y if n == 0 else x + y
            after.append(tuple(state))
        kernel = tf.cast(self._variables["output.kernel"], self._type)
        rows = tf.reshape(tf.transpose(x, (0, 2, 1)), (-1, self.config.hidden_size))
        scores = rows @ kernel
        scores = tf.cast(scores, tf.float32) + self._variables["output.bias"]
        return tf.reshape(scores, (*ids.shape, self.config.vocabulary_size)), tuple(after)

    def zero_state(self, batch_size: int) -> States:
        """The states of streams that have read nothing."""
        zeros = tf.zeros((batch_size, self.config.hidden_size))
        parts = 2 if self.config.cell is Cell.LSTM else 1
        return ((zeros,) * parts,) * self.config.layers

    @property
    def trainable_variables(self) -> list[Tensor]:
        """What training changes, in the order of `NetworkConfig.shapes`."""
        return list(self._variables.values())

    def weights_value(self) -> Weights:
        """The weights as NumPy has them."""
        named = {name: variable.numpy() for name, variable in self._variables.items()}
        return from_named(named, self.config.layers)

    def assign(self, weights: Weights) -> None:
        """Replace the weights by those that NumPy has."""
        for name, tensor in to_named(weights).items():
            self._variables[name].assign(tensor)

    def _read_layer(
        self, n: int, x: Tensor, weights: list[Tensor], before: tuple[Tensor, ...]
    ) -> tuple[Tensor, ...]:
        """Read with a layer of our own: its outputs, and what its state consists of."""
        kernel, recurrent_kernel, bias = weights
        if n == 0:
            x, kernel = self._looked_up(x, kernel)
        read = recurrent.lstm if self.config.cell is Cell.LSTM else recurrent.gru
        return read(x, kernel, recurrent_kernel, bias, *before)

    def _looked_up(self, ids: Tensor, kernel: Tensor) -> tuple[Tensor, Tensor]:
        """The first layer's inputs, shape (T, F, B), and the kernel that belongs to them."""
        embedding = self._variables["embedding"]
        if self.config.vocabulary_size > FEW:
            rows = tf.gather(tf.cast(embedding, self._type), ids)
            return tf.transpose(rows, (0, 2, 1)), kernel
        one_hot = tf.one_hot(ids, self.config.vocabulary_size, axis=1, dtype=self._type)
        return one_hot, embedding @ kernel

    def _keras_reader(self) -> Callable[..., tuple[Tensor, ...]]:
        """Read with Keras's layers, which are batch-major, and our weights."""
        kind = keras.layers.LSTM if self.config.cell is Cell.LSTM else keras.layers.GRU
        policy = "float32" if self._type is tf.float32 else f"mixed_{self._type.name}"
        shapes = self.config.shapes()
        layers = []
        for n in range(self.config.layers):
            layer = kind(
                self.config.hidden_size, return_sequences=True, return_state=True, dtype=policy
            )
            layer.build((None, None, shapes[f"layers.{n}.kernel"][0]))
            layers.append(layer)

        def read(
            n: int, x: Tensor, weights: list[Tensor], before: tuple[Tensor, ...]
        ) -> tuple[Tensor, ...]:
            if n == 0:
                x = tf.gather(self._variables["embedding"], tf.transpose(x))
            else:
                x = tf.transpose(x, (2, 0, 1))
            layer = layers[n]
            state_of_seed = layer.non_trainable_variables
            result, _ = layer.stateless_call(
                weights, state_of_seed, x, initial_state=list(before), training=False
            )
            y, *state = result
            return tf.transpose(y, (1, 2, 0)), *(tf.cast(part, tf.float32) for part in state)

        return read


def _hider(seed: Tensor | None) -> Callable[[Tensor, float], Tensor]:
    """What sets a part of a tensor to zero and scales the rest up; each call hides others."""
    calls = count()

    def hide(x: Tensor, part: float) -> Tensor:
        number = next(calls)
        if seed is None or part == 0:
            return x
        own_seed = tf.random.fold_in(tf.cast(seed, tf.int32), number)
        kept = tf.random.stateless_uniform(tf.shape(x), own_seed) >= part
        return x * (tf.cast(kept, x.dtype) / tf.cast(1 - part, x.dtype))

    return hide


def _first_weights(config: NetworkConfig, seed: int) -> dict[str, Any]:
    """Variables by their names in a checkpoint; `seed` and their names fix the values.

    Glorot's uniform distribution for kernels, orthogonal recurrent kernels and a bias of 1
    for an LSTM's forget gate, as Keras's layers have them.
    """
    variables = {}
    for number, (name, shape) in enumerate(config.shapes().items()):
        start = _initializer(name, config, seed * 64 + number)
        variables[name] = tf.Variable(start(shape), name=name)
    return variables


def _initializer(name: str, config: NetworkConfig, seed: int) -> Any:  # noqa: ANN401 - untyped
    match name.rpartition(".")[-1]:
        case "embedding":
            return keras.initializers.RandomNormal(stddev=EMBEDDING_DEVIATION, seed=seed)
        case "kernel":
            return keras.initializers.GlorotUniform(seed=seed)
        case "recurrent_kernel":
            return keras.initializers.Orthogonal(seed=seed)
        case _ if config.cell is Cell.LSTM and name != "output.bias":
            return lambda shape: tf.repeat((0.0, 1.0, 0.0, 0.0), shape[0] // 4)  # forget gate
        case _:
            return tf.zeros
