"""The names of models: 1 to 40 visible characters of any script.

Two names that look alike should be alike, and no name may hide something or turn the text
around it. So a name is in Unicode's NFC, its spaces are plain and single, and characters that
cannot be seen are refused; only joiners and variation selectors may stand inside words, because
Persian, Hindi and emoji are written with them. Names never become paths.
"""

from __future__ import annotations

import unicodedata

import regex

from bot.errors import NameInvalidError

MAXIMUM_CHARACTERS = 40
"""Code points in a name."""

FALLBACK = "model"
"""The name of a model whose file's name has nothing to show."""

_HIDDEN = regex.compile(
    r"[[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}"
    r"\N{INTERLINEAR ANNOTATION ANCHOR}-\N{INTERLINEAR ANNOTATION TERMINATOR}"
    r"\N{BRAILLE PATTERN BLANK}]--[\u200C\u200D\uFE00-\uFE0F]]",
    regex.V1,
)
"""What cannot be seen, or changes how its surroundings look."""

_STRAY = regex.compile(
    r"(?<![^\p{ASCII}\p{Z}])[\u200C\u200D]|(?<!\S)[\uFE00-\uFE0F]|[\u200C\u200D]\Z"
)
"""Joiners that join nothing: after ASCII, after a space, at either end."""

_DEVICE = regex.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", regex.IGNORECASE)
"""What Windows takes for a device, whatever stands behind the dot."""

_VISIBLE = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]")


def checked_name(name: str) -> str:
    """The name as it is kept.

    Raises:
        NameInvalidError: It is empty, too long, or has characters that cannot be seen.
    """
    if _HIDDEN.search(name) or _STRAY.search(name):
        raise NameInvalidError("hidden", len(name))
    name = _tidy(name)
    if not _VISIBLE.match(name):
        raise NameInvalidError("blank", len(name))
    if len(name) > MAXIMUM_CHARACTERS:
        raise NameInvalidError("long", len(name))
    return name


def name_of_file(file_name: str) -> str:
    """A model's name after its file: the stem without what a name must not have."""
    base = regex.split(r"[/\\]", file_name)[-1]
    stem, dot, suffix = base.rpartition(".")
    return name_of_channel(stem if dot else suffix)


def name_of_channel(channel_name: str) -> str:
    """A model's name after a channel: what a name must not have is left out."""
    shown = _HIDDEN.sub("", channel_name)
    shown = _tidy(_STRAY.sub("", shown)).lstrip(".")
    while shown and not _VISIBLE.match(shown):
        shown = shown[1:]
    return _cut(shown, MAXIMUM_CHARACTERS) or FALLBACK


def file_stem(name: str) -> str:
    """What the file of a model of this name is called, without its suffix, on any system."""
    stem = regex.sub(r"[^\w.-]+", "_", name).strip("._-")
    return f"{FALLBACK}_{stem}" if _DEVICE.match(stem) else stem or FALLBACK


def _tidy(name: str) -> str:
    return unicodedata.normalize("NFC", regex.sub(r"\p{Zs}+", " ", name)).strip()


def _cut(name: str, length: int) -> str:
    """At most `length` code points, ending where a grapheme cluster ends if there is one."""
    if len(name) <= length:
        return name
    kept = ""
    for cluster in regex.findall(r"\X", name):
        if len(kept) + len(cluster) > length:
            break
        kept += cluster
    return (kept or name[:length]).strip()
