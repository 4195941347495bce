"""What a server's choices and the operator's limits refuse; `bot.errors` has the root.

RefusedError
├── WritesElsewhereError    a channel in which the server does not let the bot write
├── RoleMissingError        the server lets certain roles train, and the caller has none of them
├── WriteCooldownError      the caller's last text is not long enough ago
└── TrainCooldownError      the caller's last run is not
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot import errors
from bot.errors import RefusedError
from bot.progress_text import duration
from storage.errors import TooManyRunsError, TooSoonError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.errors import LimitError


def refusal_at(error: LimitError) -> RefusedError | None:
    """What a limit of the catalog refuses, in the bot's words."""
    match error:
        case TooManyRunsError():
            return errors.TooManyRunsError(error.limit, whole_guild=error.whole_guild)
        case TooSoonError():
            return TrainCooldownError(error.seconds, error.cooldown)
        case _:
            return None


class WritesElsewhereError(RefusedError):
    """The server has chosen other channels for what the bot writes."""

    def __init__(self, channels: Sequence[int]) -> None:
        self.channels = channels
        """Where it may write; Discord shows them by their names."""


class RoleMissingError(RefusedError):
    """The server lets certain roles train, and the caller has none of them."""

    def __init__(self, roles: Sequence[int]) -> None:
        self.roles = roles
        """Who may; Discord shows them by their names."""


class WriteCooldownError(RefusedError):
    """The caller's last text is not long enough ago."""

    def __init__(self, seconds: float, cooldown: float) -> None:
        self.left, self.cooldown = duration(math.ceil(seconds)), duration(cooldown)


class TrainCooldownError(RefusedError):
    """The caller's last run is not long enough ago."""

    def __init__(self, seconds: float, cooldown: float) -> None:
        self.left, self.cooldown = duration(math.ceil(seconds)), duration(cooldown)
