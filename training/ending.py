"""What a run leaves besides its weights: how they were found, and how honest they are."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from storage.files import write_durably
from training.novelty import measure

if TYPE_CHECKING:
    from pathlib import Path

    from model.checkpoint import Checkpoint
    from training.curve_words import CurveWords
    from training.history import History

logger = logging.getLogger(__name__)


def leave_curve(path: Path, history: History, words: CurveWords) -> str | None:
    """Draw the loss curve into a file.

    Returns:
        The file's name, or None if it could not be drawn: no run fails for its picture.
    """
    try:
        from training.curve import draw  # noqa: PLC0415 - imports matplotlib

        write_durably(path, draw(history, words))
    except Exception:
        logger.exception("the loss curve could not be drawn")
        return None
    return path.name


def judged(checkpoint: Checkpoint, corpus: str, *, seconds: float) -> Checkpoint:
    """Return the checkpoint with its novelty, measured in about so many seconds."""
    novelty = measure(checkpoint, corpus, seconds=seconds)
    return replace(checkpoint, training=replace(checkpoint.training, novelty=novelty))
