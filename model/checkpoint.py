"""A checkpoint: network, vocabulary and weights at one step, in one safetensors file.

The tensors bear the names of `NetworkConfig.shapes`, in float32 or float16; the rest
stands in the header (`model.header`). Nothing is ever unpickled; a file is used only if
every name, type, shape and number in it makes sense.

`storage.files` writes the bytes durably; this module only makes and reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors
import safetensors.numpy

from model.errors import CheckpointError, TensorError
from model.forward import Weights, from_named, to_named
from model.header import METADATA_KEY, Header, TrainingRecord, header_of, to_json, to_metadata

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from model.config import NetworkConfig
    from model.forward import Array
    from model.vocabulary import Vocabulary

__all__ = [
    "METADATA_KEY",
    "Checkpoint",
    "TrainingRecord",
    "describe",
    "from_bytes",
    "load",
    "to_bytes",
]

LARGEST_WEIGHT = 1e6
"""No training comes near it, and no score overflows below it, whatever the dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Network, vocabulary and weights at one step."""

    config: NetworkConfig
    vocabulary: Vocabulary
    weights: Weights
    training: TrainingRecord = field(default_factory=TrainingRecord)
    base: str | None = None
    """What the training started from: the SHA-256 of that checkpoint's file."""


def to_bytes(checkpoint: Checkpoint) -> bytes:
    """The whole checkpoint as the bytes of a safetensors file."""
    tensors = {n: np.ascontiguousarray(t) for n, t in to_named(checkpoint.weights).items()}
    return safetensors.numpy.save(tensors, metadata=to_metadata(_header(checkpoint)))


def from_bytes(data: bytes) -> Checkpoint:
    """The checkpoint in the bytes of a safetensors file.

    Raises:
        CheckpointError: The bytes are no complete checkpoint of this program.
    """
    header = header_of(data)
    try:
        tensors = safetensors.numpy.load(data)
    except (safetensors.SafetensorError, KeyError, ValueError, TypeError) as error:
        raise CheckpointError("its tensors are damaged") from error
    config = header.config
    return Checkpoint(
        config=config,
        vocabulary=header.vocabulary,
        weights=from_named(_checked(tensors, config.shapes()), config.layers),
        training=header.training,
        base=header.base,
    )


def load(path: Path) -> Checkpoint:
    """The checkpoint in a file.

    Raises:
        CheckpointError: The file cannot be read or is no complete checkpoint.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise CheckpointError(reason[0].lower() + reason[1:]) from error
    return from_bytes(data)


def describe(checkpoint: Checkpoint) -> dict[str, Any]:
    """Everything that the header says, and what follows from it, ready for JSON."""
    return to_json(_header(checkpoint)) | {
        "parameters": checkpoint.config.parameters,
        "bits_per_character": checkpoint.training.bits_per_character,
    }


def _header(checkpoint: Checkpoint) -> Header:
    return Header(checkpoint.config, checkpoint.vocabulary, checkpoint.training, checkpoint.base)


def _checked(
    tensors: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Array]:
    """The tensors in float32, if they are the ones that the configuration asks for."""
    if set(tensors) != set(shapes):
        raise CheckpointError("its tensors are not those of its network")
    for name, shape in shapes.items():
        if tensors[name].shape != shape or tensors[name].dtype not in (np.float32, np.float16):
            raise TensorError(name, "has another shape or type than it should")
        lowest, highest = float(tensors[name].min()), float(tensors[name].max())
        if not -LARGEST_WEIGHT <= lowest <= highest <= LARGEST_WEIGHT:
            raise TensorError(name, "holds numbers that are not finite, or too large")
    return {name: tensors[name].astype(np.float32, copy=False) for name in shapes}
