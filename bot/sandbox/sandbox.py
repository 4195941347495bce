"""The sandbox in one piece: who tells whom of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import tavern
from bot.sandbox.attachments import Attachments
from bot.sandbox.gateway import Gateway
from bot.sandbox.interactions import Interaction, Interactions, Timing, interaction_payload
from bot.sandbox.keeping import Keeper
from bot.sandbox.live import Live
from bot.sandbox.people import is_direct
from bot.sandbox.sessions import Intent
from bot.sandbox.world import Change, ChangeKind, World

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.trouble import Trouble


class Sandbox:
    """Messages, interactions, the bot's gateway and the open pages, connected."""

    def __init__(self, folder: Path, timing: Timing | None = None) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.world = World(Attachments(folder / "attachments"))
        self.trouble: Trouble | None = None
        """Disturbs the bot's requests, if somebody puts it here."""
        self.world.restore(tavern.history())
        self.keeper = Keeper(folder, self.world)
        self.keeper.load()
        self.live = Live()
        self.gateway = Gateway(on_presence=self._tell_presence)
        self.interactions = Interactions(timing=timing or Timing(), deliver=self._deliver)
        self.world.on_change(self._tell_change)
        self.world.on_sync(lambda: self.live.tell_everybody({"type": "commands"}))

    def listens_at(self, base: str) -> None:
        """Note the sandbox's own address, now that it is known."""
        self.world.base = self.gateway.base = base

    async def close(self) -> None:
        """End every connection."""
        await self.gateway.close()
        await self.live.close()

    def _deliver(self, interaction: Interaction) -> bool:
        source = interaction.source
        rendered = self.world.rendered(source) if source is not None else None
        return self.gateway.dispatch_interaction(interaction_payload(interaction, rendered))

    def _tell_presence(self) -> None:
        self.live.tell_everybody({"type": "presence", "online": self.gateway.online})

    def _tell_change(self, change: Change) -> None:
        message = change.message
        payload = self.world.rendered(message)
        self.live.message(change.kind.value, message, payload)
        if message.visible_to is not None or is_direct(int(payload["guild_id"])):
            return
        if change.kind is ChangeKind.DELETED:
            about = {key: payload[key] for key in ("id", "channel_id", "guild_id")}
            self.gateway.dispatch(
                change.kind.value,
                about,
                guild_id=int(payload["guild_id"]),
                intent=Intent.GUILD_MESSAGES,
            )
        else:
            self.gateway.dispatch_message(change.kind.value, payload)
