"""The dimensions of a network: everything needed to allocate its weights."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import NamedTuple

from model.errors import ConfigError

LIMITS = {
    "vocabulary size": (2, 0x110001),
    "number of layers": (1, 16),
    "hidden size": (1, 8192),
    "embedding size": (1, 8192),
}
"""The lowest and the highest value of each dimension. They keep a hostile file from
asking for more memory than a machine has, and no sensible network out."""


class Cell(StrEnum):
    """The recurrent unit that all layers of a network are made of."""

    LSTM = "lstm"
    GRU = "gru"

    @property
    def gates(self) -> int:
        """How many blocks of the hidden size stand side by side in a kernel."""
        return 4 if self is Cell.LSTM else 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkConfig:
    """Everything needed to allocate the weights."""

    vocabulary_size: int
    """Ids that the network knows, the unknown character (id 0) included."""
    cell: Cell = Cell.LSTM
    layers: int = 2
    hidden_size: int = 256
    """Units per recurrent layer. Doubling it quadruples the weights of a layer."""
    embedding_size: int = 256
    """Numbers that stand for one character at the input."""

    def __post_init__(self) -> None:
        values = (self.vocabulary_size, self.layers, self.hidden_size, self.embedding_size)
        for (name, (lowest, highest)), value in zip(LIMITS.items(), values, strict=True):
            if not lowest <= value <= highest:
                raise ConfigError(name, value, lowest, highest)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every weight, by its name in a checkpoint.

        Kernels are laid out as Keras does: (inputs, gates * H), the gates i f c o for
        the LSTM and z r h for the GRU, whose bias has one row for the input and one
        for the recurrent product (`reset_after`).
        """
        hidden, wide = self.hidden_size, self.cell.gates * self.hidden_size
        bias = (wide,) if self.cell is Cell.LSTM else (2, wide)
        shapes: dict[str, tuple[int, ...]] = {
            "embedding": (self.vocabulary_size, self.embedding_size)
        }
        for layer in range(self.layers):
            inputs = self.embedding_size if layer == 0 else hidden
            shapes[f"layers.{layer}.kernel"] = (inputs, wide)
            shapes[f"layers.{layer}.recurrent_kernel"] = (hidden, wide)
            shapes[f"layers.{layer}.bias"] = bias
        shapes["output.kernel"] = (hidden, self.vocabulary_size)
        shapes["output.bias"] = (self.vocabulary_size,)
        return shapes

    @property
    def parameters(self) -> int:
        """How many numbers the weights are."""
        return sum(prod(shape) for shape in self.shapes().values())


class Dropout(NamedTuple):
    """Which part of what training hides, each from 0 to 1."""

    layers: float = 0.0
    """Of each layer's outputs."""
    recurrent: float = 0.0
    """Of the recurrent kernels' numbers, the same ones at all time steps of a chunk."""
