"""Whose messages somebody wants to train on, from what was typed.

`training.corpus.split_authors` has the rule, which the command line shares. On Discord people
also pick each other from a list, and then a mention arrives in place of a name: the number in
it is taken. What cannot be part of a name, nor of a program's arguments, is taken as a space.
"""

from __future__ import annotations

import re

from bot.errors import AuthorsInvalidError
from training.corpus import split_authors

MAXIMUM_CHARACTERS = 1_000
"""What may be typed; some fifty names."""

_MENTION = re.compile(r"<@!?([0-9]{1,20})>")
_NO_PART_OF_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def checked_authors(typed: str | None) -> tuple[str, ...]:
    """The names and numbers in a list; none at all where nothing was typed.

    Raises:
        AuthorsInvalidError: Something was typed, but no name.
    """
    if typed is None:
        return ()
    line = _NO_PART_OF_A_NAME.sub(" ", typed[:MAXIMUM_CHARACTERS])
    authors = split_authors(_MENTION.sub(r",\1,", line))
    if not authors:
        raise AuthorsInvalidError
    return authors
