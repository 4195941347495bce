"""What people see of a text that a model wrote, and of names that people chose.

Discord turns parts of a message into something live: mentions, links, invites, emoji,
timestamps, spoilers. None of that may come from a model or from a person's text. Two
functions are all there is to it:

    fence : a text of several lines -> a code fence that nothing inside it can close
    plain : a text of one line      -> markdown that shows exactly this line, or as much of it
                                       as fits (`plain_within`)

`tests/bot/test_rendering.py` holds both against Discord's own rules, with texts made of
backticks, mentions and links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    texts = [(answer.generation.prompt if whole else "") + answer.text for answer in answers]
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
    first, generation = answers[0], answers[0].generation
    options = [
        plain(first.model.name),
        f"temperature {generation.temperature:g}",
        None if generation.top_k is None else f"top k {generation.top_k}",
        None if generation.top_p is None else f"top p {generation.top_p:g}",
        None
        if generation.stop is None
        else f"until “{plain(generation.stop.replace(LINE_BREAK, RETURN))}”",
        _seeds([answer.generation.seed for answer in answers]),
    ]
    lines = [" · ".join(filter(None, options))]
    if first.skipped:
        unknown = _skipped(first.skipped)
        lines.append(f"Left out of the prompt, because the model does not know it: {unknown}")
    if first.never:
        unknown = _skipped(first.never)
        lines.append(f"The stop text cannot come up, because the model does not know it: {unknown}")
    return "\n".join(f"-# {line}" for line in lines)


def _seeds(seeds: Sequence[int]) -> str:
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"


def _skipped(characters: str) -> str:
    shown = " ".join(_visible(character) for character in characters[:SKIPPED_SHOWN])
    more = len(characters) - SKIPPED_SHOWN
    return shown + (f" and {more} more" if more > 0 else "")


def _visible(character: str) -> str:
    shown = character.isprintable() and not character.isspace()
    return plain(character) if shown else f"U+{ord(character):04X}"
