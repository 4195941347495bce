"""Who may let the bot read which channel: refused before anything starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors.channels import (
    BotLacksError,
    ChannelHiddenError,
    ChannelsOffError,
    NotAllowedToReadError,
    OneSourceError,
)

if TYPE_CHECKING:
    from bot.requests import Caller, TrainRequest


def check_source(caller: Caller, request: TrainRequest, *, permitted: bool) -> None:
    """Refuse a request that has not exactly one source, or a channel that may not be read.

    Args:
        caller: Who asks.
        request: What is asked for.
        permitted: Whether the operator has stated that Discord permits it.

    Raises:
        RefusedError: One of five.
    """
    channel = request.channel
    if channel is not None and not permitted:
        raise ChannelsOffError
    if (channel is None) == (not request.files):
        raise OneSourceError
    if channel is None:
        return
    if not caller.manages_guild:
        raise NotAllowedToReadError
    if not channel.caller_may_read:
        raise ChannelHiddenError
    if channel.bot_lacks:
        raise BotLacksError(channel.bot_lacks)
