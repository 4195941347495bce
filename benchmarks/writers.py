"""Programs that write a text, ours and others': `python -m benchmarks.writers NAME …`.

Each function builds one writer of an untrained network and returns what writes n characters
with it at temperature 0.8, drawing included. NumPy and PyTorch use one thread, which is their
fastest here, TensorFlow as many as it likes. The others' are our own words for what their users
do; the tutorial's reads and writes ids, not strings, which spares it some time.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from model.threads import ONE_THREAD

os.environ.update(ONE_THREAD | {"TF_CPP_MIN_LOG_LEVEL": "3"})

import numpy as np

from benchmarks.networks import Size, megabytes, untrained
from model.config import Cell
from model.generation import Writer, begin, write
from model.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable

    Writing = Callable[[int], object]

VOCABULARY_SIZE = 66
TEMPERATURE = 0.8
WINDOW = 50
BURSTS = 40
BURST = 0.05
"""Seconds."""


def main() -> None:
    """Measure one writer and print its figures as JSON."""
    name, cell, layers, units, started = sys.argv[1:]
    size = Size(int(layers), int(units))
    writing = WRITERS[name](Cell(cell), size)
    writing(1)
    start, memory = min(time.time() - float(started), time.process_time()), megabytes()
    floor = reading(Cell(cell), size) if name == "ours" else None
    speeds = measured([writing] if floor is None else [writing, floor])
    figures = {"characters_per_second": speeds[0], "start": start, "memory": memory}
    print(json.dumps(figures | {"floor_per_second": None if floor is None else speeds[1]}))


def measured(writings: list[Writing]) -> list[float]:
    """The best speed of each, in characters a second, from bursts that take turns."""
    best = [0.0] * len(writings)
    lengths = [length_of_a_burst(writing) for writing in writings]
    for _ in range(BURSTS):
        for place, (writing, length) in enumerate(zip(writings, lengths, strict=True)):
            best[place] = max(best[place], length / seconds(writing, length))
    return best


def length_of_a_burst(writing: Writing) -> int:
    """How many characters take about as long as a burst shall."""
    writing(16)
    taken = min(seconds(writing, 16) for _ in range(5))
    return max(1, round(16 * BURST / taken))


def seconds(writing: Writing, length: int) -> float:
    """How long it takes to write so many characters.

    On a busy machine the processor's time is what it would take on an idle one; with several
    threads, the clock's is.
    """
    clock, processor = time.perf_counter(), time.process_time()
    writing(length)
    return min(time.perf_counter() - clock, time.process_time() - processor)


def ours(cell: Cell, size: Size) -> Writing:
    """`model.generation.write`."""
    writer = Writer(untrained(cell, size))
    bookmark, _ = begin(writer, seed=1)
    return lambda length: write(
        writer, bookmark, length=length, sampling=Sampling(temperature=TEMPERATURE)
    )


def reading(cell: Cell, size: Size) -> Writing:
    """The floor: a product with every kernel that a character needs, and nothing else.

    The first layer's input needs none, since a character's product is known beforehand.
    """
    checkpoint = untrained(cell, size)
    shapes = [
        (columns, rows)
        for name, (rows, *others) in checkpoint.config.shapes().items()
        if name.endswith("kernel") and name != "layers.0.kernel"
        for columns in others
    ]
    products = [
        (aligned(shape), np.zeros(shape[1], np.float32), np.zeros(shape[0], np.float32))
        for shape in shapes
    ]

    def read(length: int) -> None:
        for _ in range(length):
            for kernel, x, y in products:
                np.dot(kernel, x, y)

    return read


def aligned(shape: tuple[int, int]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A kernel from the beginning of a cache line on."""
    count = shape[0] * shape[1]
    block = np.ones(count + 16, np.float32)
    start = -block.ctypes.data // 4 % 16
    return block[start : start + count].reshape(shape)


def windowed(_cell: Cell, size: Size) -> Writing:
    """The old sampler: the last 50 characters through the whole network, for each one."""
    import keras  # noqa: PLC0415 - only in its own process
    import tensorflow as tf  # noqa: PLC0415

    layers = [
        keras.layers.LSTM(size.units, return_sequences=n < size.layers - 1)
        for n in range(size.layers)
    ]
    embedding = keras.layers.Embedding(VOCABULARY_SIZE, size.units)
    network = keras.Sequential([embedding, *layers, keras.layers.Dense(VOCABULARY_SIZE)])
    predict = tf.function(lambda window: tf.nn.softmax(network(window)[0] / TEMPERATURE))
    generator = np.random.default_rng(1)
    window = np.ones((1, WINDOW), np.int32)

    def writing(length: int) -> None:
        for _ in range(length):
            probabilities = predict(tf.constant(window)).numpy().astype(np.float64)
            drawn = generator.choice(VOCABULARY_SIZE, p=probabilities / probabilities.sum())
            window[0, :-1] = window[0, 1:]
            window[0, -1] = drawn

    return writing


def tutorial(_cell: Cell, size: Size) -> Writing:
    """One compiled step that takes and gives an id and the state, called from Python."""
    import keras  # noqa: PLC0415
    import tensorflow as tf  # noqa: PLC0415

    embedding = keras.layers.Embedding(VOCABULARY_SIZE, size.units)
    layers = [
        keras.layers.LSTM(size.units, return_sequences=True, return_state=True)
        for _ in range(size.layers)
    ]
    dense = keras.layers.Dense(VOCABULARY_SIZE)

    def one_step(ids: Any, states: Any) -> tuple[Any, Any]:  # noqa: ANN401 - TensorFlow has no types
        x, after = embedding(ids), []
        for layer, state in zip(layers, states, strict=True):
            x, *state_after = layer(x, initial_state=state)
            after.append(state_after)
        return tf.random.categorical(dense(x)[:, -1] / TEMPERATURE, 1), after

    step = tf.function(one_step)
    zeros = [[tf.zeros((1, size.units))] * 2 for _ in range(size.layers)]

    def writing(length: int) -> None:
        ids, states = tf.ones((1, 1), tf.int64), zeros
        for _ in range(length):
            ids, states = step(ids, states)
            ids.numpy()

    return writing


def torch_lstm(_cell: Cell, size: Size) -> Writing:
    """nn.LSTM, a character at a time."""
    import torch  # noqa: PLC0415

    torch.set_num_threads(1)
    embedding = torch.nn.Embedding(VOCABULARY_SIZE, size.units)
    lstm = torch.nn.LSTM(size.units, size.units, size.layers)
    linear = torch.nn.Linear(size.units, VOCABULARY_SIZE)

    def writing(length: int) -> None:
        state, ids = None, torch.ones(1, dtype=torch.long)
        with torch.inference_mode():
            for _ in range(length):
                x, state = lstm(embedding(ids)[None], state)
                ids = torch.multinomial(torch.softmax(linear(x[0]) / TEMPERATURE, -1), 1)[0]
                ids.item()

    return writing


def torch_cells(_cell: Cell, size: Size) -> Writing:
    """One LSTMCell a layer, in a loop that PyTorch compiles."""
    import torch  # noqa: PLC0415

    from benchmarks.scripted import CellWriter  # noqa: PLC0415 - imports PyTorch

    torch.set_num_threads(1)
    writer = torch.jit.script(CellWriter(VOCABULARY_SIZE, size.layers, size.units))

    def writing(length: int) -> None:
        with torch.inference_mode():
            writer(length, TEMPERATURE)

    return writing


WRITERS: dict[str, Callable[[Cell, Size], Writing]] = {
    writer.__name__: writer for writer in (ours, windowed, tutorial, torch_lstm, torch_cells)
}

if __name__ == "__main__":
    main()
