"""What this machine computes with: a GPU if one is free, otherwise its cores.

Imported in the worker only, after `training.worker` has told TensorFlow about threads.
"""

from __future__ import annotations

import fcntl
import logging
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import tensorflow as tf

logger = logging.getLogger(__name__)

BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}
"""What Linux calls the instructions that multiply in bfloat16. On a CPU without them such
products take twice the time of float32's."""

BFLOAT16_GPU = (8, 0)
"""NVIDIA's compute capability from which on GPUs multiply in bfloat16."""

SIDE_BY_SIDE, MEASURED_STEPS, MEASURING_SECONDS = 2, 10, 0.2
"""What is measured, and for how long."""

_held: list[int] = []
"""The descriptors of the locks on GPUs, which last as long as the process."""


class Device(NamedTuple):
    """Where and how a network is trained."""

    kind: str
    """`gpu` or `cpu`."""
    low_precision: bool
    """Whether products are in bfloat16."""


def prepare_device(*, reproducible: bool) -> Device:
    """Set TensorFlow up for this machine; before anything else is asked of TensorFlow.

    Args:
        reproducible: Whether the same seed has to give the same weights.
    """
    if reproducible:
        tf.config.experimental.enable_op_determinism()
    gpu = next(filter(_take, tf.config.list_physical_devices("GPU")), None)
    tf.config.set_visible_devices([] if gpu is None else [gpu], "GPU")
    if gpu is None:
        return Device("cpu", low_precision=cpu_multiplies_bfloat16())
    tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpu)
    return Device("gpu", low_precision=details.get("compute_capability", (0, 0)) >= BFLOAT16_GPU)


def measure_speed(device: Device) -> float:
    """Return how many time steps of 64 streams the device computes in a second, two side by side.

    A time step is a product of 64 rows with a kernel of 256 by 1,024 and what comes after it,
    so the figure holds for products and for what is between them.
    """
    kind = tf.bfloat16 if device.low_precision else tf.float32
    rows = tf.cast(tf.random.stateless_normal((SIDE_BY_SIDE, 64, 256), (1, 2)), kind)
    kernel = tf.cast(tf.random.stateless_normal((256, 1024), (3, 4)) / 16, kind)

    def time_step(h: Any) -> Any:  # noqa: ANN401
        gates = tf.tanh(tf.cast(h @ kernel, tf.float32))
        return tf.cast(gates[:, :256] * gates[:, 256:512] + gates[:, 512:768], kind)

    def all_steps() -> list[Any]:
        streams = tf.unstack(rows)
        for _ in range(MEASURED_STEPS):
            streams = [time_step(h) for h in streams]
        return list(streams)

    time_steps = tf.function(all_steps)
    time_steps()
    began, rounds = time.perf_counter(), 0
    while time.perf_counter() - began < MEASURING_SECONDS:
        time_steps()
        rounds += 1
    return rounds * SIDE_BY_SIDE * MEASURED_STEPS / (time.perf_counter() - began)


def cpu_multiplies_bfloat16(information: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the CPU has instructions for products in bfloat16, as far as Linux says."""
    with suppress(OSError):
        return bool(BFLOAT16_FLAGS & set(information.read_text(encoding="utf-8").split()))
    return False


def _take(gpu: Any) -> bool:  # noqa: ANN401 - a device of TensorFlow's
    """Take a GPU for this process, unless another run has it: one run has all its memory."""
    name = gpu.name.rpartition("/")[-1].replace(":", "-")
    path = Path(tempfile.gettempdir()) / f"char-wgu-{os.getuid()}-{name}.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:  # somebody else's file, or a link, lies there
        logger.warning("%s is not used: its lock cannot be taken: %s", name, error.strerror)
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        logger.info("%s trains another run", name)
        return False
    _held.append(descriptor)
    return True
