"""How long a run lasts: so many steps, or so much time.

    fraction(step) -> how much of the run is done, from 0 to 1

The schedule is a function of the fraction, so it lands at its end whenever the run does.
A budget of steps is a function of the step alone; a budget of time asks the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

MINIMUM_STEPS = 5
"""A run takes these steps however little time it has."""

ENDING_SECONDS = 2.0
"""For what comes after the last validation: loss curve, novelty, checkpoint, sample, the
process's end. The curve takes 0.4 s, the import of matplotlib included."""

CLOSING_SECONDS = 0.6
"""The part of it for what comes after the novelty."""

WRITING_SECONDS = 0.2, 0.9
"""The least and the most that novelty may take."""

SHORTEST_INTERVAL, LONGEST_INTERVAL = 0.05, 0.25
"""The fractions of a run between which the time from one validation to the next may be."""


class Budget(Protocol):
    """How long a run lasts."""

    def fraction(self, step: int) -> float:
        """Return how much of the run is done before this step; 1 or more ends it."""
        ...

    def seconds_left(self, step: int) -> float:
        """Return how long the run will go on."""
        ...

    def validation_took(self, seconds: float) -> None:
        """Learn how long a validation takes; the run ends with one."""
        ...

    def validation_interval(self) -> float:
        """Return the fraction of the run from one validation to the next."""
        ...

    def writing_seconds(self) -> float:
        """Return how long the network may write at the end, to be judged."""
        ...


@dataclass
class StepBudget:
    """A number of steps, the same on every machine."""

    steps: int
    epochs: int
    clock: Callable[[], float]
    """Seconds since the process's start."""
    first_step: int = 0
    """Where this process began, after a resume."""

    def __post_init__(self) -> None:
        self._began = self.clock()

    def fraction(self, step: int) -> float:
        """Return the part of the steps that is done."""
        return step / self.steps

    def seconds_left(self, step: int) -> float:
        """Return the steps that are left at the speed so far."""
        done = max(step - self.first_step, 1)
        return (self.clock() - self._began) / done * (self.steps - step)

    def validation_took(self, seconds: float) -> None:
        """Do nothing: the time plays no part."""

    def validation_interval(self) -> float:
        """Return the interval for at most two validations an epoch, and about 20 in all."""
        return max(SHORTEST_INTERVAL, 0.5 / self.epochs)

    def writing_seconds(self) -> float:
        """Return the most: nobody waits for a certain moment."""
        return WRITING_SECONDS[1]


@dataclass
class TimeBudget:
    """An amount of time, less what the end of the run needs."""

    seconds: float
    """From the process's start to the finished checkpoint."""
    clock: Callable[[], float]
    """Seconds since the process's start."""
    most_steps: int = 2**62
    """After which the run ends early; then the schedule goes by steps."""
    first_step: int = 0
    """Where this process began, after a resume."""
    fraction_before: float = 0.0
    """What was done before this process, after a resume."""

    def __post_init__(self) -> None:
        self._began = self.clock()
        self._reached = self.fraction_before
        self._validation_seconds = 0.0
        self._validation_interval = SHORTEST_INTERVAL

    def fraction(self, step: int) -> float:
        """Return the part of the time or of the most steps that is gone; never less than before.

        The time counts from the end of the first step, which compiles: otherwise the schedule
        would have left its warm-up before anything is learned.

        The first steps count as a fraction of their own, so that a run that began too
        late for its time still goes through the whole schedule in a handful of steps.
        """
        if step <= self.first_step + 1:
            self._began = self.clock()
        total = self._end - self._began
        gone = (self.clock() - self._began) / total if total > 0 else 1.0
        gone = min(gone, (step - self.first_step) / MINIMUM_STEPS, 1.0)
        fraction = self.fraction_before + (1 - self.fraction_before) * gone
        self._reached = max(self._reached, fraction, step / self.most_steps)
        return self._reached

    def seconds_left(self, step: int) -> float:
        """Return the time until the checkpoint is due, or until the most steps are taken."""
        left = max(self.seconds - self.clock(), 0.0)
        done = step - self.first_step - 1  # since `_began`, which is the end of the first step
        if done <= 0:
            return left
        return min(left, (self.clock() - self._began) / done * (self.most_steps - step))

    def validation_took(self, seconds: float) -> None:
        """Set as much aside for the last validation as this one took.

        The first one compiles, so how often there can be one is known from the second on.
        """
        if self._validation_seconds:
            wanted = 25 * seconds / self.seconds
            self._validation_interval = min(max(wanted, SHORTEST_INTERVAL), LONGEST_INTERVAL)
        self._validation_seconds = seconds

    def validation_interval(self) -> float:
        """Return the interval that spends about a 25th of the time on validation."""
        return self._validation_interval

    def writing_seconds(self) -> float:
        """Return what is left before the closing, so that a slow machine writes less."""
        least, most = WRITING_SECONDS
        return min(max(self.seconds - CLOSING_SECONDS - self.clock(), least), most)

    @property
    def _end(self) -> float:
        """When the last step should be done."""
        return self.seconds - ENDING_SECONDS - 1.1 * self._validation_seconds
