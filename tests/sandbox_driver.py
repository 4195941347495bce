"""A person in the sandbox, for tests: what the page does, from Python.

    async with Person.enter(base, ADA) as ada:
        answer = await ada.command("bots", "generate", length=200)
        message = await ada.wait_for(lambda message: "…" not in message["content"])
        await ada.press(message, "Continue")

Channels are named ("bots", in the Writing Group) or given as (guild's name, channel's name).
Every action returns an `Answer` once the bot has answered, or has failed to.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

Payload = dict[str, Any]
ChannelName = str | tuple[str, str]


class RefusedByPageError(Exception):
    """The page's interface refused an action, with a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        self.status, self.sentence = status, sentence
        super().__init__(f"{status}: {sentence}")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of an interaction."""

    interaction: str
    failed: bool
    """The application did not respond."""
    message: Payload | None
    """The answer as it was then, perhaps a deferred one; `wait_for` follows its edits."""
    modal: Payload | None


def components(message: Payload) -> Iterator[Payload]:
    """Every button, menu and other part of a message or modal, outer ones first."""
    children = list(message.get("components") or [])
    children += [message[key] for key in ("accessory", "component") if message.get(key)]
    for child in children:
        yield child
        yield from components(child)


def text_of(message: Payload) -> str:
    """Everything that one reads in a message: content, embeds and text displays."""
    found = [message["content"]]
    for embed in message["embeds"]:
        found += [embed.get("title", ""), embed.get("description", "")]
        for entry in embed.get("fields", []):
            found += [entry["name"], entry["value"]]
        found.append(embed.get("footer", {}).get("text", ""))
    found += [part["content"] for part in components(message) if "content" in part]
    return "\n".join(part for part in found if part)


def button(message: Payload, label: str) -> Payload:
    """The button, menu or other part with this custom_id or label."""
    offered = [part for part in components(message) if "custom_id" in part]
    for part in offered:
        if label in {part["custom_id"], part.get("label")}:
            return part
    names = [part.get("label") or part["custom_id"] for part in offered]
    raise LookupError(f"{label!r} is not among {names}")


class Person:
    """One of the people of the sandbox, with the page open."""

    def __init__(self, session: aiohttp.ClientSession, base: str, person_id: int) -> None:
        self._session, self._base, self.id = session, base, str(person_id)
        self.messages: dict[str, Payload] = {}
        """All that this person can see, by id, kept up to date."""
        self.typed: list[str] = []
        """The channels in which the bot was seen typing, one entry each time."""
        self.state: Payload = {}
        self._news = asyncio.Condition()

    @classmethod
    @asynccontextmanager
    async def enter(cls, base: str, person_id: int) -> AsyncIterator[Person]:
        """Open the page as this person."""
        async with aiohttp.ClientSession(headers={"Origin": base}) as session:
            person = cls(session, base, person_id)
            url = f"{base}/page/events?person={person_id}"
            async with session.ws_connect(url, max_msg_size=0) as socket:
                await socket.receive_json()
                await person._catch_up()
                listening = asyncio.create_task(person._listen(socket))
                try:
                    yield person
                finally:
                    listening.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await listening

    async def command(
        self,
        channel: ChannelName,
        name: str,
        /,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        **options: Any,
    ) -> Answer:
        """Send a slash command; files are {option: (file name, content)}."""
        facts = {"channel": self.channel(channel), "command": name, "options": options}
        return await self._act("commands", facts, files)

    async def menu(self, message: Payload, name: str) -> Answer:
        """Use a command from a message's menu."""
        return await self._act("menus", _at(message) | {"command": name})

    async def press(self, message: Payload, label: str) -> Answer:
        """Press the button with this label or custom_id."""
        custom_id = button(self.messages.get(message["id"], message), label)["custom_id"]
        return await self._act("components", _at(message) | {"custom_id": custom_id})

    async def choose(self, message: Payload, custom_id: str | None, *values: str) -> Answer:
        """Choose values or labels in a select menu; None: in the only one."""
        current = self.messages.get(message["id"], message)
        menus = [part for part in components(current) if part["type"] in {3, 5, 6, 7, 8}]
        menu = menus[0] if custom_id is None else button(current, custom_id)
        by_label = {option["label"]: option["value"] for option in menu.get("options", [])}
        chosen = [by_label.get(value, value) for value in values]
        facts = {"custom_id": menu["custom_id"], "values": chosen}
        return await self._act("components", _at(message) | facts)

    async def submit(
        self,
        answer: Answer,
        values: Mapping[str, Any],
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Answer:
        """Submit the modal of an answer; values by custom_id or label."""
        assert answer.modal is not None
        by_name = dict(_fields(answer.modal))
        named = {by_name.get(name, name): value for name, value in values.items()}
        return await self._act(
            "modals", {"interaction": answer.interaction, "values": named}, files
        )

    async def autocomplete(
        self, channel: ChannelName, command: str, option: str, text: str = "", **options: Any
    ) -> list[Payload] | None:
        """What the bot suggests for an option: names and values; None if it did not answer."""
        facts = {
            "channel": self.channel(channel),
            "command": command,
            "options": {**options, option: text},
            "focused": option,
        }
        choices: list[Payload] | None = (await self._post("autocomplete", facts))["choices"]
        return choices

    async def say(
        self,
        channel: ChannelName,
        content: str,
        *,
        reply_to: Payload | None = None,
        ping: bool = True,
        file: tuple[str, bytes] | None = None,
    ) -> Payload:
        """Write an ordinary message; a file is its name and content."""
        facts: Payload = {"channel": self.channel(channel), "content": content}
        if reply_to is not None:
            facts |= {"reply_to": reply_to["id"], "ping": ping}
        said: Payload = await self._post("messages", facts, {"file": file} if file else None)
        return said

    async def delete(self, message: Payload) -> None:
        """Delete a message, or dismiss a private one."""
        await self._post("delete", _at(message))

    async def leave_bot(self, channel: ChannelName, access: str) -> None:
        """Leave the bot of a channel `full` access, or make it `silent`, `barred` or `gone`."""
        await self._post("access", {"channel": self.channel(channel), "bot": access})

    async def keep_bot(self, guild_name: str, bot: str) -> None:
        """Let the bot be `gone` from a guild, its guild `unavailable`, or the bot `here`."""
        [guild] = [guild for guild in self.state["guilds"] if guild["name"] == guild_name]
        await self._post("membership", {"guild": guild["id"], "bot": bot})

    async def wait_for(self, accepts: Callable[[Payload], object], seconds: float = 10) -> Payload:
        """The newest message that is accepted, now or when one becomes so.

        Raises:
            TimeoutError: None became so in time; it lists what was there.
        """
        try:
            async with asyncio.timeout(seconds), self._news:
                while True:
                    for message in reversed(self.messages.values()):
                        if accepts(message):
                            return message
                    await self._news.wait()
        except TimeoutError:
            there = [text_of(message)[:300] for message in self.messages.values()][-8:]
            raise TimeoutError(f"No such message within {seconds} s, but: {there}") from None

    async def wait_until_gone(self, message: Payload, seconds: float = 10) -> None:
        """Wait until a message is deleted."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(lambda: message["id"] not in self.messages)

    async def wait_for_bot(self, *, commands: int = 1, seconds: float = 20) -> None:
        """Wait until the bot is connected and has synced its commands."""
        async with asyncio.timeout(seconds), self._news:
            while True:
                self.state = await self._get("state")
                synced = self.state["guilds"][0]["commands"]
                if self.state["bot"]["online"] and len(synced) >= commands:
                    return
                await self._news.wait()

    async def wait_until_offline(self, *, seconds: float = 10) -> None:
        """Wait until the bot's connection is closed."""
        async with asyncio.timeout(seconds), self._news:
            while (await self._get("state"))["bot"]["online"]:
                await self._news.wait()

    async def download(self, attachment: Payload) -> bytes:
        """The content of an attachment of a message."""
        url = re.sub(r"^https?://[^/]+", self._base, attachment["url"])
        async with self._session.get(url) as response:
            response.raise_for_status()
            return await response.read()

    def channel(self, name: ChannelName) -> str:
        """The id of a channel."""
        guild_name, channel_name = ("Writing Group", name) if isinstance(name, str) else name
        for guild in self.state["guilds"]:
            if guild["name"] == guild_name:
                for channel in guild["channels"]:
                    if channel["name"] == channel_name:
                        return str(channel["id"])
        raise LookupError(f"there is no channel {name}")

    async def _act(
        self, path: str, facts: Payload, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Answer:
        outcome = await self._post(path, facts, files)
        return Answer(
            interaction=outcome["interaction"],
            failed=outcome["status"] == "failed",
            message=outcome["message"],
            modal=outcome["modal"],
        )

    async def _post(
        self, path: str, facts: Payload, files: Mapping[str, tuple[str, bytes]] | None = None
    ) -> Any:
        form = aiohttp.FormData(quote_fields=False, default_to_multipart=True)
        form.add_field("payload_json", json.dumps(facts | {"person": self.id}))
        for name, (filename, content) in (files or {}).items():
            form.add_field(name, io.BytesIO(content), filename=filename)
        async with self._session.post(f"{self._base}/page/{path}", data=form) as response:
            return await _checked(response)

    async def _get(self, path: str, **query: str) -> Any:
        url = f"{self._base}/page/{path}"
        async with self._session.get(url, params={"person": self.id, **query}) as response:
            return await _checked(response)

    async def _catch_up(self) -> None:
        """Read what there is; what happens from now on is heard of."""
        self.state = await self._get("state")
        found = {}
        for guild in self.state["guilds"]:
            for channel in guild["channels"]:
                for message in await self._get("messages", channel=channel["id"]):
                    found[message["id"]] = message
        self.messages = dict(sorted(found.items(), key=lambda item: int(item[0])))

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            event = json.loads(frame.data)
            async with self._news:
                if event["type"] == "MESSAGE_DELETE":
                    self.messages.pop(event["message"]["id"], None)
                elif event["type"] == "typing":
                    self.typed.append(event["channel_id"])
                elif "message" in event:
                    self.messages[event["message"]["id"]] = event["message"]
                self._news.notify_all()


async def _checked(response: aiohttp.ClientResponse) -> Any:
    body = await response.json()
    if response.status != 200:
        raise RefusedByPageError(response.status, body["error"])
    return body


def _at(message: Payload) -> Payload:
    return {"channel": message["channel_id"], "message": message["id"]}


def _fields(modal: Payload) -> Iterator[tuple[str, str]]:
    """Labels and custom_ids of a modal's fields."""
    for part in components(modal):
        inner = part.get("component", part)
        if part.get("label") and "custom_id" in inner:
            yield part["label"], inner["custom_id"]
