"""Texts as people read them, whatever they are made of.

    folded : text -> text without case, accents and invisible characters, letters of other
             scripts that look like Latin ones as those

`Folded` also knows where each character came from, so that what is found can be masked.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import regex

_INVISIBLE = regex.compile(
    r"[\p{Default_Ignorable_Code_Point}\p{Cf}\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)
"""What nobody sees, be it that `bot.rendering` leaves it out."""

_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝɡıαβεικνορτυχ",  # that is what they are for
    "abekmhopctyxijsdqwgiabeikvoptux",
)
"""Cyrillic and Greek letters, and the Latin ones that they are taken for."""


class Folded(NamedTuple):
    """A folded text and, for each of its characters, the place where it stood before."""

    text: str
    places: list[int]
    length: int
    """Of the text before."""

    @classmethod
    def of(cls, text: str) -> Folded:
        """Fold a text."""
        pieces = [_fold(character) for character in text]
        places = [place for place, piece in enumerate(pieces) for _ in piece]
        return cls("".join(pieces), places, len(text))

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text before; what cannot be seen behind it belongs to it."""
        last = self.places[end - 1]
        following = next((place for place in self.places[end : end + 20] if place > last), None)
        return self.places[start], self.length if following is None else following


def folded(text: str) -> str:
    """A text as people read it."""
    return Folded.of(text).text


@lru_cache(maxsize=65_536)
def _fold(character: str) -> str:
    """One character folded; nothing is left of an accent, nor of what cannot be seen.

    Marks that are letters of their own, such as the vowels of Indic scripts, stay.
    """
    plain = unicodedata.normalize("NFKD", character).casefold()
    kept = [
        each
        for each in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(each) and not _INVISIBLE.match(each)
    ]
    return "".join(kept).translate(_LOOKALIKES)
