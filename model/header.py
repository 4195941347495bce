"""A checkpoint's header: all that it says of itself, believed only where it makes sense.

A safetensors file begins with its header's length and the header, a JSON object. Its metadata
holds one text of ours, JSON again: the format's version, the configuration, the vocabulary,
the figures of the training and the base. A file may come from anybody, so a header is short,
has nothing but what belongs into it, and every value in it is of its own type.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple

from model.config import Cell, NetworkConfig
from model.errors import CheckpointError, ConfigError
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION = 2
"""1 had no residual connections between layers."""
METADATA_KEY = "char_wgu"

LONGEST_HEADER = 2**21
"""In bytes: more than a vocabulary of all characters there are needs, and read in 20 ms."""

LARGEST_NUMBER = 2**53
LONGEST_BASE = 100
_LENGTH_BYTES = 8


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
    names: bool = False
    """Whether it learned from a chat in which each message begins with its author's name."""

    def __post_init__(self) -> None:
        _check_whole(self.corpus_characters, self.steps, self.seed)
        _check_amounts(self.corpus_characters, self.steps, self.epochs, self.seconds)
        if self.validation_loss is not None:
            _check_amounts(self.validation_loss)
        if self.novelty is not None and not 0 <= self.novelty <= 1:
            msg = "a share is from 0 to 1"
            raise ValueError(msg)
        if type(self.names) is not bool:
            raise TypeError

    @property
    def bits_per_character(self) -> float | None:
        """The validation loss in bits: the number shown to people."""
        return None if self.validation_loss is None else self.validation_loss / log(2)


class Header(NamedTuple):
    """What a checkpoint's file says before its weights."""

    config: NetworkConfig
    vocabulary: Vocabulary
    training: TrainingRecord
    base: str | None


def to_metadata(header: Header) -> dict[str, str]:
    """The header as a safetensors file's metadata."""
    return {METADATA_KEY: json.dumps(to_json(header), sort_keys=True)}


def to_json(header: Header) -> dict[str, Any]:
    """The header as values that JSON can hold."""
    return {
        "version": FORMAT_VERSION,
        "config": asdict(header.config),
        "vocabulary": header.vocabulary.characters,
        "training": asdict(header.training),
        "base": header.base,
    }


def header_of(data: bytes) -> Header:
    """The header of a safetensors file; the rest of the file is not looked at.

    Raises:
        CheckpointError: This program has not written it.
    """
    length = int.from_bytes(data[:_LENGTH_BYTES], "little")
    if length > LONGEST_HEADER:
        raise CheckpointError("it has no header of this program")
    try:
        metadata = json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + length])["__metadata__"]
        values = json.loads(metadata[METADATA_KEY])
        version = values["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointError("it has no header of this program") from error
    if version != FORMAT_VERSION:
        raise CheckpointError("another version of this program wrote it")
    if len(metadata) > 1:
        raise CheckpointError("its header holds more than this program writes")
    return _parsed(values)


def read_header(path: Path) -> Header:
    """The header of a checkpoint's file, without reading the weights.

    Raises:
        CheckpointError: It is no checkpoint.
        OSError: As from the system.
    """
    with path.open("rb") as file:
        return header_of(file.read(_LENGTH_BYTES + LONGEST_HEADER))


def _parsed(values: dict[str, Any]) -> Header:
    try:
        cell = Cell(values["config"]["cell"])
        config = NetworkConfig(**{**values["config"], "cell": cell})
        _check_whole(*(size for size in values["config"].values() if size != cell))
        vocabulary = Vocabulary(_checked_text(values["vocabulary"]))
        training = TrainingRecord(**values["training"])
        base = None if values["base"] is None else _checked_text(values["base"])
    except ConfigError as error:
        raise CheckpointError("its sizes make no sense") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError("its header is damaged") from error
    if len(vocabulary) != config.vocabulary_size:
        raise CheckpointError("its vocabulary has another size than its network")
    if len(base or "") > LONGEST_BASE:
        raise CheckpointError("its header is damaged")
    return Header(config, vocabulary, training, base)


def _checked_text(value: object) -> str:
    """A text that can be kept and sent: no half of a surrogate pair stands in it."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value


def _check_whole(*numbers: object) -> None:
    if any(type(number) is not int for number in numbers):
        msg = "a number is not whole"
        raise ValueError(msg)


def _check_amounts(*amounts: float) -> None:
    """Refuse what no amount can be, NaN among it; what is no number at all is a TypeError."""
    if not all(0 <= amount <= LARGEST_NUMBER for amount in amounts):
        msg = "an amount is negative, or too large"
        raise ValueError(msg)
