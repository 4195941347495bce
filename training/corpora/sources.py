"""Files, and the members of archives, as streams of counted bytes.

A source can be opened again and again: once to find its encoding, once to read it. Whatever
it unpacks to is counted the first time, against one budget for everything that is read
together. No member of an archive ever becomes a file.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from training.errors import CorpusArchiveError, CorpusRecordTooLongError, CorpusTooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from training.corpora.messages import Author

UNPACKED_LIMIT = 2**30
"""Bytes that all files together may have, unpacked, unless somebody says otherwise."""

RECORD_LIMIT = 16 * 2**20
"""Bytes between one message and the next. With ten thousand reactions, one has half of that."""

BUFFER = 256 * 1024

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(struct.error, ValueError, OverflowError, RuntimeError),
)
"""What zipfile and gzip raise at an archive that is not what it should be."""


class Budget:
    """How many bytes may still be read.

    Args:
        limit: Bytes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = self._left = limit

    def check(self, size: int) -> None:
        """Refuse what says that it is more than is left.

        Raises:
            CorpusTooLargeError: It is.
        """
        if size > self._left:
            raise CorpusTooLargeError(self._limit)

    def spend(self, size: int) -> None:
        """Take note of bytes that were read.

        Raises:
            CorpusTooLargeError: They are more than are left.
        """
        self.check(size)
        self._left -= size


@dataclass(slots=True, kw_only=True)
class Source:
    """One file, or one member of an archive."""

    name: str
    """For people: safe to print."""
    opener: Callable[[], BinaryIO]
    budget: Budget
    is_packed: bool = False
    """Whether it comes out of an archive."""
    path: str = ""
    """Where it lies in an archive of many files; used to tell what it is, never to write."""
    declared: int = 0
    """Bytes that an archive says it has."""
    owner: Author | None = None
    """In a data package, the author of everything in it."""
    counted: int = 0

    @property
    def is_member(self) -> bool:
        """Whether it is one of many, so that it is passed over where it is no text."""
        return bool(self.path)

    def open(self) -> ByteStream:
        """Return the bytes from the first one on.

        Raises:
            CorpusArchiveError: The archive around them is damaged.
        """
        with self.archive_errors():
            return ByteStream(CountedBytes(self.opener(), self))

    @contextmanager
    def archive_errors(self) -> Iterator[None]:
        """Say it of the archive if the body finds damage in one."""
        try:
            yield
        except DAMAGED as error:
            if not self.is_packed:
                raise
            raise CorpusArchiveError(self.name, "is damaged or cut off") from error

    def note(self, position: int) -> None:
        """Count bytes up to a position, unless they were counted before."""
        if position > self.counted:
            self.budget.spend(position - self.counted)
            self.counted = position


class CountedBytes(io.RawIOBase):
    """A file that counts what is read of it and limits what is read at a stretch."""

    def __init__(self, file: BinaryIO, source: Source) -> None:
        self._file, self._source = file, source
        self._position = 0
        self.stretch_began: int | None = None

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - typeshed's Buffer is no class yet
        """Read some bytes into a buffer.

        Raises:
            CorpusArchiveError: The archive around them is damaged.
            CorpusTooLargeError: The budget is spent.
            CorpusRecordTooLongError: A single record goes on and on.
        """
        with self._source.archive_errors():
            content = self._file.read(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        self._source.note(self._position)
        began = self.stretch_began
        if began is not None and self._position - began > RECORD_LIMIT:
            raise CorpusRecordTooLongError(self._source.name, RECORD_LIMIT)
        return len(content)

    def begin_stretch(self) -> None:
        """From here on, count the bytes of a single record."""
        self.stretch_began = self._position

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class ByteStream(io.BufferedReader):
    """A source's bytes, buffered."""

    raw: CountedBytes

    def __init__(self, raw: CountedBytes) -> None:
        super().__init__(raw, BUFFER)

    def begin_record(self) -> None:
        """Say that a record is complete, and that the next one begins."""
        self.raw.begin_stretch()
