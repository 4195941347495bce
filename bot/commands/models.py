"""/models: see the server's models and look after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.choices import suggest_models
from bot.views.answers import caller
from bot.views.models import list_page, used_note

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="models")
@app_commands.describe(use="Write with this model from now on, without looking at the list")
@app_commands.autocomplete(use=suggest_models)
async def models(interaction: Interaction, use: str | None = None) -> None:
    """See this server's models; choose, rename, delete or export one."""
    if use is None:
        await (await list_page(interaction)).send(interaction)
        return
    model = await interaction.client.service.use(caller(interaction), use)
    await interaction.response.send_message(used_note(model), ephemeral=True)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return models
