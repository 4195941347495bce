"""Train longer: a button, a form that asks how long, and the run that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.errors import NoNumberError
from bot.typed_numbers import fraction
from bot.views.announcing import announce, check_channel
from bot.views.answers import caller, defer_privately
from bot.views.base import PressButton
from bot.views.forms import Entry, entries, form
from bot.words import say

if TYPE_CHECKING:
    from bot.views.answers import Interaction
    from storage.records import RunRecord

FORM = "train:minutes"
MINUTES = "minutes"


class TrainLonger(PressButton, prefix="train:longer"):
    """Opens a form for the minutes."""

    label = "button-train-longer"

    async def press(self, interaction: Interaction) -> None:
        """Ask how long, unless there is something that would refuse it anyway."""
        check_channel(interaction)
        run = await interaction.client.service.check_longer(caller(interaction), self.target)
        await interaction.response.send_modal(minutes_form(run))


def minutes_form(run: RunRecord) -> discord.ui.Modal:
    """Asks for how many minutes; the same as before, unless something else is typed."""
    given = say("form-longer.given", minutes=run.minutes)
    entry = Entry(custom_id=MINUTES, default=given, min_length=1, max_length=10)
    label = discord.ui.Label(text=say("form-longer.minutes"), component=entry)
    return form(say("form-longer"), f"{FORM}:{run.id}", label)


async def train_longer(interaction: Interaction, run_id: str) -> None:
    """Begin what the form was for, and announce it as /train does."""
    service, asker = interaction.client.service, caller(interaction)
    longest = interaction.client.settings.maximum_minutes
    minutes = typed_minutes(entries(interaction).get(MINUTES, ""), longest)
    check_channel(interaction)
    await service.check_longer(asker, run_id)
    await defer_privately(interaction)
    await announce(interaction, await service.train_longer(asker, run_id, minutes))


def typed_minutes(typed: str, longest: float) -> float:
    """The minutes that were typed, with a point or a comma.

    Raises:
        NoNumberError: It is no number, or may mean two, as `1,440` does.
    """
    try:
        return fraction(typed)
    except ValueError:
        raise NoNumberError(longest) from None
