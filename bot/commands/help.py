"""/help: what the bot does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.wording import worded
from bot.views.help import help_page

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="help", description=worded("command-help"))
async def show_help(interaction: Interaction) -> None:
    """See what the bot does, how to get a good file, and what it keeps."""
    await (await help_page(interaction)).send(interaction)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return show_help
