"""Transactions are whole, and the connection is always usable and always closed."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.errors import CatalogUnavailableError
from tests.storage.synced import insert, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from tests.storage.conftest import House

# Transactions


async def test_one_tasks_rollback_takes_nothing_of_another(house: House) -> None:
    """Both share the connection; neither may share the transaction."""
    inside = asyncio.Event()

    async def fail() -> None:
        async with house.database.transaction() as connection:
            await insert(connection, 1)
            inside.set()
            await asyncio.sleep(0)
            raise ZeroDivisionError

    async def succeed() -> None:
        await inside.wait()
        async with house.database.transaction() as connection:
            await insert(connection, 2)

    outcomes = await asyncio.gather(fail(), succeed(), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [ZeroDivisionError, type(None)]
    assert await numbers(house.database) == {2}


async def test_nobody_reads_what_may_yet_be_taken_back(house: House) -> None:
    inside = asyncio.Event()

    async def fail() -> None:
        async with house.database.transaction() as connection:
            await insert(connection, 1)
            inside.set()
            for _ in range(10):
                await asyncio.sleep(0)
            raise ZeroDivisionError

    async def read() -> set[int]:
        await inside.wait()
        return await numbers(house.database)

    _, seen = await asyncio.gather(fail(), read(), return_exceptions=True)

    assert seen == set()


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example cleans up
)
@given(cancellations=st.lists(st.integers(0, 12), min_size=1, max_size=3))
async def test_a_canceled_task_leaves_all_of_its_transaction_or_nothing(
    house: House, cancellations: list[int]
) -> None:
    """Canceled at whatever await, and again while it rolls back; the connection stays usable."""

    async def write() -> None:
        async with house.database.transaction() as connection:
            for number in (1, 2, 3):
                await insert(connection, number)

    task = asyncio.create_task(write())
    for turns in cancellations:
        for _ in range(turns):
            await house.database.read("SELECT 1") if task.done() else await asyncio.sleep(0)
        task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert await numbers(house.database) in (set(), {1, 2, 3})
    async with house.database.transaction() as connection:
        await connection.execute("DELETE FROM synced_commands")
    assert await numbers(house.database) == set()


async def test_a_task_canceled_inside_its_transaction_leaves_nothing(house: House) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with house.database.transaction() as connection:
            await insert(connection, 1)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await numbers(house.database) == set()


async def test_a_broken_constraint_undoes_the_whole_transaction(house: House) -> None:
    async def write_twice() -> None:
        async with house.database.transaction() as connection:
            await insert(connection, 1)
            await insert(connection, 1)

    with pytest.raises(sqlite3.IntegrityError):
        await write_twice()

    assert await numbers(house.database) == set()


async def test_a_full_disk_is_one_sentence_and_undoes_the_whole_transaction(house: House) -> None:
    [[pages]] = await house.database.read("PRAGMA page_count")
    await house.database.read(f"PRAGMA max_page_count = {pages}")

    async def write_much() -> None:
        async with house.database.transaction() as connection:
            for number in range(2000):
                await insert(connection, number)

    with pytest.raises(CatalogUnavailableError, match="full"):
        await write_much()

    assert await numbers(house.database) == set()
    async with house.database.transaction() as connection:
        await insert(connection, 1)
    assert await numbers(house.database) == {1}


# Opening and closing


async def test_what_was_committed_is_there_after_the_next_opening(path: Path) -> None:
    async with Database.open(path) as database, database.transaction() as connection:
        await insert(connection, 1)

    async with Database.open(path) as database:
        assert await numbers(database) == {1}


async def test_a_catalog_is_durable_strict_and_private(house: House, path: Path) -> None:
    async def setting(name: str) -> object:
        [[value]] = await house.database.read(f"PRAGMA {name}")
        return value

    assert await setting("journal_mode") == "wal"
    assert await setting("synchronous") == 2
    assert await setting("foreign_keys") == 1
    assert await setting("secure_delete") == 1
    tables = await house.database.read("PRAGMA table_list")
    assert {row["name"] for row in tables if row["type"] == "table" and not row["strict"]} == {
        "sqlite_schema",
        "sqlite_temp_schema",
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize("ending", [None, ZeroDivisionError, asyncio.CancelledError])
async def test_the_connections_thread_always_ends(
    path: Path, ending: type[BaseException] | None
) -> None:
    """It would keep the whole process alive."""
    before = set(threading.enumerate())

    async def use() -> None:
        async with Database.open(path) as database:
            await numbers(database)
            if ending is not None:
                raise ending

    if ending is None:
        await use()
    else:
        with pytest.raises(ending):
            await use()

    assert_connection_threads_ended(before)


@pytest.mark.parametrize("turns", [0, 1, 2, 5, 10, 20, 50])
async def test_the_connections_thread_ends_when_the_opening_is_canceled(
    path: Path, turns: int
) -> None:
    before = set(threading.enumerate())

    async def use() -> None:
        async with Database.open(path):
            pass

    task = asyncio.create_task(use())
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert_connection_threads_ended(before)


def assert_connection_threads_ended(before: set[threading.Thread]) -> None:
    for thread in set(threading.enumerate()) - before:
        if not thread.name.startswith("asyncio"):  # the loop's own, for what blocks
            thread.join(timeout=5)
            assert not thread.is_alive()


async def test_a_catalog_that_another_program_holds_is_one_sentence(
    house: House, path: Path
) -> None:
    await house.database.read("PRAGMA busy_timeout = 0")

    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogUnavailableError, match="locked"):
            async with house.database.transaction():
                pytest.fail("two programs write at once")

    async with house.database.transaction() as connection:
        await insert(connection, 1)
    assert await numbers(house.database) == {1}
