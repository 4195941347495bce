"""The option of /train that takes a channel: what Discord says of it, as the service's value."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.channels.messages import lacking
from bot.requests import ChannelChoice

READABLE = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]


class ChannelOption(app_commands.Transformer):
    """A channel or thread in which people write."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Those that Discord offers."""
        return READABLE

    async def transform(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002  # discord.py passes it
        value: Any,  # noqa: ANN401  # an AppCommandChannel or an AppCommandThread
        /,
    ) -> ChannelChoice:
        """What Discord allows the caller there, and what the bot knows that it lacks."""
        allowed, channel = value.permissions, value.resolve() or await _fetched(value)
        return ChannelChoice(
            id=value.id,
            name=value.name,
            caller_may_read=allowed.view_channel and allowed.read_message_history,
            bot_lacks=("view_channel",) if channel is None else lacking(channel),
        )


async def _fetched(value: Any) -> Any:  # noqa: ANN401  # as above; a channel or a thread
    """The channel as Discord has it, such as an archived thread; None if the bot may not see it.

    None too if it is another server's, whatever the interaction says of it.
    """
    try:
        channel = await value.fetch()
    except discord.HTTPException:
        return None
    return channel if channel.guild.id == value.guild_id else None
