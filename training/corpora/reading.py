"""From files to one text: every document is recognized, read, cleaned and written in turn.

A message ends its line. A plain text that another document follows gets a line end. Messages
that come latest first are turned around, by way of a temporary file, since a conversation is
read from its beginning.
"""

from __future__ import annotations

import tempfile
from array import array
from itertools import chain, islice
from typing import TYPE_CHECKING, TextIO

from training.corpora.archives import sources_of
from training.corpora.documents import ChatFormat, Document
from training.corpora.encodings import find_encoding, shown_name
from training.corpora.findings import Findings
from training.corpora.formats import recognize
from training.corpora.kinds import check_kind
from training.corpora.selection import LeftOut, Selection
from training.corpora.sources import Budget
from training.errors import (
    THIS_FILE,
    CorpusBinaryError,
    CorpusEmptyError,
    CorpusForeignError,
    CorpusMonotonousError,
    CorpusNamelessError,
    CorpusNothingLeftError,
    printable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from training.corpora.documents import TextFormat
    from training.corpora.findings import Tally
    from training.corpora.messages import Message
    from training.corpora.sources import Source

PEEKED = 20
"""Messages whose ids tell in which order a document is."""

MONOTONOUS = 1_000
"""Characters from which on a text that is a single one, repeated, is refused."""


class Reading:
    """Reads documents into a text.

    Args:
        out: Takes the text.
        selection: Chooses and cleans messages.
    """

    def __init__(self, out: TextIO, selection: Selection) -> None:
        self._out, self._selection = out, selection
        self._before = ""
        self._ends_line = True
        self.findings = Findings()

    def take(self, source: Source) -> None:
        """Read a source; what is no text, or empty, is passed over within an archive.

        Raises:
            CorpusError: It cannot be used.
        """
        try:
            check_kind(source)
            encoding = find_encoding(source)
        except (CorpusBinaryError, CorpusEmptyError, CorpusForeignError):
            if not source.is_member:
                raise
            self.findings.passed_over += 1
            return
        self._before = "" if self._ends_line else "\n"
        document = Document(source=source, encoding=encoding)
        form = recognize(document)
        tally = self.findings.of(form)
        tally.documents += 1
        tally.encodings[shown_name(encoding)] = None
        if isinstance(form, ChatFormat):
            self._take_chat(document, form, tally)
        else:
            self._take_text(document, form, tally)

    def finish(self) -> Findings:
        """Return what was found.

        Raises:
            CorpusError: It comes to nothing.
        """
        self._selection.check_met()
        distinct = self.findings.distinct
        visible = {character for character in distinct if not character.isspace()}
        if not visible:
            found = self.findings.description or "nothing was found"
            raise CorpusNothingLeftError(found, self.findings.parts)
        if len(visible) == 1 and self.findings.characters >= MONOTONOUS:
            raise CorpusMonotonousError
        return self.findings

    def _take_chat(self, document: Document, form: ChatFormat, tally: Tally) -> None:
        messages = form.read(document)
        first = [*islice(messages, PEEKED)]
        texts = self._select(chain(first, messages), tally)
        self._selection.begin()
        for text in turned(texts) if form.newest_first or descends(first) else texts:
            self._write(text, tally)
            self._ends_line = True

    def _take_text(self, document: Document, form: TextFormat, tally: Tally) -> None:
        if self._selection.chooses:
            raise CorpusNamelessError(document.name, "nobody can be chosen")
        is_blank = True
        for text in form.read(document):
            self._write(text, tally)
            is_blank = is_blank and not text.strip()
        if is_blank and not document.source.is_member:
            raise CorpusEmptyError(document.name)
        self._ends_line = form.ends_its_last_line

    def _select(self, messages: Iterable[Message], tally: Tally) -> Iterator[str]:
        for message in messages:
            judged = self._selection.judge(message)
            if isinstance(judged, LeftOut):
                tally.left_out[judged] += 1
            else:
                tally.take_message(message.author)
                yield judged + "\n"

    def _write(self, text: str, tally: Tally) -> None:
        text, self._before = self._before + text, ""
        tally.take_text(text)
        self._out.write(text)


def read_into(
    out: TextIO, paths: Sequence[Path], *, authors: Sequence[str], names: bool, unpacked_limit: int
) -> Findings:
    """Write the text of all files, which may have so many bytes together, unpacked.

    Raises:
        CorpusError: A file cannot be used; whatever was written until then is of no use.
    """
    reading = Reading(out, Selection(authors=authors, names=names))
    budget = Budget(unpacked_limit)
    for path in paths:
        name = printable(path.name) if len(paths) > 1 else THIS_FILE
        for source in sources_of(path, name, budget):
            reading.take(source)
    return reading.finish()


def descends(messages: Sequence[Message]) -> bool:
    """Whether messages come latest first, as far as their ids tell."""
    ids = [message.id for message in messages if message.id is not None]
    return len(ids) > 1 and ids[0] > ids[-1]


def turned(texts: Iterable[str]) -> Iterator[str]:
    """Return texts in the opposite order, without holding them in memory."""
    ends = array("Q", [0])
    with tempfile.TemporaryFile() as file:
        for text in texts:
            file.write(text.encode())
            ends.append(file.tell())
        while len(ends) > 1:
            end = ends.pop()
            file.seek(ends[-1])
            yield file.read(end - ends[-1]).decode()
