r"""From files to the text that is trained on.

    decode     : bytes -> str             by its mark, otherwise strictly UTF-8
    normalize  : str -> str               line endings to \n, control characters out, NFC

Every line of a plain text stays as it is, blank and repeated ones too. Several files are
joined by a line end.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.errors import (
    CorpusBinaryError,
    CorpusEmptyError,
    CorpusEncodingError,
    CorpusTooShortError,
    CorpusUnreadableError,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MINIMUM_CHARACTERS = 1_000
"""Below this there is nothing to hold out and next to nothing to learn."""

MARKS = {
    codecs.BOM_UTF8: "UTF-8",
    codecs.BOM_UTF16_LE: "UTF-16-LE",
    codecs.BOM_UTF16_BE: "UTF-16-BE",
}
"""The byte order marks that a text may begin with."""

_LINE_ENDINGS = re.compile(r"\r\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A text and what it was made from."""

    text: str
    source: str
    """For people, such as "Plain text (UTF-8)"."""

    @property
    def distinct(self) -> int:
        """How many different characters there are."""
        return len(set(self.text))

    @property
    def description(self) -> str:
        """What was found, in one line."""
        return f"{self.source}: {len(self.text):,} characters, {self.distinct:,} different ones"


def read_corpus(paths: Sequence[Path]) -> Corpus:
    """Return the text of all files, however short.

    Raises:
        CorpusError: A file cannot be read, is empty or is no text that we can decode.
    """
    named = len(paths) > 1
    read = [_read_file(path, name=path.name if named else "This file") for path in paths]
    encodings = ", ".join(dict.fromkeys(encoding for _, encoding in read))
    source = f"{len(paths)} plain texts" if named else "Plain text"
    return Corpus(text="\n".join(text for text, _ in read), source=f"{source} ({encodings})")


def check_long_enough(characters: int, required: int = MINIMUM_CHARACTERS) -> None:
    """Refuse a text that is too short to learn from.

    Raises:
        CorpusTooShortError: It has fewer characters than required.
    """
    if characters < required:
        raise CorpusTooShortError(characters, required)


def decode(content: bytes, name: str = "This file") -> tuple[str, str]:
    """Return the text and the name of its encoding.

    Raises:
        CorpusBinaryError: It has NUL characters.
        CorpusEncodingError: It is in neither UTF-8 nor, with a mark, UTF-16.
    """
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    encoding = MARKS.get(mark, "UTF-8")
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise (CorpusBinaryError if b"\0" in content else CorpusEncodingError)(name) from error
    if "\0" in text:
        raise CorpusBinaryError(name)
    return text, encoding[:6].rstrip("-")


def normalize(text: str) -> str:
    r"""Return the text with \n as its only line ending, without control characters, in NFC."""
    with_lines = _LINE_ENDINGS.sub("\n", text)
    return unicodedata.normalize("NFC", _CONTROLS.sub("", with_lines))


def _read_file(path: Path, *, name: str) -> tuple[str, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusUnreadableError(path, (error.strerror or "no reason given").lower()) from error
    text, encoding = decode(content, name)
    text = normalize(text)
    if not text.strip():
        raise CorpusEmptyError(name)
    return text, encoding
