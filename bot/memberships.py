"""Which servers the application is in, and what becomes of those that it has left.

Discord says when the bot leaves a server, and READY names every server that it is in. One that
is missing there was left meanwhile, if this application was in it before: nothing that another
application of the same data directory has is touched, and a server with an outage is named, too.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from storage.records import Purge

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.purging import Purger
    from storage.catalog import Catalog

log = logging.getLogger(__name__)


class Memberships:
    """Forgets servers that the bot has left for good."""

    def __init__(self, *, catalog: Catalog, purger: Purger) -> None:
        self._catalog = catalog
        self._purger = purger

    async def connected(self, application_id: int, guilds: Collection[int]) -> None:
        """Take note of the servers that READY names, and forget those that are missing."""
        before = await self._catalog.noted_guilds(application_id)
        await self._catalog.note_guilds(application_id, guilds)
        missing = before.difference(guilds)
        if missing:
            await self.left(application_id, *missing)

    async def joined(self, application_id: int, guild_id: int) -> None:
        """Take note of a new server."""
        await self._catalog.note_guilds(application_id, [guild_id])

    async def left(self, application_id: int, *guilds: int) -> None:
        """Delete all that is kept of servers, but of those where another application is, too."""
        shared = {guild for guild in guilds if await self._catalog.is_shared(application_id, guild)}
        log.info("Left %d servers, %d of them to another application", len(guilds), len(shared))
        await self._purger.carry_out(*[Purge(guild_id=guild) for guild in {*guilds} - shared])
        for guild in guilds:
            await self._catalog.forget_guild(application_id, guild)
