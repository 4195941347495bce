"""The training loop: from a run's directory to its checkpoint.

Everything that decides a step is a function of the seed and the step's number, or lies in
the snapshot, so a run that is stopped and resumed is the run that was never stopped.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from model.checkpoint import Checkpoint, TrainingRecord, to_bytes
from model.generation import first_sample
from model.vocabulary import Vocabulary
from storage.files import write_durably
from training import snapshot
from training.batches import Streams, held_out
from training.budget import StepBudget, TimeBudget
from training.corpus import check_long_enough
from training.ending import judged, leave_curve
from training.errors import RunFailedError, SnapshotError
from training.events import Finished, Progress, Started, bits
from training.history import History, Measurement
from training.learner import Learner, prepare_device
from training.recipe import learning_rate, make_plan
from training.snapshot import Position, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.network import States
    from training.budget import Budget
    from training.events import Event
    from training.run_directory import RunDirectory

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often the loop looks up from its work, in seconds."""

    progress: float = 1.0
    snapshot: float = 30.0


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
    states = run.resume()
    run.announce()
    meter, pace = Meter(), pace or Pace()
    progress_due, snapshot_due = clock() + pace.progress, clock() + pace.snapshot
    for step in count(run.position.step):
        fraction = run.budget.fraction(step)
        run.position = replace(run.position, step=step, fraction=min(fraction, 1.0))
        if fraction >= run.position.next_validation or fraction >= 1:
            run.validate()
        if clock() >= progress_due and meter.steps:
            emit(run.progress(meter.pop()))
            progress_due = clock() + pace.progress
        if clock() >= snapshot_due:
            run.save(states)
            snapshot_due = clock() + pace.snapshot
        if fraction >= 1:
            break
        batch = run.streams.batch(step)
        if batch.starts_epoch:
            states = run.learner.zero_state()
        rate = learning_rate(fraction, peak=run.plan.learning_rate)
        began = time.perf_counter()
        loss, states = run.learner.update(batch, states, learning_rate=rate, step=step)
        meter.add(loss, batch.inputs.size, time.perf_counter() - began)
        check_finite(loss)
    if meter.steps:
        emit(run.progress(meter.pop()))
    emit(run.finish())


class Run:
    """All that the loop has at hand, and what it does now and then."""

    def __init__(
        self, directory: RunDirectory, emit: Callable[[Event], None], clock: Callable[[], float]
    ) -> None:
        self._directory, self._emit, self._process_clock = directory, emit, clock
        self._spec, self._text = directory.read_spec(), directory.read_corpus()
        check_long_enough(len(self._text))
        self._vocabulary = Vocabulary.of(self._text)
        self.plan = make_plan(
            self._spec,
            corpus_characters=len(self._text),
            vocabulary_size=len(self._vocabulary),
        )
        self._fingerprint = snapshot.fingerprint(self.plan, seed=self._spec.seed, text=self._text)
        ids, held = self._vocabulary.encode(self._text), held_out(len(self._text))
        self._held_out = ids[-held:]
        shape = self.plan.batch_size, self.plan.sequence_length
        self.streams = Streams(ids[:-held], *shape, self._spec.seed)
        self._device = prepare_device(reproducible=self._spec.epochs is not None)
        self.learner = Learner(self.plan, seed=self._spec.seed, ids=self.streams.ids)
        self._best = self.learner.weights()
        self.position = Position(seconds=self._spec.seconds_spent)
        self.history = History()

    def resume(self) -> States:
        """Go back to the snapshot, if there is a usable one, and return the states there."""
        states = self.learner.zero_state()
        try:
            content = self._directory.snapshot.read_bytes()
            kept = snapshot.from_bytes(content, self._fingerprint, layers=self.plan.config.layers)
            states = self.learner.restore(kept.learner)
            self.position, self._best, self.history = kept.position, kept.best, kept.history
            logger.info("resumed at step %d", kept.position.step)
        except FileNotFoundError:
            pass
        except SnapshotError as error:
            logger.warning("%s Training begins anew.", error)
        self._seconds_before = self.position.seconds
        self.budget = self._make_budget()
        return states

    def announce(self) -> None:
        """Say what is trained on what."""
        config = self.plan.config
        self._emit(
            Started(
                characters=len(self._text),
                training_characters=len(self.streams.ids),
                vocabulary_size=config.vocabulary_size,
                parameters=config.parameters,
                cell=config.cell.value,
                layers=config.layers,
                hidden_size=config.hidden_size,
                device=self._device,
            )
        )

    def validate(self) -> None:
        """Measure the loss on the held-out text, and keep the weights if they are the best."""
        began = time.perf_counter()
        loss = self.learner.validate(self._held_out)
        check_finite(loss)
        self.budget.validation_took(time.perf_counter() - began)
        now = self.position
        next_validation = now.fraction + self.budget.validation_interval()
        self.position = replace(now, validation_loss=loss, next_validation=next_validation)
        self.history = self.history.validated(self._measured(loss))
        if loss < now.best_loss:
            self._best = self.learner.weights()
            self.position = replace(self.position, best_loss=loss, best_step=now.step)

    def save(self, states: States) -> None:
        """Write a snapshot."""
        self.position = replace(self.position, seconds=self._clock())
        now = Snapshot(self.position, self.learner.tensors(states), self._best, self.history)
        write_durably(self._directory.snapshot, snapshot.to_bytes(now, self._fingerprint))

    def progress(self, measured: Measured) -> Progress:
        """Return how far the run is."""
        now = self.position
        self.history = self.history.trained(self._measured(measured.loss))
        return Progress(
            fraction=now.fraction,
            step=now.step,
            epoch=now.step / self.streams.steps_per_epoch,
            loss=measured.loss,
            validation_loss=now.validation_loss,
            bits_per_character=bits(now.validation_loss),
            characters_per_second=measured.characters_per_second,
            seconds=self._clock(),
            seconds_left=self.budget.seconds_left(now.step),
        )

    def finish(self) -> Finished:
        """Write the checkpoint with the best weights; the snapshot has served its time."""
        now = self.position
        curve = leave_curve(self._directory.curve, self.history)
        checkpoint = Checkpoint(
            config=self.plan.config,
            vocabulary=self._vocabulary,
            weights=self._best,
            training=TrainingRecord(
                corpus_characters=len(self._text),
                steps=now.best_step,
                epochs=now.best_step / self.streams.steps_per_epoch,
                seconds=self._clock(),
                validation_loss=now.best_loss,
                seed=self._spec.seed,
            ),
        )
        checkpoint = judged(checkpoint, self._text, seconds=self.budget.writing_seconds())
        write_durably(self._directory.checkpoint, to_bytes(checkpoint))
        self._directory.snapshot.unlink(missing_ok=True)
        return Finished(
            checkpoint=self._directory.checkpoint.name,
            step=now.step,
            epochs=now.step / self.streams.steps_per_epoch,
            validation_loss=now.best_loss,
            bits_per_character=bits(now.best_loss),
            seconds=self._clock(),
            sample=first_sample(checkpoint),
            novelty=checkpoint.training.novelty,
            curve=curve,
        )

    def _measured(self, loss: float) -> Measurement:
        return Measurement(self.position.step, self.position.fraction, self._clock(), loss)

    def _clock(self) -> float:
        return self._seconds_before + self._process_clock()

    def _make_budget(self) -> Budget:
        if self._spec.epochs is not None:
            steps = self._spec.epochs * self.streams.steps_per_epoch
            return StepBudget(steps, self._spec.epochs, self._clock, self.position.step)
        seconds = 60 * (self._spec.minutes or 0.0)
        return TimeBudget(seconds, self._clock, self.position.step, self.position.fraction)


class Measured(NamedTuple):
    """What the steps since the last event came to."""

    loss: float
    characters_per_second: float


class Meter:
    """The losses and the speed since the last event."""

    def __init__(self) -> None:
        self._compiled = False
        self._reset()

    def add(self, loss: float, characters: int, seconds: float) -> None:
        """Count a step. The process's first one compiles, so its time says nothing."""
        self.steps += 1
        self._loss += loss
        if self._compiled:
            self._characters += characters
            self._seconds += seconds
        self._compiled = True

    def pop(self) -> Measured:
        """Return what was measured, and begin anew."""
        speed = self._characters / self._seconds if self._seconds else 0.0
        measured = Measured(self._loss / self.steps, speed)
        self._reset()
        return measured

    def _reset(self) -> None:
        self.steps, self._loss, self._characters, self._seconds = 0, 0.0, 0, 0.0


def check_finite(loss: float) -> None:
    """Refuse to go on with a network that has left the finite numbers.

    Raises:
        RunFailedError: The loss is not finite.
    """
    if not math.isfinite(loss):
        raise RunFailedError(
            "The loss is no longer a finite number; a smaller --learning-rate helps."
        )
