"""The button below a progress message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.views.answers import caller
from bot.views.base import PressButton, view_of

if TYPE_CHECKING:
    from bot.views.answers import Interaction


class CancelRun(PressButton, prefix="train:cancel"):
    """Cancels a run that waits or trains. The message then says so by itself."""

    label = "Cancel"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Acknowledge before anything is done: ending a worker takes seconds."""
        service, asker = interaction.client.service, caller(interaction)
        await service.check_cancel(asker, self.target)
        await interaction.response.defer()
        await service.cancel(asker, self.target)


def cancel_view(run_id: str) -> discord.ui.View:
    """The controls of the progress message of a run that has not ended."""
    return view_of(CancelRun.on(run_id))
