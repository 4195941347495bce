"""A worker that is killed at any moment loses nothing but time."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest

from model.checkpoint import load
from model.config import Cell
from model.forward import to_named
from tests.conftest import SENTENCE
from tests.house import ROOT
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from pathlib import Path

TEXT = SENTENCE * 60
COMMAND = (sys.executable, "-m", "training", "run", "--snapshot-seconds", "0")
SECONDS = 120.0
"""For one worker, on a busy machine."""


def spec(cell: Cell, batch_size: int) -> RunSpec:
    return RunSpec(
        epochs=40, layers=2, units=24, cell=cell, batch_size=batch_size, sequence_length=20, seed=3
    )


def carry_out(directory: RunDirectory, *, kill_after: float | None = None) -> None:
    """Let a worker go on with a run, to its end or until it is killed.

    The time counts from the first event on: before it there is nothing to lose.
    """
    with subprocess.Popen(
        (*COMMAND, str(directory.path)), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as worker:
        if kill_after is not None and worker.stdout is not None:
            worker.stdout.readline()
            with suppress(subprocess.TimeoutExpired):
                worker.communicate(timeout=kill_after)
            worker.kill()
        worker.communicate(timeout=SECONDS)


def check_kills(path: Path, cell: Cell, batch_size: int, kills: int) -> None:
    """A run killed at random moments gives the weights of one that was left alone."""
    alone = RunDirectory.create(path / "alone", spec(cell, batch_size), TEXT)
    killed = RunDirectory.create(path / "killed", spec(cell, batch_size), TEXT)
    carry_out(alone)
    moments = random.Random(path.name)

    for _ in range(kills):
        if not killed.checkpoint.exists():
            carry_out(killed, kill_after=moments.uniform(0, 2))
    carry_out(killed)

    expected = to_named(load(alone.checkpoint).weights)
    for name, tensor in to_named(load(killed.checkpoint).weights).items():
        np.testing.assert_array_equal(tensor, expected[name], err_msg=name)


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "batch_size"), [(Cell.LSTM, 64), (Cell.GRU, 6)])
def test_a_run_killed_at_random_moments_is_the_run_that_was_not(
    tmp_path: Path, cell: Cell, batch_size: int
) -> None:
    """64 streams are learned from in two halves, 6 are not."""
    check_kills(tmp_path, cell, batch_size, kills=2)


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("cell", Cell)
def test_a_run_killed_twenty_times_is_the_run_that_was_not(tmp_path: Path, cell: Cell) -> None:
    check_kills(tmp_path, cell, 64, kills=20)
