"""A backup of a running bot, brought back: models, buttons and runs are as they were."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.house import POEM, fenced, is_private, labels, posted, program
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.house import House

pytestmark = pytest.mark.slow


async def storage(*arguments: str) -> str:
    """What `python -m storage` says on stdout, or on stderr if it refuses."""
    async with program("-m", "storage", *arguments) as process:
        said, complaint = await asyncio.wait_for(process.communicate(), 60)
        return (said if process.returncode == 0 else complaint).decode()


async def test_a_backup_of_a_running_bot_is_a_bot_again(library: House, tmp_path: Path) -> None:
    """Afterwards the text goes on, the model is written with, and the run that trained ends."""
    house, backup = library, tmp_path / "backup"
    text = await posted(house.ada, await house.ada.command("bots", "generate", seed=1))
    files = {"file": ("late.txt", POEM.encode())}
    await house.ada.command("bots", "train", files=files, minutes=0.3)
    card = await house.ada.wait_for(lambda m: not is_private(m) and " left\n" in text_of(m), 60)

    said = await storage("backup", str(house.data), str(backup))
    assert said == f"{backup}: 3 checkpoints and 1 run.\n"
    assert "is not empty" in await storage("restore", str(backup), str(house.data))
    await house.kill()
    house.data.rename(tmp_path / "lost")
    assert await storage("restore", str(backup), str(house.data))
    await house.start()

    more = await posted(house.ada, await house.ada.press(text, "Continue"))
    assert fenced(more)
    ended = await house.ada.wait_for(
        lambda m: m["id"] == card["id"] and "Cancel" not in labels(m), 90
    )
    assert "has learned to write" in text_of(ended)
