"""One SQLite connection, one lock for every use of it: signatures first."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    import aiosqlite


class Database:
    """`async with Database.open(path) as database: catalog = Catalog(database)`."""

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Database]:
        """Open, making or migrating it, and close.

        Raises:
            CatalogDamagedError, CatalogTooNewError, CatalogUnavailableError.
        """
        raise NotImplementedError(path)
        yield cls()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Run the body as one transaction: all of it happens, or none."""
        raise NotImplementedError
        yield

    async def read(self, query: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return a query's rows."""
        raise NotImplementedError
