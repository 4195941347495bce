"""How a text comes about in which words must not stand: drawn again, and masked in the end.

A text whose seed a person gave, and one that goes on from another, promise what they are; there
nothing is drawn again. What stands before a text, such as its prompt, is read with it: a word
may begin there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.writing.orders import draw_seed
from bot.writing.thread import draft

if TYPE_CHECKING:
    from bot.writing.forbidden import ForbiddenWords
    from bot.writing.thread import Draft, Order
    from model.generation import Writer

REDRAWS = 4
"""How often a text is drawn again before it is masked."""

TAIL_CHARACTERS = 100
"""Of a text, which what goes on from it is read with; longer than a forbidden word."""


class Beginning(NamedTuple):
    """Where a text begins."""

    before: str = ""
    """What a reader has right before it."""
    bookmark: bytes | None = None
    """Where it goes on; None begins with the order's prompt."""
    redraws: int = 0
    """How often it may be drawn again, with other seeds."""


class Shown(NamedTuple):
    """A text as it may be shown."""

    order: Order
    """What was written, with the seed that was taken in the end."""
    draft: Draft
    before: str
    """What stands before it."""
    stop: str | None
    """The stop text."""
    tail: str
    """What may stand before what goes on from it; empty where nothing is forbidden, so that of
    most texts nothing is kept (docs/decisions/0019)."""


def write_without(
    words: ForbiddenWords,
    writer: Writer,
    order: Order,
    beginning: Beginning,
) -> Shown:
    """Write a text without these words; all of it in the calling thread.

    Args:
        words: None of them is left in what stands before the text and in it, read together.
        writer: Writes.
        order: What to write.
        beginning: Where it begins.
    """
    before, bookmark, redraws = beginning
    drawn = draft(writer, order, bookmark)
    while redraws and order.is_drawn and words.stand_in(drawn.text, before):
        order, redraws = replace(order, seed=draw_seed()), redraws - 1
        drawn = draft(writer, order, bookmark)
    whole = words.mask(before + drawn.text)
    before, text = whole[: len(before)], whole[len(before) :]
    kept = whole if order.prompt_kept or bookmark is not None else text
    tail = kept[-TAIL_CHARACTERS:] if words else ""
    stop = None if order.stop is None else words.mask(order.stop)
    skipped, never = _apart(words, drawn.skipped), _apart(words, drawn.never)
    draft_shown = drawn._replace(text=text, skipped=skipped, never=never)
    return Shown(order, draft_shown, before, stop, tail)


def _apart(words: ForbiddenWords, characters: str) -> str:
    """Characters as they are named below a text: one after the other they may spell a word."""
    return words.mask(" ".join(characters))[::2]
