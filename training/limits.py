"""What a worker may take, and how long it may be silent.

The launcher looks every few seconds; a limit of the system's own (RLIMIT_AS) would break
TensorFlow. A worker that exceeds a limit is killed, and counts as one that died by itself: it
may be resumed from its snapshot, which keeps what it had learned.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from training.run_errors import WorkerEnd

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_SECONDS = 2.0
"""Between two looks at a worker."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one worker."""

    memory: int | None = None
    """Resident, in bytes; None is no limit."""
    silence: float = 120.0
    """The longest time between two events, in seconds."""
    overtime: float = 600.0
    """Seconds that it may take beyond its run's minutes, to begin and to end."""


class Watch:
    """Looks after one worker.

    Time is counted in looks, not read from a clock: a machine that slept in between is no
    worker's fault.

    Args:
        process_id: The worker's.
        limits: Of this worker.
        minutes: What its run lasts; None, and it may take as long as it likes.
    """

    def __init__(self, process_id: int, limits: Limits, minutes: float | None) -> None:
        self._process_id, self._limits = process_id, limits
        self._seconds = None if minutes is None else 60 * minutes + limits.overtime
        self._silent = self._taken = 0.0
        self.exceeded: WorkerEnd | None = None
        """How the worker went beyond a limit."""

    def heard(self) -> None:
        """The worker has said something."""
        self._silent = 0.0

    async def keep(self, kill: Callable[[], None]) -> None:
        """Look until a limit is exceeded, and kill the worker then."""
        interval = min(LOOK_SECONDS, self._limits.silence)
        while self.exceeded is None:
            await asyncio.sleep(interval)
            self._silent += interval
            self._taken += interval
            self.exceeded = self._look()
        kill()

    def _look(self) -> WorkerEnd | None:
        limits = self._limits
        if limits.memory is not None and _memory_of(self._process_id) > limits.memory:
            return WorkerEnd("memory", limits.memory >> 20)
        if self._silent >= limits.silence:
            return WorkerEnd("silence", limits.silence)
        if self._seconds is not None and self._taken >= self._seconds:
            return WorkerEnd("time")
        return None


def _memory_of(process_id: int) -> int:
    """The resident memory of a process; 0 if it is gone."""
    try:
        return int(psutil.Process(process_id).memory_info().rss)
    except psutil.Error:
        return 0
