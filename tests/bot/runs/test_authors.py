from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import AuthorsInvalidError
from bot.runs.authors import checked_authors


@pytest.mark.parametrize(
    ("typed", "authors"),
    [
        (None, ()),
        ("Ann", ("Ann",)),
        (' Ann, "Smith, John",42 ', ("Ann", "Smith, John", "42")),
        ("<@11> <@!22>", ("11", "22")),
        ("Ann <@22>,", ("Ann", "22")),
        ("Ann\nBob\r", ("Ann Bob",)),
        ('"Ann', ("Ann",)),
        ("👩\u200d🚀", ("👩\u200d🚀",)),
        ("a\0b\ud800", ("a b",)),
    ],
)
def test_people_are_chosen_by_names_numbers_and_mentions(
    typed: str | None, authors: tuple[str, ...]
) -> None:
    assert checked_authors(typed) == authors


@pytest.mark.parametrize("typed", ["", " ", ", ,", '""', "\0", "\n"])
def test_a_list_without_a_name_is_refused_rather_than_taken_for_everybody(typed: str) -> None:
    with pytest.raises(AuthorsInvalidError) as refused:
        checked_authors(typed)

    assert str(refused.value) == (
        'There is no name in authors; please list some, as in Ann, "Smith, John".'
    )


@given(st.text())
@example("\ud800")
@example('"\r\n')
@example("a" * 2000)
def test_whatever_is_typed_can_be_handed_to_a_program(typed: str) -> None:
    try:
        authors = checked_authors(typed)
    except AuthorsInvalidError:
        return
    assert authors
    assert all(author.encode() and "\0" not in author for author in authors)
