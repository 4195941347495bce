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
    from bot.requests import Written

CONTENT_LIMIT = 2000
"""The longest content of a message, in characters."""

SKIPPED_SHOWN = 40
"""Skipped characters of a prompt that are named; more of them are counted."""

_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"

_NEVER_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs: Discord drops or refuses them."""

_LINE_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
_INVITE = re.compile(r"(discord)(?=(?:app)?\.[a-z])", re.IGNORECASE)
_MARKUP = re.compile(r"[\\*_~`|\[\]<>]|\A[#+-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message: its content and, where the text does not fit into it, the text as a file."""

    content: str
    file: bytes | None = None


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


def written(text: str, answer: Written) -> Rendered:
    """A message with the text and, discreetly below it, where it came from.

    Args:
        text: What to show; the prompt and what was written, or just the latter.
        answer: Tells the model, the temperature, the seed and what was skipped.
    """
    notes = _notes(answer)
    content = f"{fence(text)}\n{notes}"
    if size(content) <= CONTENT_LIMIT:
        return Rendered(content=content)
    return Rendered(content=notes, file=text.encode("utf-8", "replace"))


def _notes(answer: Written) -> str:
    generation = answer.generation
    origin = (
        f"-# {plain(answer.model.name)} · temperature {generation.temperature:g}"
        f" · seed {generation.seed}"
    )
    return f"{origin}\n{_skipped(answer.skipped)}" if answer.skipped else origin


def _skipped(characters: str) -> str:
    shown = " ".join(_visible(character) for character in characters[:SKIPPED_SHOWN])
    more = len(characters) - SKIPPED_SHOWN
    rest = f" and {more} more" if more > 0 else ""
    return f"-# Left out of the prompt, because the model does not know it: {shown}{rest}"


def _visible(character: str) -> str:
    shown = character.isprintable() and not character.isspace()
    return plain(character) if shown else f"U+{ord(character):04X}"
