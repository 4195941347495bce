"""Files of messages and of commands, kept on disk under their ids.

A file lies at FOLDER/ID; its name lives in the address and in the message alone. So no
name from outside ever touches the file system, and there is no index to lose.
"""

from __future__ import annotations

import asyncio
import mimetypes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import PageError
from storage.files import write_durably

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Container
    from pathlib import Path

    from bot.sandbox.payloads import Payload

BOT_FILE_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of one file that the bot uploads."""
USER_FILE_LIMIT: Final = 512 * 1024 * 1024
"""Bytes of one file that a person uploads."""

_PICTURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that somebody uploaded."""

    id: int
    filename: str
    size: int
    description: str | None = None

    @property
    def payload(self) -> Payload:
        """As Discord writes it, but for the address, which is filled in at the last moment."""
        payload: Payload = {"id": str(self.id), "filename": self.filename, "size": self.size}
        content_type = content_type_of(self.filename)
        if content_type:
            payload["content_type"] = content_type
        if self.description:
            payload["description"] = self.description
        return payload


def content_type_of(filename: str) -> str | None:
    """What Discord says about a file: a guess from its name, never from its bytes."""
    guess, _ = mimetypes.guess_type(filename)
    if guess is not None and guess.startswith("text/"):
        return f"{guess}; charset=utf-8"
    return guess


def safe_filename(filename: str) -> str:
    """A name as Discord rewrites it: one path segment, spaces to underscores."""
    name = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "", filename.strip()).replace(" ", "_")
    return name.lstrip(".")[-200:] or "unknown"


def picture_type(head: bytes) -> str | None:
    """The type of a picture by its first bytes; None for anything else."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _PICTURES if head.startswith(magic)), None)


class Attachments:
    """The folder of uploaded files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, attachment_id: int) -> Path:
        """Where a file lies, or would lie."""
        return self._folder / str(attachment_id)

    async def keep(self, attachment_id: int, content: bytes) -> None:
        """Store what is already in memory; it outlives a power cut."""
        await asyncio.to_thread(write_durably, self.path(attachment_id), content)

    async def receive(self, attachment_id: int, chunks: AsyncIterator[bytes]) -> int:
        """Store a stream without holding it in memory; returns its size in bytes."""
        path = self.path(attachment_id)
        partial = path.with_suffix(".partial")
        size = 0
        try:
            partial.touch(mode=0o600)
            with partial.open("wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > USER_FILE_LIMIT:
                        raise PageError("Files may have at most 512 MiB.", status=413)
                    file.write(chunk)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return size

    def remove(self, attachment_id: int) -> None:
        """Forget a file."""
        self.path(attachment_id).unlink(missing_ok=True)

    def sweep(self, kept: Container[str]) -> None:
        """Remove every file of ours that is not among the kept ids: uploads long over."""
        for path in self._folder.iterdir():
            if path.name not in kept and path.name.removesuffix(".partial").isdecimal():
                path.unlink()
