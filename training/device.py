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

PARTS, ROWS, KERNEL = 2, (1600, 256), (256, 1024)
"""Products that are measured: so large that they take far longer than to be started."""

MEASURING_SECONDS = 0.2

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
    gpu = next(filter(_is_free, tf.config.list_physical_devices("GPU")), None)
    tf.config.set_visible_devices([] if gpu is None else [gpu], "GPU")
    if gpu is None:
        return Device("cpu", low_precision=cpu_multiplies_bfloat16())
    tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpu)
    return Device("gpu", low_precision=details.get("compute_capability", (0, 0)) >= BFLOAT16_GPU)


def measure_speed(device: Device) -> float:
    """Return how fast the device makes the products of a time step, in a fifth of a second.

    Returns:
        Multiplications a second, of what runs side by side together.
    """
    kind = tf.bfloat16 if device.low_precision else tf.float32
    rows = tf.cast(tf.random.stateless_normal((PARTS, *ROWS), (1, 2)), kind)
    kernel = tf.cast(tf.random.stateless_normal(KERNEL, (3, 4)), kind)

    @tf.function
    def products() -> Any:  # noqa: ANN401
        return [tf.reduce_sum(tf.matmul(part, kernel)) for part in tf.unstack(rows)]

    products()
    began, rounds = time.perf_counter(), 0
    while time.perf_counter() - began < MEASURING_SECONDS:
        products()
        rounds += 1
    seconds = time.perf_counter() - began
    return rounds * PARTS * ROWS[0] * ROWS[1] * KERNEL[1] / seconds


def cpu_multiplies_bfloat16(information: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the CPU has instructions for products in bfloat16, as far as Linux says."""
    with suppress(OSError):
        return bool(BFLOAT16_FLAGS & set(information.read_text(encoding="utf-8").split()))
    return False


def _is_free(gpu: Any) -> bool:  # noqa: ANN401 - a device of TensorFlow's
    """Take a GPU for this process, unless another run has it: one run has all its memory."""
    name = gpu.name.rpartition("/")[-1].replace(":", "-")
    path = Path(tempfile.gettempdir()) / f"char-wgu-{os.getuid()}-{name}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        logger.info("%s trains another run", name)
        return False
    _held.append(descriptor)
    return True
