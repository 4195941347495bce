"""Which encoding a source is in: found in one pass, then held to, strictly.

    mark -> strict UTF-8 -> UTF-16 by its statistics -> no NUL bytes -> charset-normalizer

Whoever saves a text today saves UTF-8, and by chance almost nothing else is valid UTF-8, so
the first two steps decide nearly always. The last one is a guess, and is believed only where
it is clear (`training.corpora.legacy`).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from training.errors import CorpusBinaryError, CorpusEmptyError, CorpusEncodingError

if TYPE_CHECKING:
    from training.corpora.sources import Source

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""The byte order marks that a text may begin with, and the codec that takes them off."""

CHUNK = 256 * 1024

SAMPLE = 64 * 1024
"""Bytes that are looked at where statistics decide."""

PAGE = 2_000
"""Bytes of a text in which a few odd characters may be what they most often are."""

SHOWN = {
    "utf-8-sig": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "Shift_JIS",
    "cp949": "EUC-KR",
}
"""How people call a codec, where it is not just its name in capitals."""


def find_encoding(source: Source) -> str:
    """Return the codec that decodes all of a source.

    Raises:
        CorpusEmptyError: It has no bytes, or nothing but a mark.
        CorpusBinaryError: It has NUL bytes, or NUL characters.
        CorpusEncodingError: It is in none that can be told for certain.
    """
    with source.open() as stream:
        head = stream.read(SAMPLE)
    mark = next((mark for mark in MARKS if head.startswith(mark)), b"")
    if head == mark:
        raise CorpusEmptyError(source.name)
    encoding = MARKS.get(mark) or "utf-8"
    if _decodes(source, encoding):
        return encoding
    if not mark and (encoding := wide_encoding(head)) and _decodes(source, encoding):
        return encoding
    if _has_nul(source):
        raise CorpusBinaryError(source.name)
    if mark:
        raise CorpusEncodingError(source.name)
    return _guess(source)


def shown_name(encoding: str) -> str:
    """Return an encoding's name for people."""
    named = SHOWN.get(encoding, encoding.upper().replace("_", "-"))
    return re.sub("^CP125", "Windows-125", named)


def wide_encoding(head: bytes) -> str:
    """Return which UTF-16 a text without a mark is in, "" if none.

    In UTF-16 the upper bytes of a text are few different ones, and it has blanks or line ends
    between characters that are all assigned; in other bytes, or the wrong order, this is rare.
    """
    even = head[: len(head) // 2 * 2]
    for encoding, upper in (("utf-16-le", even[1::2]), ("utf-16-be", even[::2])):
        if not _is_concentrated(upper):
            continue
        text = codecs.getincrementaldecoder(encoding)("replace").decode(even)
        if _is_prose(text):
            return encoding
    return ""


def _is_concentrated(upper: bytes) -> bool:
    counts = Counter(upper)
    return counts[0] > 0 and sum(n for _, n in counts.most_common(4)) > 0.5 * len(upper)


def _is_prose(text: str) -> bool:
    odd = sum(
        1 for c in text if unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\r\n"
    )
    return odd == 0 and any(c in " \n\u3000\u3002" for c in text) and "\ufffd" not in text


def _decodes(source: Source, encoding: str) -> bool:
    """Whether all of a source is text in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with source.open() as stream:
        try:
            while chunk := stream.read(CHUNK):
                if "\0" in decoder.decode(chunk):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _has_nul(source: Source) -> bool:
    with source.open() as stream:
        while chunk := stream.read(CHUNK):
            if b"\0" in chunk:
                return True
    return False


def _guess(source: Source) -> str:
    from training.corpora.legacy import guess  # noqa: PLC0415 - takes 0.1 s to import

    sample = _sample(source)
    encoding = "" if _is_damaged_utf8(sample) else guess(sample)
    if not encoding or not _decodes(source, encoding):
        raise CorpusEncodingError(source.name)
    return encoding


def _sample(source: Source) -> bytes:
    """Return the first lines that have anything beyond ASCII.

    In a long text they may be few; then they are returned several times over, for ASCII beside
    them would only drown what they tell.
    """
    telling, size = bytearray(), 0
    with source.open() as stream:
        while len(telling) < SAMPLE and (line := stream.readline(SAMPLE)):
            size += len(line)
            if not line.isascii():
                telling += line
    if size >= PAGE > len(telling) > 0:
        return bytes(telling) * (PAGE // len(telling))
    return bytes(telling)


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether this was UTF-8 once: with lone surrogates, or with a broken byte here and there."""
    with suppress(UnicodeDecodeError):
        sample.decode("utf-8", "surrogatepass")
        return True
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(not character.isascii() for character in text) > 2 * broken
