"""The worker as a process of its own, listened to through a pipe."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from model.checkpoint import load
from training.events import Event, Failed, Finished, Progress, Started, decode
from training.run_directory import RunDirectory
from training.run_errors import foreseen
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


ROOT = Path(__file__).parents[2]
TEXT = "Call me Ishmael. Some years ago, never mind how long precisely.\n" * 40


def worker(path: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return subprocess.Popen(
        [sys.executable, "-m", "training", "run", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def endless_run(path: Path) -> RunDirectory:
    spec = RunSpec(minutes=60, layers=1, units=8, batch_size=4, sequence_length=32)
    return RunDirectory.create(path / "run", spec, TEXT)


def events_of(process: subprocess.Popen[bytes]) -> Iterator[Event]:
    yield from map(decode, stdout_of(process))


def stdout_of(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None
    return process.stdout


@pytest.mark.slow
def test_a_run_is_started_then_progress_then_finished(tiny_run: Any) -> None:
    started, *progress, finished = tiny_run.events

    assert isinstance(started, Started)
    assert progress
    assert all(isinstance(event, Progress) for event in progress)
    assert isinstance(finished, Finished)
    assert started.characters == len(tiny_run.directory.read_corpus())
    assert len(finished.sample) in range(1, 301)


@pytest.mark.slow
def test_the_checkpoint_that_was_announced_can_be_loaded(tiny_run: Any) -> None:
    path = tiny_run.directory.path / tiny_run.finished.checkpoint

    checkpoint = load(path)

    assert checkpoint.training.bits_per_character == tiny_run.finished.bits_per_character


def test_a_directory_without_a_run_is_a_failure_in_one_sentence(tmp_path: Path) -> None:
    with worker(tmp_path / "nowhere") as process:
        (failed,) = events_of(process)
        process.wait()

    assert isinstance(failed, Failed)
    assert failed.reason.endswith("is not the directory of a run.")
    assert failed.error == "RunDirectoryError"
    assert process.returncode == 2


@pytest.mark.slow
def test_a_worker_ends_quietly_when_its_pipe_closes(tmp_path: Path) -> None:
    with worker(endless_run(tmp_path).path) as process:
        assert isinstance(next(events_of(process)), Started)

        stdout_of(process).close()

        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_training_worker_at_once(tmp_path: Path, number: signal.Signals) -> None:
    with worker(endless_run(tmp_path).path) as process:
        assert isinstance(next(events_of(process)), Started)

        process.send_signal(number)

        assert process.wait(timeout=2) == -number


@pytest.mark.slow
def test_a_signal_ends_a_worker_that_is_still_importing(tmp_path: Path) -> None:
    directory = endless_run(tmp_path)
    with directory.hold(), worker(directory.path) as process:
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=2) == -signal.SIGTERM


@pytest.mark.slow
def test_six_seconds_are_enough_for_a_checkpoint(tmp_path: Path) -> None:
    spec = RunSpec(minutes=0.1)
    directory = RunDirectory.create(tmp_path / "run", spec, TEXT[:2_000])

    with worker(directory.path) as process:
        *_, finished = events_of(process)

    assert isinstance(finished, Finished)
    assert finished.step >= 5
    assert load(directory.checkpoint).training.validation_loss == finished.validation_loss


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError(), "There was not enough memory for this run"),
        (OSError(28, os.strerror(28)), "The disk did not take what the run wrote (No space"),
        (ZeroDivisionError(), "Training failed unexpectedly (ZeroDivisionError)"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(error: Exception, sentence: str) -> None:
    assert str(foreseen(error)).startswith(sentence)
