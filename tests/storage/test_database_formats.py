"""Older formats are migrated; a newer, damaged or refused catalog keeps every byte."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING

import pytest

from storage import database as database_module
from storage.catalog import Catalog
from storage.database import Database, Migration, migrations
from storage.errors import (
    CatalogDamagedError,
    CatalogError,
    CatalogTooNewError,
    CatalogUnavailableError,
)
from tests.damage import overwrite
from tests.storage.synced import insert, numbers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    import aiosqlite

NEWEST = migrations()[-1].version


def contents(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


@asynccontextmanager
async def of_format(
    version: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[aiosqlite.Connection]:
    """A new catalog as the program wrote it that knew formats up to this one."""
    with monkeypatch.context() as earlier_program:
        earlier_program.setattr(database_module, "migrations", lambda: migrations()[:version])
        async with Database.open(path) as database, database.transaction() as connection:
            yield connection


def test_a_migrations_number_is_the_version_that_it_sets() -> None:
    """1, 2, 3 …, and the version is set inside the migration's own transaction."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for expected, migration in enumerate(migrations(), start=1):
            connection.executescript(migration.script)

            [version] = connection.execute("PRAGMA user_version").fetchone()
            assert migration.version == version == expected
            assert not connection.in_transaction
            assert f"PRAGMA user_version = {version};\n\nCOMMIT;" in migration.script


async def test_an_empty_file_becomes_a_catalog(path: Path) -> None:
    await asyncio.to_thread(path.touch)

    async with Database.open(path) as database:
        [[version]] = await database.read("PRAGMA user_version")
        assert version == NEWEST
        assert await numbers(database) == set()


async def test_every_older_format_is_migrated_and_keeps_its_rows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database.open(path) as database, database.transaction() as connection:
        await insert(connection, 1)
    following = Migration(
        NEWEST + 1,
        "BEGIN IMMEDIATE; ALTER TABLE synced_commands ADD COLUMN words TEXT; "
        f"PRAGMA user_version = {NEWEST + 1}; COMMIT;",
    )
    monkeypatch.setattr(database_module, "migrations", lambda: [*migrations(), following])

    for _ in range(2):
        async with Database.open(path) as database:
            [row] = await database.read("SELECT * FROM synced_commands")
            assert dict(row) == {"application_id": 1, "hash": "hash", "words": None}
            [[version]] = await database.read("PRAGMA user_version")
            assert version == NEWEST + 1


async def test_a_checkpoint_of_format_1_has_an_unknown_novelty(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with of_format(1, path, monkeypatch) as connection:
        await connection.execute(
            "INSERT INTO models VALUES (1, 'm', 1, 7, 'poems', 'poems', 0, 'c')"
        )
        await connection.execute(
            "INSERT INTO checkpoints VALUES (1, 'c', 1, 'm', 'ab', 9, 500, 1.5, 3, 2000, 0)"
        )

    async with Database.open(path) as database:
        model = await Catalog(database).model(1, "m")

    assert (model.name, model.checkpoint.step, model.checkpoint.novelty) == ("poems", 500, None)


async def test_a_text_of_format_3_is_alone_and_has_no_other_options(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with of_format(3, path, monkeypatch) as connection:
        await connection.execute(
            "INSERT INTO models VALUES (1, 'm', 1, 7, 'poems', 'poems', 0, 'c')"
        )
        await connection.execute(
            "INSERT INTO checkpoints VALUES (1, 'c', 1, 'm', 'ab', 9, 500, 1.5, 3, 2000, 0, NULL)"
        )
        await connection.execute(
            "INSERT INTO generations VALUES "
            "(1, 'g', 1, 3, NULL, 7, 'c', 'To be', 1, 0.8, 400, x'00', 0)"
        )

    async with Database.open(path) as database:
        text = await Catalog(database).generation(1, "g")
        model = await Catalog(database).model(1, "m")

    assert (text.prompt, text.count) == ("To be", 1)
    assert (text.top_k, text.top_p, text.stop) == (None, None, None)
    assert not model.imported


async def test_the_corpora_of_format_10_are_of_whoever_has_the_model(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with of_format(10, path, monkeypatch) as connection:
        await connection.execute(
            "INSERT INTO models (id, guild_id, user_id, name, name_key, created_at, "
            "checkpoint_id) VALUES ('m', 1, 7, 'poems', 'poems', 0, 'c')"
        )
        await connection.execute(
            "INSERT INTO checkpoints VALUES (1, 'c', 1, 'm', 'ab', 9, 500, 1.5, 3, 2000, 0, NULL)"
        )
        await connection.execute(
            "INSERT INTO runs (id, guild_id, channel_id, user_id, model_name, name_key, "
            "minutes, corpus_characters, created_at, status, trained_model_id) VALUES "
            "('r', 1, 3, 8, 'poems', 'poems', 3, 9, 0, 'queued', 'm'), "
            "('s', 1, 3, 8, 'other', 'other', 3, 9, 0, 'queued', NULL)"
        )

    async with Database.open(path) as database:
        longer, other = await Catalog(database).active_runs()

    assert [longer.corpus_user_id, other.corpus_user_id] == [7, None]


async def test_a_text_of_format_11_is_of_all_who_had_its_words_by_then(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [
        ("first", 1, 7, "To be", "end"),
        ("again", 1, 8, "To be", "end"),
        ("more", 1, 9, "To be", "end"),
        ("before", 1, 7, "To be", "end"),
        ("unstopped", 1, 8, "To be", None),
        ("promptless", 1, 7, "", "end"),
        ("stopped", 1, 8, "", "end"),
        ("elsewhere", 2, 8, "To be", "end"),
        ("wordless", 1, 7, "", None),
        ("alone", 1, 8, "", None),
    ]
    async with of_format(11, path, monkeypatch) as connection:
        await connection.executemany(
            "INSERT INTO generations (id, guild_id, channel_id, user_id, prompt, stop, seed, "
            "temperature, length, bookmark, created_at) "
            "VALUES (?, ?, 3, ?, ?, ?, 1, 0.8, 400, x'00', 0)",
            texts,
        )

    async with Database.open(path) as database:
        catalog = Catalog(database)
        found = {name: await catalog.generation(guild, name) for name, guild, *_ in texts}

    assert {name: set(text.givers) for name, text in found.items()} == {
        "first": {7},
        "again": {7, 8},
        "more": {7, 8, 9},
        "before": {7, 8, 9},
        "unstopped": {8},
        "promptless": {7},
        "stopped": {7, 8},
        "elsewhere": {8},
        "wordless": {7},
        "alone": {8},
    }


async def test_a_migration_that_fails_leaves_the_older_format(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database.open(path) as database, database.transaction() as connection:
        await insert(connection, 1)
    broken = Migration(
        NEWEST + 1,
        f"BEGIN IMMEDIATE; PRAGMA user_version = {NEWEST + 1}; DROP TABLE synced_commands; "
        "DROP TABLE nowhere; COMMIT;",
    )
    with monkeypatch.context() as broken_program:
        broken_program.setattr(database_module, "migrations", lambda: [*migrations(), broken])
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            async with Database.open(path):
                pytest.fail("a broken migration went unnoticed")

    async with Database.open(path) as database:
        assert await numbers(database) == {1}


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {NEWEST + 1}")


def damaged_inside(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (size - 4096))


def damaged_in_one_table(path: Path) -> None:
    """Opening would succeed; only a later command would come across this page."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\0" * 4096)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


@pytest.mark.parametrize(
    ("happens", "error"),
    [
        (newer, CatalogTooNewError),
        (overwrite, CatalogDamagedError),
        (damaged_inside, CatalogDamagedError),
        (damaged_in_one_table, CatalogDamagedError),
        (cut, CatalogDamagedError),
    ],
)
async def test_a_newer_or_damaged_catalog_is_refused_and_keeps_every_byte(
    path: Path, happens: Callable[[Path], None], error: type[CatalogError]
) -> None:
    async with Database.open(path) as database, database.transaction() as connection:
        await insert(connection, 1)
    happens(path)
    before = contents(path)

    with pytest.raises(error, match=r"^The catalog .* cannot be used: .*\.$"):
        async with Database.open(path):
            pytest.fail("it was opened")

    after = contents(path)
    assert after.keys() <= before.keys() | {f"{path.name}-wal", f"{path.name}-shm"}
    assert {name: after[name] for name in before} == before


async def test_a_newer_catalog_keeps_the_log_that_a_crash_left(path: Path, tmp_path: Path) -> None:
    """Even the write-ahead log of another version is not ours to fold in."""
    crashed = tmp_path / "crashed" / path.name
    crashed.parent.mkdir()
    async with Database.open(path) as database:
        async with database.transaction() as connection:
            await connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
        for file in path.parent.glob(f"{path.name}*"):
            crashed.with_name(file.name).write_bytes(file.read_bytes())
    log = crashed.with_name(f"{path.name}-wal")
    before = crashed.read_bytes(), log.read_bytes()

    with pytest.raises(CatalogTooNewError):
        async with Database.open(crashed):
            pytest.fail("it was opened")

    assert len(before[1]) > 0
    assert (crashed.read_bytes(), log.read_bytes()) == before


async def test_a_catalog_that_the_system_refuses_is_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "catalog.sqlite3"):
        with pytest.raises(CatalogUnavailableError, match=r"^The catalog .* cannot be used: .*\.$"):
            async with Database.open(path):
                pytest.fail("it was opened")
