from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NameInvalidError
from bot.names import (
    FALLBACK,
    MAXIMUM_CHARACTERS,
    checked_name,
    file_stem,
    name_of_channel,
    name_of_file,
)

GOOD = [
    "Shakespeare",
    "a",
    "../x",
    "/etc/passwd",
    "CON",
    "Гоголь",
    "रवीन्द्रनाथ",
    "می\N{ZERO WIDTH NON-JOINER}خواهم",
    "源氏物語",
    "👩\N{ZERO WIDTH JOINER}👩\N{ZERO WIDTH JOINER}👧",
    "❤\N{VARIATION SELECTOR-16}",
    "שלום",
    "x" * MAXIMUM_CHARACTERS,
]

HIDDEN = [
    "a\0b",
    "a\nb",
    "a\N{RIGHT-TO-LEFT OVERRIDE}b",
    "\N{RIGHT-TO-LEFT MARK}a",
    "a\N{ZERO WIDTH SPACE}",
    "a\N{SOFT HYPHEN}b",
    "a\N{ZERO WIDTH JOINER}b",
    "\N{HANGUL FILLER}",
    "\N{BRAILLE PATTERN BLANK}",
    "a\ud800",
    "a\N{TAG LATIN SMALL LETTER A}",
    "字\N{ZERO WIDTH JOINER}",
]


@pytest.mark.parametrize("name", GOOD)
def test_a_name_of_any_script_is_kept_as_it_is(name: str) -> None:
    assert checked_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", HIDDEN)
def test_a_name_that_hides_something_is_refused(name: str) -> None:
    with pytest.raises(NameInvalidError, match="characters that cannot be seen"):
        checked_name(name)


@pytest.mark.parametrize("name", ["", "   ", "\N{COMBINING ACUTE ACCENT}", "\N{NO-BREAK SPACE}"])
def test_a_name_without_anything_to_see_is_refused(name: str) -> None:
    with pytest.raises(NameInvalidError, match="nothing to see at its beginning"):
        checked_name(name)


def test_a_long_name_is_refused_with_its_length() -> None:
    with pytest.raises(NameInvalidError, match="This name has 41 characters") as refused:
        checked_name("x" * 41)

    assert "please choose one" in str(refused.value)


def test_two_spellings_of_one_name_are_one_name() -> None:
    assert checked_name("  Cafe\N{COMBINING ACUTE ACCENT}\N{NO-BREAK SPACE} 1 ") == "Café 1"


@given(st.text(max_size=60))
def test_a_checked_name_passes_unchanged(name: str) -> None:
    """A name is checked once and means the same for ever: checking is idempotent."""
    try:
        once = checked_name(name)
    except NameInvalidError:
        return

    assert checked_name(once) == once
    assert 1 <= len(once) <= MAXIMUM_CHARACTERS


@given(st.text(max_size=80))
def test_every_file_gives_a_name(file_name: str) -> None:
    """Whatever a file is called, its model gets a name that a person could have typed."""
    name = name_of_file(file_name)

    assert checked_name(name) == name


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("tinyshakespeare.txt", "tinyshakespeare"),
        ("My_Poems.final.txt", "My_Poems.final"),
        ("C:\\texts\\poems.txt", "poems"),
        ("../../etc/passwd", "passwd"),
        (".txt", FALLBACK),
        ("", FALLBACK),
        ("\N{RIGHT-TO-LEFT OVERRIDE}txt.exe", "txt"),
        ("a" * 200 + ".txt", "a" * MAXIMUM_CHARACTERS),
        ("👩\N{ZERO WIDTH JOINER}👧" * 20 + ".txt", "👩\N{ZERO WIDTH JOINER}👧" * 13),
    ],
)
def test_a_model_is_named_after_its_file(file_name: str, name: str) -> None:
    assert name_of_file(file_name) == name


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("v1.0", "v1.0"),
        ("🍺-tavern", "🍺-tavern"),
        ("\u200b", FALLBACK),
        ("a/b" * 40, "a/b" * 13 + "a"),
    ],
)
def test_a_model_is_called_after_its_channel(channel: str, name: str) -> None:
    assert name_of_channel(channel) == name


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("The Raven", "The_Raven"),
        ("Ἰλιάς", "Ἰλιάς"),
        ("../x", "x"),
        ("-rf", "rf"),
        ("CON", "model_CON"),
        ("nul.txt", "model_nul.txt"),
        ("Conan", "Conan"),
        ("🐈", "model"),
    ],
)
def test_a_name_gives_a_file_name_for_every_system(name: str, stem: str) -> None:
    assert file_stem(name) == stem
