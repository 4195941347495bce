from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from discord.http import Route
from yarl import URL

from bot.downloads import download, download_all, is_allowed
from bot.errors.files import DownloadFailedError, FilesTooLargeError, FileTooLargeError
from tests.serving import on_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

LIMIT = 1000


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[URL]:
    """A server on loopback that answers every request with `answer`."""
    runner = web.ServerRunner(web.Server(answer, handler_cancellation=True), shutdown_timeout=0)
    async with on_loopback(runner) as port:
        yield URL(f"http://127.0.0.1:{port}")


@asynccontextmanager
async def stand_in(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of an attachment at a stand-in for Discord."""
    async with serving(answer) as url:
        monkeypatch.setattr(Route, "BASE", str(url / "api" / "v10"))
        yield str(url / "attachments" / "1" / "file.txt")


def with_body(body: bytes, **fields: object) -> Answer:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, **fields)  # type: ignore[arg-type]  # whatever a test says

    return answer


async def without_length(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(b"x" * 100)
    return response


async def never_ending(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"x")
    await asyncio.Event().wait()  # until the other side hangs up
    return response


async def cut_short(request: web.BaseRequest) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "500"})
    await response.prepare(request)
    await response.write(b"x" * 100)
    assert request.transport is not None
    request.transport.close()
    return response


async def test_a_file_arrives_as_it_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = bytes(range(256)) * 3
    async with stand_in(with_body(body), monkeypatch) as url:
        await download(url, tmp_path / "file", limit=LIMIT)

    assert (tmp_path / "file").read_bytes() == body
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


async def test_what_is_compressed_stays_compressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few bytes must not become gigabytes on the way."""
    answer = with_body(b"no gzip at all", headers={"Content-Encoding": "gzip"})
    async with stand_in(answer, monkeypatch) as url:
        await download(url, tmp_path / "file", limit=LIMIT)

    assert (tmp_path / "file").read_bytes() == b"no gzip at all"


@pytest.mark.parametrize("answer", [with_body(b"x" * 1001), without_length])
async def test_a_file_above_the_limit_is_refused(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stand_in(answer, monkeypatch) as url:
        with pytest.raises(FileTooLargeError):
            await download(url, tmp_path / "file", limit=LIMIT)

    assert not (tmp_path / "file").exists() or (tmp_path / "file").stat().st_size <= LIMIT


@pytest.mark.parametrize("answer", [cut_short, never_ending, with_body(b"", status=404)])
async def test_a_slow_or_broken_download_is_one_sentence(
    answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stand_in(answer, monkeypatch) as url:
        with pytest.raises(DownloadFailedError):
            await download(url, tmp_path / "file", limit=LIMIT, silent_seconds=0.2)


async def test_several_files_arrive_each_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=request.path.encode())

    paths = [tmp_path / name for name in "ab"]
    async with stand_in(answer, monkeypatch) as url:
        await download_all([f"{url}/1", f"{url}/2"], paths, limit=LIMIT)

    assert [path.read_bytes()[-2:] for path in paths] == [b"/1", b"/2"]


@pytest.mark.parametrize(
    ("size", "error", "sentence"),
    [
        (1001, FileTooLargeError, "This file has"),
        (600, FilesTooLargeError, "These files have"),
    ],
)
async def test_the_limit_is_for_all_files_together(
    size: int,
    error: type[Exception],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever sizes were stated before."""
    paths = [tmp_path / name for name in "ab"]
    async with stand_in(with_body(b"x" * size), monkeypatch) as url:
        with pytest.raises(error, match=sentence):
            await download_all([url, url], paths, limit=LIMIT)


async def test_several_slow_files_end_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stand_in(never_ending, monkeypatch) as url:
        with pytest.raises(DownloadFailedError):
            await download_all([url], [tmp_path / "a"], limit=LIMIT, total_seconds=0.2)


async def test_a_redirect_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def secret(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=b"secret")

    async with serving(secret) as inside:
        answer = with_body(b"", status=302, headers={"Location": str(inside / "secret")})
        async with stand_in(answer, monkeypatch) as url:
            with pytest.raises(DownloadFailedError):
                await download(url, tmp_path / "file", limit=LIMIT)

    assert asked == []


async def test_another_host_is_not_even_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def secret(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        return web.Response(body=b"secret")

    async with serving(secret) as inside, stand_in(with_body(b""), monkeypatch):
        with pytest.raises(DownloadFailedError):
            await download(str(inside / "secret"), tmp_path / "file", limit=LIMIT)

    assert asked == []


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://cdn.discordapp.com/attachments/1/2/a.txt?ex=1", True),
        ("https://media.discordapp.net/attachments/1/2/a.txt", True),
        ("https://CDN.discordapp.com/a", True),
        ("https://evil.example/cdn.discordapp.com", False),
    ],
)
def test_only_discord_serves_attachments(url: str, allowed: bool) -> None:
    assert is_allowed(URL(url)) is allowed


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://127.0.0.1:8765/attachments/1", True),
        ("http://127.0.0.1:8766/attachments/1", False),
        ("https://127.0.0.1:8765/attachments/1", False),
        ("http://localhost:8765/attachments/1", False),
        ("https://cdn.discordapp.com/attachments/1", False),
    ],
)
def test_a_stand_in_serves_its_own_attachments(
    url: str,
    allowed: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:8765/api/v10")

    assert is_allowed(URL(url)) is allowed
