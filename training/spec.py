"""What a run is asked to do, checked at birth and kept as `spec.json` in its directory.

None everywhere means "chosen": the recipe (`training.recipe`) fills it in from the corpus.
What is given explicitly always wins.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum

from model.config import Cell
from training.curve_words import CurveWords
from training.errors import SpecError


class Size(StrEnum):
    """How large the network is; `auto` leaves it to the recipe."""

    AUTO = "auto"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


DEFAULT_MINUTES = 3.0

DIMENSIONS = {Size.SMALL: (3, 128), Size.MEDIUM: (2, 256), Size.LARGE: (2, 512)}
"""Layers and hidden size."""

RANGES: dict[str, tuple[float, float]] = {
    "minutes": (0.05, 100_000),
    "epochs": (1, 1_000_000),
    "seed": (0, 2**31 - 1),
    "layers": (1, 8),
    "units": (1, 4096),
    "learning_rate": (1e-6, 1.0),
    "batch_size": (1, 4096),
    "sequence_length": (1, 4096),
    "dropout": (0.0, 0.9),
}
"""The smallest and largest value of each number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A run's options; either `minutes` or `epochs` is given.

    Raises:
        SpecError: An option is out of its range.
    """

    minutes: float | None = None
    """From the process's start to the finished checkpoint."""
    epochs: int | None = None
    """Passes over the training text. The same seed then gives the same weights."""
    seed: int = 0
    size: Size = Size.AUTO
    cell: Cell | None = None
    layers: int | None = None
    units: int | None = None
    """The hidden size."""
    learning_rate: float | None = None
    """The peak of the schedule."""
    batch_size: int | None = None
    sequence_length: int | None = None
    dropout: float | None = None
    names: bool = False
    """Whether each message of the corpus begins with its author's name; the checkpoint tells."""
    curve_words: CurveWords = dataclasses.field(default_factory=CurveWords)
    """What stands in the picture of the loss curve."""
    seconds_spent: float = 0.0
    """How much of `minutes` had passed before the worker was started."""

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.epochs is None):
            raise SpecError("A run lasts some minutes or some epochs, one of the two.")
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                option = name.replace("_", " ")
                raise SpecError(f"{option} must be from {low:,} to {high:,}, not {value:,}.")

    @property
    def dimensions(self) -> tuple[int | None, int | None]:
        """The layers and the hidden size that were asked for; None is chosen."""
        layers, hidden_size = DIMENSIONS.get(self.size, (None, None))
        return self.layers or layers, self.units or hidden_size

    def to_json(self) -> str:
        """Return the spec as the text of `spec.json`."""
        return json.dumps(dataclasses.asdict(self), indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> RunSpec:
        """Return the spec that `to_json` wrote.

        Raises:
            SpecError: The text is no spec.
        """
        try:
            fields = json.loads(text)
            fields["size"] = Size(fields.get("size", Size.AUTO))
            fields["cell"] = fields.get("cell") and Cell(fields["cell"])
            fields["curve_words"] = CurveWords(**fields.get("curve_words", {}))
            return cls(**fields)
        except (ValueError, TypeError, AttributeError) as error:
            raise SpecError(f"spec.json is not a run's spec: {error}.") from error
