"""The private card of /privacy, and the message that announces the reading of a channel.

Both carry the button **Leave me out**. On the card it changes the card; below the announcement,
which everybody sees, it answers with a card of one's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rendering import plain
from bot.runs.retention import LOG_DAYS
from bot.views.answers import caller
from bot.views.base import PressButton, view_of
from bot.views.deletion import DeleteEverything, DeleteGiven
from bot.views.layouts import line, text
from bot.views.pages import Page
from bot.words import say

if TYPE_CHECKING:
    import discord

    from bot.settings import Settings
    from bot.views.answers import Interaction
    from storage.records import ReadingRecord


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
    """What is kept, whether the caller is left out, and what the caller may have deleted."""
    asker = caller(interaction)
    left_out = await interaction.client.service.privacy.is_left_out(asker)
    settings = interaction.client.settings
    parts = [
        text(f"### {say('privacy-kept')}\n{_kept(settings)}"),
        line(),
        text(f"### {say('privacy-messages')}\n{_channels(settings, left_out)}"),
    ]
    buttons: list[PressButton] = [TakeIn.on() if left_out else LeaveOut.on(), DeleteGiven.on()]
    if asker.manages_guild:
        buttons.append(DeleteEverything.on())
    return Page(parts=parts, rows=[buttons])


def announcement(reading: ReadingRecord) -> tuple[str, discord.ui.View]:
    """What a channel is told before it is read: content and button."""
    run = reading.run
    who, name = f"<@{run.user_id}>", plain(run.model_name)
    return say("privacy-announcement", who=who, name=name), view_of(LeaveOut.on())


async def _show(interaction: Interaction) -> None:
    """Change one's own card, or answer with one."""
    page, message = await privacy_page(interaction), interaction.message
    if message is not None and message.flags.ephemeral:
        await page.show(interaction)
    else:
        await page.send(interaction)


def _kept(settings: Settings) -> str:
    lines = [
        f"privacy-kept{what}"
        for what in (".files", ".text", ".models", ".records", ".talk", ".choices", ".where")
    ]
    times = {
        "hours": settings.corpus_hours,
        "days": settings.record_days,
        "log_days": LOG_DAYS,
    }
    return "\n".join(say(line, **times) for line in lines)


def _channels(settings: Settings, left_out: bool) -> str:  # noqa: FBT001 - a fact, no option
    if settings.channel_history_permitted:
        return say("privacy-messages.left-out" if left_out else "privacy-messages.taken-in")
    off = say("privacy-messages.off")
    return f"{off} {say('privacy-messages.off-left-out')}" if left_out else off
