"""The private message of /models: what it shows at a time.

Every press replaces the message by what it is now: list, card, or the question before a model
is deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.views.cards import COLOR, CURVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.views.answers import Interaction
    from bot.views.base import Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One state of the message: parts and rows of controls in a frame, a note above it."""

    parts: Iterable[discord.ui.Item[Any]]
    rows: Sequence[Sequence[Control[Any]]] = ()
    note: str | None = None
    curve: Path | None = None
    """The picture that a part shows."""

    async def show(self, interaction: Interaction) -> None:
        """Put it in the place of the message that was pressed."""
        if interaction.response.is_done():
            await interaction.edit_original_response(view=self._view(), attachments=self._files())
        else:
            await interaction.response.edit_message(view=self._view(), attachments=self._files())

    async def send(self, interaction: Interaction) -> None:
        """Answer a command with it, privately."""
        await interaction.response.send_message(
            view=self._view(), files=self._files(), ephemeral=True
        )

    def _view(self) -> discord.ui.LayoutView:
        """The layout. Controls act by their custom_ids, so it never ends."""
        view = discord.ui.LayoutView(timeout=None)
        if self.note is not None:
            view.add_item(discord.ui.TextDisplay(self.note))
        frame = discord.ui.Container["discord.ui.LayoutView"](accent_color=COLOR)
        for part in (*self.parts, *(_row(controls) for controls in self.rows if controls)):
            frame.add_item(part)
        return view.add_item(frame)

    def _files(self) -> list[discord.File]:
        return [] if self.curve is None else [discord.File(self.curve, filename=CURVE)]


def _row(controls: Iterable[Control[Any]]) -> discord.ui.ActionRow[discord.ui.LayoutView]:
    row = discord.ui.ActionRow["discord.ui.LayoutView"]()
    for control in controls:
        row.add_item(control)
    return row
