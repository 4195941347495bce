"""What the page is told while it is open: one WebSocket for each person who looks.

Everybody hears of the messages that they can see, and only of those.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.people import place
from bot.sandbox.permissions import Permission, permissions_in

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload
    from bot.sandbox.world import Message


@dataclass(slots=True, eq=False)
class _Viewer:
    person_id: int
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    """Events as they go over the wire: one text for everybody who gets the same."""


class Live:
    """Everybody who has the page open."""

    def __init__(self) -> None:
        self._viewers: list[_Viewer] = []
        self._sockets: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request, person_id: int) -> web.WebSocketResponse:
        """One open page, until it is closed."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        viewer = _Viewer(person_id)
        self._viewers.append(viewer)
        self._sockets.add(socket)
        viewer.outbox.put_nowait(_text({"type": "hello"}))
        sender = asyncio.create_task(_send_all(socket, viewer))
        try:
            async for _ in socket:
                pass
        finally:
            self._viewers.remove(viewer)
            self._sockets.discard(socket)
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """End every connection."""
        for socket in list(self._sockets):
            await socket.close(code=1001)

    def tell_everybody(self, event: Payload) -> None:
        """Tell every open page."""
        text = _text(event)
        for viewer in self._viewers:
            viewer.outbox.put_nowait(text)

    def message(self, kind: str, message: Message, payload: Payload) -> None:
        """Tell of a message to whoever can see it."""
        text = _text({"type": kind, "message": payload})
        for viewer in self._viewers:
            if can_see(viewer.person_id, message):
                viewer.outbox.put_nowait(text)

    def typing(self, channel_id: int) -> None:
        """Tell that the bot is typing."""
        self.tell_everybody({"type": "typing", "channel_id": str(channel_id)})


def can_see(person_id: int, message: Message) -> bool:
    """Whether a person can see a message."""
    if message.visible_to is not None:
        return message.visible_to == person_id
    guild, channel = place(message.channel_id)
    return bool(
        person_id in guild.members
        and permissions_in(guild, channel, person_id) & Permission.VIEW_CHANNEL
    )


async def _send_all(socket: web.WebSocketResponse, viewer: _Viewer) -> None:
    while True:
        await socket.send_str(await viewer.outbox.get())


def _text(event: Payload) -> str:
    return json.dumps(event, ensure_ascii=False)
