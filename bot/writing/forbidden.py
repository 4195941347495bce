"""Words that a server never wants to read: how they are typed, found and masked.

    word       a whole word            word*  *word  *word*   a part of one, where the stars are
    two words  a phrase, whatever stands between them       c++  a$$  exactly so, wherever it stands

Texts and words are compared as people read them: without case, accents and what cannot be seen,
digits as the letters that they look like (`w0rd`), a letter that stands three times or more in a
row as one or two (`wooord`), and with separators inside (`w-o-r-d`, `w o r d`). In scripts without
spaces a word is found inside others. Nothing that is typed is ever a regular expression.

    find : text -> places of forbidden words        mask : text -> text of the same length

`bot.writing.matching` looks for all of them in one pass, so that no list and no text stalls the
bot.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from bot.writing.folding import Folded, folded
from bot.writing.matching import Matcher, Pattern, Tokens, has_letter, loose, short_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
_BESIDE = regex.compile(r"\S*[\p{S}#@&%]\S*")
"""A word that is one only with the signs in it, such as `c++`."""

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
        alone, phrases, signs = set[Pattern](), set[Pattern](), set[Pattern]()
        for each in typed:
            bare = each.replace(MASK, "").strip()
            found = folded(bare.strip(STAR)).strip()
            words = [word for word in _WORD.findall(found) if _is_word(word)]
            if not words or _BESIDE.fullmatch(found):
                signs |= {_part(found)} if found else set()
            elif len(words) == 1:
                alone.add(_word(words[0], bare))
            else:
                phrases.add(Pattern(short_rows(" ".join(words))))
                if not any(character.isspace() for character in found):
                    alone.add(Pattern(short_rows("".join(words))))
        self._alone, self._phrases, self._signs = map(Matcher, (alone, phrases, signs))

    def __bool__(self) -> bool:
        """Whether anything is forbidden."""
        return any((self._alone, self._phrases, self._signs))

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
            *self._find_alone(tokens, read.text),
            *self._find_phrases(tokens, read.text),
            *self._find_signs(read.text),
        ]
        return [Place(*read.origin(place.start, place.end)) for place in found]

    def _find_alone(self, tokens: Sequence[Token], text: str) -> Iterator[Place]:
        """Words, be they taken apart, or written with digits; these alone are no word."""
        line = _Line(tokens, lambda left, right: "" if _belong(left, right, text) else "\n")
        yield from itertools.starmap(line.place, self._alone.find(line.tokens))
        as_letters = line.tokens._replace(text=loose(line.tokens.text))
        if as_letters != line.tokens:
            read = itertools.starmap(line.place, self._alone.find(as_letters))
            yield from (place for place in read if has_letter(text[place.start : place.end]))

    def _find_phrases(self, tokens: Iterable[Token], text: str) -> Iterator[Place]:
        """Phrases, whatever stands between their words but what is masked."""
        if not self._phrases:
            return
        words = [
            token._replace(text=loose(token.text)) if has_letter(token.text) else token
            for token in tokens
            if _is_word(token.text)
        ]
        line = _Line(
            words, lambda left, right: "\n" if MASK in text[left.end : right.start] else " "
        )
        yield from itertools.starmap(line.place, self._phrases.find(line.tokens))

    def _find_signs(self, text: str) -> Iterator[Place]:
        """What has signs, wherever it stands."""
        anywhere = [True] * len(text)
        yield from itertools.starmap(Place, self._signs.find(Tokens(text, anywhere, anywhere)))


class _Line:
    """Tokens as one text, each with what stands between it and the one before."""

    def __init__(self, tokens: Iterable[Token], between: Callable[[Token, Token], str]) -> None:
        pieces: list[str] = []
        starts, ends = list[bool](), list[bool]()
        self._places: list[Place] = []
        last = None
        for token in tokens:
            gap = "" if last is None else between(last, token)
            inside = [False] * (len(token.text) - 1)
            pieces += gap, token.text
            starts += [*([False] * len(gap)), True, *inside]
            ends += [*([False] * len(gap)), *inside, True]
            self._places += [*([Place(token.start, token.start)] * len(gap)), *_places(token)]
            last = token
        self.tokens = Tokens("".join(pieces), starts, ends)

    def place(self, start: int, end: int) -> Place:
        """Where these characters of the line stand."""
        return Place(self._places[start].start, self._places[end - 1].end)


@lru_cache(maxsize=64)
def forbidden_words(typed: tuple[str, ...]) -> ForbiddenWords:
    """The list of a server, which stays ready as long as it is in use."""
    return ForbiddenWords(typed)


def _part(text: str) -> Pattern:
    return Pattern(short_rows(text), open_left=True, open_right=True)


def _word(word: str, typed: str) -> Pattern:
    """A single word, with stars as it was typed."""
    if _IS_SPACELESS.match(word):
        return _part(word)
    return Pattern(short_rows(word), typed.startswith(STAR), typed.endswith(STAR))


def _places(token: Token) -> list[Place]:
    """What is masked of a token for each of its characters: the whole of a word."""
    if _IS_SPACELESS.match(token.text):
        return [Place(place, place + 1) for place in range(token.start, token.end)]
    return [Place(token.start, token.end)] * len(token.text)


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
