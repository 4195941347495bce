"""What can go wrong while a channel is read; `str()` is the sentence that a person reads.

ReadingError                a channel cannot be read on: why its run failed
├── ChannelGoneError        it was deleted, or the bot was removed from its server
├── ChannelClosedError      the bot may no longer view it or read its history
└── ChannelUnavailableError Discord does not answer well; nobody reads this, it is tried again
"""

from __future__ import annotations

from bot.errors import BotError


class ReadingError(BotError):
    """A channel cannot be read on; the sentence is the reason why its run failed."""


class ChannelGoneError(ReadingError):
    """Discord knows no such channel (any more)."""

    def __init__(self) -> None:
        super().__init__(
            "The channel was deleted while it was read, or the bot was removed from its server; "
            "please choose another channel, or attach a file."
        )


class ChannelClosedError(ReadingError):
    """The bot has lost a permission that it needs to go on."""

    def __init__(self) -> None:
        super().__init__(
            "The bot may no longer read the channel; please let it view the channel and read its "
            "message history, and start again."
        )


class ChannelUnavailableError(ReadingError):
    """Discord does not answer well at the moment; a later try may fare better."""
