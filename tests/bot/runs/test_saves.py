"""Whoever is killed while it saves leaves models that are whole, and those that it had saved."""

from __future__ import annotations

import random
import secrets
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from model.checkpoint import from_bytes, to_bytes
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory, read_verified
from tests.bot.uploads import small_checkpoint
from tests.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

LONGEST = 0.05
"""Seconds from a save's begin to the kill; one takes about half of it."""


def saved_until_killed(data: Path, checkpoint: Path, moments: random.Random) -> list[str]:
    """Let a process save one model to some and kill it in a save; what it says it has saved."""
    saves, pause = moments.randrange(3), moments.uniform(0, LONGEST)
    command = [sys.executable, "-m", "tests.bot.saving_for_ever", str(data), str(checkpoint)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said: list[str] = []
        while said.count("saving") <= saves:
            said.append(process.stdout.readline().strip())
            assert said[-1], "it ended by itself"
        time.sleep(pause)
        process.kill()
        rest, _ = process.communicate()
    return [line.split()[1] for line in [*said, *rest.split("\n")] if line.startswith("saved ")]


async def check_kills(folder: Path, kills: int) -> None:
    seed = secrets.randbelow(2**31)
    print(f"seed {seed}")  # noqa: T201 - whoever sees this fail can see it again
    moments, expected = random.Random(seed), list[str]()
    checkpoint = folder / "model.safetensors"
    checkpoint.write_bytes(to_bytes(small_checkpoint(hidden_size=256)))
    directory, cut_off = DataDirectory(folder / "data"), 0

    for _ in range(kills):
        expected += saved_until_killed(directory.root, checkpoint, moments)
        async with Database.open(directory.catalog) as database:
            models = await Catalog(database).models(1)
            current = await Catalog(database).current_model(1)
        for model in models:
            path, sha256 = directory.checkpoint(model.checkpoint.id), model.checkpoint.sha256
            from_bytes(read_verified(path, sha256=sha256))
        ids = [model.checkpoint.id for model in models]
        assert set(expected) <= set(ids), "what was said to be saved is there"
        assert current is None or current.checkpoint.id in ids
        files = [*(directory.root / "checkpoints").iterdir()]
        cut_off += len(files) > len(ids)

    assert cut_off or kills < 50, "some kills came between the file and its row"


@pytest.mark.timeout(600)
async def test_ten_kills_in_saves_lose_nothing_that_was_saved(tmp_path: Path) -> None:
    await check_kills(tmp_path, 10)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_hundred_kills_in_saves_lose_nothing_that_was_saved(tmp_path: Path) -> None:
    await check_kills(tmp_path, 100)
