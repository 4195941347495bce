"""Ordinary messages of the bot, for progress: they need no interaction and outlive its token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.views.runs import cancel_view

if TYPE_CHECKING:
    import discord


class Posts(Protocol):
    """Where progress messages hang."""

    async def post(self, channel_id: int, text: str, cancel: str | None) -> int:
        """Send a message, with the button that cancels this run, and return its id."""

    async def edit(self, channel_id: int, message_id: int, text: str, cancel: str | None) -> None:
        """Replace a message's text and button."""

    async def remove(self, channel_id: int, message_id: int) -> None:
        """Delete a message."""


class ChannelPosts:
    """Ordinary messages of the bot in a channel, without any cache."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post(self, channel_id: int, text: str, cancel: str | None) -> int:
        """Send a message, with the button that cancels this run, and return its id."""
        channel = self._client.get_partial_messageable(channel_id)
        if cancel is None:
            return (await channel.send(text)).id
        return (await channel.send(text, view=cancel_view(cancel))).id

    async def edit(self, channel_id: int, message_id: int, text: str, cancel: str | None) -> None:
        """Replace a message's text and button."""
        view = None if cancel is None else cancel_view(cancel)
        await self._message(channel_id, message_id).edit(content=text, view=view)

    async def remove(self, channel_id: int, message_id: int) -> None:
        """Delete a message."""
        await self._message(channel_id, message_id).delete()

    def _message(self, channel_id: int, message_id: int) -> discord.PartialMessage:
        return self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
