"""Words never written: how they are found, whatever they are dressed in, and what is left."""

from __future__ import annotations

import re
import string
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.folding import Folded, folded
from bot.writing.forbidden import MASK, ForbiddenWords

if TYPE_CHECKING:
    from types import FrameType

    from _typeshed import TraceFunction

WORDS = st.lists(st.text("abcde", min_size=1, max_size=4), min_size=1, max_size=6)
TEXTS = st.text(st.sampled_from("abcde  ,.\n"), max_size=80)
ANYTHING = st.text(max_size=40)


@given(WORDS, st.text("abcde ", max_size=80))
def test_whole_words_are_those_that_a_reader_finds(words: list[str], text: str) -> None:
    """A second implementation, for texts in which no letter stands alone or in a row."""
    text = " ".join(
        word for word in text.split() if len(word) > 1 and not re.search(r"(.)\1\1", word)
    )
    words = [word for word in words if not re.search(r"(.)\1\1", word)]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '(?!)'})\b")

    masked = ForbiddenWords(words).mask(text)

    assert masked == pattern.sub(lambda match: MASK * len(match[0]), text)


@given(st.lists(ANYTHING, max_size=6), ANYTHING)
def test_nothing_forbidden_is_left_whatever_is_typed_and_written(
    words: list[str], text: str
) -> None:
    """And the text is as long as before, with its spaces where they were."""
    forbidden = ForbiddenWords(words)

    masked = forbidden.mask(text)

    assert not forbidden.stand_in(masked)
    assert len(masked) == len(text)
    assert all(new in {old, MASK} for old, new in zip(text, masked, strict=True))
    assert [c for c in masked if c.isspace()] == [c for c in text if c.isspace()]
    assert forbidden.mask(masked) == masked


@given(WORDS, TEXTS, TEXTS)
def test_a_word_is_found_across_any_border(words: list[str], before: str, text: str) -> None:
    """A text in two parts has a word in its second one if the whole has one that ends there."""
    forbidden = ForbiddenWords(words)

    whole = any(place.end > len(before) for place in forbidden.find(before + text))

    assert forbidden.stand_in(text, before) == whole


@given(ANYTHING)
def test_every_character_knows_where_it_came_from(text: str) -> None:
    read = Folded.of(text)

    assert len(read.places) == len(read.text)
    assert read.places == sorted(read.places)
    assert folded(read.text) == read.text


@pytest.mark.parametrize(
    "dressed",
    [
        "word",
        "WORD",
        "Wörd",
        "wo\N{COMBINING ACUTE ACCENT}rd",
        "\N{FULLWIDTH LATIN SMALL LETTER W}ord",
        "\N{MATHEMATICAL BOLD SMALL W}ord",
        "w\N{ZERO WIDTH SPACE}o\N{SOFT HYPHEN}rd",
        "w\N{CYRILLIC SMALL LETTER O}rd",
        "w0rd",
        "wooord",
        "woorddddd".replace("oo", "o"),
        "w-o-r-d",
        "w o r d",
        "w . o . r . d",
        "wo.rd",
        "(word)",
        "“word”,",
        "a word",
        "w\N{ZERO WIDTH JOINER}ord\N{ZERO WIDTH JOINER}",
    ],
)
def test_a_word_is_found_in_whatever_it_is_dressed(dressed: str) -> None:
    masked = ForbiddenWords(["Word"]).mask(f"x {dressed} y")

    assert MASK in masked
    assert "rd" not in folded(masked)
    assert (masked[:2], masked[-2:]) == ("x ", " y")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("word", "words"),
        ("word", "sword"),
        ("word", "w\no\nr\nd"),
        ("word", "wo rd"),
        ("ass", "as"),
        ("ass", "as far as a glass"),
        ("as", "ass"),
        ("is", "15"),
        ("lass", "well-as*"),
        ("*llas*", "well-as"),
        ("word*", "sword"),
        ("*word", "words"),
        ("a.c", "abc"),
        (".*", "anything"),
        ("[a-z]", "b"),
        ("", "anything"),
        ("*", "anything * at all"),
        (MASK, MASK * 3),
        ("bad word", "bad"),
    ],
)
def test_what_is_no_forbidden_word_stays(typed: str, text: str) -> None:
    assert ForbiddenWords([typed]).mask(text) == text


@pytest.mark.parametrize(
    ("typed", "text", "masked"),
    [
        ("word*", "Words, swords", "█████, swords"),
        ("*word", "words, a sword", "words, a █████"),
        ("*word*", "a swordfish!", "a █████████!"),
        ("bad word", "a bad,\nWORD y", "a ████\n████ y"),
        ("bad-word", "badword bad-word", "███████ ████████"),
        ("c@t", "c@t", "███"),
        ("c++", "c, C++ or c#", "c, ███ or c#"),
        ("a$$", "a $ a$$ ass", "a $ ███ ass"),
        ("hit!", "hit it", "███ it"),
        ("so*", "50 s0me a50 455hole", "50 ████ a50 455hole"),
        ("ass*", "455hole 455 ass", "███████ 455 ███"),
        ("shit", "sh\N{LATIN SMALL LETTER DOTLESS I}t", "████"),
        ("damn", "d a m n s", "█ █ █ █ s"),
        ("damn*", "damns d-a-m-n", "█████ ███████"),
        ("ass", "a$$ @ss asss", "███ ███ ████"),
        ("hit", "h!t hit! h1t", "███ ███! ███"),
        ("lol", "1o1 |ol", "███ ███"),
        ("1488", "the 1488th 1488", "the 1488th ████"),
        ("xxx", "xx xxx xxxxx", "xx ███ █████"),
        ("aaabbbcccddd", "aaaabbbcccddd", "█████████████"),
        ("酒", "我要喝酒了", "我要喝█了"),
        ("ban", "banの", "███の"),
        ("\N{AUBERGINE}", "an \N{AUBERGINE}\N{VARIATION SELECTOR-16}!", "an ██!"),
        ("straße", "STRASSE", "███████"),
        ("naïve", "naive", "█████"),
        ("ﬁn", "fin", "███"),
    ],
)
def test_a_word_is_masked_where_it_stands(typed: str, text: str, masked: str) -> None:
    assert ForbiddenWords([typed]).mask(text) == masked


LETTERS = string.ascii_lowercase
MANY = [f"*{first}{second}{first}x*" for first in LETTERS[:20] for second in LETTERS]


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        (MANY, "a b c d e f g h "),
        (["*ab*", "*cd*", "abcdefgh" * 5], "a b c d e f g h "),
        (MANY, "a-b-c-d-e-f-g-h-"),
        (MANY, "!!!!"),
        (MANY, "aaab1bbbcccabc"),
        (["*ababab*", "*aabbaabb*", "*aaabaaab*"], "aaabbb"),
        ([f"bad {first}{second}" for first in LETTERS for second in LETTERS], "bad "),
        (["*aa*", "b*"], "a"),
        (["c++", "a$$"], "c++++ a$$$$ "),
    ],
)
def test_no_list_and_no_text_takes_more_than_its_length(words: list[str], piece: str) -> None:
    """Spelled, hyphenated, without spaces or of signs alone: twice the text, twice the steps."""
    forbidden = ForbiddenWords(words)

    once, twice = (steps(forbidden, piece * times) for times in (25, 50))

    assert twice <= 2 * once + 50
    assert steps(ForbiddenWords(words[:1]), piece * 25) >= 0.5 * once


def test_what_is_masked_makes_no_further_phrase() -> None:
    """Or each round would find the next two words around what the last one has masked."""
    forbidden = ForbiddenWords(["x", "a1 b1"])

    few, many = (steps(forbidden, "a1 " * n + "x " + "b1 " * n) for n in (10, 100))

    assert forbidden.mask("a1 a1 x b1") == "a1 a1 █ b1"
    assert many < 12 * few


def test_thousands_of_words_take_no_more_steps_than_ten() -> None:
    """With parts and phrases, on ordinary text."""
    text = "The quick brown fox jumps over the lazy dog, who was not amused by it. " * 10
    few = ForbiddenWords([*(f"*word{number}" for number in range(9)), "bad word"])
    many = ForbiddenWords(
        [f"{'*' * (n % 3 == 0)}w{n:x}rd{'*' * (n % 5 == 0)}" for n in range(5000)]
        + [f"bad w{n:x}" for n in range(500)]
    )

    assert steps(many, text) <= 1.1 * steps(few, text)


def steps(words: ForbiddenWords, text: str) -> int:
    """How many lines of Python run to mask a text."""
    count = 0

    def trace(_: FrameType, event: str, __: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        words.mask(text)
    finally:
        sys.settrace(before)
    return count
