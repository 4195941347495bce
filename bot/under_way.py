"""What people are giving at this moment: uploads, imports and texts, each of them a task.

What is deleted for good must not come back by a side door: whoever has been uploading or writing
when everything of theirs goes is refused, and everything that they bring meanwhile, too. Uploads,
which may take minutes, are refused when the bot stops as well.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from bot.errors import BeingDeletedError, StoppingError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from bot.requests import Caller
    from storage.records import Purge

T = TypeVar("T")


class _Given(NamedTuple):
    caller: Caller
    ends_with_bot: bool


class UnderWay:
    """Carries what people give, and refuses it while it is to be deleted."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Any], _Given] = {}
        self._purges: list[Purge] = []
        self._stopping = False

    async def carry(
        self,
        caller: Caller,
        work: Callable[[], Coroutine[Any, Any, T]],
        *,
        ends_with_bot: bool = False,
    ) -> T:
        """Do some work for the caller; `stop` ends it if it `ends_with_bot`.

        Raises:
            BeingDeletedError: What they give is being deleted; the work was not begun, or it was
                canceled and has come to its end.
            StoppingError: The same, because the bot stops.
        """
        if self._is_refused(caller):
            raise BeingDeletedError
        if ends_with_bot and self._stopping:
            raise StoppingError
        task = asyncio.create_task(work())
        self._tasks[task] = _Given(caller, ends_with_bot)
        task.add_done_callback(self._tasks.pop)
        try:
            return await task
        except asyncio.CancelledError:
            if ends_with_bot and self._stopping:
                raise StoppingError from None
            if self._is_refused(caller):
                raise BeingDeletedError from None
            raise

    async def stop(self) -> None:
        """End what ends with the bot; returns when nothing of it is left, and nothing begins."""
        self._stopping = True
        await _end([task for task, given in self._tasks.items() if given.ends_with_bot])

    async def refuse(self, purge: Purge) -> None:
        """End what is under way of what is to be deleted; nothing of it begins until `allow`."""
        self._purges.append(purge)
        await _end([task for task, (caller, _) in self._tasks.items() if _covers(purge, caller)])

    def allow(self, purge: Purge) -> None:
        """Refuse it no longer."""
        self._purges.remove(purge)

    def _is_refused(self, caller: Caller) -> bool:
        return any(_covers(purge, caller) for purge in self._purges)


def _covers(purge: Purge, caller: Caller) -> bool:
    return purge.covers(caller.guild_id, caller.user_id)


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
