"""Three seconds, one answer, fifteen minutes; private is private."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.sandbox.interactions import Timing
from bot.sandbox.people import ADA, APPLICATION, MAX
from bot.sandbox.server import running
from tests.sandbox_driver import Answer, Person, RefusedByPageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.slow

COMMANDS = f"/api/v10/applications/{APPLICATION}/commands"


class RawBot:
    """A bot without a library: what it hears, and any answer it likes."""

    def __init__(
        self, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        self._http, self._socket = http, socket

    @classmethod
    @asynccontextmanager
    async def connected(cls, base: str) -> AsyncIterator[RawBot]:
        headers = {"Authorization": "Bot any"}
        async with (
            aiohttp.ClientSession(base, headers=headers) as http,
            http.ws_connect("/gateway") as socket,
        ):
            bot = cls(http, socket)
            await socket.send_json({"op": 2, "d": {"token": "any", "intents": 1}})
            await bot.hear("GUILD_CREATE")
            await http.put(COMMANDS, json=[{"name": "ask", "description": "Ask"}])
            yield bot

    async def hear(self, name: str) -> dict[str, Any]:
        while True:
            event = await self._socket.receive_json(timeout=5)
            if event["t"] == name:
                body: dict[str, Any] = event["d"]
                return body

    async def answer(self, interaction: dict[str, Any], kind: int, **data: Any) -> tuple[int, int]:
        path = f"/api/v10/interactions/{interaction['id']}/{interaction['token']}/callback"
        return await self._ask("POST", path, {"type": kind, "data": data})

    async def follow_up(
        self, interaction: dict[str, Any], method: str = "POST", path: str = "", **data: Any
    ) -> tuple[int, int]:
        url = f"/api/v10/webhooks/{APPLICATION}/{interaction['token']}{path}"
        return await self._ask(method, url, data)

    async def _ask(self, method: str, path: str, body: Any) -> tuple[int, int]:
        async with self._http.request(method, path, json=body) as response:
            answer = await response.json() if response.status != 204 else {}
            return response.status, answer.get("code", 0)


class Pair:
    """A bot and a person who asks it."""

    def __init__(self, bot: RawBot, ada: Person, base: str) -> None:
        self.bot, self.ada, self.base = bot, ada, base

    async def ask(self, group: asyncio.TaskGroup) -> tuple[dict[str, Any], asyncio.Task[Answer]]:
        asking = group.create_task(self.ada.command("bots", "ask"))
        return await self.bot.hear("INTERACTION_CREATE"), asking


@asynccontextmanager
async def pair(folder: Path, **timing: float) -> AsyncIterator[Pair]:
    async with running(folder, timing=Timing(**timing)) as sandbox:
        base = sandbox.world.base
        async with RawBot.connected(base) as bot, Person.enter(base, ADA) as ada:
            yield Pair(bot, ada, base)


async def test_late_answer_is_unknown_and_the_person_is_told(tmp_path: Path) -> None:
    async with pair(tmp_path, answer_seconds=0.05) as both:
        answer = await both.ada.command("bots", "ask")
        asked = await both.bot.hear("INTERACTION_CREATE")

        assert answer.failed
        assert await both.bot.answer(asked, 4, content="late") == (404, 10062)
        assert await both.bot.follow_up(asked, content="late") == (404, 10015)


async def test_second_answer_is_refused(tmp_path: Path) -> None:
    async with pair(tmp_path) as both, asyncio.TaskGroup() as group:
        asked, _ = await both.ask(group)

        assert await both.bot.answer(asked, 4, content="one") == (204, 0)
        assert await both.bot.answer(asked, 4, content="two") == (400, 40060)


async def test_refused_answer_may_be_tried_again(tmp_path: Path) -> None:
    async with pair(tmp_path) as both, asyncio.TaskGroup() as group:
        asked, _ = await both.ask(group)

        assert await both.bot.answer(asked, 4, content="x" * 2_001) == (400, 50035)
        assert await both.bot.answer(asked, 7, content="no message to update") == (400, 50035)
        assert await both.bot.answer(asked, 99) == (400, 50035)
        assert await both.bot.answer(asked, 4, content="one") == (204, 0)


async def test_following_up_needs_a_first_answer(tmp_path: Path) -> None:
    async with pair(tmp_path) as both, asyncio.TaskGroup() as group:
        asked, _ = await both.ask(group)

        assert await both.bot.follow_up(asked, content="early") == (404, 10015)
        await both.bot.answer(asked, 5)


async def test_token_dies(tmp_path: Path) -> None:
    async with pair(tmp_path, token_seconds=0.2) as both, asyncio.TaskGroup() as group:
        asked, _ = await both.ask(group)
        opened = asyncio.get_running_loop().time()
        await both.bot.answer(asked, 5)
        assert await both.bot.follow_up(asked, content="in time") == (200, 0)
        await asyncio.sleep(opened + 0.25 - asyncio.get_running_loop().time())

        assert await both.bot.follow_up(asked, content="too late") == (401, 50027)


async def test_only_its_own_answers_can_be_touched(tmp_path: Path) -> None:
    async with pair(tmp_path) as both, asyncio.TaskGroup() as group:
        asked, asking = await both.ask(group)
        await both.bot.answer(asked, 4, content="mine")
        answer = await asking
        other = await both.ada.say("bots", "hers")

        assert answer.message is not None
        own = f"/messages/{answer.message['id']}"
        assert (await both.bot.follow_up(asked, "PATCH", own, content="still mine"))[0] == 200
        path = f"/messages/{other['id']}"
        assert await both.bot.follow_up(asked, "DELETE", path) == (404, 10008)
        assert (await both.bot.follow_up(asked, "DELETE", "/messages/@original"))[0] == 204
        gone = await both.bot.follow_up(asked, "PATCH", "/messages/@original", content="a")
        assert gone == (404, 10008)


async def test_private_answer_is_seen_by_its_reader_alone(tmp_path: Path) -> None:
    async with pair(tmp_path) as both, Person.enter(both.base, MAX) as max_:
        async with asyncio.TaskGroup() as group:
            asked, asking = await both.ask(group)
            components = [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]
            row = {"type": 1, "components": components}
            await both.bot.answer(asked, 4, content="secret", flags=64, components=[row])
        private = (await asking).message
        public = await both.ada.say("bots", "public")
        await max_.wait_for(lambda entry: entry["id"] == public["id"])

        assert private is not None
        assert private["id"] not in max_.messages
        with pytest.raises(RefusedByPageError):
            await max_.press(private, "go")
        with pytest.raises(RefusedByPageError):
            await max_.delete(private)
        await both.ada.delete(private)
        await both.ada.wait_until_gone(private)


async def test_without_a_bot_a_command_fails_at_once(ada: Person, sandbox: Any) -> None:
    sandbox.world.sync(None, [{"id": "1", "name": "ask", "type": 1, "description": "Ask"}])

    assert (await ada.command("bots", "ask")).failed
