"""Numbers as people type them into forms, with a point or a comma.

    whole_number("1,200") == whole_number("1.200") == whole_number("1 200") == 1200
    fraction("1,25") == fraction("1.25") == 1.25

Before exactly three digits a separator groups thousands, or so it may be meant: where a number
can have a fraction, `3,600` is refused, since nobody knows which of the two it is.
"""

from __future__ import annotations

import re

_WHOLE = re.compile(r"-?\d+|[1-9]\d{0,2}(?:[.,\s]\d{3})+")
_FRACTION = re.compile(r"\d+(?:[.,]\d{1,2})?")


def whole_number(typed: str) -> int:
    """The number that was typed, maybe with its thousands set apart.

    Raises:
        ValueError: It is no whole number.
    """
    return int(re.sub(r"[.,\s]", "", _matched(_WHOLE, typed)))


def fraction(typed: str) -> float:
    """The number that was typed, with two digits after its point or comma at most.

    Raises:
        ValueError: It is no such number.
    """
    return float(_matched(_FRACTION, typed).replace(",", "."))


def _matched(shape: re.Pattern[str], typed: str) -> str:
    digits = typed.strip()
    if not shape.fullmatch(digits):
        raise ValueError(typed)
    return digits
