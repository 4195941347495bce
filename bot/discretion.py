"""The log, and what it never holds, whoever writes to it: the secrets of a request.

    https://…/interactions/ID/TOKEN/callback       whoever has the token answers for the bot
    https://…/attachments/ID/ID/NAME?ex=…&hm=…     somebody's file: its name, and the way to it
    'Authorization': 'Bot TOKEN'                   the bot itself

Errors of aiohttp name the address they came from, their `repr` the headers too, and discord.py
names addresses where its rate is limited. So not every place that logs an error has to know:
these are blanked in whatever is written, tracebacks included.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Final

_SECRET: Final = re.compile(
    r"""
    ( /(?:interactions|webhooks)/[^/\s]+/ ) [^/?\s'"]+
    | ( attachments/ ) \S+
    | ( Authorization\W+Bot[ ] ) [^\s'"]+
    """,
    re.VERBOSE,
)


class DiscreetFormatter(logging.Formatter):
    """Writes a record down as ever, with a … in the place of each secret."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's lines."""
        return _SECRET.sub(_blanked, super().format(record))


def begin_log() -> None:
    """Let everything be logged to standard error, discreetly."""
    stderr = logging.StreamHandler(sys.stderr)
    stderr.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[stderr])


def _blanked(secret: re.Match[str]) -> str:
    return f"{secret[secret.lastindex or 0]}…"
