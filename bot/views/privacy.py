"""The private card of /privacy, and the message that announces the reading of a channel.

Both carry the button **Leave me out**. On the card it changes the card; below the announcement,
which everybody sees, it answers with a card of one's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering import plain
from bot.views.answers import caller
from bot.views.base import PressButton, view_of
from bot.views.layouts import line, text
from bot.views.pages import Page

if TYPE_CHECKING:
    import discord

    from bot.settings import Settings
    from bot.views.answers import Interaction
    from storage.records import ReadingRecord

KEPT = (
    "**Files** given to /train, until their text has been read.\n"
    "**The text** of a training, {corpus}.\n"
    "**Models** and who trained them, until somebody deletes them.\n"
    "**Prompts** and where texts stopped, so that Continue works.\n"
    "All of it stays on the machine that runs this bot."
)
CHANNELS_OFF = "This bot does not read channels; it learns from files that somebody attaches."
TAKEN_IN = (
    "Members with Manage Server can let the bot read a channel. It says so there, and learns from "
    "what people write, yours included."
)
LEFT_OUT = (
    "Members with Manage Server can let the bot read a channel. What you write is **left out** in "
    "this server. A model that has learned already stays as it is."
)


class LeaveOut(PressButton, prefix="privacy:out"):
    """Leaves the messages of whoever presses it out of what the bot reads."""

    label = "button-leave-out"

    async def press(self, interaction: Interaction) -> None:
        """Leave them out and show the card."""
        await interaction.client.service.privacy.leave_out(caller(interaction))
        await _show(interaction)


class TakeIn(PressButton, prefix="privacy:in"):
    """Takes somebody in again who was left out."""

    label = "button-take-in"

    async def press(self, interaction: Interaction) -> None:
        """Take them in and show the card."""
        await interaction.client.service.privacy.take_in(caller(interaction))
        await _show(interaction)


async def privacy_page(interaction: Interaction) -> Page:
    """What is kept, and whether the caller is left out."""
    left_out = await interaction.client.service.privacy.is_left_out(caller(interaction))
    settings = interaction.client.settings
    parts = [
        text(f"### Privacy: what is kept\n{_kept(settings)}"),
        line(),
        text(f"### Your messages\n{_channels(settings, left_out)}"),
    ]
    return Page(parts=parts, rows=[[TakeIn.on() if left_out else LeaveOut.on()]])


def announcement(reading: ReadingRecord) -> tuple[str, discord.ui.View]:
    """What a channel is told before it is read: content and button."""
    run = reading.run
    content = (
        f"<@{run.user_id}> lets this bot learn from this channel: it reads the messages here, the "
        f"newest first, and makes a model of them, **{plain(run.model_name)}**, with which "
        "everybody in this server can write.\n"
        "If you do not want that, press the button or use `/privacy` while it reads: then nothing "
        "that you wrote is learned, now or later. Bots are left out in any case."
    )
    return content, view_of(LeaveOut.on())


async def _show(interaction: Interaction) -> None:
    """Change one's own card, or answer with one."""
    page, message = await privacy_page(interaction), interaction.message
    if message is not None and message.flags.ephemeral:
        await page.show(interaction)
    else:
        await page.send(interaction)


def _kept(settings: Settings) -> str:
    hours = settings.corpus_hours
    corpus = f"until {hours:g} hours after its end" if hours else "until its end"
    return KEPT.format(corpus=corpus)


def _channels(settings: Settings, left_out: bool) -> str:  # noqa: FBT001 - a fact, no option
    if left_out:
        return LEFT_OUT
    return TAKEN_IN if settings.channel_history_permitted else CHANNELS_OFF
