"""The network in TensorFlow, for training: `model.forward` once more, with gradients.

Imported only in the worker's process. The recurrent layers are Keras's own, so that on
a GPU cuDNN does the work. State goes in as an argument and comes out as a result here
too: a stream of text is trained on chunk by chunk. Dropout draws from a seed that the
caller gives, so that a step is a function of its number.

Shapes: B batch size, T sequence length, V vocabulary size, E embedding size, H hidden
size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from model.config import Cell
from model.forward import from_named, to_named

if TYPE_CHECKING:
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


class Network:
    """Embedding, recurrent layers and output, as TensorFlow variables.

    Args:
        config: The dimensions.
        dropout: Share of each layer's inputs and of the output's that training hides.
        seed: Fixes the first weights.
        frequencies: How often each id stands in the training text, shape (V,). The
            first output bias is their logarithm, so that the network knows from the
            start which characters are rare, and learns what makes them likely.
    """

    def __init__(
        self,
        config: NetworkConfig,
        *,
        dropout: float = 0.0,
        seed: int = 0,
        frequencies: NDArray[np.float64] | None = None,
    ) -> None:
        self.config, self.dropout = config, dropout
        self._layers = [_recurrent_layer(config, n, seed) for n in range(config.layers)]
        shapes = config.shapes()
        embedding = keras.initializers.RandomNormal(stddev=EMBEDDING_DEVIATION, seed=seed)
        output = keras.initializers.GlorotUniform(seed=seed)
        self._embedding = tf.Variable(embedding(shapes["embedding"]), name="embedding")
        self._output_kernel = tf.Variable(output(shapes["output.kernel"]), name="output.kernel")
        bias = np.zeros(shapes["output.bias"]) if frequencies is None else np.log(frequencies)
        self._output_bias = tf.Variable(bias.astype(np.float32), name="output.bias")

    def __call__(
        self, ids: Tensor, states: States, dropout_seed: Tensor | None = None
    ) -> tuple[Tensor, States]:
        """Read a chunk of every stream.

        Args:
            ids: Character ids, shape (B, T), int32.
            states: The streams' states before the chunk.
            dropout_seed: Two integers that fix what dropout hides; None hides nothing.

        Returns:
            The scores of the character after each one, shape (B, T, V), float32, and
            the states after the chunk.
        """
        x = tf.gather(self._embedding, ids)  # (B, T, E)
        after = []
        for n, (layer, before) in enumerate(zip(self._layers, states, strict=True)):
            x, *state = layer(self._drop(x, dropout_seed, n), initial_state=list(before))
            after.append(tuple(state))
        x = self._drop(x, dropout_seed, len(self._layers))
        return tf.matmul(x, self._output_kernel) + self._output_bias, tuple(after)

    def zero_state(self, batch_size: int) -> States:
        """The states of streams that have read nothing."""
        zeros = tf.zeros((batch_size, self.config.hidden_size))
        parts = 2 if self.config.cell is Cell.LSTM else 1
        return ((zeros,) * parts,) * self.config.layers

    @property
    def trainable_variables(self) -> list[Tensor]:
        """What training changes, in the order of `NetworkConfig.shapes`."""
        recurrent = [weight for layer in self._layers for weight in layer.weights]
        return [self._embedding, *recurrent, self._output_kernel, self._output_bias]

    def weights_value(self) -> Weights:
        """The weights as NumPy has them."""
        tensors = [variable.numpy() for variable in self.trainable_variables]
        named = dict(zip(self.config.shapes(), tensors, strict=True))
        return from_named(named, self.config.layers)

    def assign(self, weights: Weights) -> None:
        """Replace the weights by those that NumPy has."""
        named = to_named(weights)
        for name, variable in zip(self.config.shapes(), self.trainable_variables, strict=True):
            variable.assign(named[name])

    def _drop(self, x: Tensor, dropout_seed: Tensor | None, place: int) -> Tensor:
        if dropout_seed is None or self.dropout == 0:
            return x
        seed = tf.random.fold_in(tf.cast(dropout_seed, tf.int32), place)
        kept = tf.random.stateless_uniform(tf.shape(x), seed) >= self.dropout
        return x * (tf.cast(kept, x.dtype) / (1 - self.dropout))


def _recurrent_layer(config: NetworkConfig, layer: int, seed: int) -> keras.layers.RNN:
    """One layer with its weights, whose first values only the seed and `layer` decide."""
    kind = keras.layers.LSTM if config.cell is Cell.LSTM else keras.layers.GRU
    recurrent = kind(
        config.hidden_size,
        return_sequences=True,
        return_state=True,
        kernel_initializer=keras.initializers.GlorotUniform(seed=seed * 64 + 2 * layer + 1),
        recurrent_initializer=keras.initializers.Orthogonal(seed=seed * 64 + 2 * layer + 2),
        name=f"layers.{layer}",
    )
    inputs, _ = config.shapes()[f"layers.{layer}.kernel"]
    recurrent.build((None, None, inputs))
    return recurrent
