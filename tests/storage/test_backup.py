"""A backup is a data directory of one moment, whatever its bot does meanwhile."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import pytest

from storage import backup as backup_module
from storage.__main__ import main
from storage.backup import copy_data
from storage.errors import (
    BackupBusyError,
    CatalogError,
    DataDirectoryError,
    NoCatalogError,
    PlaceTakenError,
)
from storage.files import DataDirectory, new_id, read_verified, sha256_of, write_durably
from tests.damage import full, overwrite
from tests.storage.conftest import GUILD, House

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from storage.records import ModelRecord, RunRecord

PACE = 0.05
"""Seconds from one model to the next."""


@dataclass(frozen=True)
class Bot:
    """A data directory in use, and what a bot does to it."""

    directory: DataDirectory
    house: House

    async def begin(self, name: str) -> RunRecord:
        """A run with its files, training."""
        run = await self.house.queue(name)
        folder = self.directory.run(run.id)
        folder.mkdir()
        for file in ("spec.json", "corpus.txt", "snapshot", "worker.log"):
            write_durably(folder / file, f"{file} of {name}".encode())
        return await self.house.catalog.start_run(run.id)

    async def end(self, run: RunRecord) -> ModelRecord:
        """Its model, in the order in which files and rows come and go."""
        checkpoint_id = new_id()
        path = self.directory.checkpoint(checkpoint_id)
        write_durably(path, os.urandom(1000))
        write_durably(self.directory.curve(checkpoint_id), b"picture")
        model = await self.house.catalog.finish_run(
            run.id,
            checkpoint_id=checkpoint_id,
            sha256=sha256_of(path),
            file_size=1000,
            step=1,
            validation_loss=1.5,
            parameters=9,
            novelty=None,
        )
        (self.directory.run(run.id) / "snapshot").unlink()
        return model

    async def delete(self, model: ModelRecord) -> None:
        for checkpoint_id in await self.house.catalog.delete_model(GUILD, model.id):
            self.directory.remove_checkpoint(checkpoint_id)

    async def live(self) -> None:
        """Train and delete for ever, at the pace of a bot that is very busy."""
        models: list[ModelRecord] = []
        for number in count():
            models.append(await self.end(await self.begin(f"model {number}")))
            if len(models) > 3:
                await self.delete(models.pop(0))
            await asyncio.sleep(PACE)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    directory = DataDirectory(tmp_path / "data")
    directory.create()
    with directory.lock():
        async with House.open(directory.catalog) as house:
            yield Bot(directory, house)


def check(place: Path) -> tuple[int, int]:
    """Everything that the catalog names is there and sound; returns models and active runs."""
    directory = DataDirectory(place)
    with closing(sqlite3.connect(directory.catalog)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        checkpoints = connection.execute("SELECT id, sha256 FROM checkpoints").fetchall()
        runs = connection.execute("SELECT id FROM runs WHERE status = 'running'").fetchall()
    for checkpoint_id, sha256 in checkpoints:
        assert read_verified(directory.checkpoint(checkpoint_id), sha256=sha256)
        assert directory.curve(checkpoint_id).read_bytes() == b"picture"
    assert len(list((place / "checkpoints").iterdir())) == 2 * len(checkpoints)
    for [run_id] in runs:
        assert (directory.run(run_id) / "corpus.txt").read_text().startswith("corpus.txt of")
        assert (directory.run(run_id) / "snapshot").exists()
    return len(checkpoints), len(runs)


async def test_a_backup_holds_what_its_catalog_names_and_nothing_else(
    bot: Bot, tmp_path: Path
) -> None:
    model, gone = [await bot.end(await bot.begin(name)) for name in ("poems", "verse")]
    run = await bot.begin("training")
    await bot.delete(gone)
    (bot.directory.run(run.id) / ".snapshot.abc").write_bytes(b"half")
    (bot.directory.root / "somebody's").write_text("not ours")

    backup = await asyncio.to_thread(copy_data, bot.directory.root, tmp_path / "backup")

    assert backup == (1, 3, ())
    assert check(tmp_path / "backup") == (1, 1)
    assert {path.name for path in (tmp_path / "backup").iterdir()} == {
        "catalog.sqlite3",
        "checkpoints",
        "runs",
    }
    assert not list((tmp_path / "backup" / "runs").rglob(".*"))
    for path in (tmp_path / "backup", *(tmp_path / "backup").rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert (await bot.house.catalog.current_model(GUILD)) == model


@pytest.mark.slow
async def test_a_backup_is_whole_while_models_are_trained_and_deleted(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There are one to five models at any moment."""
    monkeypatch.setattr(backup_module, "MOST_ROUNDS", 1000)  # however slow this machine is
    await bot.end(await bot.begin("first"))
    living = asyncio.create_task(bot.live())

    try:
        for number in count():
            place = tmp_path / f"backup {number}"
            await asyncio.to_thread(copy_data, bot.directory.root, place)
            assert check(place)[0] in {1, 2, 3, 4, 5}
            if len(await bot.house.catalog.runs_of(GUILD)) > 10:
                break
    finally:
        living.cancel()


async def test_a_bot_that_changes_more_than_can_be_copied_is_one_sentence(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "MOST_ROUNDS", 1)
    await bot.begin("training")

    with pytest.raises(BackupBusyError, match=r"^The bot changes too much in .*\.$"):
        await asyncio.to_thread(copy_data, bot.directory.root, tmp_path / "backup")

    assert not list(tmp_path.glob("*backup*"))  # noqa: ASYNC240


async def test_what_ends_or_goes_while_it_is_copied_is_copied_as_it_is_afterwards(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: just after the catalog was copied."""
    run, gone = await bot.begin("training"), await bot.end(await bot.begin("gone"))
    loop, original = asyncio.get_running_loop(), backup_module.named_in
    changed: list[None] = []

    async def change() -> None:
        await bot.end(run)
        await bot.delete(gone)

    def named_in(catalog: Path) -> object:
        named = original(catalog)
        if not changed:
            changed.append(asyncio.run_coroutine_threadsafe(change(), loop).result())
        return named

    monkeypatch.setattr(backup_module, "named_in", named_in)

    backup = await asyncio.to_thread(copy_data, bot.directory.root, tmp_path / "backup")

    assert backup.damaged == ()
    assert check(tmp_path / "backup") == (1, 0)
    copied = {path.name for path in (tmp_path / "backup" / "runs" / run.id).iterdir()}
    assert copied == {"spec.json", "corpus.txt", "worker.log"}


async def test_a_backup_becomes_a_data_directory_again(bot: Bot, tmp_path: Path) -> None:
    model = await bot.end(await bot.begin("poems"))
    await asyncio.to_thread(copy_data, bot.directory.root, tmp_path / "backup")
    await bot.delete(model)

    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "restored", tmp_path / "empty"):
        code = await asyncio.to_thread(main, ["restore", str(tmp_path / "backup"), str(place)])

        assert code == 0
        async with House.open(place / "catalog.sqlite3") as house:
            assert await house.catalog.current_model(GUILD) == model
        assert check(place) == (1, 0)


async def test_a_damaged_checkpoint_is_named_and_everything_else_copied(
    bot: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = [await bot.end(await bot.begin(name)) for name in ("poems", "verse", "prose")]
    flipped, missing, _ = (bot.directory.checkpoint(model.checkpoint.id) for model in models)
    flipped.write_bytes(b"\0" + flipped.read_bytes()[1:])
    missing.unlink()

    code = main(["backup", str(bot.directory.root), str(tmp_path / "backup")])

    assert code == 1
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'backup'}: 1 checkpoint and 3 runs.\n"
    for path in (flipped, missing):
        assert f"{path} is missing or damaged, so it was not copied.\n" in said.err


def be_newer(catalog: Path) -> None:
    with closing(sqlite3.connect(catalog)) as connection:
        connection.execute("PRAGMA user_version = 9999")


@pytest.mark.parametrize("happens", [overwrite, be_newer])
async def test_a_catalog_that_cannot_be_used_is_not_backed_up(
    tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    async with House.open(tmp_path / "catalog.sqlite3"):
        pass
    happens(tmp_path / "catalog.sqlite3")

    with pytest.raises(CatalogError):
        copy_data(tmp_path, tmp_path / "backup")

    assert not list(tmp_path.glob("*backup*"))  # noqa: ASYNC240


async def test_nothing_is_written_over(bot: Bot, tmp_path: Path) -> None:
    with pytest.raises(NoCatalogError, match=r"^There is no catalog in .*\.$"):
        copy_data(tmp_path, tmp_path / "backup")
    with pytest.raises(PlaceTakenError, match=r"is not empty; .*\.$"):
        copy_data(bot.directory.root, tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(PlaceTakenError):
        copy_data(bot.directory.root, tmp_path / "file")
    copy_data(bot.directory.root, tmp_path / "backup")
    with pytest.raises(PlaceTakenError):
        copy_data(tmp_path / "backup", bot.directory.root)


async def test_a_backup_that_breaks_off_leaves_nothing(
    bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bot.end(await bot.begin("poems"))

    monkeypatch.setattr(backup_module, "write_durably", full)

    with pytest.raises(DataDirectoryError, match="No space left on device"):
        await asyncio.to_thread(copy_data, bot.directory.root, tmp_path / "backup")

    assert not list(tmp_path.glob("*backup*"))  # noqa: ASYNC240
