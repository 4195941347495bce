"""/privacy: what the bot keeps, and a say in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.wording import worded
from bot.views.privacy import privacy_page

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="privacy", description=worded("command-privacy"))
async def privacy(interaction: Interaction) -> None:
    """See what the bot keeps, and choose whether it may learn from your messages."""
    await (await privacy_page(interaction)).send(interaction)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return privacy
