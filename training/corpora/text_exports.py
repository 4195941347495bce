"""DiscordChatExporter's TXT: a page for people, read back into messages.

    [DATE] AUTHOR                   after an empty line, all dates written alike
    content, of any number of lines

    {Attachments}, {Embed}, ...     sections that are not the author's words
    ===...===                       the end

A line of content that looks like a header is not one unless its date is written as the first
one's is, and an empty line is before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from training.corpora.documents import ChatFormat
from training.corpora.exporter_words import is_system_text
from training.corpora.messages import Author, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.corpora.documents import Document, TextStream

RULE = "=" * 62

_HEADER = re.compile(r"\[([^\]\n]*\d[^\]\n]*)\] (.+?)(?: \(pinned\))?")
_SECTIONS = frozenset(
    f"{{{name}}}" for name in ("Attachments", "Embed", "Stickers", "Reactions", "Forwarded Message")
)


def recognize(head: str) -> ChatFormat | None:
    """Return the format of a text that begins like this, None if it is another."""
    return EXPORTER if re.match(rf"{RULE}\nGuild: .*\nChannel: ", head) else None


def read(document: Document) -> Iterator[Message]:
    """Return the messages of a file."""
    with document.text() as text:
        for header, lines in _blocks(text):
            content = "\n".join(_own_words(lines))
            name = header[2]
            shown = name.rpartition("#")[0] or name
            yield Message(
                content=content,
                author=Author(name=name, display_name=shown),
                is_system=is_system_text(content),
            )


EXPORTER = ChatFormat("DiscordChatExporter TXT", read)


def _blocks(text: TextStream) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Return each header with the lines under it, a record."""
    header: re.Match[str] | None = None
    block: list[str] = []
    shape, before = "", RULE
    for line in (line.rstrip("\n") for line in text):
        found = _HEADER.fullmatch(line) if not before else None
        if found and (not shape or _shape(found[1]) == shape):
            shape = _shape(found[1])
            if header:
                yield header, block
            header, block = found, []
            text.begin_record()
        else:
            block.append(line)
        before = line
    if header:
        yield header, block[: block.index(RULE)] if RULE in block else block


def _shape(date: str) -> str:
    """Return how a date is written, whichever it is."""
    return re.sub(r"\d+", "0", re.sub(r"\b[AP]M\b", "", date))


def _own_words(lines: list[str]) -> list[str]:
    """Return the lines before the first section; an empty one is before each of them."""
    for index, line in enumerate(lines):
        if line in _SECTIONS and (index == 0 or not lines[index - 1]):
            return lines[:index]
    return lines
