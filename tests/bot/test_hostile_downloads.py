"""Servers that misbehave: a download is whole, or one sentence.

They speak bytes, not HTTP, so that they can say what no library would send.
"""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import pytest
from discord.http import Route
from yarl import URL

from bot.downloads import download, download_all
from bot.errors.files import (
    DownloadFailedError,
    DownloadSlowError,
    FilesTooLargeError,
    FileTooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    Talk = Callable[[asyncio.StreamWriter], Awaitable[None]]

pytestmark = pytest.mark.slow  # waits for slow servers

LIMIT = 1000
OK = b"HTTP/1.1 200 OK\r\n"


class Server:
    """Answers every connection with the same bytes, and keeps what it was asked."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self.requests: list[bytes] = []
        self._conversations: set[asyncio.Task[None]] = set()

    def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Begin a conversation with whoever has connected."""
        self._conversations.add(asyncio.create_task(self.serve(reader, writer)))

    async def hang_up(self) -> None:
        """End all conversations."""
        for conversation in self._conversations:
            conversation.cancel()
        await asyncio.gather(*self._conversations, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until the talk is over or the other side hangs up."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
            try:
                await self._talk(writer)
            finally:
                writer.close()
                await writer.wait_closed()


@asynccontextmanager
async def server_at_base(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """A server on loopback, at which `Route.BASE` points."""
    server = Server(talk)
    async with await asyncio.start_server(server.meet, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{port}/api/v10")
        yield server
        await server.hang_up()


def attachment() -> str:
    return str(URL(Route.BASE).origin() / "attachments" / "1" / "file.txt")


def left_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()]


def saying(content: bytes) -> Talk:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()

    return talk


def repeating(head: bytes, piece: bytes, *, pause: float = 0) -> Talk:
    async def talk(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return talk


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        OK + b"Content-Length: 500\r\n",
        OK + b"Content-Length: 500\r\n\r\nfar less",
        OK + b"Content-Length: -1\r\n\r\nx",
        OK + b"Content-Length: 1" + b"0" * 30 + b"\r\n\r\nx",
        OK + b"Content-Length: many\r\n\r\nx",
        OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy",
        OK + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nx",
        OK + b"Transfer-Encoding: chunked\r\n\r\nnumber\r\nx\r\n0\r\n\r\n",
        OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 1\r\n\r\nx",
        b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
    ],
)
async def test_a_broken_download_is_one_sentence_and_leaves_nothing(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with server_at_base(saying(content), monkeypatch):
        with pytest.raises(DownloadFailedError, match=r"could not be downloaded .* send it again"):
            await download(attachment(), tmp_path / "file", limit=LIMIT)

    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "talk",
    [
        saying(b"my diary\r\n\r\n"),
        saying(OK + b"Content-Length: my diary\r\n\r\nx"),
        saying(b"HTTP/1.1 404 my diary\r\nContent-Length: 0\r\n\r\n"),
        saying(b""),
        repeating(b"", b"", pause=0.02),
    ],
    ids=["garbage", "header", "status", "nothing", "silence"],
)
async def test_the_log_says_neither_which_file_it_was_nor_what_was_answered(
    talk: Talk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    async with server_at_base(talk, monkeypatch):
        with pytest.raises((DownloadFailedError, DownloadSlowError)):
            await download(attachment(), tmp_path / "file", limit=LIMIT, total_seconds=0.4)

    [said] = [record.getMessage() for record in caplog.records if record.name == "bot.downloads"]
    assert not any(secret in said for secret in ("attachments", "file.txt", "diary"))


async def test_the_log_does_not_say_to_which_file_no_connection_came_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def late(*_: object, **__: object) -> None:
        raise TimeoutError

    caplog.set_level("INFO")
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:1/api/v10")
    monkeypatch.setattr(aiohttp.TCPConnector, "_create_connection", late)
    with pytest.raises(DownloadSlowError):
        await download(attachment(), tmp_path / "file", limit=LIMIT)

    assert "did not arrive in time" in caplog.text
    assert "attachments" not in caplog.text


async def test_a_body_longer_than_its_stated_length_ends_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = OK + b"Content-Length: 3\r\n\r\nabc" + b"x" * 5000
    async with server_at_base(saying(content), monkeypatch):
        with contextlib.suppress(DownloadFailedError):
            await download(attachment(), tmp_path / "file", limit=LIMIT)

    assert left_in(tmp_path) in ([], [b"abc"])


@pytest.mark.parametrize("length", [LIMIT + 1, 2**63])
async def test_a_stated_length_above_the_limit_is_refused_before_reading(
    length: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server sends nothing after its head, and would be waited for otherwise."""
    head = OK + b"Content-Length: %d\r\n\r\n" % length
    async with server_at_base(repeating(head, b"", pause=0.05), monkeypatch):
        with pytest.raises(FileTooLargeError):
            await download(attachment(), tmp_path / "file", limit=LIMIT, silent_seconds=5)

    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (OK + b"\r\n", b"x" * 1000),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
    ],
)
async def test_an_endless_body_is_cut_at_the_limit(
    head: bytes, piece: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with server_at_base(repeating(head, piece), monkeypatch):
        with pytest.raises(FileTooLargeError):
            await download(attachment(), tmp_path / "file", limit=LIMIT)

    assert left_in(tmp_path) == []


@pytest.mark.parametrize("piece", [b"X-More: more\r\n", b"x" * 1000])
async def test_endless_headers_are_a_broken_download(
    piece: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with server_at_base(repeating(OK, piece), monkeypatch):
        with pytest.raises(DownloadFailedError):
            await download(attachment(), tmp_path / "file", limit=LIMIT, total_seconds=20)

    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"", b""),
        (b"H", b""),
        (OK, b"X"),
        (OK + b"Content-Length: 900\r\n\r\n", b""),
        (OK + b"Content-Length: 900\r\n\r\n", b"x"),
        (OK + b"\r\n", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
async def test_a_download_that_trickles_is_one_sentence_in_time_and_leaves_nothing(
    head: bytes, piece: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with server_at_base(repeating(head, piece, pause=0.02), monkeypatch):
        with pytest.raises(DownloadSlowError, match=r"took too long .* send it again later"):
            await download(attachment(), tmp_path / "file", limit=LIMIT, total_seconds=0.4)

        assert loop.time() - begun < 5
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["/attachments/1/other.txt", "//127.0.0.1:1/", "file:///etc"])
async def test_no_redirect_is_followed_anywhere(
    status: int, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
    async with server_at_base(saying(content.encode()), monkeypatch) as server:
        with pytest.raises(DownloadFailedError):
            await download(attachment(), tmp_path / "file", limit=LIMIT)

    assert len(server.requests) == 1
    assert left_in(tmp_path) == []


async def test_when_the_second_file_fails_the_first_is_gone_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / name for name in "ab"]
    content = OK + b"Content-Length: 600\r\n\r\n" + b"x" * 600
    async with server_at_base(saying(content), monkeypatch):
        with pytest.raises(FilesTooLargeError):
            await download_all([attachment()] * 2, paths, limit=LIMIT)
        with pytest.raises(DownloadFailedError):
            await download_all([attachment(), "http://127.0.0.1:1/"], paths, limit=LIMIT)

    assert left_in(tmp_path) == []
