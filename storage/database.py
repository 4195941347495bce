"""One SQLite connection, one lock for every use of it, and the way to the newest format.

Every coroutine shares this connection, so without the lock a statement of one would join
the open transaction of another, and be rolled back with it. Reads take it too: they would
see what the other may yet take back.

The format is `user_version`. `migrations/NNNN_*.sql` leads from NNNN - 1 to NNNN, in one
transaction that sets the number too, so that a catalog is never between two formats.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing, contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import aiosqlite

from storage.errors import CatalogDamagedError, CatalogTooNewError, CatalogUnavailableError
from storage.limits import MEMORY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
    from pathlib import Path

_PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
"""

BUSY_MILLISECONDS = 5000
"""How long a statement waits for another program to let go of the catalog."""

_FAULTS = {
    sqlite3.SQLITE_CORRUPT: CatalogDamagedError,
    sqlite3.SQLITE_NOTADB: CatalogDamagedError,
    sqlite3.SQLITE_BUSY: CatalogUnavailableError,
    sqlite3.SQLITE_CANTOPEN: CatalogUnavailableError,
    sqlite3.SQLITE_FULL: CatalogUnavailableError,
    sqlite3.SQLITE_IOERR: CatalogUnavailableError,
    sqlite3.SQLITE_PERM: CatalogUnavailableError,
    sqlite3.SQLITE_READONLY: CatalogUnavailableError,
}


class Migration(NamedTuple):
    """One step from a format to the next; `version` is the one that it leads to."""

    version: int
    script: str


class Database:
    """The connection: `read` for one query, `transaction` for everything that changes."""

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection
        self._lock = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Database]:
        """Open the catalog, making or migrating it where needed, and close it at the end.

        Closing is not a courtesy: the connection has a thread that outlives the program.

        Raises:
            CatalogDamagedError, CatalogTooNewError: The file was left as it was found.
            CatalogUnavailableError: The system refuses.
        """
        await asyncio.to_thread(inspect_catalog, path)
        timeout = BUSY_MILLISECONDS / 1000
        connection = aiosqlite.connect(path, isolation_level=None, timeout=timeout)
        try:
            with faults_as_sentences(path):
                await _prepare(connection)
            yield cls(path, connection)
        finally:
            await connection.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Run the body as one transaction: all of it happens, or none.

        A statement whose task is canceled runs nevertheless and would leave its transaction
        open. The connection's thread carries out everything in the order in which it was
        asked for, so the rollback comes after that statement and before any other task's,
        even if this task is canceled once more while it waits for it. A task that is
        canceled while it commits may have committed.
        """
        async with self._lock:
            with faults_as_sentences(self._path):
                try:
                    await self._connection.execute("BEGIN IMMEDIATE")
                    yield self._connection
                    await self._connection.commit()
                except BaseException:
                    await self._connection.rollback()
                    raise

    async def read(
        self, query: str, parameters: Sequence[object] | Mapping[str, object] = ()
    ) -> list[sqlite3.Row]:
        """Return the rows of a query, as they are when no transaction is open.

        Inside a transaction use its connection: this would wait for it forever.
        """
        async with self._lock:
            with faults_as_sentences(self._path):
                return list(await self._connection.execute_fetchall(query, parameters))

    async def scrub(self) -> None:
        """Write the file anew, so that nothing of what was deleted stands in it or in its log.

        `secure_delete` alone does not do: where rows move from page to page, copies of them
        stay behind that nothing overwrites.

        Raises:
            CatalogUnavailableError: Another program is reading the catalog.
        """
        async with self._lock:
            with faults_as_sentences(self._path):
                await self._connection.execute("VACUUM")
        await self.empty_log()

    async def empty_log(self) -> None:
        """Leave in the write-ahead log nothing of the pages that it has had.

        Nobody waits for another program that is reading, such as a backup: the lock is held.

        Raises:
            CatalogUnavailableError: There is such a program.
        """
        empty = "PRAGMA wal_checkpoint(TRUNCATE)"
        async with self._lock:
            with faults_as_sentences(self._path):
                try:
                    await self._connection.execute("PRAGMA busy_timeout = 0")
                    [[is_busy, *_]] = await self._connection.execute_fetchall(empty)
                finally:
                    await self._connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        if is_busy:
            raise CatalogUnavailableError(self._path, "another program is reading it")


def migrations() -> list[Migration]:
    """Return the steps through all formats, first to newest."""
    folder = files("storage") / "migrations"
    scripts = sorted(folder.iterdir(), key=lambda script: script.name)
    return [
        Migration(int(script.name[:4]), script.read_text("utf-8"))
        for script in scripts
        if script.name.endswith(".sql")
    ]


async def _prepare(connection: aiosqlite.Connection) -> None:
    await connection
    connection.row_factory = sqlite3.Row
    await connection.executescript(_PRAGMAS)
    [[version]] = await connection.execute_fetchall("PRAGMA user_version")
    for migration in migrations():
        if migration.version > version:
            await connection.executescript(migration.script)
    await connection.executescript(MEMORY)


def inspect_catalog(path: Path) -> None:
    """Refuse a catalog that must not be touched, without touching it; make a missing one."""
    try:
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise CatalogUnavailableError(path, error.strerror or str(error)) from error
    read_only = f"file:{quote(str(path))}?mode=ro"
    with faults_as_sentences(path), closing(sqlite3.connect(read_only, uri=True)) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
        newest = migrations()[-1].version
        if version > newest:
            raise CatalogTooNewError(path, version, newest)
        [finding] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if finding != "ok":
            raise CatalogDamagedError(path, finding.splitlines()[-1])


@contextmanager
def faults_as_sentences(path: Path) -> Iterator[None]:
    """Turn a fault of the file or of the system into an error for a person.

    A broken constraint or a wrong statement stays what it is: a mistake of ours.
    """
    try:
        yield
    except sqlite3.Error as error:
        fault = _FAULTS.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF)
        if fault is None:
            raise
        raise fault(path, str(error)) from error
