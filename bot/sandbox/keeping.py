"""What outlives a restart: messages and synced commands, one file a channel.

Changes are gathered for a moment and written durably by one task in the background, so a
burst of edits costs one write, and a kill at any moment leaves whole files behind that are
half a second old at most. Private messages and deferred answers are not kept: their
interactions die with the process.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from bot.sandbox.message_limits import MessageFlag
from bot.sandbox.people import GUILDS
from bot.sandbox.world import Change, Message, World
from storage.files import write_durably

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.payloads import Payload

GATHERING_SECONDS = 0.5


class Keeper:
    """Writes the world down and reads it back."""

    def __init__(self, folder: Path, world: World) -> None:
        self._folder, self._world = folder, world
        self._dirty: set[str] = set()
        self._wake = asyncio.Event()
        self.saved = asyncio.Condition()
        """Notified after every write."""
        world.on_change(self._note_change)
        world.on_sync(lambda: self._note("commands"))

    def load(self) -> None:
        """Take in what a former session left, and sweep away files of nobody."""
        for guild in GUILDS.values():
            for channel in guild.channels:
                entries = self._read(f"channel-{channel.id}")
                self._world.restore(Message(entry) for entry in entries or [])
        for entry in self._read("commands") or []:
            self._world.commands[entry["guild_id"]] = entry["commands"]
        kept = {
            attachment["id"]
            for guild in GUILDS.values()
            for channel in guild.channels
            for message in self._world.messages(channel.id)
            for attachment in message.payload["attachments"]
        }
        self._world.attachments.sweep(kept)

    async def run(self) -> None:
        """Write down what changes, until cancelled; what is left then is written too."""
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(GATHERING_SECONDS)
                await asyncio.to_thread(self._write, self._taken())
                async with self.saved:
                    self.saved.notify_all()
        finally:
            self._write(self._taken())

    def _note_change(self, change: Change) -> None:
        if change.message.visible_to is None:
            self._note(f"channel-{change.message.channel_id}")

    def _note(self, name: str) -> None:
        self._dirty.add(name)
        self._wake.set()

    def _taken(self) -> dict[str, bytes]:
        """The contents of all files that are out of date."""
        contents = {name: json.dumps(self._content(name)).encode() for name in self._dirty}
        self._dirty.clear()
        self._wake.clear()
        return contents

    def _content(self, name: str) -> list[object]:
        if name == "commands":
            return [
                {"guild_id": guild_id, "commands": commands}
                for guild_id, commands in self._world.commands.items()
            ]
        messages = self._world.messages(int(name.removeprefix("channel-")))
        return [message.payload for message in messages if _is_lasting(message)]

    def _write(self, contents: dict[str, bytes]) -> None:
        for name, content in contents.items():
            write_durably(self._path(name), content)

    def _read(self, name: str) -> list[Payload] | None:
        path = self._path(name)
        if not path.exists():
            return None
        entries: list[Payload] = json.loads(path.read_bytes())
        return entries

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _is_lasting(message: Message) -> bool:
    is_public = message.is_kept and message.visible_to is None
    return is_public and not message.payload["flags"] & MessageFlag.LOADING
