"""Ordinary messages of the bot, for progress: they need no interaction and outlive its token."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Protocol

import discord

from bot.runs.card import Curve
from bot.views.privacy import announcement
from bot.views.run_cards import CURVE_NAME, layout_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.runs.card import RunCard
    from storage.records import ReadingRecord


class Posts(Protocol):
    """Where progress messages hang."""

    async def post(self, channel_id: int, card: RunCard) -> int:
        """Send a card and return the message's id."""

    async def tell_channel(self, reading: ReadingRecord) -> int:
        """Tell a channel that it will be read, and return the message's id."""

    async def edit(self, channel_id: int, message_id: int, card: RunCard) -> None:
        """Put another card in the place of a message's."""

    async def remove(self, channel_id: int, message_id: int) -> None:
        """Delete a message."""

    async def tell(self, user_id: int, card: RunCard) -> None:
        """Send a card to a person directly, because the channel does not take it."""


class ChannelPosts:
    """Ordinary messages of the bot in a channel, without any cache.

    Args:
        client: Is connected.
        curve: Where the picture of a checkpoint's loss curve is, if there is one.
    """

    def __init__(self, client: discord.Client, curve: Callable[[str], Path]) -> None:
        self._client = client
        self._curve = curve

    async def post(self, channel_id: int, card: RunCard) -> int:
        """Send a card and return the message's id."""
        channel = self._client.get_partial_messageable(channel_id)
        files = await self._files(card)
        view = layout_of(card, with_curve=bool(files))
        return (await channel.send(view=view, files=files, nonce=_nonce(card))).id

    async def tell_channel(self, reading: ReadingRecord) -> int:
        """Tell a channel that it will be read, and return the message's id."""
        channel = self._client.get_partial_messageable(reading.source.id)
        content, view = announcement(reading)
        return (await channel.send(content, view=view, nonce=f"{reading.run.id[:16]} read")).id

    async def edit(self, channel_id: int, message_id: int, card: RunCard) -> None:
        """Put another card in the place of a message's."""
        files = await self._files(card)
        view = layout_of(card, with_curve=bool(files))
        message = self._message(channel_id, message_id)
        await message.edit(content=None, view=view, attachments=files)  # it may be an older form

    async def remove(self, channel_id: int, message_id: int) -> None:
        """Delete a message."""
        await self._message(channel_id, message_id).delete()

    async def tell(self, user_id: int, card: RunCard) -> None:
        """Send a card to a person directly, because the channel does not take it."""
        channel = await self._client.create_dm(discord.Object(user_id))
        files = await self._files(card)
        view = layout_of(card, with_curve=bool(files))
        await channel.send(view=view, files=files, nonce=_nonce(card))

    async def _files(self, card: RunCard) -> list[discord.File]:
        """The picture that the card shows, if it is there."""
        for part in card.parts:
            if isinstance(part, Curve):
                path = self._curve(part.checkpoint_id)
                content = await asyncio.to_thread(_content, path)
                return [] if content is None else [discord.File(io.BytesIO(content), CURVE_NAME)]
        return []

    def _message(self, channel_id: int, message_id: int) -> discord.PartialMessage:
        return self._client.get_partial_messageable(channel_id).get_partial_message(message_id)


def _nonce(card: RunCard) -> str:
    """The same for the same card, so that asking twice does not post it twice; 25 characters."""
    return f"{card.run.id[:16]} {card.run.status}"


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
