"""What is looked at in JSON's bytes before ijson sees them: how deep it is, and half characters.

ijson keeps, for each level, the names of all levels above it. So memory grows with the square
of the depth, and a long name counts once for each level within it: 60,000 levels in 200 KB
take 9 GB. Its events come too late, and one by one they cost a multiple of this.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from training.errors import CorpusDamagedError, CorpusTooDeepError

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 100
"""Levels of nesting; exports have about eight."""

LONGEST_NAME = 64 * 1024
"""Bytes of a name (a key), give or take a chunk; exports have a dozen."""

BROKEN = "it breaks off or is damaged"

_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}

_NO_MARKS = bytes(set(range(256)) - set(b'"[]{}'))

_LONE_SURROGATE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}"
    rb"(?:[^\\]|\\[^u]|\\u[^dD]|\\u[dD][^c-fC-F])"
)
"""The first half of a pair without the second one, which ijson would read as "?"."""

_OVERLAP = 64


class Outline:
    """Follows a JSON text, piece by piece, as far as it is well-formed.

    Args:
        name: What people call the file.
        kind: What they call its format.
    """

    def __init__(self, name: str, kind: str) -> None:
        self._name, self._kind = name, kind
        self._depth = 0
        self._in_string = False
        self._cut = b""
        self._length = 0  # of the string in which the last piece ended

    def take(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            CorpusTooDeepError: It is nested deeper than any export.
            CorpusDamagedError: A name in it goes on and on.
        """
        text = self._cut + piece
        if b"\\" in text:
            text = text.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        self._cut = b"\\" if text.endswith(b"\\") else b""
        marks = text.translate(None, _NO_MARKS).replace(b'""', b"").split(b'"')
        brackets = b"".join(marks[self._in_string :: 2])
        levels = [*accumulate(map(_STEPS.__getitem__, brackets), initial=self._depth)]
        if max(levels) > DEEPEST:
            raise CorpusTooDeepError(self._name, DEEPEST)
        self._depth = levels[-1]
        began_in_string = self._in_string
        self._in_string = began_in_string != (len(marks) % 2 == 0)
        self._check_name(text, began_in_string=began_in_string)

    def _check_name(self, text: bytes, *, began_in_string: bool) -> None:
        """Refuse a long string if a colon follows it, maybe after a lot of white space."""
        if began_in_string:
            string, quote, text = text.partition(b'"')
            self._length += len(string)
            if not quote:
                return
        following = text.lstrip()[:1]
        if following == b":" and self._length > LONGEST_NAME:
            raise CorpusDamagedError(self._name, self._kind, BROKEN)
        if self._in_string:
            self._length = len(text) - text.rfind(b'"')
        elif following:
            self._length = 0


def shallow(chunks: Iterator[bytes], name: str, kind: str) -> Iterator[bytes]:
    """Pass the pieces of a JSON text on.

    Raises:
        CorpusTooDeepError: It is nested deeper than any export.
        CorpusDamagedError: A name in it goes on and on.
    """
    outline = Outline(name, kind)
    for chunk in chunks:
        outline.take(chunk)
        yield chunk


def without_lone_surrogates(chunks: Iterator[bytes], name: str, kind: str) -> Iterator[bytes]:
    """Pass the pieces of a JSON text on.

    Raises:
        CorpusDamagedError: The first half of a pair is escaped, and the second one is not there.
    """
    before = b""
    for chunk in chunks:
        text = before + chunk
        if any(_is_escape(text, found.start()) for found in _LONE_SURROGATE.finditer(text)):
            raise CorpusDamagedError(name, kind, "it has half a character (a lone surrogate)")
        before = text[-_OVERLAP:]
        yield chunk


def _is_escape(text: bytes, position: int) -> bool:
    """Whether a backslash is the first half of an escape, not the second."""
    before = text[max(0, position - _OVERLAP) : position]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 0
