"""A run that trains, from its turn until its end is stored."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import DiskFailsError, RunGoneError
from training.events import Progress, Started

if TYPE_CHECKING:
    from storage.records import RunRecord
    from training.events import Event, Finished

LONGEST_END_SECONDS = 30.0
"""For which the end of a run is waited for; the worker's grace is a part of it."""


@dataclass(slots=True)
class TrainingRun:
    """A run, the task that carries it out, and the one that then stores its end."""

    run: RunRecord
    worker: asyncio.Task[Finished]
    end: asyncio.Task[None]
    is_canceled: bool = False
    progress: Progress | None = None
    """The latest of the worker; another one has to come that far by itself."""

    @property
    def is_about_to_end(self) -> bool:
        """Whether nobody can change any more how it ends."""
        return self.is_canceled or self.worker.done()

    @property
    def is_better(self) -> bool:
        """Whether it is known to be better than when it began."""
        return self.progress is not None and self.progress.is_better

    def hear(self, event: Event) -> None:
        """Take note of what its worker says."""
        if isinstance(event, Started | Progress):
            self.progress = event if isinstance(event, Progress) else None

    async def cancel(self) -> None:
        """End its worker and see it over.

        Raises:
            RunGoneError: Its checkpoint is complete and being saved.
            DiskFailsError: As in `wait`.
        """
        if not self.is_canceled:  # a second time would cut the worker's grace short
            if self.worker.done():
                raise RunGoneError
            self.is_canceled = True
            self.worker.cancel()
        await self.wait()

    async def wait(self) -> None:
        """See it over.

        Raises:
            DiskFailsError: Its end cannot be stored, which is tried again on and on.
        """
        _, pending = await asyncio.wait({self.end}, timeout=LONGEST_END_SECONDS)
        if pending:
            raise DiskFailsError
