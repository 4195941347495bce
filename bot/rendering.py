"""What people see of a text that a model wrote, and of names that people chose.

Discord turns parts of a message into something live: mentions, links, invites, emoji,
timestamps, spoilers. None of that may come from a model or from a person's text. Three
functions are all there is to it:

    fence  : a text of several lines -> a code fence that nothing inside it can close
    plain  : a text of one line      -> markdown that shows exactly this line, or as much of it
                                        as fits (`plain_within`)
    spoken : what somebody says      -> markdown that shows its lines, as `plain` does each

`tests/bot/test_rendering.py` holds them against Discord's own rules, with texts made of
backticks, mentions and links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.requests import Written

CONTENT_LIMIT = 2000
"""The longest content of a message, in characters."""

SKIPPED_SHOWN = 40
"""Characters that the model does not know and that are named; more of them are counted."""

LINE_BREAK, RETURN = "\n", "↵"
"""A line break in a line, and the sign that stands for it."""

_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"

_NEVER_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters and halves of surrogate pairs, which Discord drops or refuses, and what turns
the rest of a line around."""

_LINE_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
_INVITE = re.compile(r"(discord)(?=(?:app)?\.[a-z])", re.IGNORECASE)
_LIST = re.compile(r"\A(\d+)([.)])(?=\s)")
_FENCED = re.compile(r"```\n(.*?)\n```", re.DOTALL)
_SPEAKER = re.compile(r"\A\*\*(.+?):\*\* ")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_MARKUP = re.compile(r"[\\*_~`|\[\]<>]|\A[#+-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message: its content and, where the texts do not fit into it, each text as a file."""

    content: str
    files: Sequence[bytes] = ()


def size(text: str) -> int:
    """The length that Discord counts at most: in UTF-16, as its own program does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fence(text: str) -> str:
    r"""The text in a code fence that it cannot close.

    Three backticks close a fence, so no two of them stay side by side. A fence also needs
    something that is not a line break, and would lose the line breaks at its beginning.
    """
    body = _NEVER_SHOWN.sub("", text)
    body = re.sub("`(?=`)", f"`{_ZERO_WIDTH}", body)
    body = _INVITE.sub(rf"\1{_ZERO_WIDTH}", body)
    if body[:1] in {"", "\n"}:
        body = _ZERO_WIDTH + body
    return f"```\n{body}\n```"


def plain(text: str) -> str:
    """One line that shows the text as it is: no markup, mention, link, invite or emoji."""
    line = _NEVER_SHOWN.sub("", _LINE_BREAKS.sub(" ", text))
    line = _INVITE.sub(rf"\1{_ZERO_WIDTH}", line)
    line = line.replace("://", f":{_ZERO_WIDTH}//").replace("@", f"@{_ZERO_WIDTH}")
    return _MARKUP.sub(r"\\\g<0>", line)


def spoken(text: str, speaker: str | None) -> str:
    """What somebody says in a conversation: its lines as they are, after the speaker's name.

    It fits into a message if the text has at most `bot.writing.talking.LONGEST_ANSWER` characters.
    """
    lines = [_LIST.sub(r"\1\\\2", plain(line.strip())) for line in text.strip().split("\n")]
    said = "\n".join(lines).strip() or "…"
    return said if speaker is None else f"**{plain(speaker)}:** {said}"


def read_back(content: str) -> str:
    """The text in a message that `fence` or `spoken` made, without what stands below it."""
    fenced = _FENCED.findall(content)
    if fenced:
        return str(fenced[-1]).replace(_ZERO_WIDTH, "")
    lines = [line for line in content.split("\n") if not line.startswith("-# ")]
    said = _ESCAPED.sub(r"\1", _SPEAKER.sub(r"\1: ", "\n".join(lines)))
    return said.replace(_ZERO_WIDTH, "")


def plain_within(text: str, limit: int) -> str:
    """One line that shows the text as `plain` does, or its beginning if that is too long."""
    if size(plain(text)) <= limit:
        return plain(text)
    kept = text[:limit]
    while (excess := size(plain(f"{kept}…")) - limit) > 0:
        kept = kept[: -max(1, excess // 2)]  # a character is shown as two at most
    return plain(f"{kept}…")


def written(answers: Sequence[Written], *, whole: bool) -> Rendered:
    """A message with one text or several and, discreetly below, where they came from.

    Args:
        answers: The texts, all of one model and with the same options.
        whole: Whether the prompt stands before each text.
    """
    texts = [(answer.prompt if whole else "") + answer.text for answer in answers]
    notes = _notes(answers)
    headings = [f"**{number}**\n" for number in range(1, len(texts) + 1)]
    if len(texts) == 1:
        headings = [""]
    blocks = [heading + fence(text) for heading, text in zip(headings, texts, strict=True)]
    content = "\n".join([*blocks, notes])
    if size(content) <= CONTENT_LIMIT:
        return Rendered(content=content)
    return Rendered(content=notes, files=[text.encode("utf-8", "replace") for text in texts])


def _notes(answers: Sequence[Written]) -> str:
    """The small lines below: the model and all that it takes to write these texts again."""
    first = answers[0]
    seeds = [str(answer.generation.seed) for answer in answers]
    lines = [" · ".join([plain(first.model.name), *_options(first), _seeds(seeds)])]
    if first.earlier is not None:
        lines.append(say("text-earlier", step=first.earlier.step))
    if first.skipped:
        lines.append(say("text-skipped", characters=_skipped(first.skipped)))
    if first.never:
        lines.append(say("text-never", characters=_skipped(first.never)))
    return "\n".join(f"-# {line}" for line in lines)


def _options(answer: Written) -> Iterator[str]:
    generation = answer.generation
    yield say("text-temperature", temperature=generation.temperature)
    if generation.top_k is not None:
        yield say("text-top-k", top_k=generation.top_k)
    if generation.top_p is not None:
        yield say("text-top-p", top_p=generation.top_p)
    if answer.stop is not None:
        yield say("text-stop", stop=plain(answer.stop.replace(LINE_BREAK, RETURN)))


def _seeds(seeds: Sequence[str]) -> str:
    return say("text-seeds", count=len(seeds), seeds=", ".join(seeds))


def _skipped(characters: str) -> str:
    shown = " ".join(_visible(character) for character in characters[:SKIPPED_SHOWN])
    more = len(characters) - SKIPPED_SHOWN
    return say("text-and-more", characters=shown, more=more) if more > 0 else shown


def _visible(character: str) -> str:
    shown = character.isprintable() and not character.isspace()
    return plain(character) if shown else f"U+{ord(character):04X}"
