"""A source whose encoding is known: what a reader reads. And what a format is."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from training.corpora.messages import Message
    from training.corpora.sources import ByteStream, Source

HEAD = 64 * 1024
"""Characters by which a format is recognized."""

CHUNK = 64 * 1024


class TextStream(io.TextIOWrapper):
    """A source's characters."""

    def begin_record(self) -> None:
        """Say that a record is complete, and that the next one begins."""
        cast("ByteStream", self.buffer).begin_record()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A source and its encoding."""

    source: Source
    encoding: str

    @property
    def name(self) -> str:
        """What people call it."""
        return self.source.name

    def head(self) -> str:
        r"""Return the first characters; line endings are \n."""
        with self.text() as text:
            return text.read(HEAD)

    def text(self) -> TextStream:
        r"""Return the characters; line endings are \n."""
        return self._decoded(newline=None)

    def lines(self) -> Iterator[str]:
        """Return the lines, each a record, without their endings."""
        with self.text() as text:
            for line in text:
                yield line.rstrip("\n")
                text.begin_record()

    def csv(self) -> TextStream:
        """Return the characters with the line endings as they are, which `csv` wants."""
        return self._decoded(newline="")

    def utf8(self, stream: ByteStream) -> Iterator[bytes]:
        """Return the bytes of the opened source in pieces, as UTF-8 without a mark."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        while chunk := stream.read(CHUNK):
            yield chunk if self.encoding == "utf-8" else decoder.decode(chunk).encode()

    def _decoded(self, newline: str | None) -> TextStream:
        text = TextStream(self.source.open(), self.encoding, newline=newline)
        text.begin_record()
        return text


@dataclass(frozen=True, slots=True)
class ChatFormat:
    """A format of messages."""

    name: str
    """For people, such as "DiscordChatExporter JSON"."""
    read: Callable[[Document], Iterator[Message]]
    newest_first: bool = False
    """Whether it begins with the latest message and does not show it by ids."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A format of running text."""

    name: str
    plural: str
    read: Callable[[Document], Iterator[str]]
    """Returns pieces of the text, each of them normalized."""
    ends_its_last_line: bool = True


Format = ChatFormat | TextFormat
