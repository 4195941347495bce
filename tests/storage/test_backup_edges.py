"""A backup at the worst moments: a worker or a reading that ends, a reader in the way, a signal."""

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
from storage.records import ChannelSource
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


def test_a_reading_that_ends_meanwhile_is_copied_with_its_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its run's folder is copied already, and the run waits before and after."""
    directory = DataDirectory(tmp_path / "data")
    directory.create()

    async def begin() -> Path:
        async with House.open(directory.catalog) as house:
            tavern = ChannelSource(id=5, name="tavern", authors="", names=False)
            return directory.run((await house.queue(source=tavern)).id)

    async def end() -> None:
        (folder / "corpus.txt").write_text("learned")
        async with House.open(directory.catalog) as house:
            await house.catalog.finish_reading(folder.name, 7)
        (folder / "pages.jsonl").unlink()

    folder = asyncio.run(begin())
    folder.mkdir()
    (folder / "pages.jsonl").write_text("{}\n")
    copy_run, ends = backup_module._copy_run, [end]  # noqa: SLF001  # the moment after it

    def copied(source: Path, target: Path) -> None:
        copy_run(source, target)
        if ends:
            asyncio.run(ends.pop()())

    monkeypatch.setattr(backup_module, "_copy_run", copied)

    copy_data(directory.root, tmp_path / "backup")

    restored = tmp_path / "backup" / "runs" / folder.name
    assert [path.name for path in restored.iterdir()] == ["corpus.txt"]


@pytest.mark.slow
def test_a_backup_that_is_asked_to_end_leaves_nothing(tmp_path: Path) -> None:
    """It has copied a file of a run, and waits for the next one, which never comes."""
    folder = asyncio.run(training(tmp_path / "data"))
    (folder / "snapshot").unlink()
    os.mkfifo(folder / "snapshot")
    places = [str(tmp_path / name) for name in ("data", "backup")]
    command = [sys.executable, "-m", "storage", "backup", *places]
    with subprocess.Popen(command, cwd=ROOT) as process:
        while not list(tmp_path.glob(".backup.*/runs/*/corpus.txt")):
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
