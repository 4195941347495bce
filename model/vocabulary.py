"""The ordered characters that a network knows.

A character is one Unicode code point. Id 0 is the unknown character: it is read, so
that any text has a score, and it is never written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN = 0


@dataclass(frozen=True)
class Vocabulary:
    """A bijection between characters and the ids from 1 on."""

    characters: str
    """Id i + 1 is `characters[i]`; none stands there twice."""

    def __post_init__(self) -> None:
        if len(set(self.characters)) != len(self.characters):
            msg = "a character stands twice in the vocabulary"
            raise ValueError(msg)

    @classmethod
    def of(cls, text: str) -> Vocabulary:
        """The vocabulary of a text: its distinct characters by code point."""
        return cls("".join(map(chr, np.unique(_code_points(text)))))

    def __len__(self) -> int:
        """How many ids there are, the unknown one included."""
        return len(self.characters) + 1

    def encode(self, text: str) -> NDArray[np.int32]:
        """The id of each character, shape (len(text),); 0 where it is not known."""
        points = _code_points(text)
        if not self.characters:
            return np.zeros(len(points), np.int32)
        known, ids = self._sorted
        places = np.searchsorted(known, points).clip(max=len(known) - 1)
        return np.where(known[places] == points, ids[places], UNKNOWN).astype(np.int32)

    def decode(self, ids: NDArray[np.integer] | list[int]) -> str:
        """The characters of some ids; the unknown character has none and is left out."""
        return "".join(self.characters[i - 1] for i in ids if i != UNKNOWN)

    def unknown_in(self, text: str) -> str:
        """The distinct characters of a text that are not known, in the text's order."""
        return "".join(c for c in dict.fromkeys(text) if c not in self._members)

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(self.characters)

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
        points = _code_points(self.characters)
        order = np.argsort(points)
        return points[order], (order + 1).astype(np.int32)


def _code_points(text: str) -> NDArray[np.uint32]:
    """Each character's number. Lone surrogates count as characters: no text crashes."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
