"""The loop itself, in this process: TensorFlow is imported once, and runs are tiny."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from model.checkpoint import load
from model.evaluation import evaluate
from model.forward import to_named
from storage.files import sha256_of
from tests.damage import cut, flip
from training.errors import CorpusTooShortError
from training.events import Event, Finished, Progress, Recovered, Sample, Started
from training.history import History, is_curve
from training.run_directory import RunDirectory
from training.run_errors import LossUnboundedError
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

TEXT = "It was the best of times, it was the worst of times; it was the age of wisdom.\n" * 30
SPEC = RunSpec(epochs=2, seed=5, layers=1, units=16, batch_size=4, sequence_length=32)
"""34 steps."""


class StoppedError(Exception):
    """Stands for a kill: nothing after it is done."""


def train(
    directory: RunDirectory, emit: Callable[[Event], None], *, every_step: bool = False
) -> None:
    """Train in this process; with `every_step`, events and snapshots come at each one."""
    from training.loop import Pace, train  # noqa: PLC0415 - imports TensorFlow, for slow tests only

    began = time.monotonic()
    pace = Pace(progress=0, snapshot=0) if every_step else None
    train(directory, emit, lambda: time.monotonic() - began, pace=pace)


def ignore(event: Event) -> None:
    """Listen to nothing."""


def stop_after(steps: int) -> Callable[[Event], None]:
    """A listener that stops the run when it hears of so many steps."""

    def listen(event: Event) -> None:
        if isinstance(event, Progress) and event.step >= steps:
            raise StoppedError

    return listen


def weights_of(directory: RunDirectory) -> dict[str, np.ndarray]:
    return dict(to_named(load(directory.checkpoint).weights))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunDirectory:
    """A run of 34 steps that was never stopped."""
    directory = RunDirectory.create(tmp_path_factory.mktemp("whole") / "run", SPEC, TEXT)
    train(directory, ignore)
    return directory


@pytest.mark.parametrize("steps", [1, 13, 20])
def test_a_run_that_is_stopped_and_resumed_is_the_run_that_was_not(
    tmp_path: Path, whole: RunDirectory, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Two epochs of 17 steps; the stop falls into the first, or into the second."""
    drawn: list[History] = []
    monkeypatch.setattr("training.run.leave_curve", lambda _, history, __: drawn.append(history))
    directory = RunDirectory.create(tmp_path / "run", SPEC, TEXT)
    with pytest.raises(StoppedError):
        train(directory, stop_after(steps), every_step=True)
    assert directory.snapshot.exists()
    assert not directory.checkpoint.exists()

    heard: list[Event] = []
    train(directory, heard.append, every_step=True)

    _, first, *_, last = heard
    assert isinstance(first, Progress)
    assert first.step >= steps
    assert isinstance(last, Finished)
    [history] = drawn
    assert [m.step for m in history.training] == list(range(1, last.step + 1)), "no gap in it"
    for name, tensor in weights_of(whole).items():
        np.testing.assert_array_equal(weights_of(directory)[name], tensor)


def test_the_same_seed_gives_the_same_weights_and_another_others(
    tmp_path: Path, whole: RunDirectory
) -> None:
    again = RunDirectory.create(tmp_path / "again", SPEC, TEXT)
    other = RunDirectory.create(tmp_path / "other", replace(SPEC, seed=6), TEXT)

    train(again, ignore)
    train(other, ignore)

    expected = weights_of(whole)
    assert all((weights_of(again)[name] == expected[name]).all() for name in expected)
    assert not all((weights_of(other)[name] == expected[name]).all() for name in expected)


@pytest.mark.parametrize("damage", [flip, cut])
@pytest.mark.parametrize("both", [False, True])
def test_a_damaged_snapshot_is_noticed_and_the_previous_one_used(
    tmp_path: Path,
    whole: RunDirectory,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
    *,
    both: bool,
) -> None:
    """Without a sound one the run begins anew; its weights are the same in any case."""
    caplog.set_level("INFO")
    directory = RunDirectory.create(tmp_path / "run", SPEC, TEXT)
    with pytest.raises(StoppedError):
        train(directory, stop_after(7), every_step=True)
    damage(directory.snapshot)
    if both:
        damage(directory.previous)

    train(directory, ignore)

    assert "snapshot: The snapshot is damaged." in caplog.text
    assert ("resumed at step 5" in caplog.text) is not both
    expected = weights_of(whole)
    assert all((weights_of(directory)[name] == expected[name]).all() for name in expected)
    assert not directory.snapshot.exists()
    assert not directory.previous.exists()


def test_a_damaged_snapshot_never_takes_the_place_of_a_sound_one(tmp_path: Path) -> None:
    """The sound one stays until two newer ones are there."""
    directory = RunDirectory.create(tmp_path / "run", SPEC, TEXT)
    with pytest.raises(StoppedError):
        train(directory, stop_after(7), every_step=True)
    sound = directory.previous.read_bytes()
    flip(directory.snapshot)

    with pytest.raises(StoppedError):
        train(directory, stop_after(0), every_step=True)

    assert directory.previous.read_bytes() == sound


def test_the_checkpoint_is_the_best_of_the_run_and_says_what_it_went_through(
    tmp_path: Path,
) -> None:
    heard: list[Event] = []
    spec = replace(SPEC, epochs=4, learning_rate=1e-2, names=True)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)

    train(directory, heard.append, every_step=True)

    started, *progress, finished = heard
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    losses = [e.validation_loss for e in progress if isinstance(e, Progress) and e.validation_loss]
    assert finished.validation_loss == min(losses)
    assert finished.validation_loss < math.log(started.vocabulary_size)
    record = load(directory.checkpoint).training
    assert record.validation_loss == finished.validation_loss
    assert record.corpus_characters == len(TEXT)
    assert record.names
    assert record.novelty == finished.novelty is not None
    assert finished.sha256 == sha256_of(directory.checkpoint)
    assert finished.curve == directory.curve.name
    assert is_curve(directory.curve.read_bytes())
    assert not directory.snapshot.exists()


def test_the_validation_loss_is_what_the_checkpoint_scores_on_the_held_out_tail(
    tmp_path: Path,
) -> None:
    """Characters that it does not know included."""
    text = TEXT[:-20] + "§unheard of¶" + TEXT[-20:]
    directory = RunDirectory.create(tmp_path / "run", SPEC, text)
    train(directory, ignore)
    checkpoint = load(directory.checkpoint)

    figures = evaluate(checkpoint, text[-300:])

    assert figures.nats_per_character == pytest.approx(
        checkpoint.training.validation_loss, abs=1e-2
    )


def test_a_resumed_run_of_minutes_keeps_to_the_minutes_that_were_left(tmp_path: Path) -> None:
    spec = replace(SPEC, epochs=None, minutes=0.1, seconds_spent=0.5)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)
    with pytest.raises(StoppedError):  # however slow the machine is, it takes five steps
        train(directory, stop_after(3), every_step=True)

    heard: list[Event] = []
    train(directory, heard.append)

    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert finished.step > 3
    assert finished.seconds < 30, "the run has an end"


def test_a_short_text_is_not_read_for_ever(tmp_path: Path) -> None:
    """After enough epochs the schedule has landed, however many minutes were given."""
    from training.recipe import enough_epochs  # noqa: PLC0415 - as above

    heard: list[Event] = []
    spec = replace(SPEC, epochs=None, minutes=5)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)

    train(directory, heard.append)

    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert finished.early
    assert finished.epochs == enough_epochs(len(TEXT))
    assert finished.seconds < 240


def test_a_run_ends_early_when_its_validation_has_long_been_above_its_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learner import Learner  # noqa: PLC0415 - as above
    from training.run import PEAKED_AFTER  # noqa: PLC0415 - as above

    losses = iter([3.0, 2.0, *[2.5] * 100])
    monkeypatch.setattr(Learner, "validate", lambda *_: next(losses))
    heard: list[Event] = []
    spec = replace(SPEC, epochs=None, minutes=5)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)

    train(directory, heard.append)

    *_, progress, finished = heard
    assert isinstance(progress, Progress)
    assert isinstance(finished, Finished)
    assert finished.validation_loss == 2.0
    assert PEAKED_AFTER <= progress.fraction < 0.6


def test_a_run_that_is_asked_to_finish_ends_with_its_best(tmp_path: Path) -> None:
    """At once, after one last validation, and says that it was asked to."""
    heard: list[Event] = []
    spec = replace(SPEC, epochs=None, minutes=5)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)

    def ask_soon(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Progress) and event.step == 10:
            directory.finish.touch()

    train(directory, ask_soon, every_step=True)

    started, *_, finished = heard
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert finished.step == 11
    assert finished.asked
    assert not finished.early
    assert finished.bits_per_character < (finished.first_bits_per_character or 0)
    assert set(finished.samples) == {"0.5", "0.8", "1.1"}
    assert finished.novelty is not None
    assert is_curve(directory.curve.read_bytes())
    assert load(directory.checkpoint).training.validation_loss == finished.validation_loss


def test_a_run_that_was_asked_before_a_crash_finishes_once_it_is_resumed(tmp_path: Path) -> None:
    spec = replace(SPEC, epochs=None, minutes=5)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)
    with pytest.raises(StoppedError):
        train(directory, stop_after(8), every_step=True)
    directory.finish.touch()
    heard: list[Event] = []

    train(directory, heard.append)

    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert (finished.asked, finished.step) == (True, 7)


def test_a_run_that_was_asked_before_its_first_step_finishes_once_it_has_learned(
    tmp_path: Path,
) -> None:
    """Its worker was lost before the first snapshot; the next one has yet to learn something."""
    heard: list[Event] = []
    spec = replace(SPEC, epochs=20)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT)
    directory.finish.touch()

    train(directory, heard.append)

    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert finished.asked
    assert finished.epochs == 1.0, "at the second validation, a twentieth of the way"
    assert load(directory.checkpoint).training.steps == finished.step


def test_a_run_that_is_asked_while_it_only_gets_worse_finishes_once_it_is_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learner import Learner  # noqa: PLC0415 - as above

    losses = iter([3.0, 3.5, 3.2, 2.0, *[1.0] * 100])
    monkeypatch.setattr(Learner, "validate", lambda *_: next(losses))
    heard: list[Event] = []
    directory = RunDirectory.create(tmp_path / "run", replace(SPEC, epochs=20), TEXT)

    def ask_soon(event: Event) -> None:
        heard.append(event)
        if isinstance(event, Progress) and event.step == 2:
            directory.finish.touch()

    train(directory, ask_soon, every_step=True)

    finished = heard[-1]
    assert isinstance(finished, Finished)
    assert (finished.asked, finished.validation_loss) == (True, 2.0)
    assert next(losses) == 1.0, "it was not looked for at every step"


def test_samples_come_while_it_learns_and_change_nothing(
    tmp_path: Path, whole: RunDirectory
) -> None:
    """A resumed run knows where it began."""
    from training.loop import Pace, train  # noqa: PLC0415 - as above

    directory = RunDirectory.create(tmp_path / "run", SPEC, TEXT)
    first: list[Event] = []

    def stop(event: Event) -> None:
        first.append(event)
        if isinstance(event, Progress) and event.step >= 13:
            raise StoppedError

    pace, began = Pace(progress=0, snapshot=0, sample=0), time.monotonic()
    with pytest.raises(StoppedError):
        train(directory, stop, lambda: time.monotonic() - began, pace=pace)
    heard: list[Event] = []
    train(directory, heard.append, lambda: time.monotonic() - began, pace=pace)

    samples = [event for event in first + heard if isinstance(event, Sample)]
    assert len(samples) >= 30
    assert len({sample.text for sample in samples}) > 10
    assert all(sample.text and sample.step for sample in samples)
    starts = {
        event.first_bits_per_character
        for event in first + heard
        if isinstance(event, Progress | Finished)
    }
    assert len(starts) == 1
    assert None not in starts
    for name, tensor in weights_of(whole).items():
        np.testing.assert_array_equal(weights_of(directory)[name], tensor)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_text_of_one_character_trains(tmp_path: Path, cell: str) -> None:
    heard: list[Event] = []
    spec = RunSpec(epochs=1, layers=1, units=4, cell=cell)  # type: ignore[arg-type] # a StrEnum's value
    directory = RunDirectory.create(tmp_path / "run", spec, "a" * 2_000)

    train(directory, heard.append)

    assert isinstance(heard[-1], Finished)
    assert heard[-1].sample == "a" * 300
    assert heard[-1].novelty == 0


def test_a_loss_that_is_not_finite_sends_the_run_back_to_its_best_at_half_the_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once at step 5 and once at step 9; the run still comes to its end."""
    from training.learner import Learner  # noqa: PLC0415 - as above

    update, rates = Learner.update, {}

    def fails_twice(learner: Learner, *given: Any, **named: Any) -> Any:
        loss, states = update(learner, *given, **named)
        rates[named["step"]] = named["learning_rate"]
        return (math.nan if named["step"] in (5, 9) else loss), states

    monkeypatch.setattr(Learner, "update", fails_twice)
    heard: list[Event] = []
    directory = RunDirectory.create(tmp_path / "run", SPEC, TEXT)

    train(directory, heard.append)

    recovered = [event for event in heard if isinstance(event, Recovered)]
    finished = heard[-1]
    assert [event.step for event in recovered] == [5, 9]
    assert recovered[0].learning_rate == 2 * recovered[1].learning_rate
    assert rates[6] < rates[5] * 0.6
    assert isinstance(finished, Finished)
    assert finished.recoveries == 2
    assert math.isfinite(finished.validation_loss)


def test_a_run_whose_loss_shoots_up_again_and_again_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learner import Learner  # noqa: PLC0415 - as above

    directory = RunDirectory.create(tmp_path / "run", SPEC, TEXT)
    monkeypatch.setattr(Learner, "update", lambda *_, **__: (1e9, ()))

    with pytest.raises(LossUnboundedError, match="smaller --learning-rate"):
        train(directory, ignore)

    assert not directory.checkpoint.exists()


def test_a_run_that_recovered_and_was_stopped_resumes_as_the_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learner import Learner  # noqa: PLC0415 - as above

    update = Learner.update

    def fails_once(learner: Learner, *given: Any, **named: Any) -> Any:
        loss, states = update(learner, *given, **named)
        return (math.inf if named["step"] == 6 else loss), states

    monkeypatch.setattr(Learner, "update", fails_once)
    unstopped = RunDirectory.create(tmp_path / "unstopped", SPEC, TEXT)
    stopped = RunDirectory.create(tmp_path / "stopped", SPEC, TEXT)
    train(unstopped, ignore)
    with pytest.raises(StoppedError):
        train(stopped, stop_after(12), every_step=True)

    train(stopped, ignore)

    for name, tensor in weights_of(unstopped).items():
        np.testing.assert_array_equal(weights_of(stopped)[name], tensor)


def test_a_text_that_is_too_short_is_refused(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path / "run", RunSpec(epochs=1), TEXT[:999])

    with pytest.raises(CorpusTooShortError, match="1,000"):
        train(directory, ignore)
