"""What people give: a text, a checkpoint, and downloads that bring them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bot.requests import TrainRequest, Upload
from model.checkpoint import Checkpoint, TrainingRecord
from model.config import NetworkConfig
from model.forward import from_named
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.requests import Download

TEXT = "The quick brown fox jumps over the lazy dog.\n" * 50


def small_checkpoint(text: str = TEXT, *, hidden_size: int = 8, seed: int = 0) -> Checkpoint:
    """An untrained network that writes noise in the text's characters."""
    vocabulary = Vocabulary.of(text)
    config = NetworkConfig(
        vocabulary_size=len(vocabulary), layers=1, hidden_size=hidden_size, embedding_size=8
    )
    random = np.random.default_rng(seed)
    tensors = {
        name: random.standard_normal(shape).astype(np.float32)
        for name, shape in config.shapes().items()
    }
    return Checkpoint(
        config=config,
        vocabulary=vocabulary,
        weights=from_named(tensors, 1),
        training=TrainingRecord(
            steps=20, epochs=2.0, seconds=120.0, validation_loss=1.5, novelty=0.97
        ),
    )


def uploading(*contents: str | bytes) -> Download:
    """A download that brings these contents."""

    async def download(paths: Sequence[Path]) -> None:
        for path, content in zip(paths, contents, strict=True):
            put(path, content)

    return download


def train_request(*files: Upload, **options: object) -> TrainRequest:
    """What somebody asks who attaches these files, or a single one."""
    given = files or (Upload(name="fox.txt", size=len(TEXT)),)
    return TrainRequest(files=given, **options)  # type: ignore[arg-type]  # by name


def put(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
