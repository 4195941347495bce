"""How much a server keeps on disk, so that the operator's limit can be held to.

The catalog knows the sizes of checkpoints; what runs keep is measured here, where it is; uploads
under way have their stated sizes. Whoever adds to a server's rows or uploads holds its lock from
the measurement until that is done, so that of two at once the second finds the first.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from storage.catalog import Catalog
    from storage.files import DataDirectory


class Stock:
    """Measures what the runs and the uploads of a server take."""

    def __init__(self, catalog: Catalog, directory: DataDirectory) -> None:
        self._catalog = catalog
        self._directory = directory
        self.uploads = Uploads()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def size(self, guild_id: int, *also: str) -> int:
        """The bytes of the guild's runs and uploads; of these, what their folders hold by now."""
        runs = {*await self._catalog.run_ids_of(guild_id), *also}
        kept = await asyncio.to_thread(self._directory.size_of_runs, runs)
        return kept + self.uploads.size(guild_id, without=also)

    @asynccontextmanager
    async def adding(self, guild_id: int, *also: str) -> AsyncIterator[int]:
        """Within the body nobody else adds to the guild's; the size is as in `size`.

        After it there are rows of these uploads, which count instead of them.
        """
        lock = self._locks.setdefault(guild_id, asyncio.Lock())
        async with lock:
            yield await self.size(guild_id, *also)
            for upload_id in also:
                self.uploads.end(upload_id)
