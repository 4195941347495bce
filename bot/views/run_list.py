"""/runs: the controls of its list and of a single run, and what they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import discord

from bot.checks import may_change
from bot.errors import NoRunError
from bot.views.answers import caller
from bot.views.base import Menu, PressButton
from bot.views.pages import Page
from bot.views.run_lines import run_list_parts, run_option, run_parts
from bot.views.runs import finish
from bot.words import say
from storage.records import RunStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.requests import ListedRuns, RunDetails
    from bot.views.answers import Interaction
    from bot.views.base import Control

PAGE = r"\d{1,4}"
"""Of the list, as the end of a custom_id."""

PLACE = rf"[0-9a-f]{{32}}:{PAGE}"
"""A run, and the page that it was chosen from."""


async def runs_page(interaction: Interaction, page: int = 0) -> Page:
    """A page of the server's runs."""
    listed = await interaction.client.service.runs.list_runs(caller(interaction), page)
    if not listed.count:
        raise NoRunError
    rows: list[list[Control[Any]]] = [
        [ChooseRun.among(listed.runs, listed.page)],
        _browsing(listed),
    ]
    return Page(parts=run_list_parts(listed), rows=rows)


async def run_page(interaction: Interaction, place: str, *, note: str | None = None) -> Page:
    """One run, with what may be done about it."""
    run_id, _, page = place.partition(":")
    asker = caller(interaction)
    details = await interaction.client.service.runs.details(asker, run_id)
    buttons: list[Control[Any]] = []
    if may_change(asker, details.run.user_id):
        if details.run.status is RunStatus.RUNNING:
            buttons.append(FinishListed.on(place))
        if details.run.status.is_active:
            buttons.append(CancelListed.on(place))
    return Page(parts=run_parts(details), rows=[[*buttons, ListRuns.on(page)]], note=note)


def _browsing(listed: ListedRuns) -> list[Control[Any]]:
    """The buttons to leaf, where there is something to leaf in."""
    if listed.pages == 1:
        return []
    page = listed.page
    is_last = page + 1 >= listed.pages
    before, after = max(page - 1, 0), page if is_last else page + 1
    return [
        ListRuns.on(str(before), label=say("button-previous"), disabled=not page),
        ListRuns.on(str(after), label=say("button-next"), disabled=is_last),
    ]


class ListRuns(PressButton, prefix="runs:list", target=PAGE):
    """Shows a page of the list."""

    label = "button-all-runs"

    async def press(self, interaction: Interaction) -> None:
        """Show the list."""
        await (await runs_page(interaction, int(self.target or 0))).show(interaction)


class ChooseRun(Menu, prefix="runs:choose", target=PAGE):
    """The menu of the list."""

    placeholder = "runs-look-at"

    @classmethod
    def among(cls, runs: Sequence[RunDetails], page: int) -> Self:
        """The menu with the runs of a page."""
        return cls.offering([run_option(each) for each in runs], str(page))

    async def press(self, interaction: Interaction) -> None:
        """Show the chosen run."""
        place = f"{self.chosen}:{self.target or 0}"
        await (await run_page(interaction, place)).show(interaction)


class CancelListed(PressButton, prefix="runs:cancel", target=PLACE):
    """Cancels the run that is shown."""

    label = "button-cancel"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Acknowledge before anything is done: ending a worker takes seconds."""
        service, asker = interaction.client.service, caller(interaction)
        run_id = self.target.partition(":")[0]
        await service.check_cancel(asker, run_id)
        await interaction.response.defer()
        await service.cancel(asker, run_id)
        await (await run_page(interaction, self.target)).show(interaction)


class FinishListed(PressButton, prefix="runs:finish", target=PLACE):
    """Ends the run that is shown as if its time were over."""

    label = "button-finish"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Ask for it; the worker takes a moment to come to its end."""
        run_id = self.target.partition(":")[0]
        said = await finish(interaction, run_id)
        await (await run_page(interaction, self.target, note=said)).show(interaction)
