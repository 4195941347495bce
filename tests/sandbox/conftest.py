"""A sandbox on a free port, and the real discord.py pointed at it."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from bot.sandbox.people import ADA
from bot.sandbox.server import running
from bot.words import ENGLISH
from tests.sandbox_driver import Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox.sandbox import Sandbox


class Client(discord.Client):
    """A small bot; a test adds the commands that it needs."""

    def __init__(self, base: str, **intents: bool) -> None:
        asked = discord.Intents(guilds=True, **intents)
        super().__init__(intents=asked, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self._connection.guild_ready_timeout = 0
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.base = base

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Identify again without discord.py's five seconds."""

    async def language_in(self, _: int | None, __: str | None = None) -> str:
        """Speak English, whatever Discord says."""
        return ENGLISH

    async def on_message(self, message: discord.Message) -> None:
        """Note a message, for the test to look at."""
        await self.heard.put(message)

    async def hear(self) -> Any:
        """What was noted next."""
        return await asyncio.wait_for(self.heard.get(), 5)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Client]:
        """Log in, sync the commands, and stay connected while the body runs."""
        await self.login("any")
        await self.tree.sync()
        running = asyncio.create_task(self.connect())
        try:
            await asyncio.wait_for(self.wait_until_ready(), 5)
            yield self
        finally:
            await self.close()
            with contextlib.suppress(asyncio.CancelledError):
                await running


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A sandbox that listens, with time limits as on Discord."""
    async with running(tmp_path / "discord") as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A bot that will connect to the sandbox."""
    return new_client(sandbox, monkeypatch)


def new_client(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, **intents: bool) -> Client:
    """Point discord.py at the sandbox, as the bot's own setting does."""
    base = sandbox.world.base
    monkeypatch.setattr(discord.http.Route, "BASE", f"{base}/api/v10")
    gateway = yarl.URL(base.replace("http", "ws", 1)) / "gateway"
    monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    return Client(base, **intents)


@pytest.fixture
async def ada(sandbox: Sandbox) -> AsyncIterator[Person]:
    """Ada, with the page open."""
    async with Person.enter(sandbox.world.base, ADA) as person:
        yield person


@pytest.fixture
async def bot_http(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    """Plain requests with a bot's token, for what discord.py would not send."""
    headers = {"Authorization": "Bot any"}
    async with aiohttp.ClientSession(sandbox.world.base, headers=headers) as session:
        yield session
