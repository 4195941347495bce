"""What people should know of how a run went, besides its figures: sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.novelty import describe_novelty

if TYPE_CHECKING:
    from training.events import Finished

EARLY = "It ended early: more time would only have taught it the text by heart."

ASKED = "Somebody ended it early; this is the best that it had come to."


def remarks(finished: Finished) -> list[str]:
    """Return what is to be said of a run, in the order in which it is said."""
    said = [EARLY] if finished.early else [ASKED] if finished.asked else []
    if finished.recoveries:
        times = "once" if finished.recoveries == 1 else f"{finished.recoveries} times"
        said.append(f"Its loss shot up {times}, so it went on from its best, more slowly.")
    if finished.novelty is not None:
        said.append(describe_novelty(finished.novelty))
    return said
