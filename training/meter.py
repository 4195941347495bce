"""How the steps since the last event went."""

from __future__ import annotations

from typing import NamedTuple


class Measured(NamedTuple):
    """What the steps since the last event came to."""

    loss: float
    characters_per_second: float


class Meter:
    """The losses and the speed since the last event."""

    def __init__(self) -> None:
        self._compiled = False
        self._reset()

    def add(self, loss: float, characters: int, seconds: float) -> None:
        """Count a step. The process's first one compiles, so its time says nothing."""
        self.steps += 1
        self._loss += loss
        if self._compiled:
            self._characters += characters
            self._seconds += seconds
        self._compiled = True

    def pop(self) -> Measured:
        """Return what was measured, and begin anew."""
        speed = self._characters / self._seconds if self._seconds else 0.0
        measured = Measured(self._loss / self.steps, speed)
        self._reset()
        return measured

    def _reset(self) -> None:
        self.steps, self._loss, self._characters, self._seconds = 0, 0.0, 0, 0.0
