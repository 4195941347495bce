"""/help: a private card that says what the bot does, and leads to what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.requests import Listing
from bot.views.answers import caller, channels_of, still_there
from bot.views.base import PressButton
from bot.views.layouts import line, text
from bot.views.models import ListModels
from bot.views.pages import Page
from bot.views.places import target_of
from bot.views.privacy import privacy_page
from bot.views.run_list import ListRuns
from bot.views.runs import WriteWithModel
from bot.views.settings import settings_page
from bot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.requests import Overview
    from bot.settings import Settings
    from bot.views.answers import Interaction
    from bot.views.base import Control
    from storage.records import GuildSettings

MOST_NAMED = 5
"""Channels in a line."""


class ShowPrivacy(PressButton, prefix="help:privacy"):
    """Shows the card of /privacy."""

    label = "button-privacy"

    async def press(self, interaction: Interaction) -> None:
        """Show it in the place of this one."""
        await (await privacy_page(interaction)).show(interaction)


class ShowSettings(PressButton, prefix="help:settings"):
    """Shows the card of /settings."""

    label = "button-settings"

    async def press(self, interaction: Interaction) -> None:
        """Show it in the place of this one."""
        await (await settings_page(interaction)).show(interaction)


async def help_page(interaction: Interaction) -> Page:
    """What the bot does, how to get a good file, and where to go on."""
    asker = caller(interaction)
    overview = await interaction.client.service.overview(asker)
    parts = [
        text("\n".join(_does(overview, channels_of(interaction)))),
        line(),
        text("\n".join(_file(interaction.client.settings))),
        line(),
        text(say("help-privacy")),
    ]
    return Page(parts=parts, rows=[_next(overview, manages_guild=asker.manages_guild)])


def _does(overview: Overview, there: set[int] | None) -> Iterator[str]:
    yield f"### {say('help-title')}"
    yield say("help-does")
    yield from (say(f"help-commands.{name}") for name in ("train", "generate", "models", "runs"))
    yield from _places(overview.chosen, there)


def _places(chosen: GuildSettings, there: set[int] | None) -> Iterator[str]:
    """Where it talks and writes, without channels that are gone; it talks where it writes."""
    writing = still_there(chosen.write_channels, there)
    talking = still_there(chosen.talk_channels, there)
    if chosen.write_channels:
        talking = [each for each in talking if each in writing]
    if talking:
        yield say("help-talking", channels=_named(talking))
    if writing:
        yield say("help-writing", channels=_named(writing))
    elif chosen.write_channels:
        yield say("help-writing.nowhere")


def _file(settings: Settings) -> Iterator[str]:
    yield f"### {say('help-file')}"
    limits = {"minutes": settings.maximum_minutes, "mebibytes": settings.file_mebibytes}
    for advice in ("what", "how", "much", "names", "limits"):
        yield say(f"help-file.{advice}", **limits)


def _next(overview: Overview, *, manages_guild: bool) -> list[Control[Any]]:
    """Where one may go from here; what there is nothing of is not offered."""
    buttons: list[Control[Any]] = []
    if overview.model is not None:
        buttons += [WriteWithModel.on(overview.model.id), ListModels.on(target_of(Listing()))]
    if overview.has_runs:
        buttons.append(ListRuns.on("0"))
    buttons.append(ShowPrivacy.on())
    if manages_guild:
        buttons.append(ShowSettings.on())
    return buttons


def _named(channels: Sequence[int]) -> str:
    named = [f"<#{channel_id}>" for channel_id in channels[:MOST_NAMED]]
    more = len(channels) - len(named)
    return " ".join([*named, say("and-more", more=more)] if more else named)
