"""Subtitles, SubRip and WebVTT: the spoken lines, without numbers, times and markup.

Both are blocks of lines, and what is spoken stands under a line of times; everything else
(numbers, notes, styles, the header) is not under one. That much is read here, since the
libraries for subtitles hold whole files and give up at the first odd block.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from training.corpora.cleaning import normalize
from training.corpora.documents import TextFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.corpora.documents import Document

_TIME = r"(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}.*")
_FIRST_BLOCK = re.compile(rf"\s*(?:\d+[ \t]*\n)?{_TIMES.pattern}\n")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|</?\d[\d:.]*>|\{\\[^{}]*\}")
_WORD_TIME = re.compile(rf"<{_TIME}>")


def recognize(head: str) -> TextFormat | None:
    """Return the format of a text that begins like this, None if it has no times."""
    if re.match(r"WEBVTT(?:[ \t\n]|$)", head) and _TIMES.search(head):
        return WEBVTT
    return SUBRIP if _FIRST_BLOCK.match(head) else None


def read(document: Document) -> Iterator[str]:
    """Return the spoken lines.

    Where words have times of their own (captions made by a machine, which roll upwards), each
    line is shown two or three times, and returned once.
    """
    is_spoken = rolls = False
    last = ""
    for line in document.lines():
        if not line.strip():
            is_spoken = False
        elif _TIMES.fullmatch(line):
            is_spoken = True
        elif is_spoken:
            rolls = rolls or _WORD_TIME.search(line) is not None
            spoken = normalize(html.unescape(_MARKUP.sub("", line))).strip()
            if spoken and not (rolls and spoken == last):
                yield spoken + "\n"
            last = spoken or last


SUBRIP = TextFormat("Subtitles (SubRip)", "subtitles (SubRip)", read)
WEBVTT = TextFormat("Subtitles (WebVTT)", "subtitles (WebVTT)", read)
