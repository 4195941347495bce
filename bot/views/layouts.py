"""Layouts (Discord's Components V2): a message as a card of parts.

    card(text("…"), LINE, *rows(Button.on(id), …)) -> LayoutView

The controls in it are those of `bot.views.base`: they act by their custom_ids, so a layout
outlives the bot's process as any other message does. Once a message is a layout it stays one:
it has neither content nor embeds. A file that a layout shows comes with the same request, as an
upload or named among the attachments that an edit keeps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import discord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.views.base import Control

TEXT_LIMIT: Final = 4000
"""Characters of all texts of a layout together."""

BUTTONS_IN_A_ROW: Final = 5

Text = discord.ui.TextDisplay["discord.ui.LayoutView"]
Row = discord.ui.ActionRow["discord.ui.LayoutView"]
Part = discord.ui.Item["discord.ui.LayoutView"]


def card(*parts: Part, color: int | None = None) -> discord.ui.LayoutView:
    """A layout of a single container with these parts, at its edge the color."""
    return layout(discord.ui.Container(*parts, accent_color=color))


def layout(*parts: Part) -> discord.ui.LayoutView:
    """A layout of parts, one below the other; stopped, as `bot.views.base.view_of` tells."""
    view = discord.ui.LayoutView(timeout=None)
    for part in parts:
        view.add_item(part)
    view.stop()
    return view


def text(markdown: str) -> Text:
    """A text with Discord's Markdown; what others wrote in it is rendered before."""
    return discord.ui.TextDisplay(markdown)


def line(*, visible: bool = True) -> Part:
    """A line between two parts, or just the space of one."""
    return discord.ui.Separator(visible=visible)


def picture(file_name: str, description: str) -> Part:
    """A picture that comes with the message as a file of that name."""
    item = discord.MediaGalleryItem(f"attachment://{file_name}", description=description)
    return discord.ui.MediaGallery(item)


def rows(*controls: Control[Any]) -> Iterator[Row]:
    """The buttons in rows; a menu needs a row of its own, so it is given alone."""
    for first in range(0, len(controls), BUTTONS_IN_A_ROW):
        row = Row()
        for control in controls[first : first + BUTTONS_IN_A_ROW]:
            row.add_item(control)
        yield row
