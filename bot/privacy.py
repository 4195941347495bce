"""What people decide about themselves, each for one server, and who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NotAllowedToPurgeError
from storage.records import Purge

if TYPE_CHECKING:
    from bot.purging import Purger
    from bot.requests import Caller
    from storage.catalog import Catalog
    from storage.records import Given


class Privacy:
    """Being left out when channels are read, and having deleted what was given."""

    def __init__(self, catalog: Catalog, purger: Purger) -> None:
        self._catalog = catalog
        self._purger = purger

    async def is_left_out(self, caller: Caller) -> bool:
        """Whether the caller's messages are left out."""
        return await self._catalog.is_opted_out(caller.guild_id, caller.user_id)

    async def leave_out(self, caller: Caller) -> None:
        """Leave the caller's messages out, also those read already for an unfinished corpus."""
        await self._catalog.opt_out(caller.guild_id, caller.user_id)

    async def take_in(self, caller: Caller) -> None:
        """Leave the caller's messages out no longer."""
        await self._catalog.opt_in(caller.guild_id, caller.user_id)

    async def given(self, caller: Caller) -> Given:
        """What the caller gave to the server."""
        return await self._catalog.given(caller.guild_id, caller.user_id)

    async def delete_given(self, caller: Caller) -> None:
        """Delete what the caller gave: runs, texts and models; being left out stays."""
        purge = Purge(guild_id=caller.guild_id, user_id=caller.user_id)
        await self._purger.carry_out(purge)

    def check_everything(self, caller: Caller) -> None:
        """Refuse whoever may not have everything of the server deleted."""
        if not caller.manages_guild:
            raise NotAllowedToPurgeError

    async def delete_everything(self, caller: Caller) -> None:
        """Delete all that is kept of the server, whoever gave it."""
        self.check_everything(caller)
        await self._purger.carry_out(Purge(guild_id=caller.guild_id))
