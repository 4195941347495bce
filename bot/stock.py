"""How much a server keeps on disk, so that the operator's limit can be held to.

The catalog knows the sizes of checkpoints; what runs keep is measured here, where it is. Whoever
adds to a server's runs holds its lock from the measurement to the row, so that of two at once the
second measures the first.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.catalog import Catalog
    from storage.files import DataDirectory


class Stock:
    """Measures what the runs of a server keep."""

    def __init__(self, catalog: Catalog, directory: DataDirectory) -> None:
        self._catalog = catalog
        self._directory = directory
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def size(self, guild_id: int, *also: str) -> int:
        """The bytes that the guild's runs keep, and those of these runs without a row."""
        runs = {*await self._catalog.run_ids_of(guild_id), *also}
        return await asyncio.to_thread(self._directory.size_of_runs, runs)

    @asynccontextmanager
    async def adding(self, guild_id: int, *also: str) -> AsyncIterator[int]:
        """Within the body nobody else adds to the guild's runs; the size is as in `size`."""
        lock = self._locks.setdefault(guild_id, asyncio.Lock())
        async with lock:
            yield await self.size(guild_id, *also)
