"""CSV with messages in it: DiscordChatExporter's, a data package's, other bots'.

Recognized by the names of its columns, read row by row. DiscordChatExporter's CSV does not
tell which messages are a bot's; its system messages are told by their words.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from training.corpora.documents import ChatFormat
from training.corpora.exporter_words import is_system_text
from training.corpora.messages import Author, Message
from training.errors import CorpusQuoteError, CorpusRowError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.corpora.documents import Document

LONGEST_FIELD = 2**17
"""Characters; a quote that never closes makes a longer one."""


def recognize(head: str) -> ChatFormat | None:
    """Return the format of a text that begins like this, None if it has no known columns."""
    try:
        columns = next(csv.reader([head.partition("\n")[0]]), [])
    except csv.Error:
        return None
    return FORMATS.get(tuple(column.strip() for column in columns))


def read_exporter(document: Document) -> Iterator[Message]:
    """Return the messages of a DiscordChatExporter file."""
    for author_id, name, _, content, *_ in rows(document, 6, EXPORTER.name):
        shown = name.rpartition("#")[0] or name
        yield Message(
            content=content,
            author=Author(author_id, name, shown),
            is_system=is_system_text(content),
        )


def read_package(document: Document) -> Iterator[Message]:
    """Return the messages of one channel in Discord's data package."""
    owner = document.source.owner or Author()
    for identity, _, content, *_ in rows(document, 4, PACKAGE.name):
        number = int(identity) if identity.isascii() and identity.isdecimal() else None
        yield Message(content=content, author=owner, id=number)


def read_other_bot(document: Document) -> Iterator[Message]:
    """Return the messages of a bot that keeps numbers for authors."""
    for author_id, content in rows(document, 2, OTHER_BOT.name):
        yield Message(content=content, author=Author(author_id))


EXPORTER = ChatFormat("DiscordChatExporter CSV", read_exporter)
PACKAGE = ChatFormat("Discord data package", read_package)
OTHER_BOT = ChatFormat("CSV of another bot", read_other_bot, newest_first=True)

FORMATS = {
    ("AuthorID", "Author", "Date", "Content", "Attachments", "Reactions"): EXPORTER,
    ("ID", "Timestamp", "Contents", "Attachments"): PACKAGE,
    ("author_id", "content"): OTHER_BOT,
}


def rows(document: Document, columns: int, kind: str) -> Iterator[list[str]]:
    """Return the rows after the first one.

    Raises:
        CorpusQuoteError: A quote never closes.
        CorpusRowError: A row has too few or too many columns.
    """
    csv.field_size_limit(LONGEST_FIELD)
    with document.csv() as text:
        reader = csv.reader(text, strict=True)
        try:
            next(reader)
            for row in reader:
                if row and len(row) != columns:
                    raise CorpusRowError(document.name, kind, reader.line_num, len(row), columns)
                if row:
                    yield row
                text.begin_record()
        except csv.Error as error:
            raise CorpusQuoteError(document.name, kind, reader.line_num) from error
