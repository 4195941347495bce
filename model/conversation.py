"""An answer in a conversation, by a network that has only ever learned to write on.

    respond : (writer, bookmark, question, seed) -> answer

What somebody says is read as a line of the text, and what the network writes on the next
line is its answer. So between two answers the state always stands where a line begins.

Of a chat that was learned without names, or of any other text, an answer is one line, and
the next one too where the first plainly goes on. Where names were learned, the question is
read as `Ann: hello`, and the answer is the next turn: `Bob: hi`, by whomever the network
lets speak, but rather not by whoever asked. It has a length at most and is cut where a
sentence ends, or else a word. Only what is shown is in the state afterwards.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import regex

from model.generation import begin, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from model.bookmark import Bookmark
    from model.generation import Writer
    from model.sampling import Sampling

ATTEMPTS = 12
"""Answers that are drawn in search of one that can be shown."""

LONGEST_NAME = 40
"""Characters of a speaker's name; a longer beginning of a line is no name."""

LINES = 20
"""The most lines of an answer, blank ones before it included."""

WRAPPED = 50
"""Characters of a line that was wrapped, if no sentence ends with it; verses are shorter."""

ELLIPSIS = "…"

_TURN = re.compile(rf"\s*([^:\n]{{1,{LONGEST_NAME}}}): +(?=\S)")
_GOES_ON = re.compile(r"[,;:\u2013\u2014-]\s*\Z")
_SENTENCE_END = re.compile(r"[.!?…。\uff01\uff1f]+[\"'”\u2019»)\]*]*(?=\s|\Z)")


class Question(NamedTuple):
    """What somebody said to the network."""

    text: str
    """May be empty: then the network just goes on."""
    speaker: str
    """The name of whoever said it, in one line; of use where names were learned."""


class Answer(NamedTuple):
    """What the network says to it, and where it stopped."""

    text: str
    """Never blank; an ellipsis where the network has nothing else to say."""
    speaker: str | None
    """Who says it; None where the network names nobody."""
    bookmark: Bookmark


def respond(
    writer: Writer,
    bookmark: Bookmark | None,
    question: Question,
    *,
    seed: int,
    sampling: Sampling,
    length: int,
    shown: Callable[[str], str] = str,
) -> Answer:
    """Read what somebody said, and answer.

    Args:
        writer: The network.
        bookmark: Where its last answer stopped; None: the conversation begins.
        question: What was said.
        seed: Fixes every draw; any integer.
        sampling: How each character is drawn.
        length: Characters of the answer, at most.
        shown: What people see of a text, as many characters; an answer that is shown as it is
            is preferred to any other, and all that is read of the others is what is shown.

    Raises:
        BookmarkError: The bookmark belongs to a network of other dimensions.
    """
    end = "\n" if "\n" in writer.vocabulary.characters else " "
    asker = question.speaker if writer.names else None
    said = _turn(question.text, asker) + end if question.text else ""
    heard, _ = begin(writer, prompt=said, seed=seed, after=bookmark)
    drafts: dict[_Draft, tuple[bool, ...]] = {}
    for attempt in range(ATTEMPTS):
        draft = _draft(writer, heard, seed + attempt, sampling, length)
        if draft in drafts:
            break
        drafts[draft] = draft.merits(writer, question, shown)
        if all(drafts[draft]):
            break
    best = max(drafts, key=drafts.__getitem__)  # of several the first
    text, speaker = best.text or ELLIPSIS, best.speaker
    turn = shown(_turn(text, speaker))  # whole: a phrase may begin in the speaker's name
    after, _ = begin(writer, prompt=turn + end, seed=seed, after=heard)
    return Answer(turn[-len(text) :], None if speaker is None else turn[: len(speaker)], after)


class _Draft(NamedTuple):
    text: str
    speaker: str | None

    def merits(
        self, writer: Writer, question: Question, shown: Callable[[str], str]
    ) -> tuple[bool, ...]:
        """What speaks for it, the weightiest first."""
        speaker = (self.speaker or "").casefold()
        is_anothers = not writer.names or speaker != question.speaker.casefold()
        is_said = not writer.names or self.speaker is not None
        turn = _turn(self.text, self.speaker)
        may_be_said = shown(turn) == turn
        return self.text != "", may_be_said, is_said, is_anothers


def _turn(text: str, speaker: str | None) -> str:
    return text if speaker is None else f"{speaker}: {text}"


def _draft(writer: Writer, heard: Bookmark, seed: int, sampling: Sampling, length: int) -> _Draft:
    """One answer of the network: a line, or as many as belong together."""
    start, _ = begin(writer, seed=seed, after=heard)
    room = length + LONGEST_NAME
    lines: list[str] = []
    speaker, is_whole = None, True
    for line, has_end in _lines(writer, start, sampling, room):
        turn = _TURN.match(line) if writer.names else None
        if lines and turn is not None:
            break
        is_whole = has_end
        if turn is not None:
            speaker = turn[1].strip()
        if line.strip():
            lines.append((line[turn.end() :] if turn else line).strip())  # as it is shown
        if lines and not writer.names and not _goes_on(line):
            break
    text = "\n".join(lines).strip()
    return _Draft(text if is_whole and len(text) <= length else _cut(text, length), speaker)


def _goes_on(line: str) -> bool:
    """Whether a sentence plainly does not end with this line."""
    ends = any(found.end() == len(line.rstrip()) for found in _SENTENCE_END.finditer(line))
    return _GOES_ON.search(line) is not None or (len(line) >= WRAPPED and not ends)


def _lines(
    writer: Writer, start: Bookmark, sampling: Sampling, room: int
) -> Iterator[tuple[str, bool]]:
    """The lines that follow, each with whether it has come to its end; the last one may not."""
    for _ in range(LINES):
        line, start, is_whole = write(writer, start, length=room, sampling=sampling, stop=["\n"])
        yield line, is_whole
        room -= len(line) + 1
        if not is_whole or room <= 0:
            return


def _cut(text: str, length: int) -> str:
    """The text up to the end of a sentence, or else of a word, and never in a cluster."""
    head = ""
    for cluster in regex.findall(r"\X", text):
        if head and len(head + cluster) > length:
            break
        head += cluster
    ends = [found.end() for found in _SENTENCE_END.finditer(head)]
    if ends and 3 * ends[-1] >= len(head):
        return head[: ends[-1]]
    before, _, _ = head.rpartition(" ")
    return before.rstrip() + ELLIPSIS if before.strip() else head
