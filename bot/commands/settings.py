"""/settings: what the server chooses for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.wording import worded
from bot.views.settings import settings_page

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="settings", description=worded("command-settings"))
@app_commands.default_permissions(manage_guild=True)
async def settings(interaction: Interaction) -> None:
    """Choose where the bot writes and talks, who trains, how often, and which words never come."""
    await (await settings_page(interaction)).send(interaction)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return settings
