"""Which servers the application is in, and what becomes of those that it has left.

Discord says when the bot leaves a server, and READY names every server that it is in. One that
is missing there was left meanwhile, if this application was in it before: nothing that another
application of the same data directory has is touched, and a server with an outage is named, too.
What cannot be deleted or noted, on a full disk say, is tried again until it is, and a server that
the bot is back in can give nothing before what it had is gone.
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
    from bot.under_way import UnderWay
    from storage.catalog import Catalog

log = logging.getLogger(__name__)


class Memberships:
    """Forgets servers that the bot has left for good."""

    def __init__(self, *, catalog: Catalog, purger: Purger, under_way: UnderWay) -> None:
        self._catalog = catalog
        self._purger = purger
        self._under_way = under_way
        self._lock = asyncio.Lock()
        self._left: dict[int, int] = {}
        """By servers that are not forgotten yet, the application that has left them."""
        self._here: dict[int, int] = {}
        """By servers that are not noted yet, the application that is in them."""

    async def connected(self, application_id: int, guilds: Collection[int]) -> None:
        """Take note of the servers that READY names, and forget those that are missing."""
        missing = (await self._catalog.noted_guilds(application_id)).difference(guilds)
        self._here |= dict.fromkeys(guilds, application_id)
        await self.left(application_id, *missing)

    async def joined(self, application_id: int, guild_id: int) -> None:
        """Take note of a new server; what it had when the bot left it goes first."""
        self._here[guild_id] = application_id
        await self.retry()

    async def left(self, application_id: int, *guilds: int) -> None:
        """Delete all that is kept of servers, but of those where another application is, too."""
        for guild in guilds:
            self._here.pop(guild, None)
            if guild not in self._left:
                log.info("Left server %d", guild)
                self._left[guild] = application_id
                await self._under_way.refuse(Purge(guild_id=guild))
        await self.retry()

    async def retry(self) -> None:
        """Forget the servers that the bot has left, and note the others, as far as can be now."""
        async with self._lock:
            try:
                if self._left:
                    await self._forget({**self._left})
                await self._note()
            except StorageError as error:
                log.error("Servers cannot be forgotten or noted yet: %s", error)  # noqa: TRY400

    async def _forget(self, left: Mapping[int, int]) -> None:
        shared = {guild for guild in left if await self._catalog.is_shared(left[guild], guild)}
        purges = [Purge(guild_id=guild) for guild in left.keys() - shared]
        done = await self._purger.carry_out_what_can_be(purges)
        for guild in shared.union(purge.guild_id for purge in done):
            await self._catalog.forget_guild(left[guild], guild)
            del self._left[guild]
            self._under_way.allow(Purge(guild_id=guild))

    async def _note(self) -> None:
        """Note where the bot is; a server that it is back in stays noted until it is forgotten."""
        here = {guild: owner for guild, owner in self._here.items() if guild not in self._left}
        for owner in {*here.values()}:
            await self._catalog.note_guilds(owner, [g for g in here if here[g] == owner])
        for guild in here.keys() - self._left.keys():
            self._here.pop(guild, None)
