"""How fast the bot starts and answers, and what it weighs: `python -m benchmarks.bot`.

The bot and the sandbox run as two processes, as they do for a newcomer, and what a person's
page sees is measured: the bot's first answer and its last one. Most of it is measured twice,
alone and while a run trains on all cores.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil

from benchmarks.networks import Size, untrained
from bot.sandbox.people import ADA
from model.checkpoint import to_bytes
from model.config import Cell
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory, new_id
from tests.house import House, add_model, labels
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.sandbox_driver import Person

CORPUS = "".join(f"{n} bottles of beer on the wall, {n} bottles of beer.\n" for n in range(2000))
SIZES = {"3x128": Size(3, 128), "2x256": Size(2, 256), "2x512": Size(2, 512)}
INTERACTIONS = 100
GENERATIONS = 40
MODELS = 500
AT_ONCE = 300
TYPED = ("", "m", "mo", "model 4", "499", "nothing")


async def main() -> None:
    """Print the table."""
    async with furnished() as house:
        began = time.perf_counter()
        await house.start()
        row("start until the commands are synced", time.perf_counter() - began, "s")
        await asyncio.sleep(3)
        row("memory when idle", resident(house), "MB")
        await measure(house, "nothing else")
        await train(house)
        await measure(house, "a run trains")
        row("memory after that", resident(house), "MB")


@asynccontextmanager
async def furnished() -> AsyncIterator[House]:
    """A house whose server has many models, of which three can write."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with House.open(folder) as house:
            for label, dimensions in SIZES.items():
                file = folder / f"{label}.safetensors"
                file.write_bytes(to_bytes(untrained(Cell.LSTM, dimensions)))
                await add_model(house, file, "Writing Group", label, ADA)
            await add_names(house, MODELS - len(SIZES))
            yield house


async def add_names(house: House, count: int) -> None:
    """Models that are only names in the catalog."""
    [guild_id] = [int(g["id"]) for g in house.ada.state["guilds"] if g["name"] == "Writing Group"]
    async with Database.open(DataDirectory(house.data).catalog) as database:
        for number in range(count):
            await Catalog(database).import_model(
                guild_id,
                checkpoint_id=new_id(),
                user_id=ADA,
                name=f"model {number:03}",
                name_is_default=False,
                sha256="0" * 64,
                file_size=1,
                step=number,
                validation_loss=2.0,
                parameters=1,
                corpus_characters=1,
                novelty=None,
            )


async def measure(house: House, meanwhile: str) -> None:
    """Everything that a person waits for."""
    for label in SIZES:
        await measure_generation(house.ada, label, meanwhile)
    await measure_autocomplete(house.ada, meanwhile)
    await measure_answers(house.ada, meanwhile)
    await measure_crowd(house, meanwhile)


async def train(house: House) -> None:
    """Start a run and wait until it is under way."""
    files = {"file": ("bottles.txt", CORPUS.encode())}
    await house.ada.command("bots", "train", files, minutes=10)
    await house.ada.wait_for(lambda m: "Cancel" in labels(m) and " left" in text_of(m), 60)


async def measure_generation(person: Person, model: str, meanwhile: str) -> None:
    """From the command to the text on the page; the first one, which loads, is not counted."""
    seconds = [await _until_written(person, model) for _ in range(GENERATIONS + 1)]
    distribution(f"/generate length:400 with {model}, {meanwhile}", seconds[1:])


async def _until_written(person: Person, model: str) -> float:
    began = time.perf_counter()
    answer = await person.command("bots", "generate", length=400, model=model)
    number = (answer.message or {})["id"]
    await person.wait_for(lambda m: m["id"] == number and labels(m), 60)
    return time.perf_counter() - began


async def measure_autocomplete(person: Person, meanwhile: str) -> None:
    """From a key to the suggestions."""
    seconds = []
    for turn in range(INTERACTIONS):
        began = time.perf_counter()
        await person.autocomplete("bots", "generate", "model", TYPED[turn % len(TYPED)])
        seconds.append(time.perf_counter() - began)
    distribution(f"autocomplete among {MODELS} models, {meanwhile}", seconds)


async def measure_answers(person: Person, meanwhile: str) -> None:
    """The first answers to /models, one after another."""
    seconds = [await _timed(person, "models", {}) for _ in range(INTERACTIONS)]
    distribution(f"/models among {MODELS} models, first answer, {meanwhile}", seconds)


async def measure_crowd(house: House, meanwhile: str) -> None:
    """The first answers to many commands that three people send in the same moment."""
    people = (house.ada, house.mo, house.max)
    commands: list[tuple[str, dict[str, Any]]] = [
        ("generate", {"length": 20, "model": "3x128"}),
        ("models", {}),
        ("generate", {"model": "no such model"}),
    ]
    seconds = await asyncio.gather(
        *(_timed(people[turn % 3], *commands[turn // 3 % 3]) for turn in range(AT_ONCE))
    )
    distribution(f"{AT_ONCE} commands at once, first answer, {meanwhile}", seconds)
    await _until_written(house.ada, "3x128")  # all before it are written then


async def _timed(person: Person, command: str, options: dict[str, Any]) -> float:
    """Seconds until the bot has answered, be it that it will."""
    began = time.perf_counter()
    answer = await person.command("bots", command, **options)
    if answer.failed:
        raise RuntimeError(f"/{command} was not answered in time")
    return time.perf_counter() - began


def resident(house: House) -> float:
    """Megabytes of the bot's process."""
    if house.bot is None:
        raise RuntimeError("the bot is not running")
    return float(psutil.Process(house.bot.pid).memory_info().rss) / 1e6


def distribution(what: str, seconds: list[float]) -> None:
    """Print the median and the two percentiles that a person notices."""
    for name, share in (("median", 50), ("95th percentile", 95), ("99th percentile", 99)):
        row(f"{what}: {name}", float(np.percentile(seconds, share)) * 1000, "ms")


def row(what: str, value: float, unit: str) -> None:
    """Print one figure."""
    print(f"{what:84} {value:8.2f} {unit}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
