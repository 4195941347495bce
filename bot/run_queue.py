"""The runs that wait and those that train."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from storage.records import RunRecord
    from training.events import Event, Finished


class Reporter(Protocol):
    """Where news of runs go: on Discord, the progress message.

    Its methods neither raise nor wait. `run` always carries the newest record, the ids of its
    channel and its message among them. `ended` comes exactly once for a run, and last; after a
    restart of the bot it may come for a run that was not mentioned before.
    """

    def waiting(self, run: RunRecord, position: int) -> None:
        """The run waits; `position` runs, the training ones among them, come before it."""

    def training(self, run: RunRecord, event: Event) -> None:
        """The run's worker has said something: `Started` or `Progress`."""

    def ended(self, run: RunRecord, finished: Finished | None) -> None:
        """The run is finished (with the worker's last event), failed or canceled."""
