"""When two names are the same, and how a default name becomes a new one.

Whether a name is fit to be seen is the bot's affair; here it is only unique: within a
guild, among its models and the runs that will become models.
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

import regex

from storage.errors import NameTakenError

if TYPE_CHECKING:
    from collections.abc import Container

    import aiosqlite

LONGEST_NAME = 40
"""Characters (code points) of the longest name that a number is added to."""


def name_key(name: str) -> str:
    """Return what names have in common that people would take for the same one.

    Case folding can undo the normalization, hence twice; half of a surrogate pair, which no
    database stores, becomes a question mark.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).encode("utf-8", "replace").decode("utf-8")


def new_name(name: str, taken: Container[str]) -> str:
    """Return the name, or the first of `name 2`, `name 3` … whose key is not taken.

    A long name gives way to its number, at the boundary of a grapheme cluster where it has one.
    """
    numbered = (_with_suffix(name, f" {number}") for number in itertools.count(2))
    return next(
        candidate
        for candidate in itertools.chain([name], numbered)
        if name_key(candidate) not in taken
    )


async def taken_keys(connection: aiosqlite.Connection, guild_id: int) -> set[str]:
    """Return the keys of all names in a guild that are given or promised."""
    rows = await connection.execute_fetchall(
        "SELECT name_key FROM models WHERE guild_id = :guild_id UNION ALL "
        "SELECT name_key FROM runs WHERE guild_id = :guild_id AND status IN ('queued', 'running')",
        {"guild_id": guild_id},
    )
    return {key for (key,) in rows}


async def refuse_taken(connection: aiosqlite.Connection, guild_id: int, name: str) -> None:
    """Raise `NameTakenError` if the guild has this name."""
    if name_key(name) in await taken_keys(connection, guild_id):
        raise NameTakenError(name)


def _with_suffix(name: str, suffix: str) -> str:
    room = LONGEST_NAME - len(suffix)
    ends = [cluster.end() for cluster in regex.finditer(r"\X", name) if cluster.end() <= room]
    return name[: ends[-1] if ends else room].rstrip() + suffix
