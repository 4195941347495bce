"""Files that are no text and say so in their first bytes: what to do with them instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.errors import CorpusArchiveError, CorpusForeignError

if TYPE_CHECKING:
    from training.corpora.sources import Source

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
GZIP = b"\x1f\x8b"

NESTED = "is an archive within an archive; please unpack it first"

ZIP_DOCUMENTS = {
    "[Content_Types].xml": "an Office document",
    "META-INF/manifest.xml": "an OpenDocument file",
    "META-INF/container.xml": "an e-book",
}
"""Documents that are ZIP archives, by a member that each of them has."""

_DOCUMENTS = {
    b"%PDF-": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office document",
}

_OTHER_ARCHIVES = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    **{b"BZh%d1AY&SY" % level: "a bzip2 archive" for level in range(1, 10)},
}


def check_kind(source: Source) -> None:
    """Refuse a source that is of no use, by its first bytes.

    Raises:
        CorpusArchiveError: It is an archive within an archive.
        CorpusForeignError: It is a document or an archive that is not read.
    """
    with source.open() as stream:
        beginning = stream.read(16)
    if source.is_packed and beginning.startswith((*ZIP, GZIP, *_OTHER_ARCHIVES)):
        raise CorpusArchiveError(source.name, NESTED)
    for first, kind in (_DOCUMENTS | _OTHER_ARCHIVES).items():
        if beginning.startswith(first):
            advice = "save it as plain text" if first in _DOCUMENTS else "make a ZIP of it"
            raise CorpusForeignError(source.name, kind, advice)
