"""Files are complete or absent, and nothing leaves the data directory."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import (
    DataDirectoryError,
    DataDirectoryInUseError,
    FileDamagedError,
    InvalidIdError,
)
from storage.files import (
    DataDirectory,
    new_id,
    read_verified,
    sha256_of,
    write_durably,
    written_durably,
)

HOLD_THE_LOCK = """
import sys
from pathlib import Path
from storage.files import DataDirectory
with DataDirectory(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    directory = DataDirectory(tmp_path / "data")
    directory.create()
    return directory


def fail_at(monkeypatch: pytest.MonkeyPatch, function: str, call: int) -> None:
    """Let the given call of os.fsync or os.replace find the disk full."""
    original = getattr(os, function)
    calls = 0

    def sometimes(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return original(*arguments)

    monkeypatch.setattr(os, function, sometimes)


@settings(max_examples=40)
@given(st.binary(), st.binary())
def test_what_was_written_durably_is_what_is_read(first: bytes, second: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.safetensors"

        write_durably(path, first)
        write_durably(path, second)

        assert path.read_bytes() == second
        assert list(Path(folder).iterdir()) == [path]


def test_a_written_file_is_private_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.touch(0o644)

    write_durably(path, b"weights")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("function", "call"), [("fsync", 1), ("replace", 1)])
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    path = tmp_path / "model.safetensors"
    write_durably(path, b"old")
    fail_at(monkeypatch, function, call)

    with pytest.raises(OSError, match="No space left"):
        write_durably(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_stream_that_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    write_durably(path, b"old")

    def break_off() -> None:
        with written_durably(path) as file:
            file.write(b"the first half of the new one")
            raise ValueError("broke off")

    with pytest.raises(ValueError, match="broke off"):
        break_off()

    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_a_folder_that_cannot_reach_the_disk_is_an_error_and_the_file_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.safetensors"
    write_durably(path, b"old")
    fail_at(monkeypatch, "fsync", call=2)

    with pytest.raises(OSError, match="No space left"):
        write_durably(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_bytes_reach_the_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power may fail between any two steps: order is what keeps the file whole."""
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> None:
        steps.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)

    write_durably(tmp_path / "model.safetensors", b"weights")

    assert steps == ["bytes", "name", "folder"]


def test_a_file_is_read_only_as_it_was_stored(tmp_path: Path) -> None:
    """A flipped byte, a cut, and a missing file are all the same: damaged."""
    path = tmp_path / "model.safetensors"
    contents = os.urandom(1000)
    write_durably(path, contents)
    stored = sha256_of(path)

    assert stored == hashlib.sha256(contents).hexdigest()
    assert read_verified(path, sha256=stored) == contents

    for damaged in (contents[:-1], bytes([contents[0] ^ 1]) + contents[1:], b""):
        path.write_bytes(damaged)
        with pytest.raises(FileDamagedError, match=path.name):
            read_verified(path, sha256=stored)
    path.unlink()
    with pytest.raises(FileDamagedError):
        read_verified(path, sha256=stored)


@given(st.one_of(st.text(), st.from_regex(r"[0-9a-fA-F]{31,33}\n?")))
def test_only_an_id_of_ours_becomes_a_path(value: str) -> None:
    directory = DataDirectory(Path("/data"))

    if re.fullmatch(r"[0-9a-f]{32}", value):
        assert directory.run(value) == Path("/data/runs", value)
        assert directory.checkpoint(value) == Path("/data/checkpoints", f"{value}.safetensors")
        assert directory.curve(value) == Path("/data/checkpoints", f"{value}.png")
    else:
        for use in (
            directory.run,
            directory.checkpoint,
            directory.curve,
            directory.remove_run,
            directory.remove_checkpoint,
        ):
            with pytest.raises(InvalidIdError):
                use(value)


def test_a_new_id_is_an_id_and_new(directory: DataDirectory) -> None:
    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {directory.run(run_id).name for run_id in ids} == ids


def test_the_data_directory_is_private_even_where_it_existed_before(tmp_path: Path) -> None:
    root = tmp_path / "some" / "where"
    root.mkdir(parents=True, mode=0o755)
    directory = DataDirectory(root)

    directory.create()
    directory.create()

    for folder in (root, root / "runs", root / "checkpoints"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_data_directory_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    with pytest.raises(
        DataDirectoryError, match=r"cannot be used: File exists; choose another one with --data\.$"
    ):
        DataDirectory(tmp_path / "data").create()
    with (
        pytest.raises(DataDirectoryError, match="Not a directory"),
        DataDirectory(tmp_path / "data").lock(),
    ):
        pytest.fail("a file was entered")


def test_a_data_directory_has_one_user_at_a_time_and_a_killed_one_lets_go(
    directory: DataDirectory,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, directory.root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"

        with pytest.raises(DataDirectoryInUseError, match="another bot"), directory.lock():
            pytest.fail("two processes hold the lock")

        other.kill()
        other.wait()

        with directory.lock():
            pass


def test_a_worker_does_not_inherit_the_lock(directory: DataDirectory) -> None:
    """A worker may outlive a killed bot by moments; the next bot starts nevertheless."""
    with directory.lock():
        worker = subprocess.Popen(
            [sys.executable, "-c", "print('up', flush=True); input()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            close_fds=False,
        )

    with worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"up\n"
        with directory.lock():
            worker.kill()


def test_removing_is_complete_and_may_be_repeated(directory: DataDirectory) -> None:
    run_id, checkpoint_id = new_id(), new_id()
    directory.run(run_id).mkdir()
    (directory.run(run_id) / "corpus.txt").write_text("text")
    directory.checkpoint(checkpoint_id).write_bytes(b"weights")
    directory.curve(checkpoint_id).write_bytes(b"picture")

    for _ in range(2):
        directory.remove_run(run_id)
        directory.remove_checkpoint(checkpoint_id)

        assert not directory.run(run_id).exists()
        assert not directory.checkpoint(checkpoint_id).exists()
        assert not directory.curve(checkpoint_id).exists()


def test_what_could_not_be_deleted_can_be_tried_again(
    directory: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resist(path: Path) -> None:
        raise PermissionError(path)

    run_id = new_id()
    directory.run(run_id).mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("storage.files.shutil.rmtree", resist)
        with pytest.raises(PermissionError):
            directory.remove_run(run_id)

    directory.remove_run(run_id)

    assert not list(directory.run(run_id).parent.iterdir())


def test_a_sweep_leaves_what_is_known_and_nothing_else(directory: DataDirectory) -> None:
    """After a crash: files without a row, and temporary files of writes that never ended."""
    known, unknown, never_stored = new_id(), new_id(), new_id()
    for run_id in (known, unknown):
        directory.run(run_id).mkdir()
        (directory.run(run_id) / "corpus.txt").write_text("text")
        directory.checkpoint(run_id).write_bytes(b"weights")
        directory.curve(run_id).write_bytes(b"picture")
    for name in (f".{known}.safetensors.x1y2", f".{known}.png.x1y2"):
        directory.checkpoint(known).with_name(name).write_bytes(b"wei")
    directory.catalog.write_bytes(b"catalog")
    others = [directory.run(known).with_name("exp1")]
    others += [directory.checkpoint(known).with_name(name) for name in ("a.pt", "cat.png")]
    for path in others:
        path.write_bytes(b"somebody else's")

    swept = directory.sweep(runs=[known, never_stored], checkpoints=[known])

    assert swept == 5
    assert directory.checkpoint(known).read_bytes() == b"weights"
    assert directory.curve(known).read_bytes() == b"picture"
    assert (directory.run(known) / "corpus.txt").read_text() == "text"
    assert directory.catalog.exists()
    assert all(path.exists() for path in others)
    assert not directory.run(unknown).exists()
    assert not directory.checkpoint(unknown).exists()
    assert not directory.curve(unknown).exists()
    assert directory.sweep(runs=[known], checkpoints=[known]) == 0
