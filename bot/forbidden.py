"""Words that a server never wants to read: how they are typed, found and masked.

    word       a whole word            word*  *word  *word*   a part of one, where the stars are
    two words  a phrase, whatever stands between them

Texts and words are compared as people read them: without case, accents and what cannot be seen,
digits as the letters that they look like (`w0rd`), a letter that stands three times or more in a
row as one or two (`wooord`), and with separators inside (`w-o-r-d`, `w o r d`). In scripts without
spaces a word is found inside others. Nothing that is typed is ever a regular expression.

    find : text -> places of forbidden words        mask : text -> text of the same length

Everything is looked up in sets, so that a list of thousands costs hardly more than one of ten.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from bot.folding import Folded, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

MASK: Final = "█"
STAR: Final = "*"
LONGEST_WORD: Final = 50
"""Characters of a word or a phrase, once it is folded."""

_SIGNS = "@$!|"
"""What may stand for a letter without being a digit."""

_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
"""The letters of scripts that do not separate words."""

_WORD = regex.compile(
    rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{_SPACELESS}]]+|[{_SPACELESS}]+|[{_SIGNS}]", regex.V1
)
"""A word, several that nothing separates, or a sign."""

_IS_SPACELESS = regex.compile(rf"[{_SPACELESS}]")
_ROW = regex.compile(r"(\p{L})\1{2,}")
"""A letter that stands three times or more in a row."""

_LETTER = regex.compile(r"\p{L}")
_DIGITS = f"0345789{_SIGNS}1"
_AS_LETTERS = (
    str.maketrans(_DIGITS, "oeastbgasiii"),
    str.maketrans(_DIGITS, "oeastbgaslll"),
)
_MOST_ROWS = 3
"""Rows of one word that are read in every way; further ones as a single letter."""

_WIDEST_GAP = 3
"""Characters between two letters that belong together nevertheless."""


class Place(NamedTuple):
    """Characters of a text, from `start` up to `end`."""

    start: int
    end: int


class Token(NamedTuple):
    """A word of a folded text, or a sign, and where it stands there."""

    text: str
    start: int
    end: int


class ForbiddenWords:
    """A server's list, ready to be found in texts.

    Args:
        typed: The words as somebody typed them; what has nothing to find is left out.
    """

    def __init__(self, typed: Iterable[str] = ()) -> None:
        self._whole: set[str] = set()
        self._beginnings: set[str] = set()
        self._ends: set[str] = set()
        self._parts: set[str] = set()
        self._signs: set[str] = set()
        self._phrases: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for each in typed:
            self._add(each.replace(MASK, "").strip())
        alone = self._whole | self._beginnings | self._ends | self._parts
        self._parts_by_size, self._signs_by_size = _by_size(self._parts), _by_size(self._signs)
        self._longest = max(map(len, alone), default=0)
        self._is_empty = not (alone or self._phrases or self._signs)

    def __bool__(self) -> bool:
        """Whether anything is forbidden."""
        return not self._is_empty

    def stand_in(self, text: str, before: str = "") -> bool:
        """Whether one stands in the text, be it that it begins in what stands before."""
        return any(place.end > len(before) for place in self.find(before + text))

    def mask(self, text: str) -> str:
        """The text with every forbidden word masked, character by character."""
        while places := self.find(text):  # what is left of a word may be another one
            for place in places:
                masked = "".join(
                    character if character.isspace() else MASK
                    for character in text[place.start : place.end]
                )
                text = text[: place.start] + masked + text[place.end :]
        return text

    def find(self, text: str) -> list[Place]:
        """Where forbidden words stand, in no order."""
        if not self:
            return []
        read = Folded.of(text)
        tokens = [Token(match[0], *match.span()) for match in _WORD.finditer(read.text)]
        found = [
            *self._single(tokens),
            *self._joined(tokens, read.text),
            *self._phrased(tokens),
            *_occurrences(read.text, self._signs_by_size),
        ]
        return [Place(*read.origin(place.start, place.end)) for place in found]

    def _add(self, typed: str) -> None:
        bare = folded(typed.strip(STAR)).strip()
        words = [_short_rows(word) for word in _WORD.findall(bare) if _is_word(word)]
        if not words:
            self._signs |= {bare} - {""}
        elif len(words) > 1:
            self._phrases[words[0]].append(tuple(words))
            if not any(character.isspace() for character in bare):
                self._whole.add("".join(words))
        else:
            inside = _IS_SPACELESS.match(words[0]) is not None
            left, right = inside or typed.startswith(STAR), inside or typed.endswith(STAR)
            self._kind(left=left, right=right).add(words[0])

    def _kind(self, *, left: bool, right: bool) -> set[str]:
        """The set of words that are open to these sides."""
        if left:
            return self._parts if right else self._ends
        return self._beginnings if right else self._whole

    def _single(self, tokens: Sequence[Token]) -> Iterator[Place]:
        """Tokens that are forbidden words, or have such a part."""
        for token in tokens:
            if _IS_SPACELESS.match(token.text):
                for start, end in _occurrences(token.text, self._parts_by_size):
                    yield Place(token.start + start, token.start + end)
            elif any(self._forbids(form) for form in _forms(token.text)):
                yield Place(token.start, token.end)

    def _joined(self, tokens: Sequence[Token], text: str) -> Iterator[Place]:
        """Tokens that make a forbidden word together: with signs or separators inside."""
        for first, start in enumerate(tokens):
            joined, last, spelled = start.text, start, len(start.text) == 1
            for token in tokens[first + 1 :]:
                spelled = spelled and len(token.text) == 1
                if len(joined) > 2 * self._longest or not _belong(last, token, text):
                    break
                joined, last = joined + token.text, token
                forms = _forms(joined)
                # parts of words only where each letter stands alone: `well-as` is no `*llas*`
                if not self._whole.isdisjoint(forms) or (
                    spelled and any(map(self._forbids, forms))
                ):
                    yield Place(start.start, last.end)

    def _phrased(self, tokens: Iterable[Token]) -> Iterator[Place]:
        """Phrases, whatever stands between their words."""
        if not self._phrases:
            return
        words = [token for token in tokens if _is_word(token.text)]
        for first, word in enumerate(words):
            for phrase in itertools.chain(*(self._phrases.get(f, ()) for f in _forms(word.text))):
                there = words[first : first + len(phrase)]
                if len(there) == len(phrase) and all(
                    wanted in _forms(token.text)
                    for wanted, token in zip(phrase, there, strict=True)
                ):
                    yield Place(word.start, there[-1].end)

    def _forbids(self, word: str) -> bool:
        """Whether this word is on the list, or has a beginning, an end or a part that is."""
        most = min(len(word), self._longest)
        return (
            word in self._whole
            or any(word[:size] in self._beginnings for size in range(1, most + 1))
            or any(word[-size:] in self._ends for size in range(1, most + 1))
            or any(_occurrences(word, self._parts_by_size))
        )


@lru_cache(maxsize=64)
def forbidden_words(typed: tuple[str, ...]) -> ForbiddenWords:
    """The list of a server, which stays ready as long as it is in use."""
    return ForbiddenWords(typed)


def _by_size(parts: Iterable[str]) -> dict[int, set[str]]:
    sizes: dict[int, set[str]] = defaultdict(set)
    for part in parts:
        sizes[len(part)].add(part)
    return sizes


def _occurrences(text: str, parts: Mapping[int, Collection[str]]) -> Iterator[Place]:
    """Every place where one of these stands; one look for each size and beginning."""
    for size, known in parts.items():
        for start in range(len(text) - size + 1):
            if text[start : start + size] in known:
                yield Place(start, start + size)


def _is_word(token: str) -> bool:
    """Whether it is more than a sign."""
    return token not in _SIGNS


def _belong(left: Token, right: Token, text: str) -> bool:
    """Whether two tokens may be one word that somebody has taken apart."""
    gap = text[left.end : right.start]
    if len(gap) > _WIDEST_GAP or MASK in gap or "\n" in gap:
        return False
    spelled = len(left.text) == len(right.text) == 1
    return spelled or not any(character.isspace() for character in gap)


@lru_cache(maxsize=4096)
def _forms(word: str) -> frozenset[str]:
    """All the ways to read a word: digits as letters, rows as one, two or three letters."""
    readings = {word}
    if not word.isalpha() and _LETTER.search(word):
        readings |= {word.translate(letters) for letters in _AS_LETTERS}
    return frozenset(form for reading in readings for form in _with_rows(reading))


def _with_rows(word: str) -> Iterable[str]:
    rows = _ROW.findall(word)
    if not rows:
        return (word,)
    pieces = _ROW.split(word)[::2]
    kept = itertools.product((1, 2, 3), repeat=min(len(rows), _MOST_ROWS))
    read = (
        "".join(
            piece + letter * (sizes[place] if place < len(sizes) else 1)
            for place, (piece, letter) in enumerate(zip(pieces, [*rows, ""], strict=True))
        )
        for sizes in kept
    )
    return (*read, _short_rows(word))


def _short_rows(word: str) -> str:
    """A word with no letter more than three times in a row."""
    return _ROW.sub(r"\1\1\1", word)
