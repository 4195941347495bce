"""The worker: one process that carries out one run and says how it goes.

Its stdout is kept for events alone: before anything is imported that might print, the
descriptor is duplicated and 1 points at stderr. It runs at lower priority, dies at once
from SIGTERM and SIGINT whatever it is doing (a run is safe in its snapshot, so there is
nothing to tidy up), and ends at once when nobody listens any more.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from model.errors import ModelError
from training.clock import seconds_since_start
from training.errors import TrainingError
from training.events import Event, Failed, encode
from training.lifeline import end_with_listener
from training.run_directory import RunDirectory
from training.run_errors import foreseen
from training.telling import facts_of

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)


class EventStream:
    """The descriptor that stdout was."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._descriptor = os.dup(1)
        end_with_listener(self._descriptor)
        os.dup2(2, 1)

    def emit(self, event: Event) -> None:
        """Write one line.

        Raises:
            BrokenPipeError: Nobody listens.
        """
        line = (encode(event) + "\n").encode()
        while line:
            line = line[os.write(self._descriptor, line) :]


def main(path: Path, *, snapshot_seconds: float) -> int:
    """Carry out the run in a directory and return the process's exit code."""
    stream = EventStream()
    prepare_process()
    try:
        return carry_out(RunDirectory(path), stream, snapshot_seconds)
    except BrokenPipeError:
        logger.info("nobody listens any more")
        return 0


def prepare_process() -> None:
    """Make way for others, die from signals at once, tell TensorFlow what it reads at import.

    Half of the cores work on each of two operations at once, because a batch is learned from
    in two halves (`training.learner`).
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.nice(10)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(max((cores or 2) // 2, 1)))
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "2")
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level="INFO")


def carry_out(directory: RunDirectory, stream: EventStream, snapshot_seconds: float) -> int:
    """Train, and turn whatever goes wrong into one last event."""
    try:
        with directory.hold():
            from training.loop import Pace, train  # noqa: PLC0415 - imports TensorFlow

            pace = Pace(snapshot=snapshot_seconds)
            train(directory, stream.emit, seconds_since_start, pace=pace)
    except BrokenPipeError:
        raise
    except Exception as error:
        logger.exception("the run failed")
        known = foreseen(error)
        facts = facts_of(known)
        stream.emit(Failed(reason=str(known), error=type(known).__name__, facts=facts))
        return 2 if isinstance(error, TrainingError | ModelError) else 1
    return 0
