"""How a text comes about in which words must not stand: drawn again, and masked in the end.

A text whose seed a person gave, and one that goes on from another, promise what they are; there
nothing is drawn again. What stands before a text, such as its prompt, is read with it: a word
may begin there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.writing import draft, draw_seed

if TYPE_CHECKING:
    from bot.forbidden import ForbiddenWords
    from bot.writing import Draft, Order
    from model.generation import Writer

REDRAWS = 4
"""How often a text is drawn again before it is masked."""

TAIL_CHARACTERS = 100
"""Of a text, which what goes on from it is read with; longer than a forbidden word."""


class Shown(NamedTuple):
    """A text as it may be shown."""

    order: Order
    """What was written, with the seed that was taken in the end."""
    draft: Draft
    before: str
    """What stands before it."""
    tail: str
    """What may stand before what goes on from it; empty where nothing is forbidden."""


def write_without(
    words: ForbiddenWords,
    writer: Writer,
    order: Order,
    *,
    bookmark: bytes | None = None,
    before: str = "",
    redraws: int = 0,
) -> Shown:
    """Write a text without these words; all of it in the calling thread.

    Args:
        words: None of them is left in what is returned, nor in `before` and it together.
        writer: Writes.
        order: What to write.
        bookmark: Where to go on; None begins with the order's prompt.
        before: What a reader has right before the text.
        redraws: How often it may be drawn again, with seeds that differ.
    """
    drawn = draft(writer, order, bookmark)
    while redraws and order.is_drawn and words.stand_in(drawn.text, before):
        order, redraws = replace(order, seed=draw_seed()), redraws - 1
        drawn = draft(writer, order, bookmark)
    whole = words.mask(before + drawn.text)
    before, text = whole[: len(before)], whole[len(before) :]
    tail = whole[-TAIL_CHARACTERS:] if words else ""
    return Shown(order, drawn._replace(text=text), before, tail)
