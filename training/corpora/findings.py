"""What was found, for people: one line, a part for each format.

DiscordChatExporter JSON: 12,480 messages by 31 people, 1,204 left out: bots and repeats
2 plain texts (UTF-8): 15 characters, 10 different ones
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from training.corpora.documents import ChatFormat
from training.corpora.selection import PEOPLE_LIMIT, LeftOut

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
    people: set[str] = field(default_factory=set)
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def take_text(self, text: str) -> None:
        """Count a piece of the text."""
        self.characters += len(text)
        self.distinct.update(text)

    def take_message(self, author: Author | None) -> None:
        """Count a message that stays."""
        self.messages += 1
        if author is not None and author.key and len(self.people) < PEOPLE_LIMIT:
            self.people.add(author.key)

    @property
    def description(self) -> str:
        """What was found, without a full stop."""
        if isinstance(self.form, ChatFormat):
            return self._describe_chat(self.form)
        return self._describe_text(self.form)

    def _describe_chat(self, form: ChatFormat) -> str:
        files = f" ({self.documents:,} files)" if self.documents > 1 else ""
        people = f" by {_people(len(self.people))}" if self.people else ""
        return f"{form.name}{files}: {_count(self.messages, 'message')}{people}{self._left_out()}"

    def _describe_text(self, form: TextFormat) -> str:
        name = form.name if self.documents == 1 else f"{self.documents:,} {form.plural}"
        characters = _count(self.characters, "character")
        distinct = f"{len(self.distinct):,} different " + _plural(len(self.distinct), "one")
        return f"{name} ({', '.join(self.encodings)}): {characters}, {distinct}"

    def _left_out(self) -> str:
        reasons = [reason.value for reason in LeftOut if self.left_out[reason]]
        if not reasons:
            return ""
        return f", {self.left_out.total():,} left out: {_listed(reasons)}"


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


def _count(number: int, noun: str) -> str:
    return f"{number:,} {_plural(number, noun)}"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else noun + "s"


def _people(number: int) -> str:
    if number >= PEOPLE_LIMIT:
        return f"{number:,} people or more"
    return "1 person" if number == 1 else f"{number:,} people"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
