"""Which format a document has: seen in its first characters, never in its name.

Each format's module knows what it looks like. Whatever looks like none of them is plain text,
and Markdown is plain text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.corpora.plain import PLAIN

if TYPE_CHECKING:
    from training.corpora.documents import Document, Format


def recognize(document: Document) -> Format:
    """Return the format of a document.

    Raises:
        CorpusTooDeepError: It is JSON, nested deeper than any export.
        CorpusUnknownError: It is JSON, but no export.
    """
    head = document.head()
    found: Format | None = None
    if head.lstrip()[:1] in {"{", "["}:
        from training.corpora import json_exports  # noqa: PLC0415 - only where it is needed

        found = json_exports.recognize(head, document.name)
    return found or PLAIN
