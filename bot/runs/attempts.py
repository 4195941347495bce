"""A run's worker may be lost, and another one goes on from its snapshot: three times at most.

What counts is that a worker died without a word, took too much and was killed, or found another
one in its place that does not end. A run that says itself why it failed has failed, and the end of
the bot is no failure of a run. The count is kept in the run's directory, so that no restart of the
bot begins it anew.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.runs.saving import finished_before
from training.errors import RunDirectoryInUseError
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError, RunLostError, WorkerEnd, WorkerLostError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from training.events import Event, Finished
    from training.launcher import Launcher

MOST_RESUMES = 3

PAUSE_SECONDS = 1.0
"""Between a worker and the next. A system that shuts down may end a worker before it ends the
bot, which then is canceled in this pause, and nothing has happened to the run."""

log = logging.getLogger(__name__)


async def carry_out(
    launcher: Launcher, folder: Path, on_event: Callable[[Event], None]
) -> Finished:
    """Train a run to its end, with as many workers as it takes.

    Args:
        launcher: Starts them.
        folder: The run's.
        on_event: Hears all of them.

    Raises:
        RunFailedError: A worker failed, or too many were lost.
    """
    while True:
        finished = await asyncio.to_thread(finished_before, folder)
        if finished is not None:
            return finished
        try:
            return await launcher.run(folder, on_event)
        except RunFailedError as error:
            how = _loss(error)
            if how is None:
                raise
            log.warning("Run %s has lost its worker: %s", folder.name, error)
            await asyncio.sleep(PAUSE_SECONDS)
            await _count(folder, how)


def _loss(error: RunFailedError) -> WorkerEnd | None:
    """How a worker was lost; None if it said itself why the run failed."""
    if isinstance(error.error, RunDirectoryInUseError):
        return WorkerEnd("use")
    return error.how if isinstance(error, WorkerLostError) else None


async def _count(folder: Path, how: WorkerEnd) -> None:
    """Note that a worker was lost; raise if it was the last one."""
    losses = await asyncio.to_thread(RunDirectory(folder).count_loss)
    if losses > MOST_RESUMES:
        lost = RunLostError(losses, how)
        raise RunFailedError(str(lost), lost)
