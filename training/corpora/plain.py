"""Plain text and Markdown: every line stays, blank and repeated ones too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.corpora.cleaning import normalize
from training.corpora.documents import CHUNK, TextFormat
from training.errors import CorpusLineTooLongError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.corpora.documents import Document

LONGEST_LINE = 2_000_000
"""Characters. A whole novel in one line is shorter; a line of 10 MB is longer in any script."""


def read(document: Document) -> Iterator[str]:
    """Return a text in pieces that end where lines end, which is where NFC cannot tell.

    Raises:
        CorpusLineTooLongError: A line goes on and on.
    """
    rest: list[str] = []
    length = 0
    with document.text() as text:
        while chunk := text.read(CHUNK):
            head, line_end, tail = chunk.rpartition("\n")
            if line_end:
                yield normalize("".join((*rest, head, line_end)))
                rest, length = [], 0
            rest.append(tail)
            length += len(tail)
            text.begin_record()
            if length > LONGEST_LINE:
                raise CorpusLineTooLongError(document.name, LONGEST_LINE)
    if length:
        yield normalize("".join(rest))


PLAIN = TextFormat("Plain text", "plain texts", read, ends_its_last_line=False)
