"""Programs that train a network, ours and others': `python -m benchmarks.trainers NAME …`.

Each function builds one trainer and returns what takes a step with it. All read the same random
characters: how fast a step is does not depend on what it reads. PyTorch's is written as its users
write it, with the fastest of the inputs that were tried: with an embedding instead of one-hot
vectors autocast does not reach the LSTM, and it is half as fast.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.networks import Size
from model.config import Cell, Dropout, NetworkConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    Step = Callable[[], object]

VOCABULARY_SIZE = 66
STREAMS = 64
LENGTH = 50
SECONDS = 4.0
BURSTS = 4


def main() -> None:
    """Measure one trainer and print its figures as JSON."""
    name, cell, layers, units = sys.argv[1:]
    size = Size(int(layers), int(units))
    step, floor = TRAINERS[name](Cell(cell), size)
    step()
    speed = max(measured(step) for _ in range(BURSTS))
    figures = {"characters_per_second": speed}
    if floor is not None:
        figures["floor_per_second"] = floor() / multiplications(Cell(cell), size)
    print(json.dumps(figures))


def measured(step: Step) -> float:
    """Characters a second, over a burst of steps."""
    began, steps = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS / BURSTS:
        step()
        steps += 1
    return steps * STREAMS * LENGTH / (time.perf_counter() - began)


def multiplications(cell: Cell, size: Size) -> float:
    """What a character costs forward and backward; the first layer's input costs nothing."""
    recurrent = (2 * size.layers - 1) * cell.gates * size.units**2
    return 3.0 * (recurrent + size.units * VOCABULARY_SIZE)


def ours(cell: Cell, size: Size, *, low: bool | None = None, on_gpu: bool = False) -> Any:  # noqa: ANN401
    """The product's own learner."""
    from training.worker import prepare_process  # noqa: PLC0415 - before TensorFlow

    prepare_process()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from training.batches import Streams  # noqa: PLC0415
    from training.device import Device, prepare_device  # noqa: PLC0415
    from training.learner import Learner  # noqa: PLC0415
    from training.recipe import Plan  # noqa: PLC0415

    device = prepare_device(reproducible=False)
    low = device.low_precision if low is None else low
    device = Device("gpu" if on_gpu else "cpu", low_precision=low)
    config = NetworkConfig(
        vocabulary_size=VOCABULARY_SIZE,
        cell=cell,
        layers=size.layers,
        hidden_size=size.units,
        embedding_size=min(size.units, 256),
    )
    plan = Plan(config, STREAMS, LENGTH, 2e-3, Dropout())
    ids = np.random.default_rng(0).integers(1, VOCABULARY_SIZE, 10**6, dtype=np.int32)
    shares = np.full(VOCABULARY_SIZE, 1 / VOCABULARY_SIZE)
    learner, streams = (
        Learner(plan, device, seed=0, frequencies=shares),
        Streams(ids, STREAMS, LENGTH, 0),
    )
    states, number = learner.zero_state(), 0

    def step() -> None:
        nonlocal states, number
        batch = streams.batch(number)
        _, states = learner.update(batch, states, learning_rate=2e-3, step=number)
        number += 1

    return step, lambda: products(low=low)


def products(*, low: bool) -> float:
    """Multiplications a second in large products, on all cores: the floor of arithmetic."""
    import tensorflow as tf  # noqa: PLC0415

    kind = tf.bfloat16 if low else tf.float32
    rows, kernel = (tf.cast(tf.random.normal(shape), kind) for shape in ((1600, 256), (256, 1024)))

    both = tf.function(lambda: [tf.reduce_sum((rows * factor) @ kernel) for factor in (1.0, 2.0)])
    both()
    best = float("inf")
    for _ in range(50):
        began = time.perf_counter()
        both()
        best = min(best, time.perf_counter() - began)
    return 2 * 1600 * 256 * 1024 / best


def torch(cell: Cell, size: Size, *, low: bool) -> Any:  # noqa: ANN401
    """PyTorch's fused layers, as its users train them."""
    import torch  # noqa: PLC0415
    from torch import nn  # noqa: PLC0415

    kind = nn.LSTM if cell is Cell.LSTM else nn.GRU
    layers, output = (
        kind(VOCABULARY_SIZE, size.units, size.layers),
        nn.Linear(size.units, VOCABULARY_SIZE),
    )
    parameters = [*layers.parameters(), *output.parameters()]
    adam = torch.optim.Adam(parameters, 2e-3, fused=True)
    zeros = torch.zeros(size.layers, STREAMS, size.units)
    state: Any = (zeros, zeros) if cell is Cell.LSTM else zeros
    generator = torch.Generator().manual_seed(0)

    def step() -> None:
        nonlocal state
        ids = torch.randint(1, VOCABULARY_SIZE, (LENGTH + 1, STREAMS), generator=generator)
        inputs = nn.functional.one_hot(ids[:-1], VOCABULARY_SIZE).float()
        with torch.autocast("cpu", torch.bfloat16, enabled=low):
            hidden, after = layers(inputs, state)
            scores = output(hidden).float().reshape(-1, VOCABULARY_SIZE)
        loss = nn.functional.cross_entropy(scores, ids[1:].reshape(-1))
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
        detached = [
            part.detach().float() for part in (after if isinstance(after, tuple) else [after])
        ]
        state = tuple(detached) if cell is Cell.LSTM else detached[0]
        loss.item()

    return step, None


TRAINERS: dict[str, Any] = {
    "ours": ours,
    "ours_float32": lambda cell, size: ours(cell, size, low=False),
    "keras_layers": lambda cell, size: ours(cell, size, low=False, on_gpu=True),
    "torch_bfloat16": lambda cell, size: torch(cell, size, low=True),
    "torch_float32": lambda cell, size: torch(cell, size, low=False),
}


if __name__ == "__main__":
    main()
