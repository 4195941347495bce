"""The two forms of the network are one function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from model.config import Cell, Dropout, NetworkConfig
from model.forward import read, zero_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

pytestmark = pytest.mark.slow  # imports TensorFlow


@pytest.fixture(scope="module")
def train_a_little() -> Callable[[Any, NDArray[np.int32]], None]:
    """Takes a network a few large steps away from its first weights."""
    import tensorflow as tf  # noqa: PLC0415 - the everyday run must not pay for it

    def train(network: Any, ids: NDArray[np.int32]) -> None:
        for _ in range(3):
            with tf.GradientTape() as tape:
                scores, _ = network(ids[:-1], network.zero_state(ids.shape[1]))
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(ids[1:], scores)
                loss = tf.reduce_mean(losses)
            gradients = tape.gradient(loss, network.trainable_variables)
            for variable, gradient in zip(network.trainable_variables, gradients, strict=True):
                variable.assign_sub(0.5 * tf.convert_to_tensor(gradient))

    return train


@pytest.mark.parametrize("on_gpu", [False, True], ids=["our layers", "Keras's layers"])
@pytest.mark.parametrize("trained", [False, True], ids=["untrained", "trained"])
@pytest.mark.parametrize("seed", range(4))
def test_numpy_and_tensorflow_give_the_same_scores_and_states(
    seed: int,
    trained: bool,
    on_gpu: bool,
    train_a_little: Callable[[Any, NDArray[np.int32]], None],
) -> None:
    """On random dimensions, over two chunks, the state carried from one to the next."""
    from model.network import Network  # noqa: PLC0415 - imports TensorFlow

    generator = np.random.default_rng(seed)
    config = random_config(generator, Cell.LSTM if seed % 2 else Cell.GRU)
    network = Network(config, seed=seed, on_gpu=on_gpu)
    ids = generator.integers(0, config.vocabulary_size, (18, 2), dtype=np.int32)
    if trained:
        train_a_little(network, ids)

    first, states = network(ids[:7], network.zero_state(2))
    second, states = network(ids[7:], states)
    scores = np.concatenate([first, second])

    weights = network.weights_value()
    for row in range(2):
        hidden, state = read(weights, ids[:, row], zero_state(config))
        expected = hidden @ weights.output_kernel + weights.output_bias
        np.testing.assert_allclose(scores[:, row], expected, rtol=1e-4, atol=1e-4)
        for layer, tensors in zip(state, states, strict=True):
            for ours, theirs in zip(layer, tensors, strict=False):
                np.testing.assert_allclose(theirs[row], ours, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("cell", Cell)
def test_both_kinds_of_layers_learn_the_same(cell: Cell) -> None:
    """What a GPU computes with Keras's layers, with dropout, and what a CPU does with ours."""
    import tensorflow as tf  # noqa: PLC0415

    from model.network import Network  # noqa: PLC0415 - imports TensorFlow

    config = NetworkConfig(
        vocabulary_size=300, cell=cell, layers=2, hidden_size=6, embedding_size=4
    )
    ids = np.random.default_rng(0).integers(0, 300, (15, 3), dtype=np.int32)
    gradients = []
    for on_gpu in (False, True):
        dropout = Dropout(layers=0.3, recurrent=0.3)
        network = Network(config, seed=1, dropout=dropout, on_gpu=on_gpu)
        with tf.GradientTape() as tape:
            scores, _ = network(ids[:-1], network.zero_state(3), np.array([1, 2], np.int32))
            loss = tf.nn.sparse_softmax_cross_entropy_with_logits(ids[1:], scores)
        gradients.append(tape.gradient(loss, network.trainable_variables))

    for ours, theirs in zip(*gradients, strict=True):
        expected = tf.convert_to_tensor(theirs).numpy()
        np.testing.assert_allclose(tf.convert_to_tensor(ours), expected, rtol=1e-3, atol=1e-4)


def test_weights_go_to_numpy_and_back_unchanged() -> None:
    from model.network import Network  # noqa: PLC0415 - imports TensorFlow

    config = NetworkConfig(vocabulary_size=7, layers=2, hidden_size=5, embedding_size=3)
    source, target = Network(config, seed=1), Network(config, seed=2)

    target.assign(source.weights_value())

    for ours, theirs in zip(target.trainable_variables, source.trainable_variables, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_a_seed_fixes_the_first_weights_and_what_dropout_hides() -> None:
    from model.network import Network  # noqa: PLC0415 - imports TensorFlow

    config = NetworkConfig(vocabulary_size=7, layers=2, hidden_size=5, embedding_size=3)
    ids = np.arange(7, dtype=np.int32).reshape(7, 1)

    def scores(seed: int, step: int) -> NDArray[np.float32]:
        network = Network(config, dropout=Dropout(layers=0.5, recurrent=0.5), seed=seed)
        result, _ = network(ids, network.zero_state(1), np.array([3, step], np.int32))
        values: NDArray[np.float32] = result.numpy()
        return values

    np.testing.assert_array_equal(scores(1, 1), scores(1, 1))
    assert not np.allclose(scores(1, 1), scores(1, 2))
    assert not np.allclose(scores(1, 1), scores(2, 1))


def random_config(generator: np.random.Generator, cell: Cell) -> NetworkConfig:
    vocabulary, layers, hidden, embedding = generator.integers((2, 1, 1, 1), (40, 4, 24, 16))
    return NetworkConfig(
        vocabulary_size=int(vocabulary),
        cell=cell,
        layers=int(layers),
        hidden_size=int(hidden),
        embedding_size=int(embedding),
    )
