"""One step of learning and one validation, in TensorFlow.

All that is not mathematics is in `training.loop` and `training.run`.

On a CPU a large batch is learned from in two halves that run side by side, one operation a
thread: the products of a time step are too small for two threads each, and what is between
them is not parallel at all.

Shapes: B batch size, T sequence length, V vocabulary size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import tensorflow as tf

from model.network import Network
from training.adam import AdamW
from training.batches import scored_batches
from training.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from model.forward import Weights
    from model.network import States
    from training.batches import Batch, Ids
    from training.device import Device
    from training.recipe import Plan

Tensor: TypeAlias = Any
Tensors: TypeAlias = "dict[str, NDArray[np.float32]]"

CLIP_NORM = 1.0
"""Gradients whose global norm is larger are scaled down to it."""

HALVES_FROM = 64
"""Streams from which on a batch is halved on a CPU; halves of fewer than 32 cost more than they
save."""

SCORED_CHARACTERS_PER_STREAM = 500
"""At least, in validation: each stream begins without a past, which costs it."""


class Learner:
    """A network that learns batch by batch. The streams' states go in and come out.

    Args:
        plan: All that the recipe chose.
        device: What it is trained on.
        seed: Fixes the first weights and what dropout hides.
        frequencies: The share of each id in the training text, shape (V,).
    """

    def __init__(
        self, plan: Plan, device: Device, *, seed: int, frequencies: NDArray[np.float64]
    ) -> None:
        self.network = Network(
            plan.config,
            dropout=plan.dropout,
            seed=seed,
            frequencies=frequencies,
            on_gpu=device.kind == "gpu",
            low_precision=device.low_precision,
        )
        halved = device.kind == "cpu" and plan.batch_size >= HALVES_FROM
        self._parts = 2 if halved and plan.batch_size % 2 == 0 else 1
        self._plan, self._seed = plan, seed
        self._variables = self.network.trainable_variables
        self._adam = AdamW(self._variables)
        self._gradients = tf.function(self._gradients_graph, jit_compile=False)
        self._update = tf.function(self._update_graph, jit_compile=False)
        self._score = tf.function(self._score_graph, jit_compile=False)

    def zero_state(self) -> States:
        """The states of the training streams at the beginning of an epoch."""
        return self.network.zero_state(self._plan.batch_size)

    def update(
        self, batch: Batch, states: States, *, learning_rate: float, step: int
    ) -> tuple[float, States]:
        """Learn from one batch.

        Returns:
            The loss before the update, nats per character, and the states after the batch.
        """
        rate, number = tf.constant(learning_rate, tf.float32), tf.constant(step, tf.int32)
        loss, states = self._update(batch.inputs, batch.targets, states, rate, number)
        return float(loss), states

    def validate(self, ids: Ids) -> float:
        """Return the loss on the held-out text, nats per character."""
        streams = len(ids) // SCORED_CHARACTERS_PER_STREAM
        batch_size = min(max(streams, 1), self._plan.batch_size)
        states = self.network.zero_state(batch_size)
        total = 0.0
        for batch in scored_batches(ids, batch_size, self._plan.sequence_length):
            loss, states = self._score(*batch, states)
            total += float(loss)
        return total / (len(ids) - 1)

    def weights(self) -> Weights:
        """Return the weights as they are now."""
        return self.network.weights_value()

    def go_back(self, weights: Weights) -> None:
        """Go on from other weights, as if no gradient had been seen before."""
        self.network.assign(weights)
        self._adam.reset()

    def tensors(self, states: States) -> Tensors:
        """Return everything that the next step depends on, by name."""
        return {name: np.asarray(tensor) for name, tensor in self._named(states).items()}

    def restore(self, tensors: Mapping[str, NDArray[np.float32]]) -> States:
        """Go back to where `tensors` was called, and return the states from there.

        Raises:
            SnapshotError: The tensors are those of another network.
        """
        zeros = self.zero_state()
        named = self._named(zeros)
        if {name: tuple(now.shape) for name, now in named.items()} != {
            name: tensor.shape for name, tensor in tensors.items()
        }:
            raise SnapshotError("The snapshot belongs to another network.")
        for name, variable in named.items():
            if not name.startswith("state."):
                variable.assign(tensors[name])
        parts = range(len(zeros[0]))
        return tuple(
            tuple(tf.constant(tensors[f"state.{layer}.{part}"]) for part in parts)
            for layer in range(len(zeros))
        )

    def _named(self, states: States) -> dict[str, Any]:
        kinds = {"weight": self._variables, "first": self._adam.first, "second": self._adam.second}
        named = {
            f"{kind}.{n}": each for kind, every in kinds.items() for n, each in enumerate(every)
        }
        for layer, state in enumerate(states):
            named |= {f"state.{layer}.{part}": each for part, each in enumerate(state)}
        return named | {"count": self._adam.count}

    def _update_graph(
        self, inputs: Tensor, targets: Tensor, states: States, rate: Tensor, step: Tensor
    ) -> tuple[Tensor, States]:
        parts = [
            self._gradients(*part, tf.stack([self._seed + n, step]))
            for n, part in enumerate(self._split((inputs, targets, states)))
        ]
        losses, gradients, after = zip(*parts, strict=True)
        means = [tf.add_n(each) / self._parts for each in zip(*gradients, strict=True)]
        clipped, _ = tf.clip_by_global_norm(means, CLIP_NORM)
        self._adam.update(clipped, rate)
        states = tf.nest.map_structure(lambda *rows: tf.concat(rows, 0), *after)
        return tf.add_n(losses) / self._parts, states

    def _split(self, batch: Any) -> list[Any]:  # noqa: ANN401 - a nest of tensors
        """Cut every tensor of shape (B, ...) into parts, and return a nest for each part."""
        pieces = [tf.split(rows, self._parts) for rows in tf.nest.flatten(batch)]
        return [tf.nest.pack_sequence_as(batch, part) for part in zip(*pieces, strict=True)]

    def _gradients_graph(
        self, inputs: Tensor, targets: Tensor, states: States, seed: Tensor
    ) -> tuple[Tensor, list[Tensor], States]:
        with tf.GradientTape() as tape:
            logits, states = self.network(tf.transpose(inputs), states, dropout_seed=seed)
            loss = tf.reduce_mean(_cross_entropy(tf.transpose(targets), logits))
        gradients = tape.gradient(loss, self._variables)
        return loss, [tf.convert_to_tensor(gradient) for gradient in gradients], states

    def _score_graph(
        self, inputs: Tensor, targets: Tensor, scored: Tensor, states: States
    ) -> tuple[Tensor, States]:
        logits, states = self.network(tf.transpose(inputs), states)
        losses = _cross_entropy(tf.transpose(targets), logits)
        return tf.reduce_sum(losses * tf.transpose(scored)), states


def _cross_entropy(targets: Tensor, logits: Tensor) -> Tensor:
    """Nats for each character, shape (T, B)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
