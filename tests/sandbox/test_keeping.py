"""What was said and synced is there again after a restart; private things are not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.sandbox.people import ADA, APPLICATION, TAVERN, WRITING_GROUP
from bot.sandbox.server import running
from bot.sandbox.world import MESSAGES_PER_CHANNEL
from tests.sandbox_driver import Person

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.slow  # starts sandboxes again

COMMANDS = f"/api/v10/applications/{APPLICATION}/commands"


async def sync(sandbox: Sandbox) -> None:
    headers = {"Authorization": "Bot any"}
    async with aiohttp.ClientSession(sandbox.world.base, headers=headers) as session:
        await session.put(COMMANDS, json=[{"name": "ask", "description": "Ask"}])


async def test_messages_files_and_commands_outlive_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as first, Person.enter(first.world.base, ADA) as ada:
        await sync(first)
        said = await ada.say("bots", "see my poem", file=("poem.txt", b"O rose"))
        gone = await ada.say("bots", "never mind")
        await ada.delete(gone)

    async with running(tmp_path) as second, Person.enter(second.world.base, ADA) as ada:
        assert [key for key, m in ada.messages.items() if m["channel_id"] != str(TAVERN)] == [
            said["id"]
        ]
        kept = ada.messages[said["id"]]
        assert kept["content"] == "see my poem"
        assert kept["attachments"][0]["url"].startswith(second.world.base)
        assert await ada.download(kept["attachments"][0]) == b"O rose"
        assert [command["name"] for command in ada.state["guilds"][1]["commands"]] == ["ask"]


async def test_killed_sandbox_has_written_down_what_was_said(tmp_path: Path) -> None:
    async with running(tmp_path) as sandbox, Person.enter(sandbox.world.base, ADA) as ada:
        said = await ada.say("bots", "hello")
        path = tmp_path / f"channel-{WRITING_GROUP + 12}.json"
        async with sandbox.keeper.saved:
            await sandbox.keeper.saved.wait_for(path.exists)

        copy = tmp_path / "copy"
        copy.mkdir()
        (copy / path.name).write_bytes(path.read_bytes())
        async with running(copy) as other:
            assert [entry.payload["id"] for entry in other.world.messages(WRITING_GROUP + 12)] == [
                said["id"]
            ]


async def test_files_of_nobody_are_swept_away_at_the_start(tmp_path: Path) -> None:
    stray = tmp_path / "attachments" / "123"
    stray.parent.mkdir()
    stray.write_bytes(b"an upload of a command long over")

    async with running(tmp_path):
        assert not stray.exists()


async def test_everything_is_private_to_its_user(tmp_path: Path) -> None:
    folder = tmp_path / "discord"
    async with running(folder) as sandbox, Person.enter(sandbox.world.base, ADA) as ada:
        await ada.say("bots", "hello", file=("a.txt", b"a"))

    assert folder.stat().st_mode & 0o077 == 0
    for path in folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
        assert path.stat().st_uid == os.getuid()


async def test_old_messages_make_room(sandbox: Sandbox, ada: Person) -> None:
    said = await ada.say("bots", "first", file=("a.txt", b"a"))
    channel = int(said["channel_id"])
    first = sandbox.world.message(channel, int(said["id"]))
    for number in range(MESSAGES_PER_CHANNEL):
        copy = type(first)(first.payload | {"id": str(first.id + number + 1), "attachments": []})
        sandbox.world.add(copy)

    assert len(sandbox.world.messages(channel)) == MESSAGES_PER_CHANNEL
    assert not sandbox.world.has(first)
    assert not sandbox.world.attachments.path(int(said["attachments"][0]["id"])).exists()
