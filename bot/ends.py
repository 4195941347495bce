"""The end of a run, on its way to whoever takes it.

    its message ──> a new message in its channel ──> the person who started the run
       (deleted)              (lost, or closed to the bot)

What passes, such as a fault of Discord's own, is waited out for as long as it takes. So an end is
lost only where nobody takes it; that is in the log. After a restart of the bot all this begins
again (`Catalog.untold_ends`).
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord

from bot.patience import FAILURES
from bot.progress_text import directly

if TYPE_CHECKING:
    from bot.progress_text import RunCard
    from bot.views.posts import Posts

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
    """

    def __init__(self, card: RunCard, posts: Posts, message_id: int | None) -> None:
        self._card = self._shown = card
        self._posts = posts
        self._message_id = message_id
        self._is_direct = False

    async def show(self, *, pause: float) -> None:
        """Show it to whoever takes it; returns once that is done, or once nobody does.

        Args:
            pause: Seconds between the first two tries; each later one is twice as far.
        """
        while True:
            try:
                await self._write()
            except FAILURES as error:
                log.info("The end of run %s is not shown yet: %s", self._card.run.id, error)
                if not is_passing(error) and not self._turn_elsewhere(error):
                    log.warning("The end of run %s cannot be shown: %s", self._card.run.id, error)
                    return
            else:
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_BACKOFF)

    async def _write(self) -> None:
        run = self._card.run
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
        if self._is_direct:
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
