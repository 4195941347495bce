"""Many words looked for at once, in one pass over a text, whatever both of them are.

Every character of every word is a bit of one large number, the state: set where the text read so
far ends with the word up to there. A character of the text moves all bits on and keeps those that
it may stand for; a second pass, from the end back, keeps what leads to the end of a word
(Shift-And; Baeza-Yates & Gonnet, 1992). A list's size and a text's tricks change nothing in that:
no part of a text is ever looked at anew.

`tests/bot/writing/test_forbidden.py` counts the steps.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ROW = regex.compile(r"(\p{L})\1{2,}")
"""A letter that stands three times or more in a row."""

_LETTER = regex.compile(r"\p{L}")
_DIGITS = "0345789@$!|1"
_LOOSE = {ord(digit): chr(0xE000 + place) for place, digit in enumerate(_DIGITS)}
"""What stands for a digit, or a sign, that may be read as a letter."""

_READINGS = ("oeastbgasiii", "oeastbgaslll")
_AS_LETTERS = tuple(str.maketrans("".join(_LOOSE.values()), letters) for letters in _READINGS)


class Pattern(NamedTuple):
    """A word, and whether it may be a part of a longer one at its sides."""

    text: str
    open_left: bool = False
    open_right: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it is a word by itself."""
        return not self.open_left and not self.open_right


class Tokens(NamedTuple):
    """What is read as one text: the characters of words that may belong together."""

    text: str
    starts: Sequence[bool]
    """Whether a word starts with this character."""
    ends: Sequence[bool]
    """Whether one ends with it."""


def loose(text: str) -> str:
    """The text with digits and signs that may also be letters."""
    return text.translate(_LOOSE)


def has_letter(text: str) -> bool:
    """Whether there is a letter in it."""
    return _LETTER.search(text) is not None


def short_rows(word: str) -> str:
    """A word with no letter more than three times in a row."""
    return _ROW.sub(r"\1\1\1", word)


class Matcher:
    """Words, ready to be found."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._reads: dict[str, int] = defaultdict(int)
        """The bits that a character may stand for."""
        self._first, self._last = {True: 0, False: 0}, {True: 0, False: 0}
        """Where words begin and end: those that may within a token, and all of them (False)."""
        self._whole = 0
        self._size = 0
        for pattern in patterns:
            self._add(pattern)
        letters = sum(bits for character, bits in self._reads.items() if has_letter(character))
        for digit, character, *read in zip(_DIGITS, _LOOSE.values(), *_READINGS, strict=True):
            for each in {digit, *read} & self._reads.keys():
                self._reads[character] |= self._reads[each]
        self._rows = {c: bits & letters for c, bits in self._reads.items()}

    def __bool__(self) -> bool:
        """Whether there is anything to find."""
        return self._size > 0

    def find(self, tokens: Tokens) -> Iterator[tuple[int, int]]:
        """The beginning and the end of every word that is found; overlapping ones are one."""
        if not self:
            return
        rows = _rows(tokens.text)
        states = list(self._forward(tokens, rows))
        alive, end = 0, 0
        for place in range(len(states) - 1, -1, -1):
            goes_on = self._backward(tokens, rows, place + 1, alive) & states[place]
            if alive and not goes_on:
                yield place + 1, end
            alive = goes_on | (states[place] & self._last[not tokens.ends[place]])
            if not goes_on:
                end = place + 1
        if alive:
            yield 0, end

    def _add(self, pattern: Pattern) -> None:
        first, self._size = self._size, self._size + len(pattern.text)
        for place, character in enumerate(pattern.text, first):
            self._reads[character] |= 1 << place
        for is_open in {False, pattern.open_left}:
            self._first[is_open] |= 1 << first
        for is_open in {False, pattern.open_right}:
            self._last[is_open] |= 1 << (self._size - 1)
        if pattern.is_whole:
            self._whole |= (1 << self._size) - (1 << first)

    def _forward(self, tokens: Tokens, rows: bytes) -> Iterator[int]:
        """The state after each character."""
        going_on, state = ~self._last[False], 0
        for place, character in enumerate(tokens.text):
            state = self._across(tokens, place, state)
            bits = self._reads.get(character, 0)
            begun = ((state & going_on) << 1) | self._first[not tokens.starts[place]]
            state = (begun & bits) | (state & self._rows[character] if bits and rows[place] else 0)
            yield state

    def _backward(self, tokens: Tokens, rows: bytes, place: int, alive: int) -> int:
        """What may have been there one character before."""
        if not alive:
            return 0
        before = (alive & ~self._first[False]) >> 1
        if rows[place]:
            before |= alive & self._rows[tokens.text[place]]
        return self._across(tokens, place, before)

    def _across(self, tokens: Tokens, place: int, state: int) -> int:
        """What goes on into this character: parts of words only where each letter is a token.

        So `well-as` is no `*llas*`.
        """
        if not tokens.starts[place] or not place:
            return state
        return state if tokens.starts[place - 1] and tokens.ends[place] else state & self._whole


def _rows(text: str) -> bytes:
    """Whether each character is one of a row, which counts as one, two or three letters."""
    found = bytearray(len(text))
    for letters in _AS_LETTERS:
        for row in _ROW.finditer(text.translate(letters)):
            found[row.start() : row.end()] = b"\1" * len(row[0])
    return bytes(found)
