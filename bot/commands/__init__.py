"""The commands. Each parses its options, asks the service once, and renders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands import continue_text, generate, models, privacy, runs, train
from bot.commands import help as help_command
from bot.commands import settings as server_settings

if TYPE_CHECKING:
    from typing import Any

    from discord.app_commands import Command, ContextMenu

    from bot.settings import Settings


def commands(settings: Settings) -> tuple[Command[Any, ..., None] | ContextMenu, ...]:
    """All commands, with the limits that the operator has set."""
    return (
        train.command(settings),
        generate.command(),
        models.command(),
        runs.command(),
        privacy.command(),
        server_settings.command(),
        help_command.command(),
        continue_text.command(),
    )
