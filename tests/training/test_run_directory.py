from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from training.errors import RunDirectoryError, RunDirectoryInUseError, SpecError
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from pathlib import Path

HOLDER = """
import pathlib, sys
from training.run_directory import RunDirectory
with RunDirectory(pathlib.Path(sys.argv[1])).hold():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_what_was_put_in_comes_out_again(tmp_path: Path) -> None:
    spec = RunSpec(minutes=2, seed=7)

    directory = RunDirectory.create(tmp_path / "run", spec, "Grüße\n")

    assert directory.read_spec() == spec
    assert directory.read_corpus() == "Grüße\n"
    assert directory.path.stat().st_mode & 0o077 == 0


def test_a_new_run_takes_nothing_from_a_former_one(tmp_path: Path) -> None:
    former = RunDirectory.create(tmp_path / "run", RunSpec(minutes=1), "old")
    former.snapshot.write_bytes(b"old")
    former.checkpoint.write_bytes(b"old")
    former.curve.write_bytes(b"old")

    directory = RunDirectory.create(tmp_path / "run", RunSpec(minutes=2), "new")

    assert directory.read_corpus() == "new"
    assert not directory.snapshot.exists()
    assert not directory.checkpoint.exists()
    assert not directory.curve.exists()


def test_one_worker_holds_a_run_and_a_dead_one_lets_go(tmp_path: Path) -> None:
    directory = RunDirectory.create(tmp_path / "run", RunSpec(minutes=1), "text")
    command = [sys.executable, "-c", HOLDER, str(directory.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        with pytest.raises(RunDirectoryInUseError), directory.hold(wait_seconds=0):
            pass
        holder.kill()

        with directory.hold(wait_seconds=20):
            pass


def test_a_directory_without_a_run_is_refused_in_a_sentence(tmp_path: Path) -> None:
    missing = RunDirectory(tmp_path / "missing")
    empty = RunDirectory(tmp_path)

    with (
        pytest.raises(RunDirectoryError, match=r"is not the directory of a run\.$"),
        missing.hold(),
    ):
        pass
    with pytest.raises(RunDirectoryError, match=r"spec\.json cannot be read\.$"):
        empty.read_spec()
    with pytest.raises(RunDirectoryError, match=r"corpus\.txt cannot be read\.$"):
        empty.read_corpus()
    empty.spec.write_text("nonsense")
    with pytest.raises(SpecError):
        empty.read_spec()
