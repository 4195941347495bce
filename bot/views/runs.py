"""The buttons of a run's card, but for the one that trains longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.requests import GenerateRequest
from bot.views.answers import caller
from bot.views.base import PressButton
from bot.views.texts import post_texts
from bot.words import say

if TYPE_CHECKING:
    from bot.views.answers import Interaction


class CancelRun(PressButton, prefix="train:cancel"):
    """Cancels a run that waits or trains. The message then says so by itself."""

    label = "button-cancel"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Acknowledge before anything is done: ending a worker takes seconds."""
        service, asker = interaction.client.service, caller(interaction)
        await service.check_cancel(asker, self.target)
        await interaction.response.defer()
        await service.cancel(asker, self.target)


class FinishRun(PressButton, prefix="train:finish"):
    """Ends a run that trains as if its time were over."""

    label = "button-finish"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Ask for it; the worker takes a moment to come to its end."""
        said = await finish(interaction, self.target)
        await interaction.response.send_message(said, ephemeral=True)


async def finish(interaction: Interaction, run_id: str) -> str:
    """Let a run end early, and return what is said about that."""
    ends_now = await interaction.client.service.finish(caller(interaction), run_id)
    return say("card-finishing" if ends_now else "card-finishing.later")


class WriteWithModel(PressButton, prefix="train:generate"):
    """Writes a text with the model that a run has made."""

    label = "button-generate"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Post a text as /generate does."""
        service, asker = interaction.client.service, caller(interaction)
        checked = await service.check_generation(asker, GenerateRequest(model=self.target))
        await interaction.response.defer(thinking=True)
        await post_texts(interaction, await service.generate(asker, checked))
