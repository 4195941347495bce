"""A channel's messages on disk while they are read: a file that only grows, newest first.

A page of messages is one line. It also says how far the reading has come with it, so the last
whole line is all that is needed to go on; what a crash left of another one is cut off. Of
messages that will not be learned from, nothing but who wrote them is kept.

    append : messages -> a line            durably, before the next page is asked for
    export : lines -> a file that `training.corpora` reads (the form is in its `messages`)
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from training.corpora.messages import Author
from training.corpora.selection import LeftOut

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from training.corpora.messages import Message
    from training.corpora.selection import Selection

_NOT_LEARNED = {LeftOut.BOTS, LeftOut.SYSTEM, LeftOut.OTHERS, LeftOut.TEXTLESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a reading has come."""

    oldest: int | None = None
    """The id of the oldest message that was read; older ones come next."""
    messages: int = 0
    """Read so far, those that are left out among them."""
    characters: int = 0
    """Of the text that they come to."""
    is_complete: bool = False
    """Whether nothing is left to read, or there is text enough."""


class PageFile:
    """The pages of one reading.

    Args:
        folder: The run's directory.
        selection: Tells what is left of a message, so that its characters can be counted.
        limit: The most characters of the text.
    """

    def __init__(self, folder: Path, selection: Selection, *, limit: int) -> None:
        self._pages, self._exported = _files(folder)
        self._selection = selection
        self._limit = limit

    def resume(self) -> Cursor:
        """Return how far the reading came before; cuts off what a crash left of a page."""
        last, end = None, 0
        if self._pages.exists():
            with self._pages.open("r+b") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        last, end = line, end + len(line)
                file.truncate(end)
        return Cursor() if last is None else Cursor(**json.loads(last)["cursor"])

    def append(
        self, cursor: Cursor, messages: Sequence[Message], *, opted_out: Collection[str]
    ) -> Cursor:
        """Keep a page, newest first, and return how far the reading has come with it.

        Args:
            cursor: How far it had come.
            messages: Those before the cursor; none if it has reached the channel's beginning.
            opted_out: The ids of people of whom nothing is kept.
        """
        kept: list[dict[str, Any]] = []
        for message in messages:
            opted = _is_of(message, opted_out)
            judged = LeftOut.OTHERS if opted else self._selection.judge(message)
            grown = cursor.characters + (len(judged) + 1 if isinstance(judged, str) else 0)
            if grown > self._limit:
                return self._write(cursor, kept, is_complete=True)
            cursor = Cursor(oldest=message.id, messages=cursor.messages + 1, characters=grown)
            if not opted:
                record = _record(message, learned=judged not in _NOT_LEARNED)
                kept.append(_without_mentions(record, opted_out))
        return self._write(cursor, kept, is_complete=not messages)

    def export(self, *, opted_out: Collection[str]) -> Path:
        """Write what the readers of corpora read, without these people, and return the file."""
        with open(self._exported, "w", encoding="utf-8", opener=_private) as file:
            file.write('{"history": {}, "messages": [')
            between = "\n"
            for record in self._records():
                if record["author"]["id"] not in opted_out:
                    left = _without_mentions(record, opted_out)
                    file.write(between + json.dumps(left, ensure_ascii=False))
                    between = ",\n"
            file.write("]}\n")
        return self._exported

    def _write(self, cursor: Cursor, records: list[dict[str, Any]], *, is_complete: bool) -> Cursor:
        reached = Cursor(**(asdict(cursor) | {"is_complete": is_complete}))
        line = json.dumps({"cursor": asdict(reached), "messages": records}, ensure_ascii=False)
        with open(self._pages, "ab", opener=_private) as file:
            file.write(line.encode("utf-8", "replace") + b"\n")
            file.flush()
            os.fsync(file.fileno())
        return reached

    def _records(self) -> Iterator[dict[str, Any]]:
        with self._pages.open(encoding="utf-8") as file:
            for line in file:
                yield from json.loads(line)["messages"]


def remove_pages(folder: Path) -> None:
    """Delete every message that was kept for a run; no matter if there are none."""
    for file in _files(folder):
        file.unlink(missing_ok=True)


def _files(folder: Path) -> tuple[Path, Path]:
    return folder / "pages.jsonl", folder / "messages.json"


def _is_of(message: Message, people: Collection[str]) -> bool:
    return message.author is not None and message.author.id in people


def _record(message: Message, *, learned: bool) -> dict[str, Any]:
    """A message in the form that `training.corpora.messages` describes."""
    author = message.author or Author()
    mentions = message.mentions.items() if learned else ()
    return {
        "id": str(message.id),
        "type": "System" if message.is_system else "Default",
        "content": message.content if learned else "",
        "author": {
            "id": author.id,
            "name": author.name,
            "nickname": author.display_name,
            "isBot": message.is_bot,
        },
        "mentions": [{"id": number, "name": name} for number, name in mentions],
    }


def _without_mentions(record: dict[str, Any], people: Collection[str]) -> dict[str, Any]:
    mentions = [person for person in record["mentions"] if person["id"] not in people]
    return record | {"mentions": mentions}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
