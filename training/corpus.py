"""From files to the text that is trained on, whatever the files are.

    write_corpus  : files -> text, into a stream    in constant memory
    read_corpus   : files -> text                   for whoever needs all of it at once

`training.corpora` has the readers. The bot calls neither: a process of its own does
(`training.launcher`), and the same options choose there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

from training.corpora.reading import read_into
from training.corpora.sources import UNPACKED_LIMIT
from training.errors import CorpusTooShortError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MINIMUM_CHARACTERS = 1_000
"""Below this there is nothing to hold out and next to nothing to learn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusSummary:
    """What was found in a corpus's files."""

    characters: int
    distinct: int
    """How many different characters."""
    description: str
    """For people, such as "Plain text (UTF-8): 1,115,394 characters, 65 different ones"."""
    parts: Sequence[Mapping[str, Any]] = ()
    """The same as facts, for another language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A text and what it was made from."""

    text: str
    summary: CorpusSummary


def write_corpus(
    paths: Sequence[Path],
    out: TextIO,
    *,
    authors: Sequence[str] = (),
    names: bool = False,
    unpacked_limit: int = UNPACKED_LIMIT,
) -> CorpusSummary:
    """Write the text of all files to a stream, however short it is.

    Args:
        paths: The files, in any format and order; archives too.
        out: Takes the text; of no use if this raises.
        authors: Names or ids of the only people whose messages are wanted; none: everybody's.
        names: Whether each message begins with its author's name, as in "Ann: hello".
        unpacked_limit: Bytes that all files together may have, unpacked.

    Raises:
        CorpusError: A file cannot be used, or nothing is left.
    """
    found = read_into(out, paths, authors=authors, names=names, unpacked_limit=unpacked_limit)
    return CorpusSummary(
        characters=found.characters,
        distinct=len(found.distinct),
        description=found.description,
        parts=found.parts,
    )


def read_corpus(
    paths: Sequence[Path],
    *,
    authors: Sequence[str] = (),
    names: bool = False,
    unpacked_limit: int = UNPACKED_LIMIT,
) -> Corpus:
    """Return the text of all files, however short; see `write_corpus`."""
    out = io.StringIO()
    summary = write_corpus(paths, out, authors=authors, names=names, unpacked_limit=unpacked_limit)
    return Corpus(text=out.getvalue(), summary=summary)


def check_long_enough(characters: int, required: int = MINIMUM_CHARACTERS) -> None:
    """Refuse a text that is too short to learn from.

    Raises:
        CorpusTooShortError: It has fewer characters than required.
    """
    if characters < required:
        raise CorpusTooShortError(characters, required)


def split_authors(typed: str) -> tuple[str, ...]:
    """Return the names in a list such as `Ann, "Smith, John"`, as people type it."""
    rows = csv.reader(io.StringIO(typed, newline=""), skipinitialspace=True)
    return tuple(name.strip() for row in rows for name in row if name.strip())


def join_authors(authors: Sequence[str]) -> str:
    """Return the list that `split_authors` splits into these names."""
    line = io.StringIO()
    csv.writer(line, lineterminator="", quoting=csv.QUOTE_ALL).writerow(authors)
    return line.getvalue()
