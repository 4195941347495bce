"""From a worker's checkpoint in its run's directory to one of the bot's own.

The file is copied, not moved: should the bot die before the catalog knows the copy, the run
still has its checkpoint, and `finished_before` lets the next start end it without training.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, NamedTuple

from model.checkpoint import from_bytes, load
from model.errors import CheckpointError
from model.generation import first_sample, samples
from storage.files import read_verified, write_durably
from training.events import Finished, bits
from training.run_directory import RunDirectory

if TYPE_CHECKING:
    from pathlib import Path

    from model.checkpoint import TrainingRecord

log = logging.getLogger(__name__)


class Saved(NamedTuple):
    """What the catalog keeps of a checkpoint's file."""

    sha256: str
    file_size: int
    parameters: int
    training: TrainingRecord


def save_checkpoint(source: Path, target: Path, *, sha256: str | None = None) -> Saved:
    """Copy a checkpoint durably to its place, if it can be used.

    Args:
        source: The worker's file.
        target: The place.
        sha256: The hash that the worker told; None where nobody has heard it.

    Raises:
        CheckpointError: The file is something else.
        FileDamagedError: It is not what the worker wrote.
        OSError: As from the system, a full disk for one.
    """
    content = source.read_bytes() if sha256 is None else read_verified(source, sha256=sha256)
    checkpoint = from_bytes(content)
    write_durably(target, content)
    return Saved(
        sha256=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        parameters=checkpoint.config.parameters,
        training=checkpoint.training,
    )


def save_curve(source: Path, target: Path) -> None:
    """Copy the picture of a loss curve to its place; a model is worth as much without it."""
    try:
        write_durably(target, source.read_bytes())
    except OSError as error:
        log.warning("The loss curve %s could not be saved: %s", target.name, error)


def finished_before(folder: Path) -> Finished | None:
    """Return how a run has ended whose checkpoint is complete, but whose end nobody stored."""
    directory = RunDirectory(folder)
    try:
        checkpoint = load(directory.checkpoint)
    except CheckpointError:
        return None
    record = checkpoint.training
    if record.validation_loss is None:
        return None
    return Finished(
        checkpoint=directory.checkpoint.name,
        step=record.steps,
        epochs=record.epochs,
        validation_loss=record.validation_loss,
        bits_per_character=bits(record.validation_loss),
        seconds=record.seconds,
        sample=first_sample(checkpoint),
        samples=samples(checkpoint),
        novelty=record.novelty,
        curve=directory.curve.name if directory.curve.exists() else None,
    )
