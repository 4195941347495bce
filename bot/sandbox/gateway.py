"""The WebSocket on which the bot hears of everything.

    server  HELLO ──▶            ◀── IDENTIFY or RESUME  client
            READY, GUILD_CREATE… or what was missed, RESUMED or INVALID_SESSION ──▶
            events, numbered ──▶ ◀── HEARTBEAT (acknowledged)

Every event has a number in its session and is kept for a while, so that a bot whose
connection broke resumes where it stopped. Several bots may be connected; each hears all.
`tell`, `forget`, `close` and `cut` are Discord's bad days.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from bot.sandbox import payloads
from bot.sandbox.people import APPLICATION, BOT, GUILDS, PEOPLE, place
from bot.sandbox.sessions import Intent, Op, Session, plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.sandbox.membership import Absence
    from bot.sandbox.payloads import Payload

_log = logging.getLogger(__name__)

HEARTBEAT_MILLISECONDS: Final = 41_250
ACKNOWLEDGE_SECONDS: Final = 0.1
"""As on a real network. An answer at once overtakes discord.py's note of when it asked, so
that it takes the whole interval for its delay and logs that it is 41 s behind."""
SESSIONS_KEPT: Final = 8

WRONG_TOKEN: Final = "wrong"  # noqa: S105 - the one token that is refused, to try that out
UNPRIVILEGED_TOKEN: Final = "unprivileged"  # noqa: S105 - one that may not ask for message content


_PRIVILEGED = Intent.GUILD_MEMBERS | Intent.PRESENCES | Intent.MESSAGE_CONTENT


class Gateway:
    """All sessions of all bots."""

    def __init__(self, on_presence: Callable[[], None]) -> None:
        self._on_presence = on_presence
        self._sessions: dict[str, Session] = {}
        self._sockets: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self.absences: dict[int, Absence] = {}
        """Guilds of which no bot hears (`bot.sandbox.membership`)."""
        self.base = ""

    @property
    def online(self) -> bool:
        """Whether a bot is connected."""
        return any(session.connected for session in self._sessions.values())

    @property
    def reachable(self) -> bool:
        """Whether a bot is connected or may come back to its session."""
        return bool(self._sessions)

    def dispatch(self, name: str, payload: Payload, *, guild_id: int, intent: Intent) -> None:
        """Tell every bot that wants to know."""
        for session in self._serving(guild_id):
            if session.intents & intent:
                session.dispatch(name, payload)

    def dispatch_message(self, name: str, payload: Payload) -> None:
        """Tell of a message; without the message-content intent only what it may read."""
        guild, _ = place(int(payload["channel_id"]))
        author_id = int(payload["author"]["id"])
        if author_id in guild.members:
            payload |= {"member": payloads.member(guild, author_id)}
        for session in self._serving(guild.id):
            if session.intents & Intent.GUILD_MESSAGES:
                reads_all = session.intents & Intent.MESSAGE_CONTENT
                session.dispatch(name, payload if reads_all else _readable(payload))

    def dispatch_interaction(self, payload: Payload) -> bool:
        """Tell of an interaction; False if no bot will ever hear of it."""
        guild_id = int(payload["guild_id"])
        for session in self._serving(guild_id):
            session.dispatch("INTERACTION_CREATE", payload)
        return self.reachable and guild_id not in self.absences

    def tell(self, op: Op, body: object = None) -> None:
        """Say something that is no event, such as RECONNECT, to every bot that is connected."""
        for session in self._sessions.values():
            session.say(op, body)

    def forget(self) -> None:
        """Let no bot take its session up again; events of a forgotten one reach nobody."""
        self._sessions.clear()

    async def close(self, code: int = 1001) -> None:
        """End every connection; the bots will try to come back, and may resume."""
        for session in [entry for entry in self._sessions.values() if entry.connected]:
            self._part(session, resumable=True)
        for socket in list(self._sockets):
            await socket.close(code=code)

    def cut(self) -> None:
        """Break every connection without a word, as a network does."""
        for transport in self._sockets.values():
            if transport is not None:
                transport.abort()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection of a bot."""
        socket = web.WebSocketResponse(max_msg_size=4 * 1024 * 1024)
        await socket.prepare(request)
        self._sockets[socket] = request.transport
        session: Session | None = None
        try:
            await socket.send_json(plain(Op.HELLO, {"heartbeat_interval": HEARTBEAT_MILLISECONDS}))
            session = await self._greet(socket)
            if session is not None and session.outbox is not None:
                await self._converse(socket, session, session.outbox)
        finally:
            del self._sockets[socket]
        return socket

    async def _greet(self, socket: web.WebSocketResponse) -> Session | None:
        """Wait until the bot has said who it is."""
        async for op, body in _operations(socket):
            if op == Op.HEARTBEAT:
                await socket.send_json(plain(Op.HEARTBEAT_ACK, None))
            elif op in {Op.IDENTIFY, Op.RESUME}:
                if body.get("token") == WRONG_TOKEN:
                    await socket.close(code=4004, message=b"Authentication failed.")
                    return None
                session = await (self._identify if op == Op.IDENTIFY else self._resume)(
                    socket, body
                )
                if session is not None:
                    self._on_presence()
                    return session
        return None

    async def _identify(self, socket: web.WebSocketResponse, body: Payload) -> Session | None:
        intents = Intent(int(body.get("intents", 0)))
        if body.get("token") == UNPRIVILEGED_TOKEN and intents & _PRIVILEGED:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        shard, shards = body.get("shard") or (0, 1)
        session = Session(intents, (int(shard), int(shards)))
        session.take_up()
        self._remember(session)
        guilds = [
            guild
            for guild in GUILDS.values()
            if session.serves(guild.id) and self.absences.get(guild.id) != "gone"
        ]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": payloads.user(PEOPLE[BOT]),
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.base.replace("http", "ws", 1) + "/gateway",
                "shard": [shard, shards],
                "application": {"id": str(APPLICATION), "flags": 0},
            },
        )
        for guild in guilds:
            if guild.id not in self.absences:
                session.dispatch("GUILD_CREATE", payloads.guild(guild))
        return session

    async def _resume(self, socket: web.WebSocketResponse, body: Payload) -> Session | None:
        session = self._sessions.get(str(body.get("session_id")))
        missed = session.missed(int(body.get("seq") or 0)) if session else None
        if session is None or missed is None:
            await socket.send_json(plain(Op.INVALID_SESSION, False))
            return None
        outbox = session.take_up()
        for event in missed:
            outbox.put_nowait(event)
        session.dispatch("RESUMED", {})
        return session

    async def _converse(
        self, socket: web.WebSocketResponse, session: Session, outbox: asyncio.Queue[Payload]
    ) -> None:
        sender = asyncio.create_task(_send_all(socket, outbox))
        loop = asyncio.get_running_loop()
        acknowledgment = plain(Op.HEARTBEAT_ACK, None)
        try:
            async for op, _ in _operations(socket):
                if op == Op.HEARTBEAT:
                    loop.call_later(ACKNOWLEDGE_SECONDS, outbox.put_nowait, acknowledgment)
        finally:
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
            if session.outbox is outbox:  # the bot has not come back on another connection
                self._part(session, resumable=socket.close_code not in {1000, 1001})

    def _serving(self, guild_id: int) -> Iterator[Session]:
        """The sessions that hear of a guild."""
        if guild_id not in self.absences:
            yield from (each for each in self._sessions.values() if each.serves(guild_id))

    def _remember(self, session: Session) -> None:
        self._sessions[session.id] = session
        parted = [entry for entry in self._sessions.values() if not entry.connected]
        for forgotten in parted[:-SESSIONS_KEPT]:
            del self._sessions[forgotten.id]

    def _part(self, session: Session, *, resumable: bool) -> None:
        session.part()
        if not resumable:
            self._sessions.pop(session.id, None)
        self._on_presence()


async def _operations(socket: web.WebSocketResponse) -> AsyncIterator[tuple[Op, Any]]:
    """What the bot sends: operation and body."""
    async for frame in socket:
        if frame.type is not WSMsgType.TEXT:
            continue
        try:
            message = json.loads(frame.data)
            op, body = Op(message["op"]), message.get("d")
        except (ValueError, TypeError, KeyError):
            _log.debug("Ignoring a frame that the sandbox does not know: %.80s", frame.data)
            continue
        yield op, body


async def _send_all(socket: web.WebSocketResponse, outbox: asyncio.Queue[Payload]) -> None:
    while True:
        await socket.send_str(json.dumps(await outbox.get(), ensure_ascii=False))


def _readable(payload: Payload) -> Payload:
    """What a bot without the message-content intent sees of a message, and of what it answers.

    Content is only in its own messages and in those that mention it.
    """
    answered = payload.get("referenced_message")
    if answered is not None:
        payload = payload | {"referenced_message": _readable(answered)}
    mentioned = any(user["id"] == str(BOT) for user in payload["mentions"])
    if mentioned or payload["author"]["id"] == str(BOT):
        return payload
    return payload | {"content": "", "embeds": [], "attachments": [], "components": []}
