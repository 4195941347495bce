"""A catalog that takes nothing, in the place of one of its methods."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NoReturn

from storage.errors import CatalogUnavailableError


async def refuse(*_: object, **__: object) -> NoReturn:
    """As a full disk does."""
    raise CatalogUnavailableError(Path("catalog"), "database or disk is full")


class Refusal:
    """A catalog's method that takes nothing, and is tried again."""

    def __init__(self) -> None:
        self._tries = asyncio.Semaphore(0)

    async def __call__(self, *_: object) -> NoReturn:
        self._tries.release()
        await refuse()

    async def twice(self) -> None:
        """Wait until the same has been tried again, or something else."""
        async with asyncio.timeout(5):
            for _ in range(2):
                await self._tries.acquire()
