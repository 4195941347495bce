"""Ids as Discord makes them: they grow with time and never repeat."""

from __future__ import annotations

import time
from typing import Final

DISCORD_EPOCH: Final = 1_420_070_400_000
"""The first millisecond of 2015, in Unix time."""


def snowflake(milliseconds: int) -> int:
    """The first id of a moment, in Unix time."""
    return (milliseconds - DISCORD_EPOCH) << 22


class Snowflakes:
    """A source of ids: milliseconds since Discord's epoch above 22 bits."""

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> int:
        """The next id; never less than the one before, even if the clock goes back."""
        now = snowflake(time.time_ns() // 1_000_000)
        self._last = max(now, self._last + 1)
        return self._last
