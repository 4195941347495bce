"""Which servers the application is in, and what becomes of those that it has left.

Discord says when the bot leaves a server, and READY names every server that it is in. One that
is missing there was left meanwhile, if this application was in it before: nothing that another
application of the same data directory has is touched, and a server with an outage is named, too.
What cannot be deleted, on a full disk say, is tried again until it is.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from storage.errors import StorageError
from storage.records import Purge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.purging import Purger
    from storage.catalog import Catalog

RETRY_SECONDS = 60.0
"""Between two tries to forget the servers that the bot has left."""

log = logging.getLogger(__name__)


class Memberships:
    """Forgets servers that the bot has left for good."""

    def __init__(self, *, catalog: Catalog, purger: Purger) -> None:
        self._catalog = catalog
        self._purger = purger
        self._lock = asyncio.Lock()
        self._left: dict[int, int] = {}
        """By servers that are not forgotten yet, the application that has left them."""
        self._back: set[int] = set()
        """Those of them that it is in again: what they had goes, and that it is there stays."""

    async def connected(self, application_id: int, guilds: Collection[int]) -> None:
        """Take note of the servers that READY names, and forget those that are missing."""
        self._back |= self._left.keys() & guilds
        before = await self._catalog.noted_guilds(application_id)
        await self._catalog.note_guilds(application_id, guilds)
        missing = before.difference(guilds)
        if missing:
            await self.left(application_id, *missing)

    async def joined(self, application_id: int, guild_id: int) -> None:
        """Take note of a new server; what it had when the bot left it goes first."""
        self._back |= self._left.keys() & {guild_id}
        await self.retry()
        await self._catalog.note_guilds(application_id, [guild_id])

    async def left(self, application_id: int, *guilds: int) -> None:
        """Delete all that is kept of servers, but of those where another application is, too."""
        log.info("Left %d servers", len(guilds))
        self._left |= dict.fromkeys(guilds, application_id)
        self._back -= {*guilds}
        await self.retry()

    async def retry_for_ever(self) -> None:
        """Go on with what has failed, from time to time."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            await self.retry()

    async def retry(self) -> None:
        """Forget the servers that the bot has left, as far as that can be done now."""
        async with self._lock:
            if self._left:
                try:
                    await self._forget({**self._left})
                except StorageError as error:
                    log.error("Servers cannot be forgotten yet: %s", error)  # noqa: TRY400

    async def _forget(self, left: Mapping[int, int]) -> None:
        shared = {guild for guild in left if await self._catalog.is_shared(left[guild], guild)}
        purges = [Purge(guild_id=guild) for guild in left.keys() - shared]
        done = await self._purger.carry_out_what_can_be(purges)
        for guild in shared.union(purge.guild_id for purge in done):
            if guild not in self._back:
                await self._catalog.forget_guild(left[guild], guild)
            del self._left[guild]
            self._back.discard(guild)
