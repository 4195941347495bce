"""A run's worker may be lost, and another one goes on from its snapshot: three times at most.

What counts is that a worker died without a word, or took too much and was killed. A run that
says itself why it failed has failed, and the end of the bot is no failure of a run. The count
is kept in the run's directory, so that no restart of the bot begins it anew.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.saving import finished_before
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError, RunLostError, WorkerLostError

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
        except WorkerLostError as error:
            log.warning("Run %s has lost its worker: %s", folder.name, error)
            await asyncio.sleep(PAUSE_SECONDS)
            await _count(folder, error)


async def _count(folder: Path, error: WorkerLostError) -> None:
    """Note that a worker was lost; raise if it was the last one."""
    losses = await asyncio.to_thread(RunDirectory(folder).count_loss)
    if losses > MOST_RESUMES:
        lost = RunLostError(losses, error.how)
        raise RunFailedError(str(lost), lost)
