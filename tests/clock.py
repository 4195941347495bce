"""A clock of a test's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Clock:
    """A time that passes when the test says so."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now
