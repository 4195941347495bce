"""The end of a run, on its way to whoever takes it.

    its message ──> a new message in its channel ──> the person who started the run
       (deleted)              (lost, or closed to the bot)

What passes, such as a fault of Discord's own, is waited out for as long as it takes; the next
place is tried at once. So an end is lost only where nobody takes it; that is in the log. After a
restart of the bot all this begins again (`Catalog.untold_ends`). Where the run is deleted for good
meanwhile, its message says only that it is over, and nothing of it is shown anywhere else.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from bot.patience import FAILURES
from bot.runs.card import News, directly, run_card
from storage.errors import CatalogUnavailableError
from storage.records import RunStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from bot.runs.card import RunCard
    from bot.views.posts import Posts

    IsDeleted: TypeAlias = Callable[[str], Awaitable[bool]]
    """Whether a run, by its id, is deleted for good or about to be."""

log = logging.getLogger(__name__)

LONGEST_BACKOFF = 300.0
UNKNOWN_CHANNEL = 10003
TOO_MANY_EDITS = 30046


def is_passing(error: Exception) -> bool:
    """Whether the same request may fare better later."""
    if not isinstance(error, discord.HTTPException):
        return True
    return error.status in {401, 429} or error.status >= 500 or error.code == TOO_MANY_EDITS


class RunEnd:
    """The last card of one run.

    Args:
        card: The card.
        posts: Where messages hang.
        message_id: The progress message; None where it is known to be gone.
        is_deleted: Asked before each try, for a bad day of Discord's may be long.
    """

    def __init__(
        self, card: RunCard, posts: Posts, message_id: int | None, is_deleted: IsDeleted
    ) -> None:
        self._card = self._shown = card
        self._posts = posts
        self._message_id = message_id
        self._is_deleted = is_deleted
        self._is_direct = self._is_bare = False

    async def show(self, *, pause: float) -> None:
        """Show it to whoever takes it; returns once that is done, or once nobody does.

        Args:
            pause: Seconds after what passes before the next try; later each time twice as many.
        """
        while True:
            try:
                await self._leave_out_what_is_deleted()
                await self._write()
            except (*FAILURES, CatalogUnavailableError) as error:
                log.info("The end of run %s is not shown yet: %s", self._card.run.id, error)
                if is_passing(error):
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_BACKOFF)
                elif not self._turn_elsewhere(error):
                    log.warning("The end of run %s cannot be shown: %s", self._card.run.id, error)
                    return
            else:
                return

    async def _leave_out_what_is_deleted(self) -> None:
        """Of a run that is deleted for good, say only that it is over, and only where it stood."""
        run = self._card.run
        if not self._is_bare and await self._is_deleted(run.id):
            over = replace(run, status=RunStatus.CANCELED)
            self._card = self._shown = run_card(News(run=over))
            self._is_bare = True

    async def _write(self) -> None:
        run = self._card.run
        if self._is_bare and (self._is_direct or self._message_id is None):
            return
        if self._is_direct:
            await self._posts.tell(run.user_id, directly(self._card))
        elif self._message_id is None:
            await self._posts.post(run.channel_id, self._shown)
        else:
            await self._posts.edit(run.channel_id, self._message_id, self._shown)

    def _turn_elsewhere(self, error: Exception) -> bool:
        """Choose the next form or place; False if there is none left.

        A picture may be what is not permitted, so the second try goes without it.
        """
        if self._is_direct or self._is_bare:
            return False
        if isinstance(error, discord.Forbidden) and self._shown is self._card:
            self._shown = self._card.without_curve
        elif self._message_id is not None and is_only_the_message_gone(error):
            self._message_id = None
        else:
            self._is_direct = True
        return True


def is_only_the_message_gone(error: Exception) -> bool:
    """Whether what is missing is the message, and not its channel."""
    return isinstance(error, discord.NotFound) and error.code != UNKNOWN_CHANNEL
