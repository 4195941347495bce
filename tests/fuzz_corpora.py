"""Fuzz the readers of corpora, guided by coverage: `python -m tests.fuzz_corpora FOLDER`.

atheris is not among our dependencies, since it has wheels for Linux alone: install it with pip
where it is wanted. FOLDER keeps what it finds interesting; options of libFuzzer, such as
`-runs=100000`, may stand before it. It stops at the first file for which the readers do
anything else than give a text or raise a CorpusError.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["training.corpora", "ijson", "zipfile", "gzip"]):
    from tests.training.corpora.test_fuzz import SEEDS, read


def main() -> None:
    """Fuzz until something breaks."""
    folder = Path(sys.argv[-1])
    for number, seed in enumerate(SEEDS):
        (folder / f"seed{number}").write_bytes(seed)
    atheris.Setup([*sys.argv[:-1], f"-artifact_prefix={folder}/", sys.argv[-1]], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
