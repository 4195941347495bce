"""Houses to test in; `tests.house` says what a house is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.people import ADA, MAX, MO
from tests.house import House, add_model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A sandbox and a bot with nothing in it."""
    async with House.open(tmp_path) as house:
        await house.start()
        yield house
    assert "Traceback" not in house.log.read_text()


@pytest.fixture
async def library(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[House]:
    """A sandbox and a bot with two models in the Writing Group and one in Fandom.

    Ada trained `poems`, Max trained `Verse`, which is the current one, and Mo `fan fiction`.
    """
    async with House.open(tmp_path) as house:
        await add_model(house, tiny_checkpoint, "Writing Group", "poems", ADA)
        await add_model(house, tiny_checkpoint, "Writing Group", "Verse", MAX)
        await add_model(house, tiny_checkpoint, "Fandom", "fan fiction", MO)
        await house.start()
        yield house
    assert "Traceback" not in house.log.read_text()
