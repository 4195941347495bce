"""What several of the service's methods share: refusals, and what is found before others."""

from __future__ import annotations

import errno
import logging
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from bot import errors
from bot.errors.limits import refusal_at
from storage.errors import (
    CatalogUnavailableError,
    InvalidIdError,
    LimitError,
    NameTakenError,
    NotFoundError,
    RunEndedError,
    StorageError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from bot.requests import Caller
    from storage.catalog import Catalog
    from storage.records import CheckpointRecord, ModelRecord

T = TypeVar("T")

log = logging.getLogger(__name__)

NOT_FOUND: dict[str, type[errors.RefusedError]] = {
    "run": errors.RunGoneError,
    "model": errors.ModelNotFoundError,
    "checkpoint": errors.CheckpointGoneError,
    "text": errors.GenerationGoneError,
}
"""What is said when the catalog does not find something, by the catalog's word for it."""


def refusal_of(error: Exception) -> errors.RefusedError | None:
    """What the catalog or the disk refuses, in the bot's words; None if it is something else."""
    refusal: errors.RefusedError | None = None
    match error:
        case NotFoundError():
            refusal = NOT_FOUND[error.what]()
        case NameTakenError():
            refusal = errors.NameTakenError(error.name)
        case LimitError():
            refusal = refusal_at(error)
        case RunEndedError():
            refusal = errors.RunGoneError()
        case InvalidIdError():
            refusal = errors.ChoiceInvalidError()
        case CatalogUnavailableError() | OSError(errno=errno.ENOSPC | errno.EDQUOT | errno.EIO):
            log.error("The disk fails: %s", error)
            refusal = errors.DiskFailsError()
    return refusal


@contextmanager
def refusals() -> Iterator[None]:
    """Within the body, what the catalog refuses is said in the bot's words."""
    try:
        yield
    except StorageError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


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


async def soundest(
    catalog: Catalog,
    checkpoint: CheckpointRecord,
    write: Callable[[CheckpointRecord], Awaitable[T]],
) -> T:
    """What a checkpoint writes, or where it is damaged the newest one of its model before it.

    Raises:
        CheckpointBrokenError: All of them are damaged.
    """
    try:
        return await write(checkpoint)
    except errors.CheckpointBrokenError:
        for earlier in await _before(catalog, checkpoint):
            with suppress(errors.CheckpointBrokenError):
                return await write(earlier)
        raise


async def _before(catalog: Catalog, checkpoint: CheckpointRecord) -> list[CheckpointRecord]:
    """The checkpoints that the model had before this one, newest first."""
    with refusals():
        every = await catalog.checkpoints(checkpoint.guild_id, checkpoint.model_id)
    return every[every.index(checkpoint) + 1 :] if checkpoint in every else []


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
