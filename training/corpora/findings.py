"""What was found, for people: one line, a part for each format.

DiscordChatExporter JSON: 12,480 messages by 31 people, 1,204 left out: bots and repeats
2 plain texts (UTF-8): 15 characters, 10 different ones
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from training.corpora.documents import ChatFormat
from training.corpora.selection import PEOPLE_LIMIT, LeftOut
from training.errors import listed

if TYPE_CHECKING:
    from training.corpora.documents import Format, TextFormat
    from training.corpora.messages import Author


@dataclass(slots=True)
class Tally:
    """What the documents of one format came to."""

    form: Format
    documents: int = 0
    characters: int = 0
    distinct: set[str] = field(default_factory=set)
    encodings: dict[str, None] = field(default_factory=dict)
    """In the order in which they were met."""
    messages: int = 0
    people: set[int] = field(default_factory=set)
    """Their hashes: a hundred thousand names of any length would be gigabytes."""
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def take_text(self, text: str) -> None:
        """Count a piece of the text."""
        self.characters += len(text)
        self.distinct.update(text)

    def take_message(self, author: Author | None) -> None:
        """Count a message that stays."""
        self.messages += 1
        if author is not None and author.key and len(self.people) < PEOPLE_LIMIT:
            self.people.add(hash(author.key))

    @property
    def description(self) -> str:
        """What was found, without a full stop."""
        if isinstance(self.form, ChatFormat):
            return self._describe_chat(self.form)
        return self._describe_text(self.form)

    @property
    def part(self) -> dict[str, Any]:
        """The same as facts, for another language."""
        if isinstance(self.form, ChatFormat):
            return {
                "format": self.form.name,
                "documents": self.documents,
                "messages": self.messages,
                "people": len(self.people),
                "left_out": self.left_out.total(),
                "reasons": self._reasons(),
            }
        return {
            "format": self._named(self.form),
            "documents": self.documents,
            "encodings": ", ".join(self.encodings),
            "characters": self.characters,
            "distinct": len(self.distinct),
        }

    def _describe_chat(self, form: ChatFormat) -> str:
        files = f" ({self.documents:,} files)" if self.documents > 1 else ""
        people = f" by {_people(len(self.people))}" if self.people else ""
        return f"{form.name}{files}: {_count(self.messages, 'message')}{people}{self._left_out()}"

    def _describe_text(self, form: TextFormat) -> str:
        number = f"{self.documents:,} " if self.documents > 1 else ""
        characters = _count(self.characters, "character")
        distinct = f"{len(self.distinct):,} different " + _plural(len(self.distinct), "one")
        return (
            f"{number}{self._named(form)} ({', '.join(self.encodings)}): {characters}, {distinct}"
        )

    def _left_out(self) -> str:
        if not self.left_out:
            return ""
        return f", {self.left_out.total():,} left out: {listed(self._reasons())}"

    def _reasons(self) -> list[str]:
        return [reason.value for reason in LeftOut if self.left_out[reason]]

    def _named(self, form: TextFormat) -> str:
        return form.name if self.documents == 1 else form.plural


@dataclass(slots=True)
class Findings:
    """What all documents came to."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    passed_over: int = 0
    """Files in archives that are no text."""

    def of(self, form: Format) -> Tally:
        """Return the tally of a format."""
        return self.tallies.setdefault(form.name, Tally(form))

    @property
    def characters(self) -> int:
        """How many characters the text has."""
        return sum(tally.characters for tally in self.tallies.values())

    @property
    def distinct(self) -> set[str]:
        """The different characters of the text."""
        return set().union(*(tally.distinct for tally in self.tallies.values()))

    @property
    def description(self) -> str:
        """What was found, in one line."""
        parts = [tally.description for tally in self.tallies.values()]
        if self.passed_over:
            parts.append(f"{_count(self.passed_over, 'file')} passed over: no text")
        return "; ".join(parts)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What was found, as facts."""
        parts = [tally.part for tally in self.tallies.values()]
        return [*parts, {"files": self.passed_over}] if self.passed_over else parts


def _count(number: int, noun: str) -> str:
    return f"{number:,} {_plural(number, noun)}"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else noun + "s"


def _people(number: int) -> str:
    if number >= PEOPLE_LIMIT:
        return f"{number:,} people or more"
    return "1 person" if number == 1 else f"{number:,} people"
