"""The checkpoints held in memory for writing, the least recently used ones given up first.

A library is used by one thread only, the writing thread (`bot.writing`), and so needs no lock.
Loading verifies the file against the hash in the catalog, so that a text never comes from
weights that a broken disk made up.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import CheckpointBrokenError
from model.checkpoint import from_bytes
from model.errors import CheckpointError
from model.forward import to_named
from storage.errors import FileDamagedError
from storage.files import read_verified

if TYPE_CHECKING:
    from pathlib import Path

    from model.checkpoint import Checkpoint

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Where a checkpoint is, and what its file must be."""

    id: str
    path: Path
    sha256: str
    """In hexadecimal."""


class Library:
    """Checkpoints by their ids, up to `capacity` bytes of weights.

    The one used last always stays, however large it is: otherwise each of its texts would read
    the file again.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[str, Checkpoint] = OrderedDict()

    def checkpoint(self, volume: Volume) -> Checkpoint:
        """The checkpoint, from memory or from its file.

        Raises:
            CheckpointBrokenError: The file is missing or not what was saved.
        """
        if volume.id not in self._held:
            self._held[volume.id] = load(volume)
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
        while len(self._held) > 1 and sum(map(size, self._held.values())) > self._capacity:
            self._held.popitem(last=False)


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


def size(checkpoint: Checkpoint) -> int:
    """The bytes of a checkpoint's weights."""
    return sum(tensor.nbytes for tensor in to_named(checkpoint.weights).values())
