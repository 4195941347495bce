"""A run's history: its losses from the first step to the last, as a value.

    trained   : (history, measurement) -> history      the mean loss of the steps since the last
    validated : (history, measurement) -> history      the loss on the held-out text

It goes with the snapshot, so it has no gap where a run was resumed. A run of a minute and one
of a week have histories of the same size: each 400th of the run has one measurement at most.
Of several training losses in it the mean over their steps is kept, of several validations the
best one, because that is the checkpoint's.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import NamedTuple

RESOLUTION = 400
"""Parts of a run; as many as a picture has room for."""


MARK = "char-wgu"
"""Stands in a picture's file (`training.curve`) as the program that made it."""


class Measurement(NamedTuple):
    """A loss, and when in the run it was measured."""

    step: int
    """Steps that were done."""
    fraction: float
    """Of the run, from 0 to 1."""
    seconds: float
    """Of the run's time, interruptions not counted."""
    loss: float
    """Nats per character."""


Measurements = tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What a run has measured so far, in the order of time."""

    training: Measurements = ()
    validation: Measurements = ()

    def trained(self, now: Measurement) -> History:
        """Add the mean loss of the steps since the last measurement."""
        if not math.isfinite(now.loss):
            return self
        if shares_its_part(self.training, now):
            *before, last = self.training
            return replace(self, training=(*before, mean(before[-1:], last, now)))
        return replace(self, training=(*self.training, now))

    def validated(self, now: Measurement) -> History:
        """Add a validation."""
        if not math.isfinite(now.loss):
            return self
        if shares_its_part(self.validation, now):
            *before, last = self.validation
            better = min(last, now, key=loss_of)
            return replace(self, validation=(*before, better))
        return replace(self, validation=(*self.validation, now))

    @property
    def best(self) -> Measurement | None:
        """The validation whose weights the checkpoint has."""
        return min(self.validation, key=loss_of, default=None)

    def to_json(self) -> str:
        """Return the history as a text."""
        return json.dumps({"training": self.training, "validation": self.validation})

    @classmethod
    def from_json(cls, text: str) -> History:
        """Return the history that `to_json` wrote.

        Raises:
            ValueError: The text is no history.
        """
        try:
            fields = json.loads(text)
            return cls(*(measurements(fields[name]) for name in ("training", "validation")))
        except (KeyError, TypeError) as error:
            raise ValueError("not a history") from error


def measurements(rows: list[tuple[int, float, float, float]]) -> Measurements:
    """Return the measurements of a history's text."""
    return tuple(Measurement(*row) for row in rows)


def shares_its_part(earlier: Measurements, now: Measurement) -> bool:
    """Whether the last measurement was in the same 400th of the run."""
    return bool(earlier) and part_of(earlier[-1]) == part_of(now)


def part_of(measurement: Measurement) -> int:
    """Return which part of the run it is in; the run's end is in the last one."""
    return min(int(measurement.fraction * RESOLUTION), RESOLUTION - 1)


def mean(before: list[Measurement], last: Measurement, now: Measurement) -> Measurement:
    """Return the later one, with the mean loss over the steps of both."""
    began = before[0].step if before else 0
    earlier, later = max(last.step - began, 1), max(now.step - last.step, 1)
    loss = (earlier * last.loss + later * now.loss) / (earlier + later)
    return now._replace(loss=loss)


def loss_of(measurement: Measurement) -> float:
    """Return what is compared."""
    return measurement.loss


def is_curve(content: bytes) -> bool:
    """Whether the bytes of a file are the picture of a history, and no other picture."""
    return content.startswith(b"\x89PNG") and f"Software\0{MARK}".encode() in content[:1000]
