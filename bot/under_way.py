"""What people are giving at this moment: uploads, imports and texts, each of them a task.

What is deleted for good must not come back by a side door: whoever has been uploading or writing
when everything of theirs goes is refused, and everything that they bring meanwhile, too.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import BeingDeletedError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.requests import Caller
    from storage.records import Purge

T = TypeVar("T")


class UnderWay:
    """Carries what people give, and refuses it while it is to be deleted."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], Caller] = {}
        self._purges: list[Purge] = []

    async def carry(self, caller: Caller, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do some work for the caller.

        Raises:
            BeingDeletedError: What they give is being deleted; the work was not begun, or it was
                canceled and has come to its end.
        """
        if self._is_refused(caller):
            raise BeingDeletedError
        task = asyncio.create_task(work())
        self._tasks[task] = caller
        task.add_done_callback(self._tasks.pop)
        try:
            return await task
        except asyncio.CancelledError:
            if self._is_refused(caller):
                raise BeingDeletedError from None
            raise

    async def refuse(self, purge: Purge) -> None:
        """End what is under way of what is to be deleted; nothing of it begins until `allow`."""
        self._purges.append(purge)
        meant = [
            task
            for task, caller in self._tasks.items()
            if purge.covers(caller.guild_id, caller.user_id)
        ]
        for task in meant:
            task.cancel()
        await asyncio.gather(*meant, return_exceptions=True)

    def allow(self, purge: Purge) -> None:
        """Refuse it no longer."""
        self._purges.remove(purge)

    def _is_refused(self, caller: Caller) -> bool:
        return any(purge.covers(caller.guild_id, caller.user_id) for purge in self._purges)
