"""DiscordChatExporter's HTML, of now and of years ago, read event by event by lxml.

    .chatlog__message-group                     messages of one author
      .chatlog__author, .chatlog__author-name   who; formerly before the messages, now within
                                                the first one
      [data-message-id]                         a message
        .chatlog__content                       what was written, in an element that keeps
                                                its white space

Whatever is around it is passed over: quoted replies, embeds, reactions, the page itself.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from training.corpora.documents import ChatFormat
from training.corpora.messages import Author, Message
from training.errors import CorpusDamagedError, CorpusTooDeepError, CorpusUnknownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from training.corpora.documents import Document


class Part(IntEnum):
    """What an element is to us."""

    OTHER = 0
    SKIPPED = 1
    GROUP = 2
    AUTHOR = 3
    CONTENT = 4
    TEXT = 5


class Look(NamedTuple):
    """All that an element's name and classes tell."""

    part: Part
    is_block: bool
    is_system: bool
    is_bot_tag: bool


PARTS = {
    "chatlog__message-group": Part.GROUP,
    "chatlog__author": Part.AUTHOR,
    "chatlog__author-name": Part.AUTHOR,
    "chatlog__content": Part.CONTENT,
    "chatlog__markdown-preserve": Part.TEXT,
    "preserve-whitespace": Part.TEXT,
}

SKIPPED = re.compile(
    r"chatlog__(?:attachment|edited|embed|forward|reaction|reference|reply|sticker|system)"
)
SYSTEM = "chatlog__system-notification"
BOT_TAGS = frozenset({"chatlog__author-tag", "chatlog__bot-tag"})
NOT_SHOWN = frozenset({"script", "style", "head", "svg"})
BLOCKS = frozenset({"div", "h1", "h2", "h3", "ul", "li", "pre"})
BLOCK_CODE = "chatlog__markdown-pre--multiline"

DEEPEST = 10_000
"""Elements within elements; exports have a few dozen."""

LONGEST_CLASS = 200
"""Characters of an element's name or classes that are looked at."""

PART = 2**20
"""Bytes after which a parser may give way to a new one."""

LONGEST_PART = 64 * PART
"""Bytes after which it should have; they are held in memory."""

_MESSAGE = re.compile(rb"<[a-z]+\s[^<>]*\bdata-message-id\b", re.IGNORECASE)

_EMOJI_NAME = re.compile(r":?[A-Za-z0-9_~]{2,}:?")


def read(document: Document) -> Iterator[Message]:
    """Return the messages of a page.

    Raises:
        CorpusUnknownError: It is another page.
        CorpusTooDeepError: It is nested deeper than any export.
        CorpusDamagedError: There is nothing in it.
    """
    page = Page()
    parser = Parser(page)
    met = False
    with document.source.open() as stream:
        stream.begin_record()
        try:
            for chunk in document.utf8(stream):
                parser.feed(chunk)
                if page.depth > DEEPEST:
                    raise CorpusTooDeepError(document.name, DEEPEST)
                if parser.fed > LONGEST_PART:
                    raise CorpusDamagedError(document.name, EXPORTER.name, "it is laid out oddly")
                if page.complete:
                    met = True
                    yield from page.taken()
                    stream.begin_record()
            parser.close()
        except etree.LxmlError as error:
            raise CorpusDamagedError(document.name, EXPORTER.name, "it is damaged") from error
    page.finish_message()
    if not (met or page.complete):
        raise CorpusUnknownError(document.name, "a web page")
    yield from page.taken()


EXPORTER = ChatFormat("DiscordChatExporter HTML", read)


class Parser:
    """A parser that now and then begins anew, where a message begins.

    lxml holds all that was ever fed to one parser. To us it is the same: all that we remember
    from one message to the next is in the page.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._begin()

    def feed(self, chunk: bytes) -> None:
        """Take some bytes of the page."""
        if self.fed > PART and (message := _MESSAGE.search(chunk)):
            self._parser.feed(chunk[: message.start()])
            self.close()
            self._begin()
            chunk = chunk[message.start() :]
        self._parser.feed(chunk)
        self.fed += len(chunk)

    def close(self) -> None:
        """Take the end of the page."""
        self._parser.close()

    def _begin(self) -> None:
        self._parser = etree.HTMLParser(target=self._page, encoding="utf-8")
        self.fed = 0


class Page:
    """What lxml tells of a page, made into messages."""

    def __init__(self) -> None:
        self.complete: list[Message] = []
        self._open: list[Look] = []
        self._within = [0] * len(Part)
        self._author = Author()
        self._is_bot = self._is_system = False
        self._id: str | None = None
        self._name: list[str] = []
        self._text: list[str] = []

    @property
    def depth(self) -> int:
        """How many elements are open."""
        return len(self._open)

    def taken(self) -> list[Message]:
        """Return the complete messages, once."""
        complete, self.complete = self.complete, []
        return complete

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""
        look = look_at(tag[:LONGEST_CLASS], attributes.get("class", "")[:LONGEST_CLASS])
        self._open.append(look)
        self._within[look.part] += 1
        if "data-message-id" in attributes:
            self.finish_message()
            self._id = attributes["data-message-id"]
        self._is_system = self._is_system or look.is_system
        self._is_bot = self._is_bot or look.is_bot_tag
        if self._within[Part.SKIPPED]:
            return
        if look.part is Part.GROUP:
            self.finish_message()
            self._author, self._is_bot = Author(), False
        elif look.part is Part.AUTHOR:
            self._author = Author(attributes.get("data-user-id", ""), attributes.get("title", ""))
            self._name, self._is_bot = [], False
        elif self._reads_text:
            self._show(tag, look, attributes)

    def end(self, _tag: str) -> None:
        """Take the end of an element."""
        look = self._open.pop()
        self._within[look.part] -= 1
        if look.part is Part.AUTHOR and self._name:
            self._author = self._author._replace(display_name="".join(self._name).strip())
        if look.is_block and self._reads_text:
            self._end_line()

    def data(self, text: str) -> None:
        """Take characters."""
        if self._within[Part.SKIPPED]:
            return
        if self._within[Part.AUTHOR]:
            self._name.append(text)
        elif self._reads_text:
            self._text.append(text)

    def close(self) -> None:
        """Take the end of the page."""

    def finish_message(self) -> None:
        """Put the message together that has been read, if there is one."""
        if self._id is not None:
            number = int(self._id) if re.fullmatch(r"[0-9]{1,19}", self._id) else None
            self.complete.append(
                Message(
                    content="".join(self._text),
                    author=self._author,
                    id=number,
                    is_bot=self._is_bot,
                    is_system=self._is_system,
                )
            )
        self._id, self._is_system, self._text = None, False, []

    @property
    def _reads_text(self) -> bool:
        within = self._within
        return bool(within[Part.CONTENT] and within[Part.TEXT] and not within[Part.SKIPPED])

    def _show(self, tag: str, look: Look, attributes: Mapping[str, str]) -> None:
        """Put into the text what is more than its characters."""
        if tag == "img":
            name = attributes.get("alt", "")
            is_custom = _EMOJI_NAME.fullmatch(name) is not None
            self._text.append(f":{name.strip(':')}:" if is_custom else name)
        elif tag == "br":
            self._text.append("\n")
        elif look.is_block:
            self._end_line()

    def _end_line(self) -> None:
        if self._text and not self._text[-1].endswith("\n"):
            self._text.append("\n")


@lru_cache(maxsize=1024)
def look_at(tag: str, classes: str) -> Look:
    """Return what an element is, which in a page of a million is always the same few."""
    names = classes.split()
    part = next((PARTS[name] for name in names if name in PARTS), Part.OTHER)
    if tag in NOT_SHOWN or any(SKIPPED.match(name) for name in names):
        part = Part.SKIPPED
    return Look(
        part=part,
        is_block=tag in BLOCKS or BLOCK_CODE in names,
        is_system=any(name.startswith(SYSTEM) for name in names),
        is_bot_tag=not BOT_TAGS.isdisjoint(names),
    )
