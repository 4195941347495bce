"""JSON with messages in it: DiscordChatExporter's, a channel's, a data package's, other bots'.

Recognized by the shape of its beginning, read one message at a time by ijson. A key may be
absent, since they come and go with versions; a value of another type than the format has is
an error, never guessed at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import ijson

from training.corpora.documents import ChatFormat
from training.corpora.json_outline import BROKEN, Outline, shallow, without_lone_surrogates
from training.corpora.messages import NOBODY, Author, Message
from training.errors import (
    CorpusDamagedError,
    CorpusFieldError,
    CorpusUnknownError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from training.corpora.documents import Document

T = TypeVar("T")

WRITTEN_BY_PEOPLE = frozenset({"Default", "Reply"})

NUMBERS = {"use_float": True}
"""Without it, ijson 3.6 crashes the whole process at a number of more than 4,300 digits."""

_WRONG = (ijson.JSONError, UnicodeDecodeError)
"""What ijson raises: the second where the latter half of a surrogate pair stands alone."""

LONGEST_PREFIX = 1_000
"""Characters; a hundred lists within each other have half of that."""

_PIECE = 1024
"""Bytes that are looked at before it is checked how deep they are."""

_OF_EXPORTER = {
    ("guild", "start_map"),
    ("channel", "start_map"),
    ("messages.item.author", "start_map"),
}
"""One of these is in every export, and in what is shaped like one."""


def recognize(head: str, name: str) -> ChatFormat | None:
    """Return the format of a text that begins like this, None if it is no JSON.

    Raises:
        CorpusTooDeepError: It is nested deeper than any export.
        CorpusUnknownError: It is JSON with another content.
    """
    shape, is_json = _shape(head.encode(), name)
    found = _format_of(shape)
    if found is None and is_json and any(event == "map_key" for _, event in shape):
        raise CorpusUnknownError(name, "JSON")
    return found


def _shape(head: bytes, name: str) -> tuple[set[tuple[str, str]], bool]:
    """Return which events are under which prefixes, and whether all of it is JSON so far."""
    events = ijson.sendable_list()
    parser = ijson.parse_coro(events, **NUMBERS)
    outline = Outline(name, "JSON")
    shape: set[tuple[str, str]] = set()
    for first in range(0, len(head), _PIECE):
        piece = head[first : first + _PIECE]
        try:
            parser.send(piece)
        except _WRONG:
            return shape | _short(events), False
        outline.take(piece)
        shape |= _short(events)
        events.clear()
    return shape, True


def _short(events: Iterable[tuple[str, str, object]]) -> set[tuple[str, str]]:
    """Return events with their prefixes, without those that only a long name can have."""
    return {event[:2] for event in events if len(event[0]) <= LONGEST_PREFIX}


def _format_of(shape: set[tuple[str, str]]) -> ChatFormat | None:
    if ("history", "start_map") in shape:
        return HISTORY
    has_messages = any(prefix == "messages.item" for prefix, _ in shape)
    if ("messages", "start_array") in shape and (shape & _OF_EXPORTER or not has_messages):
        return EXPORTER
    if ("item.Contents", "string") in shape or shape == {("", "start_array"), ("", "end_array")}:
        return PACKAGE
    return OTHER_BOT if ("item.message", "string") in shape else None


def read_exporter(document: Document) -> Iterator[Message]:
    """Return the messages of a DiscordChatExporter file."""
    for record in records(document, "messages.item", EXPORTER.name):
        content = record.get("content", "", str)
        author = record.within("author")
        yield Message(
            content=content,
            author=_author(author),
            id=record.number("id"),
            is_bot=author.get("isBot", default=False, kind=bool),
            is_system=record.get("type", "Default", str) not in WRITTEN_BY_PEOPLE,
            mentions=_mentions(record) if "<@" in content else NOBODY,
        )


def read_package(document: Document) -> Iterator[Message]:
    """Return the messages of one channel in Discord's data package."""
    owner = document.source.owner or Author()
    for record in records(document, "item", PACKAGE.name):
        yield Message(content=record.get("Contents", "", str), author=owner, id=record.number("ID"))


def read_other_bot(document: Document) -> Iterator[Message]:
    """Return the messages of a bot that keeps no authors."""
    for record in records(document, "item", OTHER_BOT.name):
        yield Message(content=record.get("message", "", str))


HISTORY = ChatFormat("The channel's history", read_exporter)
EXPORTER = ChatFormat("DiscordChatExporter JSON", read_exporter)
PACKAGE = ChatFormat("Discord data package", read_package)
OTHER_BOT = ChatFormat("JSON of another bot", read_other_bot)


class Record:
    """An object of a file, whose values have the types that its format gives them."""

    def __init__(self, values: Mapping[str, Any], document: Document, kind: str) -> None:
        self._values, self._document, self._kind = values, document, kind

    def get(self, key: str, default: T, kind: type[T]) -> T:
        """Return a value, or the default where it is absent or null.

        Raises:
            CorpusFieldError: It has another type.
        """
        value = self._values.get(key)
        if value is None:
            return default
        if not isinstance(value, kind):
            raise self.wrong(key)
        return value

    def within(self, key: str) -> Record:
        """Return the object that is a value."""
        return Record(self.get(key, {}, dict), self._document, self._kind)

    def all_within(self, key: str) -> Iterator[Record]:
        """Return the objects of a list that is a value."""
        for values in self.get(key, [], list):
            if not isinstance(values, dict):
                raise self.wrong(key)
            yield Record(values, self._document, self._kind)

    def number(self, key: str) -> int | None:
        """Return an id, which some write as digits."""
        value = self._values.get(key)
        digits = str(value) if isinstance(value, str | int) else ""
        if value is not None and not (digits.isascii() and digits.isdecimal()):
            raise self.wrong(key)
        return int(digits) if 0 < len(digits) < 20 else None

    def text(self, key: str) -> str:
        """Return an id or a name as text, "" where there is none."""
        value = self._values.get(key)
        if value is not None and not isinstance(value, str | int):
            raise self.wrong(key)
        return "" if value is None else str(value)

    def wrong(self, key: str) -> CorpusFieldError:
        """Return the error of a value that has the wrong type."""
        return CorpusFieldError(self._document.name, self._kind, key)


def records(document: Document, prefix: str, kind: str) -> Iterator[Record]:
    """Return the objects under a prefix, one by one.

    Raises:
        CorpusDamagedError: The JSON is broken, breaks off or has something else there.
        CorpusTooDeepError: It is nested deeper than any export.
    """
    with document.source.open() as stream:
        stream.begin_record()
        whole = without_lone_surrogates(document.utf8(stream), document.name, kind)
        chunks = shallow(whole, document.name, kind)
        try:
            for values in ijson.items(ijson.from_iter(chunks), prefix, **NUMBERS):
                if not isinstance(values, dict):
                    raise CorpusDamagedError(document.name, kind, "something in it is no message")
                yield Record(values, document, kind)
                stream.begin_record()
        except _WRONG as error:
            raise CorpusDamagedError(document.name, kind, BROKEN) from error


def _author(author: Record) -> Author:
    name, discriminator = author.text("name"), author.text("discriminator")
    full = f"{name}#{discriminator}" if discriminator.strip("0") else name
    return Author(author.text("id"), full, author.text("nickname") or name)


def _mentions(record: Record) -> dict[str, str]:
    return {
        person.text("id"): person.text("nickname") or person.text("name")
        for person in record.all_within("mentions")
    }
