"""A process that works silently learns at once that nobody listens any more."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

SILENT = (
    "import time; from training.lifeline import end_with_listener\n"
    "end_with_listener(1); print('up', flush=True); time.sleep(60)"
)


def test_a_process_ends_with_its_listener() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SILENT], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"

        process.stdout.close()

        assert process.wait(timeout=10) == 0


def test_a_process_that_writes_into_a_file_goes_on(tmp_path: Path) -> None:
    with (
        (tmp_path / "out").open("w") as out,
        subprocess.Popen([sys.executable, "-c", SILENT], cwd=ROOT, stdout=out) as process,
    ):
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.kill()
