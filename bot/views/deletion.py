"""Deleting for good, from the card of /privacy: what one gave, or everything of the server.

The first is asked about on the card, which names the models that go; the second in a form, in
which a word has to be typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord

from bot.errors import NotConfirmedError
from bot.rendering import plain, size
from bot.views.answers import caller
from bot.views.base import PressButton
from bot.views.forms import Entry, entries, form
from bot.views.layouts import text
from bot.views.pages import Page
from bot.words import listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.views.answers import Interaction
    from bot.views.layouts import Part
    from storage.records import Given

NAMES_SIZE: Final = 2500
"""What the names of models may take on the card, of the 4,000 of a layout."""

WORD: Final = "word"
FORM: Final = "privacy:everything"


class DeleteGiven(PressButton, prefix="privacy:given"):
    """Asks before what somebody gave is deleted."""

    label = "button-delete-given"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Ask, and name what goes."""
        given = await interaction.client.service.privacy.given(caller(interaction))
        await _ask(interaction, given)


class ConfirmGiven(PressButton, prefix="privacy:confirm"):
    """Deletes what the person who presses gave, if it is what was named (`Given.mark`)."""

    label = "button-confirm-deletion"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Acknowledge before anything is done: ending a worker takes seconds."""
        asker, privacy = caller(interaction), interaction.client.service.privacy
        given = await privacy.given(asker)
        if given.mark != self.target:
            await _ask(interaction, given, again=True)
            return
        await interaction.response.defer()
        await privacy.delete_given(asker)
        await _said("deletion-of-given").show(interaction)


class KeepGiven(PressButton, prefix="privacy:keep"):
    """Leaves everything as it is."""

    label = "button-keep"

    async def press(self, interaction: Interaction) -> None:
        """Say that nothing has happened."""
        await _said("deletion-not-done").show(interaction)


class DeleteEverything(PressButton, prefix="privacy:all"):
    """Opens a form in which a word confirms that everything of the server goes."""

    label = "button-delete-everything"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Ask for the word."""
        interaction.client.service.privacy.check_everything(caller(interaction))
        await interaction.response.send_modal(everything_form())


def everything_form() -> discord.ui.Modal:
    """Says what goes, and asks for the word."""
    label = discord.ui.Label(
        text=say("form-everything.word", word=say("deletion-word")),
        description=say("form-everything.description"),
        component=Entry(custom_id=WORD, max_length=100),
    )
    return form(say("form-everything"), FORM, label)


async def delete_everything(interaction: Interaction, _: str) -> None:
    """Delete everything of the server, if the word was typed."""
    asker, word = caller(interaction), say("deletion-word")
    if entries(interaction).get(WORD, "").strip().casefold() != word.casefold():
        raise NotConfirmedError(word)
    await interaction.response.defer()
    await interaction.client.service.privacy.delete_everything(asker)
    await _said("deletion-of-everything").show(interaction)


def _said(message: str) -> Page:
    return Page(parts=[text(say(message))])


async def _ask(interaction: Interaction, given: Given, *, again: bool = False) -> None:
    """Ask whether this is to be deleted, if there is anything."""
    if given.is_nothing:
        await _said("deletion-nothing").show(interaction)
        return
    buttons = [ConfirmGiven.on(given.mark), KeepGiven.on()]
    await Page(parts=question(given, again=again), rows=[buttons]).show(interaction)


def question(given: Given, *, again: bool = False) -> list[Part]:
    """Says what goes and what stays, and why it is asked again."""
    return [text("\n".join(_question(given, again=again)))]


def _question(given: Given, *, again: bool) -> Iterator[str]:
    yield f"### {say('deletion-question')}"
    if again:
        yield say("deletion-question.again")
    if given.models:
        names = [*given.models.values()]
        yield f"{say('deletion-question.models', count=len(names))} {_names(names)}"
    if given.runs:
        yield say("deletion-question.runs", count=given.runs)
    if given.texts:
        yield say("deletion-question.texts", count=given.texts)
    if given.conversations:
        yield say("deletion-question.conversations", count=given.conversations)
    yield say("deletion-question.stays")


def _names(models: Sequence[str]) -> str:
    """The models by their names, or as many as there is room for."""
    names, room = [f"**{plain(model)}**" for model in models], NAMES_SIZE
    for count, name in enumerate(names):
        room -= size(name) + len(", ")
        if room < 0:
            more = say("and-more", more=len(names) - count)
            return f"{', '.join(names[:count])} {more}"
    return listed(names)
