from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from training.corpora.sources import UNPACKED_LIMIT
from training.corpus import read_corpus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.corpus import Corpus


class Reads(Protocol):
    """Reads files with these contents, whose names say nothing."""

    def __call__(
        self,
        *contents: bytes,
        authors: Sequence[str] = (),
        names: bool = False,
        unpacked_limit: int = UNPACKED_LIMIT,
    ) -> Corpus: ...


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    def read(*contents: bytes, **options: Any) -> Corpus:
        paths = [tmp_path / f"file{number}" for number, _ in enumerate(contents, 1)]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        return read_corpus(paths, **options)

    return read
