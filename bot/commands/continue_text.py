"""Continue this text: in the menu of a message, write on from what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.commands.wording import worded
from bot.views.answers import caller
from bot.views.continuing import post_continuation, prompt_in

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.context_menu(name=worded("menu-continue-text"))
async def continue_text(interaction: Interaction, message: discord.Message) -> None:
    """Write on from somebody's message; its text is not kept."""
    service, asker = interaction.client.service, caller(interaction)
    checked = await service.check_foreign_text(asker, prompt_in(interaction, message))
    await interaction.response.defer(thinking=True)
    await post_continuation(interaction, await service.generate(asker, checked))


def command() -> app_commands.ContextMenu:
    """The command, as the client adds it."""
    return continue_text
