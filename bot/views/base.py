"""What all buttons and menus share: ids in the custom_id, and one path for errors.

A control's custom_id is `PREFIX:ID` (or just `PREFIX`), so it works for as long as its message
exists, through restarts of the bot. The id comes from Discord and is not believed: the service
looks for it in the guild where the control was pressed, and nowhere else.

discord.py only logs an exception in a callback, and then the person who pressed gets no answer
at all; so `press` is what subclasses write, and the callback around it answers.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import discord

from bot.views.answers import answer_error, caller, speak_language_of
from bot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.views.answers import Interaction

ItemT = TypeVar("ItemT", bound="discord.ui.Item[Any]")

Button = discord.ui.Button["discord.ui.View"]
Select = discord.ui.Select["discord.ui.LayoutView"]


class Control(discord.ui.DynamicItem[ItemT], ABC, template="(?!)"):
    """A button or menu that outlives the bot's process. Subclasses give a prefix of their own."""

    prefix: ClassVar[str]

    def __init_subclass__(cls, *, prefix: str, target: str = "[0-9a-f]{32}") -> None:
        super().__init_subclass__(template=rf"{re.escape(prefix)}(?::(?P<target>{target}))?")
        cls.prefix = prefix

    def __init__(self, item: ItemT, target: str = "") -> None:
        super().__init__(item)
        self.target = target
        """What it acts on, an id unless its class says otherwise; empty where it needs none."""

    @classmethod
    def id_for(cls, target: str = "") -> str:
        """The custom_id of the control that acts on `target`."""
        return f"{cls.prefix}:{target}" if target else cls.prefix

    @classmethod
    def acts_on(cls, custom_id: str) -> bool:
        """Whether a control with this custom_id is one of these."""
        return cls.__discord_ui_compiled_template__.fullmatch(custom_id) is not None

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003  # discord.py passes it
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """The control that a press on a message means."""
        return cls(item, match["target"] or "")  # type: ignore[arg-type]  # the pressed item's kind

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Speak the guild's language; refuse, with an answer, what does not come from one."""
        await speak_language_of(interaction)
        try:
            caller(interaction)
        except Exception as error:  # noqa: BLE001  # the one error path
            await answer_error(interaction, error)
            return False
        return True

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the control is for; every error is answered."""
        try:
            await self.press(interaction)
        except Exception as error:  # noqa: BLE001  # the one error path
            await answer_error(interaction, error)

    @abstractmethod
    async def press(self, interaction: Interaction) -> None:
        """Do what the control is for."""


class PressButton(Control["Button"], prefix="button"):
    """A button whose looks are its class's."""

    label: ClassVar[str]
    """The id of the message that is its label, which is said when the button is made."""
    style: ClassVar[discord.ButtonStyle] = discord.ButtonStyle.secondary

    @classmethod
    def on(
        cls,
        target: str = "",
        *,
        label: str | None = None,
        row: int | None = None,
        disabled: bool = False,
    ) -> Self:
        """The button that acts on `target`; a label of its own is said already."""
        item = discord.ui.Button["discord.ui.View"](
            label=label or say(cls.label),
            style=cls.style,
            custom_id=cls.id_for(target),
            row=row,
            disabled=disabled,
        )
        return cls(item, target)


class Menu(Control["Select"], prefix="menu"):
    """A menu of which one option is chosen."""

    placeholder: ClassVar[str | None] = None
    """The id of the message in it while no option is chosen; None where one always is."""

    @classmethod
    def offering(cls, options: Sequence[discord.SelectOption], target: str = "") -> Self:
        """The menu that acts on `target`."""
        placeholder = None if cls.placeholder is None else say(cls.placeholder)
        item = Select(custom_id=cls.id_for(target), placeholder=placeholder, options=[*options])
        return cls(item, target)

    @property
    def chosen(self) -> str:
        """The value of the option that somebody has chosen."""
        return self.item.values[0]


def view_of(*controls: Control[Any]) -> discord.ui.View:
    """A message's controls.

    They act by their custom_ids, whatever becomes of the view; so it is stopped before it is
    sent. Otherwise discord.py would keep it, and for a private message a task too, for 15 minutes.
    """
    view = discord.ui.View(timeout=None)
    for control in controls:
        view.add_item(control)
    view.stop()
    return view
