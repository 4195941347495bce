"""A run under way: all that the loop has at hand, and what it does now and then."""

from __future__ import annotations

import hashlib
import logging
import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from model.checkpoint import Checkpoint, TrainingRecord, to_bytes
from model.evaluation import UNKNOWN_COST
from model.generation import first_sample, samples
from model.sampling import Sampling
from model.vocabulary import UNKNOWN
from storage.files import write_durably
from training import snapshot
from training.batches import Streams, frequencies, held_out
from training.budget import StepBudget, TimeBudget
from training.corpus import check_long_enough
from training.device import measure_speed, prepare_device
from training.ending import judged, leave_curve
from training.errors import SnapshotError
from training.events import Finished, Progress, Recovered, Sample, Started, bits
from training.fine_tuning import grown, read_base, vocabulary_for
from training.history import History, Measurement
from training.learner import Learner
from training.recipe import Plan, make_plan
from training.run_errors import LossUnboundedError
from training.snapshot import Position, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.forward import Weights
    from model.network import States
    from training.budget import Budget
    from training.events import Event
    from training.meter import Measured
    from training.run_directory import RunDirectory

logger = logging.getLogger(__name__)

SHOT_UP = 1.0
"""Nats above the best validation, or above the untrained network, that no sound run reaches: one
that only learns its text by heart gets there slowly, and is better off at its best too."""

MOST_RECOVERIES = 10

EARLY = 0.9
"""Part of its minutes before which a run's end is early."""

PEAKED_AFTER = 0.25
"""Part of the run for which the validation has to be above its best until the run ends early."""

PEAKED_ABOVE = 0.02
"""Nats by which it has to be; less is noise."""


class Run:
    """All that the loop has at hand.

    Args:
        directory: The run; this process holds it.
        emit: Where events go.
        clock: Seconds since this process's start.

    Raises:
        TrainingError: The run cannot begin or go on.
    """

    def __init__(
        self, directory: RunDirectory, emit: Callable[[Event], None], clock: Callable[[], float]
    ) -> None:
        self._directory, self._emit, self._process_clock = directory, emit, clock
        self._spec, self._text = directory.read_spec(), directory.read_corpus()
        check_long_enough(len(self._text))
        held = held_out(len(self._text))
        self._base = read_base(directory)
        base = self._base and self._base.checkpoint
        self._vocabulary = vocabulary_for(self._text[:-held], base)
        self._fingerprint = snapshot.fingerprint(self._spec, self._text, self._base_hash)
        self._device = prepare_device(reproducible=self._spec.epochs is not None)
        kept = self._read_snapshot()
        self.plan = self._make_plan() if kept is None else kept.plan
        ids = self._vocabulary.encode(self._text)
        self._held_out = ids[-held:]
        self._unknown_cost = UNKNOWN_COST * float((self._held_out[1:] == UNKNOWN).mean())
        shape = self.plan.batch_size, self.plan.sequence_length
        self.streams = Streams(ids[:-held], *shape, self._spec.seed)
        shares = frequencies(self.streams.ids, len(self._vocabulary))
        self.learner = Learner(self.plan, self._device, seed=self._spec.seed, frequencies=shares)
        if base is not None:
            self.learner.go_back(grown(base.weights, self.learner.weights(), shares))
        self.states, self._best, self.history, self.position = self._where_to_begin(kept)
        self._seconds_before = self.position.seconds
        self._asked = False
        self.budget = self._make_budget()

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
                device=self._device.kind,
            )
        )

    @property
    def peak(self) -> float:
        """The peak of the schedule, halved by every recovery."""
        return self.plan.learning_rate * math.pow(0.5, self.position.recoveries)

    @property
    def has_peaked(self) -> bool:
        """Whether the validation has stopped improving, so that more time would only be lost.

        A run of epochs lasts as many as were asked for.
        """
        now = self.position
        return (
            self._spec.minutes is not None
            and now.fraction - now.best_fraction >= PEAKED_AFTER
            and now.validation_loss >= now.best_loss + PEAKED_ABOVE
        )

    def hear(self) -> None:
        """Notice that somebody wants the run to end with the best so far, and validate it now.

        Where there is nothing better yet than what it began with, it goes on until there is: whom
        a worker had heard that was lost before its first snapshot, the next one hears at once.
        """
        if not self._asked and self._directory.finish.exists():
            self._asked = True
            self.position = replace(self.position, next_validation=self.position.fraction)

    @property
    def is_to_finish(self) -> bool:
        """Whether somebody wants the run to end now, and it has learned something."""
        return self._asked and self.position.best_step > 0

    def go_to(self, step: int) -> float:
        """Come to a step, and return how much of the run is done before it."""
        fraction = self.budget.fraction(step)
        self.position = replace(self.position, step=step, fraction=min(fraction, 1.0))
        return fraction

    def is_sound(self, loss: float) -> bool:
        """Whether a step's loss is finite, and not above that of the untrained network."""
        return math.isfinite(loss) and loss <= self.position.first_loss + SHOT_UP

    def validate(self) -> bool:
        """Measure the loss on the held-out text, and keep the weights if they are the best.

        Returns:
            Whether the loss is sound: finite, and not far above the best.
        """
        began = time.perf_counter()
        loss = self.learner.validate(self._held_out) + self._unknown_cost
        self.budget.validation_took(time.perf_counter() - began)
        now = self.position
        next_validation = now.fraction + self.budget.validation_interval()
        self.position = replace(now, next_validation=next_validation)
        if not (math.isfinite(loss) and loss <= now.best_loss + SHOT_UP):
            return False
        self.history = self.history.validated(self._measured(loss))
        first = min(loss, now.first_loss) if now.step else loss
        self.position = replace(self.position, validation_loss=loss, first_loss=first)
        if loss < now.best_loss:
            self._best = self.learner.weights()
            self.position = replace(
                self.position, best_loss=loss, best_step=now.step, best_fraction=now.fraction
            )
        return True

    def recover(self) -> States:
        """Go back to the best weights at half the learning rate, and return the states there.

        Raises:
            LossUnboundedError: That has not helped often enough.
        """
        now = self.position
        if now.recoveries >= MOST_RECOVERIES:
            raise LossUnboundedError
        self.position = replace(now, recoveries=now.recoveries + 1)
        logger.warning("the loss shot up at step %d; the learning rate is halved", now.step)
        self.learner.go_back(self._best)
        self._emit(Recovered(step=now.step, learning_rate=self.peak))
        return self.learner.zero_state()

    def save(self, states: States) -> None:
        """Write a snapshot."""
        self.position = replace(self.position, seconds=self._clock())
        tensors = self.learner.tensors(states)
        now = Snapshot(self.plan, self.position, tensors, self._best, self.history)
        content = snapshot.to_bytes(now, self._fingerprint)
        self._directory.keep_snapshot()
        write_durably(self._directory.snapshot, content)

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
            first_bits_per_character=self._first_bits,
            characters_per_second=measured.characters_per_second,
            seconds=self._clock(),
            seconds_left=self.budget.seconds_left(now.step),
        )

    def sample(self) -> Sample:
        """Return what the network writes by now."""
        checkpoint = self._checkpoint(self.learner.weights())
        [text] = samples(checkpoint, (Sampling().temperature,)).values()
        return Sample(text=text, step=self.position.step, seconds=self._clock())

    def finish(self) -> Finished:
        """Write the checkpoint with the best weights; the snapshot has served its time."""
        now, asked = self.position, self.is_to_finish
        curve = leave_curve(self._directory.curve, self.history, self._spec.curve_words)
        checkpoint = self._checkpoint(self._best)
        checkpoint = judged(checkpoint, self._text, seconds=self.budget.writing_seconds())
        content = to_bytes(checkpoint)
        write_durably(self._directory.checkpoint, content)
        self._directory.drop_snapshots()
        return Finished(
            checkpoint=self._directory.checkpoint.name,
            step=now.step,
            epochs=now.step / self.streams.steps_per_epoch,
            validation_loss=now.best_loss,
            bits_per_character=bits(now.best_loss),
            seconds=self._clock(),
            sample=first_sample(checkpoint),
            samples=samples(checkpoint),
            first_bits_per_character=self._first_bits,
            novelty=checkpoint.training.novelty,
            early=not asked and self._clock() < EARLY * 60 * (self._spec.minutes or 0.0),
            asked=asked,
            recoveries=now.recoveries,
            sha256=hashlib.sha256(content).hexdigest(),
            curve=curve,
        )

    def _checkpoint(self, weights: Weights) -> Checkpoint:
        """Return the checkpoint of these weights, with the figures of the best ones."""
        best_step = self.position.best_step
        return Checkpoint(
            config=self.plan.config,
            vocabulary=self._vocabulary,
            weights=weights,
            base=self._base_hash,
            training=TrainingRecord(
                corpus_characters=len(self._text),
                steps=best_step,
                epochs=best_step / self.streams.steps_per_epoch,
                seconds=self._clock(),
                validation_loss=self.position.best_loss,
                seed=self._spec.seed,
                names=self._spec.names,
            ),
        )

    @property
    def _first_bits(self) -> float | None:
        """Of the first validation; the history has it, so that a resumed run knows it too."""
        measured = self.history.validation
        return bits(measured[0].loss) if measured else None

    def _measured(self, loss: float) -> Measurement:
        return Measurement(self.position.step, self.position.fraction, self._clock(), loss)

    def _clock(self) -> float:
        return self._seconds_before + self._process_clock()

    def _read_snapshot(self) -> Snapshot | None:
        """The newest sound snapshot of this very run, if there is one."""
        for path in (self._directory.snapshot, self._directory.previous):
            try:
                return snapshot.from_bytes(path.read_bytes(), self._fingerprint)
            except FileNotFoundError:
                pass
            except SnapshotError as error:
                logger.warning("%s: %s", path.name, error)
                path.unlink()
        return None

    def _where_to_begin(self, kept: Snapshot | None) -> tuple[States, Weights, History, Position]:
        if kept is None:
            logger.info("begins at the first step")
            states, position = self.learner.zero_state(), Position(seconds=self._spec.seconds_spent)
            return states, self.learner.weights(), History(), position
        logger.info("resumed at step %d", kept.position.step)
        return self.learner.restore(kept.learner), kept.best, kept.history, kept.position

    @property
    def _base_hash(self) -> str | None:
        return self._base and self._base.sha256

    def _make_plan(self) -> Plan:
        """What the recipe chooses; with epochs, from the corpus alone."""
        return make_plan(
            self._spec,
            corpus_characters=len(self._text),
            vocabulary_size=len(self._vocabulary),
            speed=None if self._spec.minutes is None else measure_speed(self._device),
            base=self._base and self._base.checkpoint.config,
        )

    def _make_budget(self) -> Budget:
        first, per_epoch = self.position.step, self.streams.steps_per_epoch
        if self._spec.epochs is not None:
            return StepBudget(self._spec.epochs * per_epoch, self._spec.epochs, self._clock, first)
        return TimeBudget(
            60 * (self._spec.minutes or 0.0),
            self._clock,
            most_steps=self.plan.most_epochs * per_epoch,
            first_step=first,
            fraction_before=self.position.fraction,
        )
