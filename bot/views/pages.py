"""A private message that is a card: what it shows at a time.

Every press replaces the message by what it is now. In /models that is a list, a model, or the
question before one is deleted.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from bot.views.cards import COLOR, CURVE
from bot.views.layouts import layout, rows, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.views.answers import Interaction
    from bot.views.base import Control
    from bot.views.layouts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One state of the message: parts and rows of controls in a frame, a note above it."""

    parts: Iterable[Part]
    rows: Sequence[Sequence[Control[Any]]] = ()
    note: str | None = None
    curve: Path | None = None
    """The picture that a part shows."""

    async def show(self, interaction: Interaction) -> None:
        """Put it in the place of the message that was pressed."""
        if interaction.response.is_done():
            await interaction.edit_original_response(view=self.view(), attachments=self._files())
        else:
            await interaction.response.edit_message(view=self.view(), attachments=self._files())

    async def send(self, interaction: Interaction) -> None:
        """Answer a command with it, privately."""
        await interaction.response.send_message(
            view=self.view(), files=self._files(), ephemeral=True
        )

    def view(self) -> discord.ui.LayoutView:
        """The message as it is sent."""
        controls = [row for each in self.rows for row in rows(*each)]
        frame: Part = discord.ui.Container(*self.parts, *controls, accent_color=COLOR)
        return layout(frame) if self.note is None else layout(text(self.note), frame)

    def _files(self) -> list[discord.File]:
        if self.curve is None:
            return []
        content = io.BytesIO(self.curve.read_bytes())  # discord.py would leave the file open
        return [discord.File(content, filename=CURVE)]
