"""What a server has chosen, held to: where the bot writes, who may train, and how often.

Whatever writes in public asks here, be it a command, a button or an answer to a mention:

    check_writing    refuses before anything is announced
    turn             lasts while a text is written, which takes the person's cooldown; a text
                     that does not come about gives it back

How often somebody trains is the catalog's affair, in the transaction that takes the run.
"""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors.limits import RoleMissingError, WriteCooldownError, WritesElsewhereError
from bot.settings import LONGEST_COOLDOWN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.requests import Caller
    from storage.catalog import Catalog
    from storage.records import GuildSettings


class Rules:
    """Asks what a server has chosen, and remembers who has just written.

    Args:
        catalog: Knows the choices, and the texts of the time before the bot's start; answers to
            mentions are not kept, so those of that time do not count.
        write_cooldown: The operator's, in seconds; a server may choose a longer one.
        clock: Tells the time, in Unix seconds.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        write_cooldown: float = 0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._catalog = catalog
        self._write_cooldown = write_cooldown
        self._clock = clock
        self._turns: dict[tuple[int, int], float] = {}
        """When each person last began to have something written, by guild and person; those of
        the last day, the oldest first."""

    async def check_training(self, caller: Caller) -> None:
        """Refuse whoever may not train here; the card of a run is something written, too.

        Raises:
            WritesElsewhereError, RoleMissingError.
        """
        chosen = await self._catalog.guild_settings(caller.guild_id)
        _check_channel(caller, chosen)
        allowed = caller.manages_guild or not chosen.train_roles
        if not allowed and caller.role_ids.isdisjoint(chosen.train_roles):
            raise RoleMissingError(chosen.train_roles)

    async def check_writing(self, caller: Caller) -> GuildSettings:
        """Refuse what may not be written here, or not yet; return what the server has chosen.

        Raises:
            WritesElsewhereError, WriteCooldownError.
        """
        chosen = await self._catalog.guild_settings(caller.guild_id)
        _check_channel(caller, chosen)
        cooldown = self._cooldown(chosen)
        self._check_turn(caller, cooldown, await self._last_kept(caller, cooldown))
        return chosen

    @asynccontextmanager
    async def turn(self, caller: Caller) -> AsyncIterator[GuildSettings]:
        """Within the body something is written for the caller, as the server has chosen it.

        Raises:
            WritesElsewhereError, WriteCooldownError: As in `check_writing`; of several who
                come at once, one has the turn.
        """
        chosen = await self._catalog.guild_settings(caller.guild_id)
        _check_channel(caller, chosen)
        cooldown = self._cooldown(chosen)
        kept = await self._last_kept(caller, cooldown)
        self._check_turn(caller, cooldown, kept)  # nothing is awaited from here to the claim
        person = (caller.guild_id, caller.user_id)
        before = self._turns.get(person)
        claimed = self._claim(person) if cooldown else None
        try:
            yield chosen
        except BaseException:
            if self._turns.get(person) == claimed:  # and not that of a newer text
                self._give_back(person, before)
            raise

    def _cooldown(self, chosen: GuildSettings) -> float:
        return max(self._write_cooldown, chosen.write_cooldown)

    async def _last_kept(self, caller: Caller, cooldown: float) -> float | None:
        """When the person's last text was kept, which a restart of the bot does not forget."""
        if not cooldown:
            return None
        return await self._catalog.last_written(caller.guild_id, caller.user_id)

    def _check_turn(self, caller: Caller, cooldown: float, kept: float | None) -> None:
        began = self._turns.get((caller.guild_id, caller.user_id))
        last = max((moment for moment in (kept, began) if moment is not None), default=None)
        if not cooldown or last is None:
            return
        left = last + cooldown - self._clock()
        if left > 0:
            raise WriteCooldownError(min(left, cooldown), cooldown)

    def _claim(self, person: tuple[int, int]) -> float:
        now = self._clock()
        while self._turns and now - next(iter(self._turns.values())) > LONGEST_COOLDOWN:
            del self._turns[next(iter(self._turns))]
        self._turns.pop(person, None)  # the order is that of time
        self._turns[person] = now
        return now

    def _give_back(self, person: tuple[int, int], before: float | None) -> None:
        if before is None:
            self._turns.pop(person, None)
        else:
            self._turns[person] = before


def _check_channel(caller: Caller, chosen: GuildSettings) -> None:
    """A thread is a part of its channel."""
    here = {caller.channel_id, caller.parent_id}
    if chosen.write_channels and here.isdisjoint(chosen.write_channels):
        raise WritesElsewhereError(chosen.write_channels)
