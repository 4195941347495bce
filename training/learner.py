"""One step of learning and one validation, in TensorFlow.

All that is not mathematics is in `training.loop`.

Adam is written out here, because a snapshot must hold all of it and nothing else: its two
moments are plain variables, and its count of steps is the run's own.

Shapes: B batch size, T sequence length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import tensorflow as tf

import os
from model.network import Network, Dropout
LOW=os.environ.get('LOW','1')=='1'
PART={'experimental_attributes':{'_noinline':True}} if os.environ.get('NOINLINE') else {}
on_gpu=False
from training.batches import scored_batches
from training.errors import SnapshotError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from model.forward import Weights
    from model.network import States
    from training.batches import Batch, Ids
    from training.recipe import Plan

Tensors: TypeAlias = "dict[str, NDArray[np.float32]]"

CLIP_NORM = 1.0
"""Gradients whose global norm is larger are scaled down to it."""

SCORED_CHARACTERS_PER_STREAM = 500
"""At least, in validation: each stream begins without a past, which costs it."""


def prepare_device(*, reproducible: bool) -> str:
    """Set TensorFlow up for this machine.

    Returns:
        `gpu` or `cpu`.
    """
    if reproducible:
        tf.config.experimental.enable_op_determinism()
    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    return "gpu" if gpus else "cpu"


class Adam:
    """The optimizer of Kingma & Ba, 2014."""

    def __init__(self, variables: list[Any]) -> None:
        self._variables = variables
        self.first = [tf.Variable(tf.zeros_like(variable)) for variable in variables]
        self.second = [tf.Variable(tf.zeros_like(variable)) for variable in variables]

    def update(self, gradients: list[Any], rate: Any, step: Any) -> None:  # noqa: ANN401 - tensors
        r"""Take the step of this number, counted from 0.

        .. math::
            m &= \beta_1 m + (1 - \beta_1) g \\
            v &= \beta_2 v + (1 - \beta_2) g^2 \\
            w &= w - \alpha \sqrt{1 - \beta_2^t} / (1 - \beta_1^t) \cdot m / (\sqrt v + \epsilon)
        """
        beta1, beta2, t = 0.9, 0.999, tf.cast(step + 1, tf.float32)
        scale = rate * tf.sqrt(1 - beta2**t) / (1 - beta1**t)
        moments = zip(self._variables, gradients, self.first, self.second, strict=True)
        for w, g, m, v in moments:
            m.assign(beta1 * m + (1 - beta1) * g)
            v.assign(beta2 * v + (1 - beta2) * tf.square(g))
            w.assign_sub(scale * m / (tf.sqrt(v) + 1e-8))


class Learner:
    """A network that learns batch by batch. The streams' states go in and come out.

    Args:
        plan: All that the recipe chose.
        seed: Fixes the first weights and what dropout hides.
        ids: The training text.
    """

    def __init__(self, plan: Plan, *, seed: int, ids: Ids) -> None:
        self.network = Network(
            plan.config,
            dropout=Dropout(layers=plan.dropout),
            low_precision=LOW, on_gpu=False,
            seed=seed,
            frequencies=_frequencies(ids, plan.config.vocabulary_size),
        )
        self._plan, self._seed = plan, seed
        self._variables = self.network.trainable_variables
        self._adam = Adam(self._variables)
        self._parts = 2 if not on_gpu and plan.batch_size % 2 == 0 and plan.batch_size >= 64 else 1
        self._gradients = tf.function(self._gradients_graph, jit_compile=False, **PART)
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
        return named

    def _update_graph(self, inputs: Any, targets: Any, states: Any, rate: Any, step: Any) -> Any:  # noqa: ANN401 - tensors
        parts = zip(*(_split(x, self._parts) for x in (inputs, targets)), strict=True)
        results = []
        for n, (part_inputs, part_targets) in enumerate(parts):
            part_states = tuple(
                tuple(tf.split(x, self._parts)[n] for x in layer) for layer in states
            )
            seed = tf.stack([self._seed + n, step])
            results.append(self._gradients(part_inputs, part_targets, part_states, seed))
        losses, gradients, after = zip(*results, strict=True)
        gradients = [tf.add_n(part) / self._parts for part in zip(*gradients, strict=True)]
        clipped, _ = tf.clip_by_global_norm(gradients, CLIP_NORM)
        self._adam.update(clipped, rate, step)
        states = tf.nest.map_structure(lambda *x: tf.concat(x, 0), *after)
        return tf.add_n(losses) / self._parts, states

    def _gradients_graph(self, inputs: Any, targets: Any, states: Any, seed: Any) -> Any:  # noqa: ANN401 - tensors
        with tf.GradientTape() as tape:
            logits, states = self.network(inputs, states, dropout_seed=seed)  # (T, B, V)
            loss = tf.reduce_mean(_cross_entropy(targets, logits))
        gradients = tape.gradient(loss, self._variables)
        return loss, [tf.convert_to_tensor(gradient) for gradient in gradients], states

    def _score_graph(self, inputs: Any, targets: Any, scored: Any, states: Any) -> Any:  # noqa: ANN401 - tensors
        logits, states = self.network(tf.transpose(inputs), states)
        losses = _cross_entropy(tf.transpose(targets), logits)
        return tf.reduce_sum(losses * tf.transpose(scored)), states


def _split(x: Any, parts: int) -> list[Any]:  # noqa: ANN401 - tensors
    """The batch in equal parts, time-major, each of shape (T, B / parts)."""
    return [tf.transpose(part) for part in tf.split(x, parts)]


def _frequencies(ids: Ids, vocabulary_size: int) -> NDArray[np.float64]:
    """The share of each id in a text; one that does not occur counts as half a character."""
    counts = np.maximum(np.bincount(ids, minlength=vocabulary_size), 0.5)
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares


def _cross_entropy(targets: Any, logits: Any) -> Any:  # noqa: ANN401 - tensors
    """Nats for each character, shape (B, T)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=logits)
