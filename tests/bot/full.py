"""A catalog that takes nothing, in the place of one of its methods."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from storage.errors import CatalogUnavailableError


async def refuse(*_: object, **__: object) -> NoReturn:
    """As a full disk does."""
    raise CatalogUnavailableError(Path("catalog"), "database or disk is full")
