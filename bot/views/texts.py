"""A text that a model wrote, as a message, with the buttons to go on from it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import discord

from bot.rendering import written as render
from bot.views.answers import caller
from bot.views.base import PressButton, view_of

if TYPE_CHECKING:
    from bot.requests import Written
    from bot.views.answers import Interaction

FILE_NAME = "text.txt"


class ContinueText(PressButton, prefix="generate:continue"):
    """Writes on exactly where the text stopped."""

    label = "Continue"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Post the new part as a message of its own."""
        service, asker = interaction.client.service, caller(interaction)
        await service.check_text(asker, self.target)
        await interaction.response.defer(thinking=True)
        written = await service.continue_text(asker, self.target)
        await post_text(interaction, written, text=written.text)


class WriteAgain(PressButton, prefix="generate:again"):
    """Writes another text from the same prompt."""

    label = "Again"

    async def press(self, interaction: Interaction) -> None:
        """Post the other text as a message of its own."""
        service, asker = interaction.client.service, caller(interaction)
        await service.check_text(asker, self.target)
        await interaction.response.defer(thinking=True)
        written = await service.again(asker, self.target)
        await post_text(interaction, written, text=written.generation.prompt + written.text)


async def post_text(interaction: Interaction, written: Written, *, text: str) -> None:
    """Put a text in place of the deferred answer and remember where it stands."""
    rendered, generation = render(text, written), written.generation
    files = [] if rendered.file is None else [_file(rendered.file)]
    message = await interaction.edit_original_response(
        content=rendered.content,
        attachments=files,
        view=view_of(ContinueText.on(generation.id), WriteAgain.on(generation.id)),
    )
    service = interaction.client.service
    await service.remember_message(caller(interaction), generation.id, message.id)


def _file(text: bytes) -> discord.File:
    return discord.File(io.BytesIO(text), filename=FILE_NAME)
