"""A disk that is full, really: the data directory lies on one of a few megabytes."""

from __future__ import annotations

import asyncio
import os
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.people import ADA
from tests.house import POEM, House, add_model, is_private, labels, posted
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ON_A_DISK = ("unshare", "--map-root-user", "--mount", "sh", "-c")
MOUNTED = 'mount -t tmpfs -o size=16m tmpfs "$0" && cp -a "$0.before/." "$0" && exec "$@"'


def has_disks() -> bool:
    """Whether this system lets us have a small disk of our own."""
    try:
        command = [*ON_A_DISK, "mount -t tmpfs tmpfs /mnt"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not has_disks(), reason="mounting a disk is not permitted here"),
]


@asynccontextmanager
async def small_house(folder: Path, checkpoint: Path) -> AsyncIterator[House]:
    """A house whose bot keeps everything on a small disk, with a model on it."""
    async with House.open(folder) as house:
        await add_model(house, checkpoint, "Writing Group", "poems", ADA)
        house.data.rename(f"{house.data}.before")
        house.data.mkdir()
        house.before = (*ON_A_DISK, MOUNTED, str(house.data))
        await house.start()
        yield house


def seen_by(house: House, name: str) -> Path:
    """A file of the data directory, as the bot sees it."""
    assert house.bot is not None
    return Path(f"/proc/{house.bot.pid}/root{house.data}") / name


def fill(path: Path) -> None:
    """Take all that is left of the disk."""
    with path.open("wb", buffering=0) as file:
        for piece in (2**16, 1):
            try:
                while file.write(os.urandom(piece)):
                    pass
            except OSError:
                continue


async def test_a_full_disk_is_a_sentence_and_the_bot_goes_on(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    async with small_house(tmp_path, tiny_checkpoint) as house:
        files = {"file": ("late.txt", POEM.encode())}
        long = {"file": ("late.txt", POEM.encode() * 40)}  # a short one is learned before its time
        await house.ada.command("bots", "train", files=long, minutes=0.4)
        card = await house.ada.wait_for(lambda m: not is_private(m) and " left\n" in text_of(m), 60)

        fill(seen_by(house, "ballast"))
        await house.ada.command("bots", "generate", model="poems")
        await house.ada.wait_for(lambda m: is_private(m) and "disk is full" in text_of(m))
        refused = await house.max.command("bots", "train", files=files)
        await house.max.wait_for(lambda m: is_private(m) and "disk is full" in text_of(m))
        listed = await house.mo.command("bots", "models")
        assert not refused.failed
        assert "poems" in text_of(listed.message or {})
        await house.ada.wait_for(lambda m: m["id"] == card["id"] and "Finish now" in labels(m))
        async with asyncio.timeout(60):
            while house.workers():  # noqa: ASYNC110 - no event tells of a process's end
                await asyncio.sleep(0.1)

        seen_by(house, "ballast").unlink()
        failed = await house.ada.wait_for(
            lambda m: m["id"] == card["id"] and "Cancel" not in labels(m), 30
        )
        assert "could not be trained" in text_of(failed)
        assert "disk" in text_of(failed)
        written = await house.ada.command("bots", "generate", model="poems")
        assert labels(await posted(house.ada, written))
        assert sorted(path.suffix for path in seen_by(house, "checkpoints").iterdir()) == [
            ".safetensors"
        ]
        assert await house.stop() == 0
