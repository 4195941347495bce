"""A checkpoint: network, vocabulary and weights at one step, in one safetensors file.

The tensors bear the names of `NetworkConfig.shapes`, in float32 or float16. The
header's metadata holds one JSON text with the format's version, the configuration,
the vocabulary, the figures of the training and the base. Nothing is ever unpickled;
a file is used only if every name, type, shape and number in it makes sense.

`storage.files` writes the bytes durably; this module only makes and reads them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors
import safetensors.numpy

from model.config import Cell, NetworkConfig
from model.errors import CheckpointError, ConfigError
from model.forward import Weights, from_named, to_named
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from model.forward import Array

FORMAT_VERSION = 2
"""1 had no residual connections between layers."""
METADATA_KEY = "char_wgu"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRecord:
    """What a network went through to have these weights."""

    corpus_characters: int = 0
    steps: int = 0
    epochs: float = 0.0
    seconds: float = 0.0
    validation_loss: float | None = None
    """Nats per character on the held-out tail; None for an untrained network."""
    seed: int = 0
    novelty: float | None = None
    """The share of what it writes that is new (`training.novelty`); None if it is not known."""

    def __post_init__(self) -> None:
        if self.novelty is not None and not 0 <= self.novelty <= 1:
            msg = "a share is from 0 to 1"
            raise ValueError(msg)

    @property
    def bits_per_character(self) -> float | None:
        """The validation loss in bits: the number shown to people."""
        return None if self.validation_loss is None else self.validation_loss / log(2)


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
    metadata = {METADATA_KEY: json.dumps(_header(checkpoint), sort_keys=True)}
    tensors = {n: np.ascontiguousarray(t) for n, t in to_named(checkpoint.weights).items()}
    return safetensors.numpy.save(tensors, metadata=metadata)


def from_bytes(data: bytes) -> Checkpoint:
    """The checkpoint in the bytes of a safetensors file.

    Raises:
        CheckpointError: The bytes are no complete checkpoint of this program.
    """
    header = _read_header(data)
    try:
        tensors = safetensors.numpy.load(data)
    except (safetensors.SafetensorError, KeyError, ValueError, TypeError) as error:
        raise CheckpointError("its tensors are damaged") from error
    config, vocabulary = header["config"], header["vocabulary"]
    return Checkpoint(
        config=config,
        vocabulary=vocabulary,
        weights=from_named(_checked(tensors, config.shapes()), config.layers),
        training=header["training"],
        base=header["base"],
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
    return _header(checkpoint) | {
        "parameters": checkpoint.config.parameters,
        "bits_per_character": checkpoint.training.bits_per_character,
    }


def _header(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "version": FORMAT_VERSION,
        "config": asdict(checkpoint.config),
        "vocabulary": checkpoint.vocabulary.characters,
        "training": asdict(checkpoint.training),
        "base": checkpoint.base,
    }


def _read_header(data: bytes) -> dict[str, Any]:
    """The header's values, each of its own type; the file begins with its length."""
    try:
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length])
        values = json.loads(header["__metadata__"][METADATA_KEY])
        version = values["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointError("it has no header of this program") from error
    if version != FORMAT_VERSION:
        raise CheckpointError("another version of this program wrote it")
    return _parsed(values)


def _parsed(values: dict[str, Any]) -> dict[str, Any]:
    try:
        config = NetworkConfig(**{**values["config"], "cell": Cell(values["config"]["cell"])})
        vocabulary = Vocabulary(values["vocabulary"])
        training = TrainingRecord(**values["training"])
        base = values["base"]
    except ConfigError as error:
        raise CheckpointError("its sizes make no sense") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError("its header is damaged") from error
    if len(vocabulary) != config.vocabulary_size:
        raise CheckpointError("its vocabulary has another size than its network")
    return {"config": config, "vocabulary": vocabulary, "training": training, "base": base}


def _checked(
    tensors: Mapping[str, Array], shapes: Mapping[str, tuple[int, ...]]
) -> dict[str, Array]:
    """The tensors in float32, if they are the ones that the configuration asks for."""
    if set(tensors) != set(shapes):
        raise CheckpointError("its tensors are not those of its network")
    for name, shape in shapes.items():
        if tensors[name].shape != shape or tensors[name].dtype not in (np.float32, np.float16):
            raise CheckpointError(f"the tensor {name} has another shape or type than it should")
        if not np.isfinite(tensors[name]).all():
            raise CheckpointError(f"the tensor {name} holds numbers that are not finite")
    return {name: tensors[name].astype(np.float32, copy=False) for name in shapes}
