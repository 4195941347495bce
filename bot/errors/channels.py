"""Why a channel is not read, or not to its end; `str()` is the sentence that a person reads.

ReadingError                a channel cannot be read on: why its run failed
├── ChannelGoneError        it was deleted, or the bot was removed from its server
├── ChannelClosedError      the bot may no longer view it or read its history
└── ChannelUnavailableError Discord does not answer well; nobody reads this, it is tried again

RefusedError                somebody asked for a reading that cannot begin
├── OneSourceError          neither a file nor a channel, or both
├── ChannelsOffError        the operator has not said that channels may be read
├── NotAllowedToReadError   the caller has not Manage Server
├── ChannelHiddenError      the caller cannot see the channel or its history
├── BotLacksError           the bot lacks permissions in the channel
└── ChannelNotToldError            it may not post there, where it has to say that it reads
"""

from __future__ import annotations

from bot.errors import RefusedError, SaidError
from bot.statements import Statement


class ReadingError(SaidError):
    """A channel cannot be read on; the sentence is the reason why its run failed."""


class ChannelGoneError(ReadingError):
    """Discord knows no such channel (any more)."""


class ChannelClosedError(ReadingError):
    """The bot has lost a permission that it needs to go on."""


class ChannelUnavailableError(ReadingError):
    """Discord does not answer well at the moment; a later try may fare better."""

    def __init__(self, detail: str) -> None:
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class OneSourceError(RefusedError):
    """A run learns from files or from a channel."""


class ChannelsOffError(RefusedError):
    """The operator has not stated that Discord permits it."""


class NotAllowedToReadError(RefusedError):
    """Only whoever answers for the server may let the bot read a channel."""


class ChannelHiddenError(RefusedError):
    """The caller cannot see the channel or its history, so the bot does not show it to them."""


class BotLacksError(RefusedError):
    """The bot lacks permissions in the channel that it is to read, named as discord.py does."""

    def __init__(self, permissions: tuple[str, ...]) -> None:
        self.permissions = permissions

    @property
    def statement(self) -> Statement:
        """Lists the permissions as Discord shows them."""
        shown = [Statement("permission", {"name": name}) for name in self.permissions]
        return Statement("error-bot-lacks", {"permissions": shown, "count": len(shown)})


class ChannelNotToldError(RefusedError):
    """The bot may not post in the channel that it is to read, where it has to say so."""
