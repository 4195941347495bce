"""What cannot be done with a file; `str()` is the sentence that a person reads.

Sizes are given in bytes and said in MiB.

RefusedError
├── FileEmptyError          the attachment has no bytes
├── FileTooLargeError       the attachment is above the operator's limit
├── FilesTooLargeError      all attachments together are
├── DownloadFailedError     the attachment could not be fetched
│   └── DownloadSlowError   it did not arrive in time
├── CorpusRefusedError      training cannot read the file, or has too little of it
├── CorpusTooLongError      the text has more characters than the operator allows
├── ImportRefusedError      the file is no checkpoint of this program
└── ExportTooLargeError     Discord does not take a file of this size here
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import RefusedError
from bot.statements import Statement, flaw_of, statement_of

if TYPE_CHECKING:
    from model.errors import CheckpointError
    from training.telling import Known


class FileEmptyError(RefusedError):
    """The attachment has no bytes.

    Args:
        file: Its number among several; 0: it is the only one.
    """

    def __init__(self, file: int = 0) -> None:
        self.file = file


class FileTooLargeError(RefusedError):
    """The attachment is larger than the operator allows.

    Args:
        size: Of the file, as far as it is known.
        limit: The most that is read.
        file: Its number among several; 0: it is the only one.
    """

    def __init__(self, size: int, limit: int, file: int = 0) -> None:
        self.size_in_bytes, self.file = size, file
        self.size, self.limit = size / 2**20, limit / 2**20


class FilesTooLargeError(RefusedError):
    """All attachments together are larger than the operator allows."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size / 2**20, limit / 2**20


class DownloadFailedError(RefusedError):
    """The attachment could not be fetched."""


class DownloadSlowError(DownloadFailedError):
    """The attachment did not arrive in time."""


class CorpusRefusedError(RefusedError):
    """Training cannot learn from this file, and says why."""

    def __init__(self, cause: Known) -> None:
        self.cause = cause

    @property
    def statement(self) -> Statement:
        """What is said of the cause."""
        return statement_of(self.cause)


class CorpusTooLongError(RefusedError):
    """The text has more characters than the operator allows."""

    def __init__(self, characters: int, limit: int) -> None:
        self.characters, self.limit = characters, limit


class ImportRefusedError(RefusedError):
    """The file is no checkpoint of this program, or a damaged one."""

    def __init__(self, cause: CheckpointError) -> None:
        self.reason = flaw_of(cause)


class ExportTooLargeError(RefusedError):
    """Discord does not take a file of this size here."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size / 2**20, limit / 2**20
