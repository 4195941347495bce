"""What people decide about themselves, each for one server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.requests import Caller
    from storage.catalog import Catalog


class Privacy:
    """Whether somebody's messages are left out when the bot reads the server's channels."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def is_left_out(self, caller: Caller) -> bool:
        """Whether the caller's messages are left out."""
        return await self._catalog.is_opted_out(caller.guild_id, caller.user_id)

    async def leave_out(self, caller: Caller) -> None:
        """Leave the caller's messages out, also those read already for an unfinished corpus."""
        await self._catalog.opt_out(caller.guild_id, caller.user_id)

    async def take_in(self, caller: Caller) -> None:
        """Leave the caller's messages out no longer."""
        await self._catalog.opt_in(caller.guild_id, caller.user_id)
