"""Uploads under way: what there is neither a row nor a whole file of yet, but counts already.

From before its download until there is a row, or nothing is left of it.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from storage.records import UploadCount

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.requests import Caller


class UploadKind(Enum):
    """What an upload is to become."""

    RUN = auto()
    IMPORT = auto()


class _Upload(NamedTuple):
    kind: UploadKind
    guild_id: int
    user_id: int
    size: int


class Uploads:
    """Counts them."""

    def __init__(self) -> None:
        self._uploads: dict[str, _Upload] = {}

    def begin(self, upload_id: str, kind: UploadKind, caller: Caller, size: int) -> None:
        """Count an upload of so many bytes, as they are stated, until it ends."""
        self._uploads[upload_id] = _Upload(kind, caller.guild_id, caller.user_id, size)

    def end(self, upload_id: str) -> None:
        """Count it no more; no matter if it has ended."""
        self._uploads.pop(upload_id, None)

    def count(self, kind: UploadKind, caller: Caller) -> UploadCount:
        """How many are under way in the caller's guild."""
        users = [
            upload.user_id
            for upload in self._uploads.values()
            if (upload.kind, upload.guild_id) == (kind, caller.guild_id)
        ]
        return UploadCount(of_person=users.count(caller.user_id), of_guild=len(users))

    def size(self, guild_id: int, *, without: Collection[str] = ()) -> int:
        """The bytes that the guild's uploads are stated to have, except for some of them."""
        return sum(
            upload.size
            for upload_id, upload in self._uploads.items()
            if upload.guild_id == guild_id and upload_id not in without
        )
