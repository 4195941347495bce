"""Files that are complete or absent, in one private directory.

`write_durably` and its form for streams are the only way in which this program replaces a
file that matters: the bytes go beside it, reach the disk, and take its name in one step; then
the folder reaches the disk too. Whoever is killed at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import secrets
import shutil
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from storage.errors import (
    DataDirectoryError,
    DataDirectoryInUseError,
    FileDamagedError,
    InvalidIdError,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

log = logging.getLogger(__name__)

_ID = re.compile(r"[0-9a-f]{32}")
_CHECKPOINT_SUFFIX, _CURVE_SUFFIX = ".safetensors", ".png"
_OURS = re.compile(r"[0-9a-f]{32}\.(safetensors|png)|\.[0-9a-f]{32}\.(safetensors|png)\.\w+")
"""A checkpoint or a curve, or what `write_durably` left of one when it was killed."""


def write_durably(path: Path, data: bytes) -> None:
    """Replace a file so that it is complete or untouched, whatever happens meanwhile.

    The file is readable by its owner alone (0600). When this returns, a power cut takes
    nothing back.

    Raises:
        OSError: As from the system. No temporary file is left, and `path` is the old file,
            or, if only the folder could not reach the disk, the new one; never a part.
    """
    with written_durably(path) as file:
        file.write(data)


@contextmanager
def written_durably(path: Path) -> Iterator[BinaryIO]:
    """Replace a file by what the body writes, as `write_durably` does, piece by piece.

    Raises:
        OSError: As `write_durably`. Whatever the body raises leaves the old file, too.
    """
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - the tests fail it by this name
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def new_id() -> str:
    """Draw an opaque id: 32 hexadecimal digits that say nothing and collide never."""
    return secrets.token_hex(16)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's contents, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_verified(path: Path, *, sha256: str) -> bytes:
    """Return a file's contents if they are the ones that were stored.

    Raises:
        FileDamagedError: The file is gone, cut, or has another hash.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileDamagedError(path) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileDamagedError(path)
    return data


class DataDirectory:
    """Everything that one bot keeps, in one folder that only its user can enter.

        catalog.sqlite3                 the catalog
        runs/RUN_ID/                    a run's spec, corpus, log, snapshot
        checkpoints/ID.safetensors      what models write with
        checkpoints/ID.png              a checkpoint's loss curve, if there is one
        lock                            held as long as a bot uses the directory

    Nothing but an id of ours ever becomes a part of a path.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.catalog = root / "catalog.sqlite3"
        self._runs = root / "runs"
        self._checkpoints = root / "checkpoints"

    def create(self) -> None:
        """Make the folders, private to their owner (0700), where they do not exist.

        Raises:
            DataDirectoryError: The system refuses.
        """
        try:
            for folder in (self.root, self._runs, self._checkpoints):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
        except OSError as error:
            raise DataDirectoryError(self.root, error.strerror or str(error)) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only process that uses the directory.

        The lock belongs to the open file, so the system frees it when its holder dies.

        Raises:
            DataDirectoryInUseError: Another process holds it.
            DataDirectoryError: The system refuses.
        """
        with ExitStack() as stack:
            try:
                descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
                stack.callback(os.close, descriptor)
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DataDirectoryInUseError(self.root) from None
            except OSError as error:
                raise DataDirectoryError(self.root, error.strerror or str(error)) from error
            yield

    def run(self, run_id: str) -> Path:
        """Return a run's folder, whether or not it exists."""
        return self._runs / _checked(run_id)

    def checkpoint(self, checkpoint_id: str) -> Path:
        """Return a checkpoint's file, whether or not it exists."""
        return self._checkpoints / (_checked(checkpoint_id) + _CHECKPOINT_SUFFIX)

    def curve(self, checkpoint_id: str) -> Path:
        """Return the picture of a checkpoint's loss curve, whether or not it exists."""
        return self._checkpoints / (_checked(checkpoint_id) + _CURVE_SUFFIX)

    def size_of_runs(self, run_ids: Collection[str]) -> int:
        """Return how many bytes the files of these runs have; those that are gone have none."""
        size = 0
        for run_id in run_ids:
            for folder, _, names in os.walk(self.run(run_id)):
                for name in names:
                    with suppress(FileNotFoundError):
                        size += Path(folder, name).lstat().st_size
        return size

    def remove_run(self, run_id: str) -> None:
        """Delete a run's folder with everything in it; no matter if it is gone.

        It loses its name first: a worker that is still dying then finds no place to write to.
        What cannot be deleted has its name again, so that it can be tried again.
        """
        folder, nameless = self.run(run_id), self.run(new_id())
        try:
            folder.rename(nameless)
        except FileNotFoundError:
            return
        try:
            shutil.rmtree(nameless)
        except OSError:
            nameless.rename(folder)
            raise

    def remove_checkpoint(self, checkpoint_id: str) -> None:
        """Delete a checkpoint's file and its curve; no matter if they are gone."""
        self.checkpoint(checkpoint_id).unlink(missing_ok=True)
        self.curve(checkpoint_id).unlink(missing_ok=True)

    def sweep(self, *, runs: Collection[str], checkpoints: Collection[str]) -> int:
        """Delete what a crash left behind: files of ours that belong to none of these ids.

        What has another name than ours stays: somebody else put it there. Call it before
        anything is begun, under the lock.

        Returns:
            How many files and folders went. What the system does not let go is in the log.

        Raises:
            DataDirectoryError: The folders cannot be read.
        """
        kept = {self.run(run_id) for run_id in runs}
        kept |= {file(known) for known in checkpoints for file in (self.checkpoint, self.curve)}
        try:
            present = {path for path in self._runs.iterdir() if _ID.fullmatch(path.name)}
            present |= {path for path in self._checkpoints.iterdir() if _OURS.fullmatch(path.name)}
        except OSError as error:
            raise DataDirectoryError(self.root, error.strerror or str(error)) from error
        return sum(_delete(path) for path in present - kept)


def _delete(path: Path) -> bool:
    """Delete a file or a folder, if the system lets it go."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        log.warning("%s could not be deleted: %s", path.name, error.strerror or error)
        return False
    return True


def _checked(value: str) -> str:
    if _ID.fullmatch(value) is None:
        raise InvalidIdError(value)
    return value


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
