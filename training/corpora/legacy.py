"""The encodings from before UTF-8, told apart by charset-normalizer.

It decodes a sample in every encoding of a list and looks at what comes out: how much mess
there is, and how much like a language it reads. It is believed only where there is hardly any
mess and enough text; where several encodings do equally well, the most common one of them is
taken, for on a few lines nothing tells French in cp1252 from the same bytes in cp1257.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

COMMON_FIRST = (
    *("cp1252", "cp1251", "cp932", "gb18030", "cp1250", "euc_jp", "cp949", "big5"),
    *("koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2"),
    *("cp866", "mac_roman", "cp850", "cp852", "cp437"),
)
"""The encodings that are considered, the most common first."""

ENOUGH = 400
"""Bytes below which nothing is believed."""

MESS = 0.03
"""The most mess that a believed answer has; wrong answers begin at twice that."""

EQUALLY_MESSY, EQUALLY_LIKE_A_LANGUAGE = 0.03, 0.1
"""What may lie between two answers that do equally well."""


def guess(sample: bytes) -> str:
    """Return the encoding that the lines of a text are in, "" if that is not clear."""
    if len(sample) < ENOUGH:
        return ""
    matches = [*from_bytes(sample, cp_isolation=[*COMMON_FIRST])]
    if not matches or matches[0].chaos > MESS:
        return ""
    fitting = {name for match in matches if _fits(match, matches[0]) for name in _names(match)}
    return next((name for name in COMMON_FIRST if name in fitting), "")


def _fits(match: CharsetMatch, best: CharsetMatch) -> bool:
    return (
        match.chaos <= best.chaos + EQUALLY_MESSY
        and match.coherence >= best.coherence - EQUALLY_LIKE_A_LANGUAGE
    )


def _names(match: CharsetMatch) -> list[str]:
    return match.could_be_from_charset
