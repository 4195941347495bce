"""How fast the bot starts and answers, and what it weighs: `python -m benchmarks.bot`.

The bot and the sandbox run as two processes, as they do for a newcomer. While a run trains on
all cores, interactions are sent one after another, and it is measured when the bot's first
answer and its last one have arrived at the person's page.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil

from benchmarks.networks import Size, untrained
from bot.sandbox.people import ADA
from model.checkpoint import to_bytes
from model.config import Cell
from tests.house import House, add_model, labels
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from tests.sandbox_driver import Person

CORPUS = "".join(f"{n} bottles of beer on the wall, {n} bottles of beer.\n" for n in range(2000))
INTERACTIONS = 100


async def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "small.safetensors"
        file.write_bytes(to_bytes(untrained(Cell.LSTM, Size(3, 128))))
        async with House.open(folder) as house:
            await add_model(house, file, "Writing Group", "small", ADA)
            began = time.perf_counter()
            await house.start()
            row("start until the commands are synced", time.perf_counter() - began, "s")
            await asyncio.sleep(3)
            row("memory when idle", resident(house), "MB")
            await measure_generation(house.ada, "nothing else")
            await train(house)
            await measure_answers(house.ada)
            await measure_generation(house.ada, "a run trains")
            row("memory after that", resident(house), "MB")


async def train(house: House) -> None:
    """Start a run and wait until it is under way."""
    files = {"file": ("bottles.txt", CORPUS.encode())}
    await house.ada.command("bots", "train", files, minutes=5)
    await house.ada.wait_for(lambda m: labels(m) == ["Cancel"] and " left\n" in text_of(m), 60)


async def measure_answers(person: Person) -> None:
    """The first answers to /models, while a run trains."""
    seconds = []
    for _ in range(INTERACTIONS):
        began = time.perf_counter()
        await person.command("bots", "models")
        seconds.append(time.perf_counter() - began)
    distribution("/models, first answer, a run trains", seconds)


async def measure_generation(person: Person, meanwhile: str) -> None:
    """From the command to the text on the page."""
    seconds = []
    for _ in range(INTERACTIONS // 4):
        began = time.perf_counter()
        answer = await person.command("bots", "generate", length=400)
        number = (answer.message or {})["id"]
        await person.wait_for(lambda m, number=number: m["id"] == number and labels(m))  # type: ignore[misc]  # bound per turn
        seconds.append(time.perf_counter() - began)
    distribution(f"/generate length:400 with 3x128, {meanwhile}", seconds)


def resident(house: House) -> float:
    """Megabytes of the bot's process."""
    if house.bot is None:
        raise RuntimeError("the bot is not running")
    return float(psutil.Process(house.bot.pid).memory_info().rss) / 1e6


def distribution(what: str, seconds: list[float]) -> None:
    """Print the median and the 99th percentile."""
    row(f"{what}: median", float(np.median(seconds)) * 1000, "ms")
    row(f"{what}: 99th percentile", float(np.percentile(seconds, 99)) * 1000, "ms")


def row(what: str, value: float, unit: str) -> None:
    """Print one figure."""
    print(f"{what:72} {value:8.2f} {unit}")


if __name__ == "__main__":
    asyncio.run(main())
