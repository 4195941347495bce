from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr
from yarl import URL

from bot.client import LOGIN_REFUSED, Client, invite_url, stand_in
from bot.commands import commands
from bot.errors import StartError
from tests.serving import on_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.service import Service
    from bot.settings import Settings

APPLICATION = 77
IDENTIFY = 2
NO_SERVICE = cast("Service", None)


@dataclass
class FakeHashes:
    """What the catalog would remember."""

    known: dict[int, str] = field(default_factory=dict)

    async def command_hash(self, application_id: int) -> str | None:
        return self.known.get(application_id)

    async def set_command_hash(self, application_id: int, command_hash: str) -> None:
        self.known[application_id] = command_hash

    async def end_is_told(self, run_id: str) -> None:
        """Nothing ends here."""

    async def run_is_deleted(self, run_id: str) -> bool:  # noqa: ARG002 - the catalog's
        """Nothing is deleted here."""
        return False


def answer(payload: object, *, status: int = 200) -> web.Response:
    """JSON without a charset, which discord.py does not expect."""
    return web.Response(
        body=json.dumps(payload), status=status, headers={"Content-Type": "application/json"}
    )


@dataclass
class FakeDiscord:
    """The few routes of a login, and a gateway that may close with a code."""

    login_status: int = 200
    close_code: int | None = None
    bad_days: int = 0
    """How often the gateway closes before it says anything."""
    asked: Counter[str] = field(default_factory=Counter)
    commands: list[dict[str, Any]] = field(default_factory=list)
    identified: dict[str, Any] = field(default_factory=dict)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/api/v10/users/@me", self.user)
        application.router.add_get("/api/v10/oauth2/applications/@me", self.information)
        application.router.add_put(f"/api/v10/applications/{APPLICATION}/commands", self.sync)
        application.router.add_get("/gateway/", self.gateway)
        application.router.add_get("/gateway", self.gateway)
        return application

    async def user(self, request: web.Request) -> web.Response:
        self.asked["login"] += 1
        assert request.headers["Authorization"].startswith("Bot ")
        user = {"id": "1", "username": "bot", "discriminator": "0", "avatar": None}
        return answer(user, status=self.login_status)

    async def information(self, _: web.Request) -> web.Response:
        owner = {"id": "2", "username": "owner", "discriminator": "0", "avatar": None}
        texts = {"name": "bot", "icon": None, "description": "", "verify_key": ""}
        flags = {"bot_public": True, "bot_require_code_grant": False}
        return answer({"id": str(APPLICATION), "owner": owner, **texts, **flags})

    async def sync(self, request: web.Request) -> web.Response:
        self.asked["sync"] += 1
        self.commands = await request.json()
        ids = {"application_id": str(APPLICATION), "version": "1", "description": ""}
        synced = [{**ids, **command, "id": str(n)} for n, command in enumerate(self.commands, 1)]
        return answer(synced)

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.bad_days:
            self.bad_days -= 1
            await socket.close(code=1011)
            return socket
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        while (said := await socket.receive_json())["op"] != IDENTIFY:
            pass  # a first heartbeat
        self.identified = said["d"]
        if self.close_code is not None:
            await socket.close(code=self.close_code)
            return socket
        user = {"id": "1", "username": "bot", "discriminator": "0", "avatar": None}
        ready = {"user": user, "guilds": [], "session_id": "s", "resume_gateway_url": "ws://x"}
        await socket.send_json({"op": 0, "s": 1, "t": "READY", "d": ready})
        async for _ in socket:
            pass
        return socket


@asynccontextmanager
async def serving(fake: FakeDiscord) -> AsyncIterator[str]:
    runner = web.AppRunner(fake.application(), shutdown_timeout=0)
    async with on_loopback(runner) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(autouse=True)
def _no_log_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def client(settings: Settings, url: str | None, *, token: str | None = None) -> Client:
    secret = None if token is None else SecretStr(token)
    changed = settings.model_copy(update={"discord_url": url, "discord_token": secret})
    return Client(changed, FakeHashes())


async def serve_and_close(bot: Client) -> None:
    """Let the bot serve until it is connected."""
    bot._connection.guild_ready_timeout = 0  # noqa: SLF001 - discord.py's own wait
    serving_task = asyncio.create_task(bot.serve(NO_SERVICE))
    await asyncio.wait_for(bot.connected.wait(), 5)
    await bot.close()
    await asyncio.wait_for(serving_task, 5)


async def test_the_bot_serves_until_it_is_closed(settings: Settings) -> None:
    fake = FakeDiscord()
    async with serving(fake) as url:
        bot = client(settings, url)

        await serve_and_close(bot)

    assert bot.is_closed()
    asked = discord.Intents(guilds=True, guild_messages=True)
    assert fake.identified["intents"] == asked.value


async def test_the_bot_waits_for_a_gateway_that_does_not_let_it_in_at_first(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """discord.py ends with an AttributeError where the very first connection breaks."""
    monkeypatch.setattr("bot.client.AGAIN_SECONDS", 0.01)
    fake = FakeDiscord(bad_days=3)
    async with serving(fake) as url:
        await serve_and_close(client(settings, url))

    assert fake.bad_days == 0


async def test_commands_are_synced_only_when_they_have_changed(settings: Settings) -> None:
    fake, hashes = FakeDiscord(close_code=4004), FakeHashes()
    async with serving(fake) as url:
        for minutes in (0.5, 0.5, 0.1):
            changed = settings.model_copy(update={"discord_url": url, "minimum_minutes": minutes})
            with pytest.raises(StartError):
                await Client(changed, hashes).serve(NO_SERVICE)

    assert fake.asked["login"] == 3
    assert fake.asked["sync"] == 2
    synced = {
        command["name"]: command.get("description_localizations") for command in fake.commands
    }
    assert [*synced] == [command.name for command in commands(settings)]
    assert "de" in (synced["train"] or {})


async def test_a_refused_token_is_one_sentence(settings: Settings) -> None:
    async with serving(FakeDiscord(login_status=401)) as url:
        with pytest.raises(StartError, match="DISCORD_TOKEN"):
            await client(settings, url, token="wrong").serve(NO_SERVICE)  # noqa: S106 - a fake


@pytest.mark.parametrize("token", ["a\nb", "é", "\x00", "a\r\nHost: b"])
async def test_a_token_that_cannot_be_sent_is_the_same_sentence(
    settings: Settings, token: str
) -> None:
    async with serving(fake := FakeDiscord()) as url:
        with pytest.raises(StartError) as caught:
            await client(settings, url, token=token).serve(NO_SERVICE)

    assert str(caught.value) == LOGIN_REFUSED
    assert fake.asked["login"] == 0


async def test_no_network_is_one_sentence(settings: Settings) -> None:
    async with serving(FakeDiscord()) as url:
        pass  # and now nothing listens there

    with pytest.raises(StartError, match="cannot be reached"):
        await client(settings, url).serve(NO_SERVICE)


@pytest.mark.parametrize(
    ("code", "words"), [(4014, "Message Content Intent"), (4004, "with code 4004")]
)
async def test_a_refusal_of_the_gateway_is_one_sentence(
    settings: Settings, code: int, words: str
) -> None:
    async with serving(FakeDiscord(close_code=code)) as url:
        with pytest.raises(StartError, match=words):
            await client(settings, url).serve(NO_SERVICE)


async def test_a_stand_in_is_not_told_how_to_invite(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(FakeDiscord(close_code=4004)) as url:
        with pytest.raises(StartError):
            await client(settings, url).serve(NO_SERVICE)

    assert "To add the bot" not in caplog.text


def test_without_a_stand_in_the_constants_stay_as_they_are() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

    with stand_in(None):
        within = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

    assert within == before


def test_a_stand_in_replaces_both_constants_and_gives_them_back() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

    with stand_in("https://127.0.0.1:8765"):
        within = Route.BASE, str(DiscordWebSocket.DEFAULT_GATEWAY)

    assert within == ("https://127.0.0.1:8765/api/v10", "wss://127.0.0.1:8765/gateway")
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


def test_the_invitation_asks_for_what_is_used_and_no_more() -> None:
    """View Channel, Send Messages, Attach Files, Send Messages in Threads."""
    permissions = (1 << 10) | (1 << 11) | (1 << 15) | (1 << 38)

    assert invite_url(APPLICATION) == (
        "https://discord.com/oauth2/authorize?client_id=77"
        f"&scope=bot+applications.commands&permissions={permissions}"
    )


def test_only_a_bot_that_reads_channels_asks_for_what_that_needs(settings: Settings) -> None:
    """The privileged intent, and the permission to read a history."""
    reads = settings.model_copy(update={"channel_history_permitted": True})

    assert not Client(settings, FakeHashes()).intents.message_content
    assert Client(reads, FakeHashes()).intents.message_content
    history = discord.Permissions.read_message_history.flag
    asked = [
        int(URL(invite_url(APPLICATION, reads_channels=reads)).query["permissions"])
        for reads in (False, True)
    ]
    assert [bool(permissions & history) for permissions in asked] == [False, True]
    assert asked[1] == asked[0] | history


@pytest.mark.parametrize(("before", "told"), [("en-US", [7]), ("de", [])])
async def test_trainings_are_told_anew_when_a_server_changes_its_language(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, before: str, told: list[int]
) -> None:
    bot, heard = client(settings, None), list[int]()
    monkeypatch.setattr(bot.reporter, "say_again", heard.append)

    def guild(locale: str) -> Any:
        return SimpleNamespace(id=7, preferred_locale=discord.Locale(locale))

    await bot.on_guild_update(guild(before), guild("de"))

    assert heard == told
