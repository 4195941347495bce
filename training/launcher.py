"""What starts a worker and listens to it. Today a process of this machine.

The launcher is a seam because a cluster that runs the very same command can come later.
A worker never outlives the call that started it: canceling the task that awaits `run`
ends the process (terminate, 5 s grace, kill) before the cancellation goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from training.events import Event, Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSummary:
    """What was found in a corpus's files."""

    characters: int
    distinct: int
    """How many different characters."""
    description: str
    """For people, such as "Plain text (UTF-8): 1,115,394 characters, 65 different ones"."""


class Launcher(Protocol):
    """Where training happens."""

    async def run(self, directory: Path, on_event: Callable[[Event], None]) -> Finished:
        """Carry out the run in `directory`, or go on with it from its snapshot.

        Args:
            directory: The run's directory (`training.run_directory`).
            on_event: Called in this event loop with every event, the last one included.

        Raises:
            RunFailedError: The worker failed, or died without a word.
        """
        ...

    async def read_corpus(self, files: Sequence[Path], out: Path) -> CorpusSummary:
        """Write the text that training would read from `files` to `out`, in UTF-8.

        A text of any length is fine here; `training.corpus.check_long_enough` refuses.

        Raises:
            CorpusError: A file cannot be used, with the sentence for its owner.
        """
        ...
