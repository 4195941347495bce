"""/runs: the server's queue of trainings, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.wording import worded
from bot.views.run_list import runs_page

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="runs", description=worded("command-runs"))
async def runs(interaction: Interaction) -> None:
    """See the server's trainings, and cancel or finish them."""
    await (await runs_page(interaction)).send(interaction)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return runs
