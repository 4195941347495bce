"""What happens to files and disks."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def flip(path: Path) -> None:
    """Change a bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Take the last byte from a file."""
    path.write_bytes(path.read_bytes()[:-1])


def overwrite(path: Path) -> None:
    """Write something else where a catalog was."""
    path.write_bytes(b"These are not the pages that you are looking for. " * 100)


def full(*_: object, **__: object) -> None:
    """Write to a disk that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
