"""Runs that were stored, but not announced, when the bot ended: they are announced after all.

    post the message ──> store its id ──> the run takes its turn
           └──> the channel does not take it: the run fails

It happens beside all else, as often as it takes: Discord has bad days, and a disk is full for a
while. Whoever cancels or deletes such a run meanwhile ends it before anybody was told of it; one
that resists being deleted is held (`RunQueue.hold`).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.errors import DiscordFaultError
from storage.errors import CatalogUnavailableError, NotFoundError, RunEndedError
from storage.records import RunStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import TypeAlias

    from storage.catalog import Catalog
    from storage.records import RunRecord

    Post: TypeAlias = Callable[[RunRecord], Awaitable[int | None]]
    """Posts a run's message; None if the channel does not take it. Raises `DiscordFaultError`."""

T = TypeVar("T")

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds between two tries; each pause is twice as long as the one before."""

log = logging.getLogger(__name__)


class LateAnnouncements:
    """Announces runs, each in a task of its own."""

    def __init__(self, catalog: Catalog, is_held: Callable[[str], bool]) -> None:
        self._catalog = catalog
        self._is_held = is_held
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(
        self,
        run: RunRecord,
        post: Post,
        *,
        take_turn: Callable[[RunRecord], None],
        fail: Callable[[RunRecord], None],
        give_up: Callable[[RunRecord], Awaitable[None]] | None = None,
    ) -> None:
        """Announce a run and let it take its turn; it may have been deleted right before that.

        Where it is over before, `give_up` takes back what `post` has said nonetheless.
        """
        carry = self._carry(run, post, take_turn, fail, give_up)
        task = asyncio.create_task(carry, name=f"announce {run.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Announce no more; the next start does."""
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry(
        self,
        run: RunRecord,
        post: Post,
        take_turn: Callable[[RunRecord], None],
        fail: Callable[[RunRecord], None],
        give_up: Callable[[RunRecord], Awaitable[None]] | None,
    ) -> None:
        try:
            message_id = await _insist(run, partial(self._post, run, post))
            if message_id is None:
                fail(run)
            else:
                take_turn(await _insist(run, partial(self._store, run, message_id)))
        except (NotFoundError, RunEndedError):
            log.info("Run %s was over before it was announced", run.id)
            if give_up is not None:
                await give_up(run)
        except Exception:  # one run's failure is nobody else's; the next start tries again
            log.exception("Run %s could not be announced", run.id)

    async def _post(self, run: RunRecord, post: Post) -> int | None:
        now = await self._catalog.run(run.guild_id, run.id)
        if self._is_held(now.id) or not now.status.is_active:
            raise RunEndedError(now.id, now.status)
        return await post(now)

    async def _store(self, run: RunRecord, message_id: int) -> RunRecord:
        try:
            return await self._catalog.set_message(run.id, message_id)
        except NotFoundError:  # it was deleted for good meanwhile: the message says that it is over
            return replace(run, message_id=message_id, status=RunStatus.CANCELED)


async def _insist(run: RunRecord, step: Callable[[], Awaitable[T]]) -> T:
    """Try one step until neither Discord nor the disk is in its way."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await step()
        except (DiscordFaultError, CatalogUnavailableError) as error:
            log.info("Run %s waits to be announced: %s", run.id, type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
