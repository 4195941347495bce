"""The checkpoints held in memory, ready to write, the least recently used given up first.

A library is used by one thread only, `bot.writing.thread`, and so needs no lock. Loading verifies
the file against the hash in the catalog, so that a text never comes from weights that a broken disk
made up.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bot.errors import CheckpointBrokenError
from model.checkpoint import from_bytes
from model.errors import CheckpointError
from model.generation import Writer
from storage.errors import FileDamagedError
from storage.files import read_verified

if TYPE_CHECKING:
    from pathlib import Path

    from model.checkpoint import Checkpoint
    from storage.files import DataDirectory
    from storage.records import CheckpointRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Where a checkpoint is, and what its file must be."""

    id: str
    path: Path
    sha256: str
    """In hexadecimal."""

    @classmethod
    def of(cls, directory: DataDirectory, checkpoint: CheckpointRecord) -> Self:
        """Where the catalog's checkpoint is."""
        path = directory.checkpoint(checkpoint.id)
        return cls(id=checkpoint.id, path=path, sha256=checkpoint.sha256)


class Library:
    """Writers by the ids of their checkpoints, up to `capacity` bytes.

    The one used last always stays, however large it is: otherwise each of its texts would read
    the file again.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[str, Writer] = OrderedDict()

    def writer(self, volume: Volume) -> Writer:
        """The checkpoint made ready to write, from memory or from its file.

        Raises:
            CheckpointBrokenError: The file is missing or not what was saved.
        """
        if volume.id not in self._held:
            self._held[volume.id] = Writer(load(volume))
        self._held.move_to_end(volume.id)
        self._shrink()
        return self._held[volume.id]

    def forget(self, checkpoint_id: str) -> None:
        """Give up a checkpoint, if it is here."""
        self._held.pop(checkpoint_id, None)

    def __contains__(self, checkpoint_id: str) -> bool:
        """Whether the checkpoint is in memory."""
        return checkpoint_id in self._held

    def _shrink(self) -> None:
        while len(self._held) > 1 and self._size() > self._capacity:
            self._held.popitem(last=False)

    def _size(self) -> int:
        return sum(writer.nbytes for writer in self._held.values())


def load(volume: Volume) -> Checkpoint:
    """Read and verify a checkpoint's file.

    Raises:
        CheckpointBrokenError: The file is missing or not what was saved.
    """
    try:
        return from_bytes(read_verified(volume.path, sha256=volume.sha256))
    except (FileDamagedError, OSError, CheckpointError) as error:
        log.exception("Checkpoint %s cannot be used", volume.id)
        raise CheckpointBrokenError from error
