"""Which format a document has: seen in its first characters, never in its name.

Each format's module knows what it looks like. Whatever looks like none of them is plain text,
and Markdown is plain text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from training.corpora import csv_exports, subtitles, text_exports
from training.corpora.plain import PLAIN

if TYPE_CHECKING:
    from training.corpora.documents import Document, Format

_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.IGNORECASE | re.DOTALL
)


def recognize(document: Document) -> Format:
    """Return the format of a document.

    Raises:
        CorpusTooDeepError: It is JSON, nested deeper than any export.
        CorpusUnknownError: It is JSON, but no export.
    """
    head = document.head()
    return (
        _json(head, document.name)
        or _web_page(head)
        or csv_exports.recognize(head)
        or text_exports.recognize(head)
        or subtitles.recognize(head)
        or PLAIN
    )


def _json(head: str, name: str) -> Format | None:
    if head.lstrip()[:1] not in {"{", "["}:
        return None
    from training.corpora import json_exports  # noqa: PLC0415 - its parser takes time to import

    return json_exports.recognize(head, name)


def _web_page(head: str) -> Format | None:
    if not _WEB_PAGE.match(head):
        return None
    from training.corpora import web_exports  # noqa: PLC0415 - its parser takes time to import

    return web_exports.EXPORTER
