"""The tree of commands: Discord is told about it when it changes, and answered when it fails."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import TYPE_CHECKING, Protocol

import discord
from discord import app_commands

from bot.commands.wording import Wording
from bot.views.answers import answer_error, speak_language_of

if TYPE_CHECKING:
    from bot.client import Client
    from bot.views.answers import Interaction

log = logging.getLogger(__name__)


class CommandHashes(Protocol):
    """Remembers which commands Discord was told last; `storage.catalog.Catalog` does."""

    async def command_hash(self, application_id: int) -> str | None:
        """The hash of the commands that were synced last."""

    async def set_command_hash(self, application_id: int, command_hash: str) -> None:
        """Remember the hash of the commands that have just been synced."""


class Tree(app_commands.CommandTree["Client"]):
    """The commands: in servers only, with one path for everything that goes wrong."""

    def __init__(self, client: Client) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True),
            allowed_installs=app_commands.AppInstallationType(guild=True),
        )

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Speak the server's language; whether something is allowed is the service's affair."""
        if interaction.type is not discord.InteractionType.autocomplete:  # it says names alone
            await speak_language_of(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:
        """Answer privately whatever a command has raised."""
        await answer_error(interaction, error)

    async def hash(self) -> str:
        """Changes when, and only when, Discord has to be told about the commands again.

        Their descriptions are part of it, in every language.
        """
        wording = Wording()
        payload = [
            await command.get_translated_payload(self, wording) for command in self.get_commands()
        ]
        return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()

    async def sync_if_changed(self, hashes: CommandHashes, application_id: int) -> None:
        """Tell Discord about the commands, unless it has been told already."""
        current = await self.hash()
        if await hashes.command_hash(application_id) == current:
            return
        await self.sync()
        await hashes.set_command_hash(application_id, current)
        log.info("Told Discord about the commands")
