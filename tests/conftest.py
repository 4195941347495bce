"""What tests of several packages share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from training.launcher import LocalLauncher
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from pathlib import Path

    from training.events import Event

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

SENTENCE = "The quick brown fox jumps over the lazy dog, and the dog does not mind.\n"


class TinyRun:
    """One run through the real worker: its directory, its events, its checkpoint."""

    def __init__(self, path: Path) -> None:
        spec = RunSpec(epochs=1, layers=1, units=32, batch_size=4, sequence_length=32)
        self.directory = RunDirectory.create(path, spec, SENTENCE * 30)
        self.events: list[Event] = []
        launcher = LocalLauncher()
        self.finished = asyncio.run(launcher.run(self.directory.path, self.events.append))


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """A run of a few steps; all tests share it, for TensorFlow takes seconds to start."""
    return TinyRun(tmp_path_factory.mktemp("tiny") / "run")


@pytest.fixture(scope="session")
def tiny_checkpoint(tiny_run: TinyRun) -> Path:
    """A checkpoint that the real worker trained for a few steps."""
    return tiny_run.directory.checkpoint
