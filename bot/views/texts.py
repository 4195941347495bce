"""Texts that a model wrote, as a message, with the buttons to go on from them.

Several texts stand in one message: each has a Continue of its own, and the other buttons write
as many texts once more.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import discord

from bot.rendering import written as render
from bot.views.answers import caller, is_expired
from bot.views.base import PressButton, view_of
from bot.views.forms import PROMPT, entries, prompt_form
from bot.words import say
from bot.writing.texts import Heat, refusal_to_differ

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.requests import Written
    from bot.views.answers import Interaction
    from bot.views.base import Control
    from storage.records import GenerationRecord


class ContinueText(PressButton, prefix="generate:continue"):
    """Writes on exactly where the text stopped."""

    label = "button-continue"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Post the new part as a message of its own."""
        service, asker = interaction.client.service, caller(interaction)
        await service.check_text(asker, self.target)
        await interaction.response.defer(thinking=True)
        written = await service.continue_text(asker, self.target)
        await post_texts(interaction, [written], whole=False)


class WriteAgain(PressButton, prefix="generate:again"):
    """Writes another text from the same prompt."""

    label = "button-again"
    heat = Heat.SAME

    async def press(self, interaction: Interaction) -> None:
        """Post the other text as a message of its own."""
        service, asker = interaction.client.service, caller(interaction)
        await service.check_again(asker, self.target, self.heat)
        await interaction.response.defer(thinking=True)
        await post_texts(interaction, await service.again(asker, self.target, self.heat))


class WriteHotter(WriteAgain, prefix="generate:hotter"):
    """Writes another text that dares more."""

    label = "button-hotter"
    heat = Heat.HOTTER


class WriteColder(WriteAgain, prefix="generate:colder"):
    """Writes another text that stays closer to what is likely."""

    label = "button-colder"
    heat = Heat.COLDER


class EditPrompt(PressButton, prefix="generate:edit"):
    """Opens a form with the prompt."""

    label = "button-edit-prompt"

    async def press(self, interaction: Interaction) -> None:
        """Ask for the new prompt."""
        generation = await interaction.client.service.check_text(caller(interaction), self.target)
        await interaction.response.send_modal(prompt_form(generation))


async def edit_prompt(interaction: Interaction, generation_id: str) -> None:
    """Write from the prompt that was typed into the form."""
    service, asker = interaction.client.service, caller(interaction)
    await service.check_text(asker, generation_id)
    await interaction.response.defer(thinking=True)
    prompt = entries(interaction).get(PROMPT, "")
    await post_texts(interaction, await service.edit(asker, generation_id, prompt))


async def post_texts(
    interaction: Interaction, texts: Sequence[Written], *, whole: bool = True
) -> None:
    """Put texts in place of the deferred answer and remember where they stand.

    Where that has expired, they stand by themselves: the texts were public in any case.
    """
    rendered = render(texts, whole=whole)
    generations = [written.generation for written in texts]
    content, view = rendered.content, view_of(*_controls(generations))
    message: discord.Message
    try:
        message = await interaction.edit_original_response(
            content=content, attachments=_files(rendered.files), view=view
        )
    except discord.HTTPException as error:
        if not is_expired(error):
            raise
        channel = interaction.client.get_partial_messageable(interaction.channel_id or 0)
        message = await channel.send(content, files=_files(rendered.files), view=view)
    service, asker = interaction.client.service, caller(interaction)
    for generation in generations:
        await service.remember_message(asker, generation.id, message.id)


def _controls(generations: Sequence[GenerationRecord]) -> list[Control[Any]]:
    """One row for a single text; for several, one to continue each, and one for all.

    What goes on from others' words cannot be written once more, since they are not kept.
    """
    first, several = generations[0], len(generations) > 1
    following: list[Control[Any]] = [
        ContinueText.on(each.id, label=_label(number) if several else None, row=0)
        for number, each in enumerate(generations, 1)
    ]
    if not first.prompt_kept:
        return following
    row = 1 if several else 0
    return [
        *following,
        *(
            kind.on(first.id, row=row, disabled=refusal_to_differ(first, kind.heat) is not None)
            for kind in (WriteAgain, WriteHotter, WriteColder)
        ),
        EditPrompt.on(first.id, row=row),
    ]


def _label(number: int) -> str:
    return say("button-continue-one", number=number)


def _files(texts: Sequence[bytes]) -> list[discord.File]:
    names = [f"text-{number}.txt" for number in range(1, len(texts) + 1)]
    if len(texts) == 1:
        names = ["text.txt"]
    return [
        discord.File(io.BytesIO(text), filename=name)
        for name, text in zip(names, texts, strict=True)
    ]
