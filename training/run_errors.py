"""Why a run ended without a checkpoint, each as one sentence for the person who started it.

TrainingError
├── RunFailedError              the run ended without a checkpoint
│   └── WorkerLostError             its worker died, or was killed; another one may go on
├── OutOfMemoryError            the network or a batch did not fit
├── DiskRefusedError            the disk did not take what the run wrote
├── LossUnboundedError          the loss shot up again and again
├── UnforeseenError             anything that nobody thought of
└── RunLostError                its workers died, or were killed, again and again
"""

from __future__ import annotations

import signal
from typing import NamedTuple

from model.errors import ModelError
from training.errors import TrainingError


class RunFailedError(TrainingError):
    """The run ended without a checkpoint.

    Args:
        reason: The sentence.
        error: What went wrong in the worker; None if nobody knows.
    """

    def __init__(self, reason: str, error: TrainingError | ModelError | None = None) -> None:
        self.reason, self.error = reason, error
        super().__init__(reason)


class WorkerLostError(RunFailedError):
    """The worker died without a word, or went beyond a limit and was killed.

    Another worker can go on from the run's snapshot.
    """

    def __init__(self, how: WorkerEnd) -> None:
        self.how = how
        super().__init__(f"The training broke off: {how}.")


class OutOfMemoryError(TrainingError):
    """The network or a batch did not fit."""

    def __init__(self) -> None:
        super().__init__(
            "There was not enough memory for this run; please try again later, or a shorter text."
        )


class DiskRefusedError(TrainingError):
    """The disk did not take what the run wrote, in the system's words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The disk did not take what the run wrote ({reason}); please make room and try again."
        )


class LossUnboundedError(TrainingError):
    """The loss left the finite numbers, or shot up, more often than is put up with."""

    def __init__(self) -> None:
        super().__init__(
            "The loss shot up again and again, at ever smaller learning rates; please try "
            "another text or, on the command line, a smaller --learning-rate."
        )


class UnforeseenError(TrainingError):
    """Something that nobody thought of, by the name of its class."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(
            f"Training failed unexpectedly ({kind}); please try again, its log says more."
        )


class RunLostError(TrainingError):
    """The run has lost more workers than are put up with."""

    def __init__(self, times: int, how: WorkerEnd) -> None:
        self.times = times
        self.end, self.amount, self.signal = how
        super().__init__(
            f"The training broke off {times} times, although it went on from where it had been; "
            f"the last time {how}."
        )


class WorkerEnd(NamedTuple):
    """How a worker came to an end that nobody asked for; `str()` is the end of a sentence."""

    end: str
    """`memory`, `silence` or `time`: a limit that it went beyond. `signal` or `code`: it died.
    `use`: one before it still held the run."""
    amount: float = 0
    """MiB, seconds, the signal's number or the exit code."""
    signal: str = ""
    """What the system calls the signal."""

    @classmethod
    def of(cls, code: int) -> WorkerEnd:
        """Return how a process ended, by its exit code as Python gives it."""
        if code < 0:
            return cls("signal", -code, signal.strsignal(-code) or "")
        return cls("code", code)

    def __str__(self) -> str:
        match self.end:
            case "memory":
                return f"it needed more than the {self.amount:,} MiB of memory that it may have"
            case "silence":
                return f"it had said nothing for {self.amount:g} seconds"
            case "time":
                return "it took much longer than it was given"
            case "use":
                return "a worker from before still held it"
            case "signal":
                return f"signal {self.amount} ({self.signal}) ended its worker"
            case _:
                return f"its worker ended with exit code {self.amount}"


def foreseen(error: Exception) -> TrainingError | ModelError:
    """Return the error that people are told about instead of any other one."""
    match error:
        case TrainingError() | ModelError():
            return error
        case MemoryError():
            return OutOfMemoryError()
        case OSError():
            return DiskRefusedError(error.strerror or str(error))
        case _ if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's
            return OutOfMemoryError()
        case _:
            return UnforeseenError(type(error).__name__)
