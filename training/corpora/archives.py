"""What lies in a file: itself, or what a gzip or ZIP archive holds.

Members are streams that are read where they lie, so neither their names nor their number can
do anything to this machine. An archive is one level deep; its members are texts and exports.
Of Discord's data package only the messages are read.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
from functools import partial
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, BinaryIO, cast

from training.corpora.data_package import of_package
from training.corpora.kinds import GZIP, ZIP, ZIP_DOCUMENTS
from training.corpora.sources import DAMAGED, Budget, Source
from training.errors import (
    THIS_FILE,
    CorpusArchiveError,
    CorpusForeignError,
    CorpusUnreadableError,
    printable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEMBERS_LIMIT = 50_000
"""Files in an archive; a data package of twenty thousand channels still passes."""

DIRECTORY_LIMIT = 5 * 2**20
"""Bytes of an archive's directory, which is read in one piece before anything else."""

DAMAGED_ZIP = "is a damaged or truncated ZIP archive; please pack it again"
LEADS_OUT = "has a file in it whose name leads out of the archive; please pack it again"
MANY = "has too many files in it; please pack fewer"

_UNSEEN = re.compile(r"^$|/$|(?:^|/)(?:__MACOSX/|\.)")
"""Members that are passed over without a word: folders, and what systems put beside files."""

_ENCRYPTED = 1


class GuardedFile(io.FileIO):
    """An archive whose directory is not read if it is out of all proportion."""

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path)
        self._called = name

    def read(self, size: int | None = -1, /) -> bytes:
        """Read some bytes.

        Raises:
            CorpusArchiveError: They are more than any directory has.
        """
        if size is not None and size > DIRECTORY_LIMIT:
            raise CorpusArchiveError(self._called, MANY)
        return super().read(-1 if size is None else size) or b""


def sources_of(path: Path, name: str, budget: Budget) -> Iterator[Source]:
    """Return what is to be read of a file, one source after another.

    Args:
        path: The file.
        name: What people call it.
        budget: Of everything that is read together.

    Raises:
        CorpusUnreadableError: The system does not let us read it.
        CorpusArchiveError: It is an archive that is not unpacked.
        CorpusForeignError: It is a document that happens to be a ZIP archive.
        CorpusTooLargeError: Its members are, or say that they are, more than the budget.
    """
    beginning = _beginning(path)
    if beginning.startswith(ZIP):
        yield from _members(path, name, budget)
        return
    is_packed = beginning.startswith(GZIP)
    opener = partial(_open_gzip if is_packed else _open, path)
    yield Source(name=name, opener=opener, budget=budget, is_packed=is_packed)


def _beginning(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise CorpusUnreadableError(path, "it is no regular file")
        with path.open("rb") as file:
            return file.read(8)
    except OSError as error:
        raise CorpusUnreadableError(path, (error.strerror or "no reason given").lower()) from error


def _members(path: Path, name: str, budget: Budget) -> Iterator[Source]:
    with GuardedFile(path, name) as file:
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED as error:
            raise CorpusArchiveError(name, DAMAGED_ZIP) from error
        with archive:
            members = _checked(archive.infolist(), name)
            sources = [_source(archive, member, name, budget) for member in members]
            wanted = of_package(sources) or sources
            budget.check(sum(source.declared for source in wanted))
            yield from wanted


def _checked(members: list[zipfile.ZipInfo], name: str) -> list[zipfile.ZipInfo]:
    """Return the files of an archive whose names and bytes are what they should be."""
    if len(members) > MEMBERS_LIMIT:
        raise CorpusArchiveError(name, MANY)
    names = {member.filename for member in members}
    for mark in ZIP_DOCUMENTS.keys() & names:
        raise CorpusForeignError(name, ZIP_DOCUMENTS[mark], "save it as plain text")
    for member in members:
        _check(member, name)
    return [member for member in members if not _UNSEEN.search(member.filename)]


def _check(member: zipfile.ZipInfo, name: str) -> None:
    where = PureWindowsPath(member.filename)  # knows both slashes, and drives
    if where.anchor or ".." in where.parts:
        raise CorpusArchiveError(name, LEADS_OUT)
    if member.flag_bits & _ENCRYPTED:
        raise CorpusArchiveError(name, "is encrypted; please make one without a password")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise CorpusArchiveError(name, "is packed in an uncommon way; please make a plain ZIP")


def _source(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: Budget) -> Source:
    return Source(
        name=f"{printable(member.filename)} in {'this file' if name == THIS_FILE else name}",
        opener=cast("Callable[[], BinaryIO]", partial(archive.open, member)),
        budget=budget,
        is_packed=True,
        path=member.filename,
        declared=member.file_size,
    )


def _open(path: Path) -> BinaryIO:
    return path.open("rb", buffering=0)


def _open_gzip(path: Path) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "rb"))
