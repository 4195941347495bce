"""Refusals that several of the service's methods share."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bot import errors
from bot.limit_errors import TrainCooldownError
from storage.errors import (
    NameTakenError,
    NotFoundError,
    RunEndedError,
    TooManyRunsError,
    TooSoonError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.requests import Caller
    from storage.catalog import Catalog
    from storage.records import ModelRecord

NOT_FOUND: dict[str, type[errors.RefusedError]] = {
    "run": errors.RunGoneError,
    "model": errors.ModelNotFoundError,
    "checkpoint": errors.CheckpointGoneError,
    "text": errors.GenerationGoneError,
}
"""What is said when the catalog does not find something, by the catalog's word for it."""


@contextmanager
def refusals() -> Iterator[None]:
    """Within the body, what the catalog refuses is said in the bot's words."""
    try:
        yield
    except NotFoundError as error:
        raise NOT_FOUND[error.what] from error
    except NameTakenError as error:
        raise errors.NameTakenError(error.name) from error
    except TooManyRunsError as error:
        raise errors.TooManyRunsError(error.limit, whole_guild=error.whole_guild) from error
    except TooSoonError as error:
        raise TrainCooldownError(error.seconds, error.cooldown) from error
    except RunEndedError as error:
        raise errors.RunGoneError from error


async def find_model(catalog: Catalog, guild_id: int, model: str | None) -> ModelRecord:
    """Return the guild's model of that id or name, or its current one.

    Raises:
        NoModelError, ModelNotFoundError.
    """
    current = await catalog.current_model(guild_id)
    if current is None:
        raise errors.NoModelError
    if model is None:
        return current
    if re.fullmatch("[0-9a-f]{32}", model):
        with suppress(NotFoundError):
            return await catalog.model(guild_id, model)
    with refusals():
        return await catalog.model_by_name(guild_id, model.strip())


def check_range(option: str, value: float, low: float, high: float) -> None:
    """Refuse a number outside its range; what is not a number is outside every range."""
    if not low <= value <= high:
        raise errors.OutOfRangeError(option, low, high)


def may_change(caller: Caller, owner_id: int) -> bool:
    """Whether the caller started it or may manage the server."""
    return caller.manages_guild or caller.user_id == owner_id


def check_owner(caller: Caller, owner_id: int, action: str) -> None:
    """Refuse whoever neither started it nor may manage the server."""
    if not may_change(caller, owner_id):
        raise errors.NotAllowedError(action)
