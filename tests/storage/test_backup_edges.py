"""A backup at the worst moments: a worker that ends, a reader in the way, a signal."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from storage import backup as backup_module
from storage.backup import copy_data
from storage.errors import BackupBusyError, CatalogUnavailableError
from storage.files import DataDirectory
from tests.house import ROOT
from tests.storage.conftest import House

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


async def training(data: Path) -> Path:
    """The folder of a run that trains, in a data directory of its own."""
    directory = DataDirectory(data)
    directory.create()
    async with House.open(directory.catalog) as house:
        run = await house.queue("poems")
        await house.catalog.start_run(run.id)
    folder = directory.run(run.id)
    folder.mkdir()
    for name in ("corpus.txt", "snapshot", "spec.json"):
        (folder / name).write_text(name)
    return folder


def at_first_file(monkeypatch: pytest.MonkeyPatch, change: Callable[[], None]) -> None:
    """Let this happen once the files of a run's folder are listed, and the first is open."""
    copy, changes = shutil.copyfileobj, [change]

    def copyfileobj(*files: Any) -> None:
        if changes:
            changes.pop()()
        copy(*files)

    monkeypatch.setattr(shutil, "copyfileobj", copyfileobj)


async def test_a_worker_that_ends_meanwhile_loses_nothing_of_its_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has stored its end: the catalog names the same run before and after."""
    folder = await training(tmp_path / "data")

    def end() -> None:
        (folder / "model.safetensors").write_text("learned")
        (folder / "snapshot").unlink()

    at_first_file(monkeypatch, end)

    copy_data(tmp_path / "data", tmp_path / "backup")

    copied = {path.name for path in (tmp_path / "backup" / "runs" / folder.name).iterdir()}
    assert copied == {"corpus.txt", "model.safetensors", "spec.json"}


async def test_a_run_that_goes_meanwhile_is_none_of_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = await training(tmp_path / "data")
    at_first_file(monkeypatch, lambda: shutil.rmtree(folder))

    backup = copy_data(tmp_path / "data", tmp_path / "backup")

    assert backup.runs == 0
    assert not list((tmp_path / "backup" / "runs").iterdir())


async def test_a_run_whose_files_never_stay_the_same_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = await training(tmp_path / "data")
    monkeypatch.setattr(backup_module, "MOST_ROUNDS", 1)
    at_first_file(monkeypatch, (folder / "snapshot").unlink)

    with pytest.raises(BackupBusyError):
        copy_data(tmp_path / "data", tmp_path / "backup")

    assert not list(tmp_path.glob("*backup*"))  # noqa: ASYNC240


@pytest.mark.slow
def test_a_backup_that_is_asked_to_end_leaves_nothing(tmp_path: Path) -> None:
    """It waits for a file of the run that never comes."""
    folder = asyncio.run(training(tmp_path / "data"))
    (folder / "corpus.txt").unlink()
    os.mkfifo(folder / "corpus.txt")
    places = [str(tmp_path / name) for name in ("data", "backup")]
    command = [sys.executable, "-m", "storage", "backup", *places]
    with subprocess.Popen(command, cwd=ROOT) as process:
        while not list(tmp_path.glob(".backup.*/catalog.sqlite3")):
            assert process.poll() is None
            time.sleep(0.01)

        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=20) == 128 + signal.SIGTERM
    assert not list(tmp_path.glob("*backup*"))


async def test_nobody_waits_for_another_program_that_reads_the_catalog(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    async with House.open(path) as house:
        await house.queue("poems")
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM runs").fetchall()
            await house.queue("verse")
            began = time.monotonic()

            with pytest.raises(CatalogUnavailableError, match="another program is reading it"):
                await house.database.empty_log()

            assert time.monotonic() - began < 3
        await house.database.empty_log()
        assert (tmp_path / "catalog.sqlite3-wal").stat().st_size == 0
        [[waits]] = await house.database.read("PRAGMA busy_timeout")
        assert waits == 5000, "a write does wait for another program's"
