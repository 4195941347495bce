r"""What is left of a text when everything is gone that nobody wrote.

    normalize  : any text             line endings to \n, control characters out, NFC
    clean      : a message's content  mentions and emoji as people read them, uploads out

What clean takes away goes with the blank before it, so that no gap stays.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINE_ENDINGS = re.compile(r"\r\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

_EMOJI = re.compile(r"<a?:(\w+):\d+>")
_COMMAND = re.compile(r"</([^:<>]+):\d+>")
_PERSON = re.compile(r"<@!?(\d+)>")
_UNREADABLE = re.compile(r"[ \t]*(?:<@!?\d+>|<@&\d+>|<#\d+>|<t:-?\d+(?::\w)?>|<id:\w+>)")
_UPLOAD = re.compile(
    r"[ \t]*<?https?://(?:cdn|media)\.discord(?:app)?\.(?:com|net)/(?:ephemeral-)?attachments/[^\s>]+>?"
)


def normalize(text: str) -> str:
    r"""Return the text with \n as its only line ending, without control characters, in NFC."""
    with_lines = _LINE_ENDINGS.sub("\n", text)
    return unicodedata.normalize("NFC", _CONTROLS.sub("", with_lines))


def clean(content: str, mentions: Mapping[str, str]) -> str:
    """Return a message as its readers saw it, without what they could not read.

    Args:
        content: As an export has it: resolved, or with Discord's raw `<@1>` and `<:name:1>`.
        mentions: The names of people, by their ids; whoever is not in it is taken out.
    """
    text = content
    if "<" in text:
        text = _EMOJI.sub(r":\1:", text)
        text = _COMMAND.sub(r"/\1", text)
        text = _PERSON.sub(lambda match: _mention(match, mentions), text)
        text = _UNREADABLE.sub("", text)
    if "/attachments/" in text or "/ephemeral-attachments/" in text:
        text = _UPLOAD.sub("", text)
    return normalize(text).strip()


def one_line(name: str) -> str:
    """Return a person's name as it can stand within a line."""
    return " ".join(normalize(name).split())


def _mention(match: re.Match[str], mentions: Mapping[str, str]) -> str:
    name = one_line(mentions.get(match[1], ""))
    return f"@{name}" if name else match[0]
