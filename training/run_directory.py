"""A run is a directory: what it is to do, what it reads, and all that it leaves.

    spec.json           what was asked for              written once, by whoever starts the run
    corpus.txt          the text, UTF-8                 written once, by whoever starts the run
    base.safetensors    the checkpoint to start from    likewise, if there is one
    worker.log          what the worker says on stderr
    snapshot            what the run needs to go on exactly where it stopped
    snapshot.previous   the one before it, should that be damaged
    losses              how many of its workers were lost  by whoever starts them
    finish              asks the run to end now         by whoever wants it, empty
    loss.png            the loss curve                  at the run's end
    model.safetensors   the checkpoint, once the run has finished

So `python -m training run DIRECTORY` repeats by hand exactly what the bot did. One worker
at a time holds the directory; the system lets go of it when that process dies, however.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.files import write_durably
from training.errors import RunDirectoryError, RunDirectoryInUseError
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_SECONDS = 20.0
"""How long a worker waits for another, which may be dying, to let go of the directory."""


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """The names of a run's files."""

    path: Path

    @classmethod
    def create(
        cls, path: Path, spec: RunSpec, text: str, base: bytes | None = None
    ) -> RunDirectory:
        """Make the directory of a new run, private to this user, in place of a former one.

        Raises:
            RunDirectoryInUseError: A worker is carrying out the former one.
        """
        path.mkdir(mode=0o700, exist_ok=True)
        directory = cls(path)
        with directory.hold(wait_seconds=0):
            results = directory.snapshot, directory.previous, directory.checkpoint, directory.curve
            notes = directory.log, directory.finish, directory.losses
            for leftover in (*results, *notes, directory.base):
                leftover.unlink(missing_ok=True)
            if base is not None:
                write_durably(directory.base, base)
            write_durably(directory.corpus, text.encode())
            directory.write_spec(spec)
        return directory

    @property
    def spec(self) -> Path:
        """What was asked for, as JSON."""
        return self.path / "spec.json"

    @property
    def corpus(self) -> Path:
        """The text, in UTF-8, exactly as it is trained on."""
        return self.path / "corpus.txt"

    @property
    def base(self) -> Path:
        """The checkpoint that the run starts from; missing where it starts from nothing."""
        return self.path / "base.safetensors"

    @property
    def log(self) -> Path:
        """What the worker says on stderr."""
        return self.path / "worker.log"

    @property
    def snapshot(self) -> Path:
        """What the run needs to go on where it stopped."""
        return self.path / "snapshot"

    @property
    def previous(self) -> Path:
        """The snapshot before the last one."""
        return self.path / "snapshot.previous"

    @property
    def losses(self) -> Path:
        """How many of the run's workers died or were killed; missing where none was."""
        return self.path / "losses"

    @property
    def checkpoint(self) -> Path:
        """The result."""
        return self.path / "model.safetensors"

    @property
    def finish(self) -> Path:
        """Asks the run to end as if its time were over; a file, so that a crash forgets nothing."""
        return self.path / "finish"

    @property
    def curve(self) -> Path:
        """The loss curve as a picture; missing where it could not be drawn."""
        return self.path / "loss.png"

    def keep_snapshot(self) -> None:
        """Let the snapshot live on as the previous one; a new one may take its place now.

        It has both names for a moment, so that there is no moment without it.
        """
        if self.snapshot.exists():
            self.previous.unlink(missing_ok=True)
            os.link(self.snapshot, self.previous)

    def drop_snapshots(self) -> None:
        """Delete the snapshots, which have served their time."""
        self.snapshot.unlink(missing_ok=True)
        self.previous.unlink(missing_ok=True)

    def count_loss(self) -> int:
        """Note that a worker was lost, and return how many there were; no restart forgets them."""
        try:
            before = int(self.losses.read_bytes())
        except (FileNotFoundError, ValueError):
            before = 0
        write_durably(self.losses, str(before + 1).encode())
        return before + 1

    def write_spec(self, spec: RunSpec) -> None:
        """Keep what the run is to do."""
        write_durably(self.spec, spec.to_json().encode())

    def read_spec(self) -> RunSpec:
        """Return what the run is to do.

        Raises:
            RunDirectoryError: There is no readable spec.
            SpecError: The spec is no spec.
        """
        return RunSpec.from_json(self._read(self.spec))

    def read_corpus(self) -> str:
        """Return the text to train on.

        Raises:
            RunDirectoryError: There is no readable corpus.
        """
        return self._read(self.corpus)

    def _read(self, path: Path) -> str:
        try:
            return path.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as error:
            reason = f"{path.name} cannot be read"
            raise RunDirectoryError(f"{self.path} does not hold a run: {reason}.") from error

    @contextmanager
    def hold(self, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
        """Keep every other worker out of this directory while the body runs.

        Raises:
            RunDirectoryError: There is no such directory.
            RunDirectoryInUseError: Another worker still holds it after `wait_seconds`.
        """
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise RunDirectoryError(f"{self.path} is not the directory of a run.") from error
        try:
            self._lock(descriptor, time.monotonic() + wait_seconds)
            yield
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int, deadline: float) -> None:
        while True:
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise RunDirectoryInUseError(self.path) from None
                time.sleep(0.05)
