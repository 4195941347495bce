"""Memory does not grow with the file. `python -m benchmarks.corpora` does this with 300 MB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.corpora import FORMATS, peak_memory

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTES = 20

MOST = 100
"""Megabytes; all of a file of 20 MB as objects is several times that."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
def test_reading_takes_the_same_memory_however_long_the_file(name: str, tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    for file, size in ((small, MEGABYTES * 10**5), (large, MEGABYTES * 10**6)):
        with file.open("wb") as out:
            out.writelines(FORMATS[name](size))

    peaks = [peak_memory(file, tmp_path / "corpus.txt") / 1e6 for file in (small, large)]

    assert peaks[1] < MOST
    assert peaks[1] - peaks[0] < MEGABYTES
