"""What people should know of how a run went, besides its figures: as `training.remarks` says it.

That module speaks English, for the command line; `tests/bot/runs/test_remarks.py` holds the two
together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.words import say
from training.novelty import recites

if TYPE_CHECKING:
    from training.events import Finished


def remarks(finished: Finished) -> list[str]:
    """What is to be said of a run, in the order in which it is said."""
    made = [say("remark-early")] if finished.early else []
    if finished.asked and not finished.early:
        made.append(say("remark-asked"))
    if finished.recoveries:
        made.append(say("remark-recovered", times=finished.recoveries))
    if finished.novelty is not None:
        made.append(remark_on_novelty(finished.novelty))
    return made


def remark_on_novelty(novelty: float) -> str:
    """How much of what it writes is new, and what helps where that is too little."""
    kind = "remark-recites" if recites(novelty) else "remark-new"
    return say(kind, percent=round(100 * novelty))
