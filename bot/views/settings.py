"""/settings: the private card of what a server has chosen, its menus, buttons and forms.

Every press and every form asks the service, which looks at Manage Server each time, and shows
the card as it is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import discord

from bot.runs.card import duration
from bot.server_settings import ServerSettings
from bot.views.answers import caller, channels_of, locale_of, roles_of, still_there
from bot.views.base import Control, ItemT, Menu, PressButton
from bot.views.forms import entries
from bot.views.layouts import line, rows, text
from bot.views.pages import Page
from bot.views.setting_forms import (
    LENGTH,
    TEMPERATURE,
    TRAIN,
    WRITE,
    cooldowns_form,
    defaults_form,
    typed_words,
    words_form,
)
from bot.words import closest, languages, say, speak, speaking
from bot.writing.orders import usual

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from bot.requests import Caller
    from bot.settings import Settings
    from bot.views.answers import Interaction
    from bot.views.layouts import Part
    from storage.records import GuildSettings

    Choose: TypeAlias = Callable[[ServerSettings, Caller, Sequence[int]], Awaitable[GuildSettings]]

ChannelMenu = discord.ui.ChannelSelect["discord.ui.LayoutView"]
RoleMenu = discord.ui.RoleSelect["discord.ui.LayoutView"]

_CHANNEL, _ROLE = discord.SelectDefaultValueType.channel, discord.SelectDefaultValueType.role

MOST_CHOICES = 25
"""What one can choose in a menu."""

PLACES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.media,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
]
"""Channels in which people write, or in whose threads they do."""

AS_DISCORD = "discord"
"""The choice of no language."""


class ChooseSeveral(Control[ItemT], prefix="settings:several"):
    """A menu of channels or roles, of which the server has chosen any number."""

    message: ClassVar[str]
    """The id of what stands above it."""
    choose: Choose
    """The method of the service that takes what was chosen."""

    async def press(self, interaction: Interaction) -> None:
        """Choose and show the card."""
        ids = _chosen_ids(interaction)
        chosen = await self.choose(_settings(interaction), caller(interaction), ids)
        await _page(interaction, chosen).show(interaction)


class ChooseChannels(ChooseSeveral["ChannelMenu"], prefix="settings:channels"):
    """A menu of the server's channels."""

    @classmethod
    def on(cls, channels: Iterable[int], placeholder: str) -> Self:
        """The menu with these channels chosen; without any it shows the placeholder."""
        menu = ChannelMenu(
            custom_id=cls.id_for(),
            placeholder=placeholder,
            channel_types=PLACES,
            min_values=0,
            max_values=MOST_CHOICES,
            default_values=[
                discord.SelectDefaultValue(id=each, type=_CHANNEL) for each in channels
            ],
        )
        return cls(menu)


class ChooseWriting(ChooseChannels, prefix="settings:writing"):
    """Where the bot may write."""

    message = "settings-writing"
    choose = staticmethod(ServerSettings.choose_writing)


class ChooseTalking(ChooseChannels, prefix="settings:talking"):
    """Where the bot answers whoever mentions it."""

    message = "settings-talking"
    choose = staticmethod(ServerSettings.choose_talking)


class ChooseTrainers(ChooseSeveral["RoleMenu"], prefix="settings:trainers"):
    """Who may train."""

    message = "settings-training"
    choose = staticmethod(ServerSettings.choose_trainers)

    @classmethod
    def on(cls, roles: Iterable[int], placeholder: str) -> Self:
        """The menu with these roles chosen; without any it shows the placeholder."""
        menu = RoleMenu(
            custom_id=cls.id_for(),
            placeholder=placeholder,
            min_values=0,
            max_values=MOST_CHOICES,
            default_values=[discord.SelectDefaultValue(id=each, type=_ROLE) for each in roles],
        )
        return cls(menu)


class ChooseLanguage(Menu, prefix="settings:language"):
    """What the bot speaks."""

    @classmethod
    def on(cls, chosen: str | None, locale: str) -> Self:
        """The menu with the present language chosen."""
        known = say("settings-language.discord", language=_name_of(closest(locale)))
        options = [discord.SelectOption(label=known, value=AS_DISCORD, default=chosen is None)]
        options += [
            discord.SelectOption(label=_name_of(each), value=each, default=each == chosen)
            for each in languages()
        ]
        return cls.offering(options)

    async def press(self, interaction: Interaction) -> None:
        """Choose and show the card in that language."""
        chosen = await _settings(interaction).choose_language(
            caller(interaction), None if self.chosen == AS_DISCORD else self.chosen
        )
        speak(chosen.language or closest(locale_of(interaction)))
        interaction.client.reporter.say_again(interaction.guild_id or 0)
        await _page(interaction, chosen).show(interaction)


class ChangeByForm(PressButton, prefix="settings:form"):
    """Opens a form for something that the server has chosen."""

    form: Callable[[GuildSettings], discord.ui.Modal]

    async def press(self, interaction: Interaction) -> None:
        """Ask."""
        chosen = await _settings(interaction).read(caller(interaction))
        await interaction.response.send_modal(self.form(chosen))


class ChangeCooldowns(ChangeByForm, prefix="settings:cooldowns"):
    """Opens a form for the cooldowns."""

    label = "button-cooldowns"
    form = staticmethod(cooldowns_form)


class ChangeDefaults(ChangeByForm, prefix="settings:defaults"):
    """Opens a form for the length and the temperature of texts."""

    label = "button-defaults"
    form = staticmethod(defaults_form)


class ChangeWords(ChangeByForm, prefix="settings:words"):
    """Opens a form for the words that are never written."""

    label = "button-words"
    form = staticmethod(words_form)


async def settings_page(interaction: Interaction) -> Page:
    """The card, for whoever manages the server."""
    return _page(interaction, await _settings(interaction).read(caller(interaction)))


async def change_cooldowns(interaction: Interaction, _: str) -> None:
    """Keep the cooldowns that were typed into the form."""
    typed = entries(interaction)
    chosen = await _settings(interaction).choose_cooldowns(
        caller(interaction), write=typed.get(WRITE, ""), train=typed.get(TRAIN, "")
    )
    await _page(interaction, chosen).show(interaction)


async def change_defaults(interaction: Interaction, _: str) -> None:
    """Keep the length and the temperature that were typed into the form."""
    typed = entries(interaction)
    chosen = await _settings(interaction).choose_defaults(
        caller(interaction),
        length=typed.get(LENGTH, ""),
        temperature=typed.get(TEMPERATURE, ""),
    )
    await _page(interaction, chosen).show(interaction)


async def change_words(interaction: Interaction, _: str) -> None:
    """Keep the words that were typed into the form."""
    chosen = await _settings(interaction).choose_words(
        caller(interaction), typed_words(entries(interaction))
    )
    await _page(interaction, chosen).show(interaction)


def _page(interaction: Interaction, chosen: GuildSettings) -> Page:
    return Page(
        parts=_parts(interaction, chosen),
        rows=[[ChangeCooldowns.on(), ChangeDefaults.on(), ChangeWords.on()]],
    )


def _parts(interaction: Interaction, chosen: GuildSettings) -> Iterator[Part]:
    channels, roles = channels_of(interaction), roles_of(interaction)
    yield text(f"### {say('settings-title')}")
    yield from _choice(ChooseWriting, chosen.write_channels, channels)
    yield from _choice(ChooseTalking, chosen.talk_channels, channels)
    yield from _choice(ChooseTrainers, chosen.train_roles, roles)
    yield text(say("settings-language"))
    yield from rows(ChooseLanguage.on(chosen.language, locale_of(interaction)))
    yield line()
    yield text("\n".join(_figures(chosen, interaction.client.settings)))


def _choice(
    menu: type[ChooseChannels | ChooseTrainers], chosen: Sequence[int], there: set[int] | None
) -> Iterator[Part]:
    """What a menu is about, and the menu; what is no longer there cannot be shown in it.

    Discord sends nothing where an empty menu is left empty. So where all is gone, nothing can be
    chosen only after something was, and the text says so.
    """
    present = still_there(chosen, there)
    gone = len(chosen) - len(present)
    all_gone = gone and not present
    note = say("settings-gone.all" if all_gone else "settings-gone", count=gone)
    without = ".gone" if all_gone else ".nothing"
    yield text(say(menu.message) + (f" {note}" if gone else ""))
    yield from rows(menu.on(present, say(f"{menu.message}{without}")))


def _figures(chosen: GuildSettings, settings: Settings) -> Iterator[str]:
    """What the forms change; of the server's and the operator's cooldowns the longer ones hold."""
    length, temperature = usual(chosen)
    cooldowns = {
        "settings-write-cooldown": max(chosen.write_cooldown, settings.write_cooldown_seconds),
        "settings-train-cooldown": max(chosen.train_cooldown, settings.train_cooldown_seconds),
    }
    for message, cooldown in cooldowns.items():
        none = "" if cooldown else ".none"
        yield say(f"{message}{none}", cooldown=duration(cooldown))
    yield say("settings-defaults", length=length, temperature=temperature)
    yield say("settings-words", count=len(chosen.forbidden_words))


def _settings(interaction: Interaction) -> ServerSettings:
    return interaction.client.service.server_settings


def _chosen_ids(interaction: Interaction) -> list[int]:
    """The ids in what was chosen in a menu."""
    values = cast("dict[str, Any]", interaction.data).get("values", ())
    return [int(value) for value in values][:MOST_CHOICES]


def _name_of(language: str) -> str:
    """A language's own name."""
    with speaking(language):
        return say("language-name")
