"""Suggestions for the name of a model, while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.app_commands import Choice

if TYPE_CHECKING:
    from bot.views.answers import Interaction

CHOICE_LIMIT = 25


async def suggest_models(interaction: Interaction, current: str) -> list[Choice[str]]:
    """The server's models that fit; a name is its own value, so a typed one works too."""
    if interaction.guild_id is None:
        return []
    models = await interaction.client.service.suggest(interaction.guild_id, current)
    return [Choice(name=model.name, value=model.name) for model in models[:CHOICE_LIMIT]]
