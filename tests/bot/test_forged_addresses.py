"""No request leaves for an address that is not Discord's, or its stand-in's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from discord.http import Route
from yarl import URL

from bot.downloads import download, is_allowed
from bot.errors.files import (
    DownloadFailedError,
)

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 1000

FORGED = [
    "http://127.0.0.1/a",
    "https://127.0.0.1/a",
    "https://localhost/a",
    "http://169.254.169.254/latest/meta-data/",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://0.0.0.0/a",
    "https://2130706433/a",
    "https://0x7f.1/a",
    "https://10.0.0.1/a",
    "http://cdn.discordapp.com/a",
    "http://cdn.discordapp.com:443/a",
    "https://cdn.discordapp.com:8443/a",
    "https://cdn.discordapp.com:22/a",
    "https://cdn.discordapp.com.evil.example/a",
    "https://evil-cdn.discordapp.com/a",
    "https://discordapp.com/a",
    "https://discord.com/a",
    "https://cdn.discordapp.com@evil.example/a",
    "https://cdn.discordapp.com:443@evil.example/a",
    "https://cdn.discordapp.com%40evil.example/a",
    "https://evil.example#@cdn.discordapp.com/a",
    "https://evil.example?@cdn.discordapp.com/a",
    "https://evil.example\\@cdn.discordapp.com/a",
    "https://user@cdn.discordapp.com/a",
    "https://:word@cdn.discordapp.com/a",
    "//cdn.discordapp.com/a",
    "ftp://cdn.discordapp.com/a",
    "unix:///run/docker.sock",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "cdn.discordapp.com/a",
    "https://cdn.discordapp.com:99999/a",
    "https:///a",
    "",
]


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything that is looked up or connected to, none of which succeeds."""
    asked: list[object] = []

    async def refuse(_: object, *place: object, **__: object) -> None:
        asked.append(place)
        raise OSError("no way out")

    for way in ("getaddrinfo", "sock_connect", "create_connection", "create_unix_connection"):
        monkeypatch.setattr(asyncio.SelectorEventLoop, way, refuse)
    return asked


@pytest.mark.parametrize("url", FORGED)
@pytest.mark.parametrize("base", ["https://discord.com/api/v10", "http://127.0.0.1:9/api/v10"])
async def test_no_request_leaves_for_a_forged_address(
    url: str, base: str, tmp_path: Path, reached: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", base)

    with pytest.raises(DownloadFailedError):
        await download(url, tmp_path / "file", limit=LIMIT)

    assert reached == []


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://discord.com/api/v10", "https://cdn.discordapp.com/a"),
        ("https://discord.com/api/v10", "https://media.discordapp.net/a"),
        ("http://stand-in.example:81/api/v10", "http://stand-in.example:81/a"),
        ("http://127.0.0.1:9/api/v10", "http://127.0.0.1:9/a"),
    ],
)
async def test_requests_for_allowed_addresses_are_what_leaves(
    base: str,
    url: str,
    tmp_path: Path,
    reached: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the law above would hold of a bot that downloads nothing."""
    monkeypatch.setattr(Route, "BASE", base)

    with pytest.raises(DownloadFailedError):
        await download(url, tmp_path / "file", limit=LIMIT)

    assert len(reached) == 1
    assert str(URL(url).host) in str(reached)


@pytest.mark.parametrize(
    "url",
    [
        "http://stand-in.example/a",
        "http://stand-in.example:82/a",
        "https://stand-in.example:81/a",
        "http://user@stand-in.example:81/a",
        "http://stand-in.example.evil.example:81/a",
        "//stand-in.example:81/a",
        "https://cdn.discordapp.com/a",
        "http://127.0.0.1:81/a",
    ],
)
def test_a_stand_in_is_known_by_scheme_host_and_port(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Route, "BASE", "http://stand-in.example:81/api/v10")

    assert not is_allowed(URL(url))
