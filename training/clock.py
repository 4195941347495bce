"""When this process began, as nearly as it can know: `training.__main__` imports it first."""

from __future__ import annotations

import time

_BEGAN = time.monotonic()


def seconds_since_start() -> float:
    """Return how long this process has been running."""
    return time.monotonic() - _BEGAN
