"""The sandbox and the bot in one process, for interactions that no page would send.

The page of the sandbox checks, as Discord's own client does, what a person may do. Here an
interaction begins behind that check, so its ids, custom_ids and addresses may be forged; from
there on everything is real: the gateway, discord.py, the commands, the catalog, the answers.
Training alone is `tests.bot.fakes.FakeLauncher`'s.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.client import ANSWER_TASKS, Client
from bot.requests import Caller
from bot.sandbox import payloads
from bot.sandbox.attachments import Attachment
from bot.sandbox.composing import Draft, compose
from bot.sandbox.interactions import Interaction, InteractionType, Timing
from bot.sandbox.message_limits import MessageFlag
from bot.sandbox.people import BOT, FANDOM, GUILDS, PEOPLE, place
from bot.sandbox.server import running
from bot.sandbox.world import ChangeKind, Message
from tests.bot.core import Core

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox.payloads import Payload
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.world import Change
    from bot.settings import Settings

PATIENT = Timing(answer_seconds=60)
"""A busy machine is no failure."""

BUTTON: Payload = {"type": 2, "style": 2, "label": "press", "custom_id": "any"}
MADE_BY_THE_BOT = int(MessageFlag.EPHEMERAL | MessageFlag.COMPONENTS_V2)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that came of an interaction."""

    messages: list[Payload]
    """The bot's messages, in every form that they had."""
    modal: Payload | None
    choices: list[Payload] | None
    failed: bool
    """Whether the bot gave no answer at all."""


@dataclass(kw_only=True)
class Stage:
    """A bot in both guilds of the sandbox."""

    sandbox: Sandbox
    core: Core
    client: Client
    said: list[Payload] = field(default_factory=list)
    """Every message of the bot, in every form that it had."""

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, settings: Settings) -> AsyncIterator[Stage]:
        """A bot that is connected and trains as the test says."""
        async with running(folder / "discord", timing=PATIENT) as sandbox:
            changes = {"data": folder / "data", "discord_url": sandbox.world.base}
            core = await Core.open(settings.model_copy(update=changes))
            client = Client(core.settings, core.catalog)
            client._connection.guild_ready_timeout = 0  # noqa: SLF001 - nothing else sets it
            serving = asyncio.create_task(client.serve(core.service))
            try:
                await asyncio.wait_for(client.connected.wait(), 30)
                await core.start()
                await core.readings.start(client.channels, client.reporter)
                stage = cls(sandbox=sandbox, core=core, client=client)
                sandbox.world.on_change(stage._listen)
                yield stage
            finally:
                await client.close()
                await asyncio.gather(serving, return_exceptions=True)
                await core.close()

    @property
    def commands(self) -> list[Payload]:
        """What the bot has told Discord that it can do."""
        return list(self.sandbox.world.commands[None])

    async def command(self, person_id: int, channel_id: int, data: Payload) -> Seen:
        """Use a command: its `data` as Discord would send it."""
        return await self._send(InteractionType.COMMAND, person_id, channel_id, data)

    async def use(
        self,
        person_id: int,
        channel_id: int,
        command: str,
        resolved: Payload | None = None,
        /,
        **options: Any,
    ) -> Seen:
        """Use a command with these options; an attachment is its payload."""
        [synced] = [each for each in self.commands if each["name"] == command]
        kinds = {option["name"]: option["type"] for option in synced["options"]}
        attachments = {value["id"]: value for value in options.values() if isinstance(value, dict)}
        values = {n: v["id"] if isinstance(v, dict) else v for n, v in options.items()}
        given = [{"name": n, "type": kinds[n], "value": value} for n, value in values.items()]
        data = {"id": synced["id"], "name": command, "type": 1, "options": given}
        data["resolved"] = {"attachments": attachments} | (resolved or {})
        return await self.command(person_id, channel_id, data)

    async def attach(self, name: str, content: str | bytes) -> Payload:
        """An attachment with this very name, at its address."""
        world, data = self.sandbox.world, content.encode() if isinstance(content, str) else content
        file = Attachment(id=world.snowflakes.new(), filename=name, size=len(data))
        await world.attachments.keep(file.id, data)
        world.give_address(payload := file.payload)
        return payload

    async def type(self, person_id: int, channel_id: int, data: Payload) -> Seen:
        """Type in an option that the bot completes."""
        return await self._send(InteractionType.AUTOCOMPLETE, person_id, channel_id, data)

    async def submit(self, person_id: int, channel_id: int, data: Payload) -> Seen:
        """Send a form, whether or not anybody opened it, as if a button had."""
        source = self._message_with(BUTTON, person_id, channel_id)
        return await self._send(InteractionType.MODAL, person_id, channel_id, data, source)

    async def press(
        self, person_id: int, channel_id: int, component: Payload, **chosen: Any
    ) -> Seen:
        """Press a button or choose in a menu, in a private message that has just this one."""
        source = self._message_with(component, person_id, channel_id)
        data = {"custom_id": component["custom_id"], "component_type": component["type"], "id": 2}
        kind = InteractionType.COMPONENT
        return await self._send(kind, person_id, channel_id, data | chosen, source)

    async def say(self, person_id: int, channel_id: int, content: str) -> Seen:
        """Write an ordinary message; what comes of it is there before any later answer."""
        draft, before = Draft(body={"content": content}), len(self.said)
        await compose(self.sandbox.world, draft, author_id=person_id, channel_id=channel_id)
        seen = await self.use(person_id, channel_id, "privacy")
        return replace(seen, messages=self.said[before:])

    async def settle(self) -> None:
        """Wait until nothing is answered any more."""
        while tasks := [t for t in asyncio.all_tasks() if t.get_name().startswith(ANSWER_TASKS)]:
            await asyncio.wait(tasks)

    async def _send(
        self,
        kind: InteractionType,
        person_id: int,
        channel_id: int,
        data: Payload,
        source: Message | None = None,
    ) -> Seen:
        number, before = self.sandbox.world.snowflakes.new(), len(self.said)
        sent = Interaction(
            id=number,
            kind=kind,
            person_id=person_id,
            channel_id=channel_id,
            data=data,
            source=source,
        )
        self.sandbox.interactions.begin(sent)
        await sent.settled.wait()
        await self.settle()
        failed = sent.original is None and sent.modal is None and sent.choices is None
        return Seen(
            messages=self.said[before:], modal=sent.modal, choices=sent.choices, failed=failed
        )

    def message(self, number: int, content: str) -> Payload:
        """A message of the bot that has this id, wherever it may be."""
        channel_id, now = GUILDS[FANDOM].channels[0].id, datetime.now(UTC)
        message = payloads.message(number, PEOPLE[BOT], channel_id=channel_id, moment=now)
        return message | {"content": content}

    def _message_with(self, component: Payload, person_id: int, channel_id: int) -> Message:
        world = self.sandbox.world
        number, now = world.snowflakes.new(), datetime.now(UTC)
        payload = payloads.message(number, PEOPLE[BOT], channel_id=channel_id, moment=now)
        row = {"type": 1, "id": 1, "components": [component | {"id": 2}]}
        payload |= {"flags": MADE_BY_THE_BOT, "components": [row]}
        world.restore([message := Message(payload, visible_to=person_id, is_kept=False)])
        return message

    def _listen(self, change: Change) -> None:
        if change.message.author_id == BOT and change.kind is not ChangeKind.DELETED:
            self.said.append(self.sandbox.world.rendered(change.message))


def caller_in(channel_id: int, person_id: int, *, manages: bool = True) -> Caller:
    """Somebody who asks the service directly."""
    guild, _ = place(channel_id)
    return Caller(
        guild_id=guild.id, channel_id=channel_id, user_id=person_id, manages_guild=manages
    )
