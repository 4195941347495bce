"""The training loop: from a run's directory to its checkpoint.

Everything that decides a step is a function of the seed and the step's number, or lies in
the snapshot, so a run that is stopped and resumed is the run that was never stopped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from training.meter import Meter
from training.recipe import learning_rate
from training.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.events import Event
    from training.run_directory import RunDirectory


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the loop looks up from its work, in seconds."""

    progress: float = 1.0
    snapshot: float = 30.0
    sample: float = 60.0
    """From one sample to the next; the first one comes after a sixth of it."""


def train(
    directory: RunDirectory,
    emit: Callable[[Event], None],
    clock: Callable[[], float],
    *,
    pace: Pace | None = None,
) -> None:
    """Carry out the run in a directory, from its snapshot if there is one.

    Args:
        directory: The run; this process holds it.
        emit: Where events go.
        clock: Seconds since this process's start.
        pace: How often events and snapshots are due.

    Raises:
        TrainingError: The run cannot begin or go on.
    """
    run = Run(directory, emit, clock)
    states = run.states
    run.announce()
    meter, pace = Meter(), pace or Pace()
    progress_due, snapshot_due = clock() + pace.progress, clock() + pace.snapshot
    sample_due = clock() + pace.sample / 6
    for step in count(run.position.step):
        fraction = run.go_to(step)
        run.hear()
        is_over = fraction >= 1
        if (is_over or fraction >= run.position.next_validation) and not run.validate():
            states = run.recover()
        if clock() >= progress_due and meter.steps:
            emit(run.progress(meter.pop()))
            progress_due = clock() + pace.progress
        if clock() >= sample_due and step:
            emit(run.sample())
            sample_due = clock() + pace.sample
        if clock() >= snapshot_due:
            run.save(states)
            snapshot_due = clock() + pace.snapshot
        if is_over or run.is_to_finish or run.has_peaked:
            break
        batch = run.streams.batch(step)
        if batch.starts_epoch:
            states = run.learner.zero_state()
        rate = learning_rate(fraction, peak=run.peak)
        began = time.perf_counter()
        loss, states = run.learner.update(batch, states, learning_rate=rate, step=step)
        if run.is_sound(loss):
            meter.add(loss, batch.inputs.size, time.perf_counter() - began)
        else:
            states = run.recover()
    if meter.steps:
        emit(run.progress(meter.pop()))
    emit(run.finish())
