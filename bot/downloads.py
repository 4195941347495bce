"""Attachments, fetched from Discord's own servers and nowhere else.

The address comes with an interaction, so it is checked before anything is asked of it: a
forged one must not make the bot speak to its own network. Discord's servers are known by
name; where `discord.http.Route.BASE` points to a stand-in, that stand-in is the only one.
Bytes and time are bounded, a redirect is not followed, nothing is unpacked on the way, and
what did not arrive whole leaves nothing. `tests/bot/test_hostile_downloads.py` has the servers
that misbehave.
"""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
from discord.http import Route
from yarl import URL

from bot.errors.files import (
    DownloadFailedError,
    DownloadSlowError,
    FilesTooLargeError,
    FileTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

log = logging.getLogger(__name__)

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
DISCORD = "discord.com"

TOTAL_SECONDS = 600.0
"""An answer is due within 15 minutes of the command."""

SILENT_SECONDS = 30.0
_PIECE = 2**18


def is_allowed(url: URL) -> bool:
    """Whether this is an address of Discord's files, or of the stand-in's."""
    base = URL(Route.BASE)
    if url.user is not None or url.password is not None:
        return False
    if base.host == DISCORD:
        return url.scheme == "https" and url.host in HOSTS and url.port == 443
    return (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)


async def download_all(
    urls: Sequence[str],
    paths: Sequence[Path],
    *,
    limit: int,
    total_seconds: float = TOTAL_SECONDS,
) -> None:
    """Write attachments to `paths`, one after another.

    Args:
        urls: Where the attachments are.
        paths: As many files that do not exist yet; after an error none is there.
        limit: The most bytes that are accepted, of all together.
        total_seconds: How long all of them may take.

    Raises:
        FileTooLargeError: The only one, or the first, has more than `limit` bytes.
        FilesTooLargeError: All together have.
        DownloadSlowError: It took too long.
        DownloadFailedError: Anything else that the other side did or did not do.
    """
    arrived: list[Path] = []
    try:
        async with asyncio.timeout(total_seconds):
            await _download_each(urls, paths, limit, arrived)
    except BaseException as error:
        for path in arrived:
            path.unlink()
        if isinstance(error, TimeoutError):
            raise _slowness(error) from error
        raise


async def _download_each(
    urls: Sequence[str], paths: Sequence[Path], limit: int, arrived: list[Path]
) -> None:
    received = 0
    for url, path in zip(urls, paths, strict=True):
        try:
            await download(url, path, limit=limit - received)
        except FileTooLargeError as error:
            if received == 0:
                raise
            raise FilesTooLargeError(received + error.size_in_bytes, limit) from error
        arrived.append(path)
        received += path.stat().st_size


async def download(
    url: str,
    path: Path,
    *,
    limit: int,
    total_seconds: float = TOTAL_SECONDS,
    silent_seconds: float = SILENT_SECONDS,
) -> None:
    """Write an attachment to `path`, readable for the bot's user alone.

    Args:
        url: Where the attachment is.
        path: A file that does not exist yet; after an error it is not there.
        limit: The most bytes that are accepted.
        total_seconds: How long it may take altogether.
        silent_seconds: How long nothing may arrive.

    Raises:
        FileTooLargeError: There are more than `limit` bytes.
        DownloadSlowError: It took too long.
        DownloadFailedError: Anything else that the other side did or did not do.
    """
    timeout = aiohttp.ClientTimeout(
        total=total_seconds, sock_connect=silent_seconds, sock_read=silent_seconds
    )
    try:
        address = URL(url)
        if not is_allowed(address):
            raise _failure("it is not an address of Discord's files")
        async with aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session:
            await _fetch(session, address, path, limit)
    except TimeoutError as error:
        raise _slowness(error) from error
    except aiohttp.ClientConnectorError as error:  # names host and port alone
        raise _failure(str(error)) from error
    except (aiohttp.ClientError, ValueError) as error:  # may quote the address, or the answer
        raise _failure(type(error).__name__) from error


async def _fetch(session: aiohttp.ClientSession, url: URL, path: Path, limit: int) -> None:
    headers = {"Accept-Encoding": "identity"}
    async with session.get(url, headers=headers, allow_redirects=False) as response:
        if response.status != 200:
            raise _failure(f"the answer has status {response.status}")
        if (response.content_length or 0) > limit:
            raise FileTooLargeError(response.content_length or 0, limit)
        await _save(response.content, path, limit)


async def _save(content: aiohttp.StreamReader, path: Path, limit: int) -> None:
    received = 0
    with _whole_or_gone(path) as file:
        async for piece in content.iter_chunked(_PIECE):
            received += len(piece)
            if received > limit:
                raise FileTooLargeError(received, limit)
            await asyncio.to_thread(file.write, piece)


@contextmanager
def _whole_or_gone(path: Path) -> Iterator[BinaryIO]:
    """A new file for the body to write; after an error it is not there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink()
        raise


def _failure(reason: str) -> DownloadFailedError:
    log.info("An attachment was not downloaded: %s", reason)
    return DownloadFailedError()


def _slowness(error: TimeoutError) -> DownloadSlowError:
    log.info("An attachment did not arrive in time: %s", type(error).__name__)
    return DownloadSlowError()
