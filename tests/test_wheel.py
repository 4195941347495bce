"""What is installed is what stands here, data files included."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "model", "storage", "training")


@pytest.mark.slow
def test_the_wheel_holds_every_module_and_every_data_file(tmp_path: Path) -> None:
    """A page without its script, or a catalog without its migration, would be found late."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]

    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)

    [wheel] = tmp_path.glob("char_wgu-*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == expected | {"run_bot.py"}
    assert {"bot/sandbox/static/index.html", "storage/migrations/0002_novelty.sql"} <= packed
