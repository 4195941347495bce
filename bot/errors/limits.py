"""What a server's choices and the operator's limits refuse; `bot.errors` has the root.

RefusedError
├── WritesElsewhereError    a channel in which the server does not let the bot write
├── RoleMissingError        the server lets certain roles train, and the caller has none of them
├── WriteCooldownError      the caller's last text is not long enough ago
├── TrainCooldownError      the caller's last run is not
├── MinutesUsedError        the caller, or the server, has trained enough within a day
├── TooManyImportsError     the caller, or the server, has enough imports under way
├── TooManyModelsError      the server has enough models
├── TooManyCheckpointsError the model has enough checkpoints
└── StockFullError          the server keeps enough on disk
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import storage.errors
from bot import errors
from bot.errors import RefusedError
from bot.runs.card import duration
from bot.settings import MEBIBYTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.errors import LimitError


def refusal_at(error: LimitError) -> RefusedError | None:
    """What a limit of the catalog refuses, in the bot's words."""
    refusal: RefusedError | None
    match error:
        case storage.errors.TooManyRunsError():
            refusal = errors.TooManyRunsError(error.limit, whole_guild=error.whole_guild)
        case storage.errors.TooSoonError():
            refusal = TrainCooldownError(error.seconds, error.cooldown)
        case storage.errors.MinutesUsedError(left=left, limit=limit, seconds=seconds):
            refusal = MinutesUsedError(left, limit, seconds, whole_guild=error.whole_guild)
        case storage.errors.TooManyModelsError():
            refusal = TooManyModelsError(error.limit)
        case storage.errors.TooManyCheckpointsError():
            refusal = TooManyCheckpointsError(error.limit)
        case storage.errors.StockFullError():
            refusal = StockFullError(error.size, error.limit)
        case _:
            refusal = None
    return refusal


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


class MinutesUsedError(RefusedError):
    """The caller, or the whole server, has trained enough within a day."""

    def __init__(self, left: float, limit: float, seconds: float, *, whole_guild: bool) -> None:
        self.left, self.limit = math.floor(left * 10) / 10, limit
        self.wait = duration(math.ceil(seconds))
        self.whose = "server" if whole_guild else "person"


class TooManyImportsError(RefusedError):
    """Enough imports of this person or this server are under way."""

    def __init__(self, limit: int, *, whole_guild: bool) -> None:
        self.limit, self.whose = limit, "server" if whole_guild else "person"


class TooManyModelsError(RefusedError):
    """The server has enough models, those that are being trained among them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit


class TooManyCheckpointsError(RefusedError):
    """The model has enough checkpoints."""

    def __init__(self, limit: int) -> None:
        self.limit = limit


class StockFullError(RefusedError):
    """The server keeps enough on disk."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size / MEBIBYTE, limit / MEBIBYTE
