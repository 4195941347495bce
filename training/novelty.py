"""Novelty: how much of what a network writes is its own.

    novelty : (text, corpus) -> share of the text's windows that are nowhere in the corpus

A window is 20 characters in a row. A network that has understood a text writes what nobody
wrote before; one that has seen a small text too often recites it, which looks like skill and
is none. The figure tells the two apart.

The text is short and the corpus may be long, so the windows are looked for in the corpus and
not the other way around: a rolling hash over the corpus, part by part, finds the places where
one of them may stand, and the characters there decide. No hash is ever trusted.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from model.generation import Writer, begin, write
from model.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from numpy.typing import NDArray

    from model.checkpoint import Checkpoint

    Hashes = NDArray[np.uint64]

WINDOW = 20
"""Characters. Shorter ones are shared by chance: every text has "in the middle of the"."""

CHARACTERS = 4_000
"""The texts of five seeds then differed by less than one in a hundred on prose, and by up to
seven on a text that repeats itself; more would cost the run more than the digits are worth."""

SECONDS = 0.8
"""For writing them, unless the caller says otherwise, as a run does (`training.budget`)."""

PIECE = 250
"""Characters from one look at the clock to the next."""

SCANNED_PER_SECOND = 30e6
"""Characters of the corpus, at least, in which the windows are looked for in a second."""

RECITES_BELOW = 0.75
"""The last tenth of a text is mostly new to 97 in a hundred where it is prose, and to 55 to 96
where it is a program, measured as this is. Below three quarters something else is copied from:
a text that repeats itself, or one that was learned by heart (docs/decisions/0011)."""

PART = 2**20
"""Characters of the corpus that are hashed at a time; they take some 30 MB."""

FILTER_BITS = 20
FACTOR = 0x9E3779B97F4A7C15
"""Odd, and with its bits well mixed: 2**64 divided by the golden ratio."""


def measure(
    checkpoint: Checkpoint,
    corpus: str,
    *,
    seconds: float = SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> float | None:
    """Return the novelty of what a checkpoint writes at the temperature that people use.

    Args:
        checkpoint: The network that writes, from its training's seed.
        corpus: All of the text that it has learned from.
        seconds: The longest that it may take; on a slow machine the text is shorter.
        clock: Tells the time in seconds.

    Returns:
        From 0 (all recited) to 1 (all new), or None if not even one window was written.
    """
    seconds_to_write = seconds - len(corpus) / SCANNED_PER_SECOND
    return novelty(write_for(checkpoint, seconds=seconds_to_write, clock=clock), corpus)


def recites(novelty: float) -> bool:
    """Whether people should be warned that they will read parts of the corpus."""
    return novelty < RECITES_BELOW


def describe_novelty(novelty: float) -> str:
    """Return one sentence for people, with what helps where it is needed."""
    if not recites(novelty):
        return f"{percent(novelty)} of what it writes is new."
    return (
        f"It recites parts of its text: only {percent(novelty)} of what it writes is new;"
        " a higher temperature helps, or a longer text that repeats itself less."
    )


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{round(100 * share)} %"


def write_for(checkpoint: Checkpoint, *, seconds: float, clock: Callable[[], float]) -> str:
    """Return a text of `CHARACTERS`, or of what can be written in so many seconds."""
    text, deadline, writer = "", clock() + seconds, Writer(checkpoint)
    bookmark, _ = begin(writer, seed=checkpoint.training.seed)
    while len(text) < CHARACTERS and (not text or clock() < deadline):
        passage = write(writer, bookmark, length=PIECE, sampling=Sampling())
        text, bookmark = text + passage.text, passage.bookmark
    return text


def novelty(text: str, corpus: str) -> float | None:
    """Return the share of the text's windows that are nowhere in the corpus, None without any."""
    windows = [text[place : place + WINDOW] for place in range(len(text) - WINDOW + 1)]
    recited = found_in(corpus, set(windows))
    new = sum(window not in recited for window in windows)
    return new / len(windows) if windows else None


def found_in(corpus: str, windows: Collection[str]) -> set[str]:
    """Return those of some windows that stand in the corpus."""
    missing = set(windows)
    for part in parts_of(corpus):
        if not missing:
            break
        for place in candidates(part, missing):
            missing.discard(part[place : place + WINDOW])
    return set(windows) - missing


def parts_of(corpus: str) -> Iterator[str]:
    """Cut the corpus so that every window of it lies wholly in some part."""
    for first in range(0, len(corpus) - WINDOW + 1, PART):
        yield corpus[first : first + PART + WINDOW - 1]


def candidates(part: str, windows: Collection[str]) -> NDArray[np.intp]:
    """Return all places where one of the windows stands, and maybe a few others.

    A table of bits answers for nearly every place, and the sorted hashes for the rest.
    """
    wanted = np.unique(hashes("".join(windows))[::WINDOW])
    table = np.zeros(2**FILTER_BITS, np.bool_)
    table[wanted >> np.uint64(64 - FILTER_BITS)] = True
    found = hashes(part)
    likely = np.flatnonzero(table[found >> np.uint64(64 - FILTER_BITS)])
    return likely[np.isin(found[likely], wanted)]


def hashes(text: str) -> Hashes:
    r"""Return the hash of every window of a text, in the order of their places.

    .. math:: h_i = \sum_{k=0}^{19} F^{19-k} c_{i+k} \mod 2^{64}

    in two rounds, five characters to a hash and four of these to another: 9 products instead
    of 20.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return joined(joined(points.astype(np.uint64), 5, length=1), 4, length=5)


def joined(values: Hashes, count: int, *, length: int) -> Hashes:
    """Return the hashes of so many neighbors, each the hash of so many characters, as one."""
    factor = np.uint64(pow(FACTOR, length, 2**64))
    places = len(values) - (count - 1) * length
    total = np.zeros(places, np.uint64)
    for first in range(0, count * length, length):
        total *= factor
        total += values[first : first + places]
    return total
