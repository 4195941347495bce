"""Many people at once, and many for a long time.

What is counted holds on any machine. What is timed or weighed is for a quiet one with two cores,
and so is left to `-m soak`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import psutil
import pytest

from bot.sandbox import gateway
from bot.sandbox.interactions import Timing
from bot.sandbox.people import ADA, MAX, WRITING_GROUP
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory
from tests.crowd import Crowd
from tests.house import POEM, ROOT, House, HouseAtHand, add_model, is_private, labels
from tests.watched_bot import CENSUS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

log = logging.getLogger(__name__)
"""Says the figures that were reached: `-o log_cli=true --log-level=INFO`."""

AT_ONCE = 300
PATIENT = Timing(answer_seconds=60.0)
"""Longer than Discord gives, for machines that are busy with other things."""

TEXTS = "what was written"
LISTS = "lists"
REFUSALS = "refusals"
SUGGESTIONS = "suggestions"


async def train(house: House) -> None:
    """Let a run train on every core."""
    await house.max.command("bots", "train", {"file": ("Tyger.txt", POEM.encode())}, minutes=10)
    await house.max.wait_for(lambda m: "Finish now" in labels(m), 120)


async def ask(person: Person, turn: int) -> tuple[str, float]:
    """One of four interactions; what came of it, and the seconds until its first answer."""
    began = time.perf_counter()
    if turn % 4 == 3:
        choices = await person.autocomplete("bots", "generate", "model", "po")
        assert [choice["name"] for choice in choices or []] == ["poems"]
        return SUGGESTIONS, time.perf_counter() - began
    commands: list[tuple[str, dict[str, Any], str]] = [
        ("generate", {"length": 20, "seed": turn}, TEXTS),
        ("models", {}, LISTS),
        ("generate", {"model": "no such model"}, REFUSALS),
    ]
    command, options, kind = commands[turn % 4]
    answer = await person.command("bots", command, **options)
    seconds = time.perf_counter() - began
    assert not answer.failed, f"/{command} was not answered"
    return kind, seconds


async def ask_all(house: House) -> list[float]:
    """300 interactions at once; each is answered, and once. The seconds until that."""
    people = (house.ada, house.mo, house.max)
    before = {person: set(person.messages) for person in people}

    outcomes = await asyncio.gather(*(ask(people[n % 3], n) for n in range(AT_ONCE)))

    assert set(Counter(kind for kind, _ in outcomes).values()) == {AT_ONCE // 4}
    await house.ada.wait_for(lambda _: texts_of(house.ada, before) == AT_ONCE // 4, 60)
    for person in people:
        new = [m for key, m in person.messages.items() if key not in before[person]]
        private = [m for m in new if is_private(m)]
        assert len(new) - len(private) == AT_ONCE // 4, "texts, each of them once"
        assert len(private) == AT_ONCE // 4 * 2 // 3, "lists and refusals, each of them once"
    return [seconds for _, seconds in outcomes]


def texts_of(person: Person, before: dict[Person, set[str]]) -> int:
    new = [m for key, m in person.messages.items() if key not in before[person]]
    return len([m for m in new if "Continue" in labels(m)])


async def test_three_hundred_interactions_at_once_are_answered_once_each(
    tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a run trains; the heart beats ten times as often as on Discord."""
    monkeypatch.setattr(gateway, "HEARTBEAT_MILLISECONDS", 4_000)
    async with HouseAtHand.within(tmp_path, PATIENT) as house:
        await add_model(house, tiny_checkpoint, "Writing Group", "poems", ADA)
        await house.start()
        await train(house)

        await ask_all(house)

        said = house.log.read_text()
        assert not [line for line in said.splitlines() if "heartbeat blocked" in line]
        assert "Traceback" not in said


@pytest.mark.soak
async def test_three_hundred_interactions_at_once_are_answered_in_time(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    """The first answers, on a quiet machine with two cores while a run trains on both."""
    async with House.open(tmp_path) as house:
        await add_model(house, tiny_checkpoint, "Writing Group", "poems", ADA)
        await house.start()
        await train(house)
        rounds = [await ask_all(house) for _ in range(3)]

        for seconds in rounds:
            most, slowest = float(np.percentile(seconds, 99)), max(seconds)
            log.info("First answers: p99 %.0f ms, slowest %.0f ms", 1000 * most, 1000 * slowest)
        assert all(np.percentile(seconds, 99) < 1.0 for seconds in rounds)
        assert max(max(seconds) for seconds in rounds) < 3.0
        assert "heartbeat blocked" not in house.log.read_text()


@dataclass(frozen=True)
class Burden:
    """What the bot holds of the machine."""

    memory: int
    """Bytes."""
    tasks: int
    threads: int
    files: int
    """File descriptors that are no connections."""
    connections: int
    children: int
    temporary: tuple[str, ...]
    checkpoints: int

    @property
    def held(self) -> dict[str, object]:
        """What must be as it was."""
        return {
            "tasks": self.tasks,
            "files": self.files,
            "children": self.children,
            "temporary": self.temporary,
            "checkpoints": self.checkpoints,
        }


class WatchedHouse(HouseAtHand):
    """A house whose bot can be weighed."""

    folder: Path

    @classmethod
    @asynccontextmanager
    async def furnished(cls, folder: Path, checkpoint: Path) -> AsyncIterator[Self]:
        async with cls.within(folder, PATIENT) as house:
            house.folder, house.program = folder, ROOT / "tests" / "watched_bot.py"
            (folder / "temporary").mkdir()
            await add_model(house, checkpoint, "Writing Group", "poems", ADA)
            await add_model(house, checkpoint, "Writing Group", "Verse", MAX)
            async with Database.open(DataDirectory(house.data).catalog) as database:
                general = int(house.ada.channel("general"))
                settings = {"talk_channels": (general,)}
                await Catalog(database).change_guild_settings(WRITING_GROUP, **settings)
            yield house

    async def settle_in(self) -> None:
        await self.start(
            TMPDIR=str(self.folder / "temporary"),
            CHARWGU_MINIMUM_MINUTES="0.05",
            PYTHONPATH=str(ROOT),
            **{CENSUS: str(self.folder / "census.json")},
        )

    async def weigh(self) -> Burden:
        assert self.bot is not None
        process, census = psutil.Process(self.bot.pid), self.folder / "census.json"
        census.unlink(missing_ok=True)
        process.send_signal(signal.SIGUSR1)
        async with asyncio.timeout(30):
            while not census.exists():  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
        counted = json.loads(census.read_text())
        connections = len(process.net_connections("inet"))
        return Burden(
            memory=process.memory_info().rss,
            tasks=counted["tasks"],
            threads=counted["threads"],
            files=process.num_fds() - connections,
            connections=connections,
            children=len(process.children(recursive=True)),
            temporary=tuple(sorted(p.name for p in (self.folder / "temporary").rglob("*"))),
            checkpoints=len([*(self.data / "checkpoints").iterdir()]),
        )

    async def weigh_until(self, before: Burden, seconds: float = 60.0) -> Burden:
        """Weigh until what was held then is let go of, or for so long."""
        end = time.monotonic() + seconds
        now = await self.weigh()
        while now.held != before.held and time.monotonic() < end:
            await asyncio.sleep(1)
            now = await self.weigh()
        return now


FULL = pytest.param(10_000, 50, 1.1, marks=pytest.mark.soak)
A_TENTH = (1_000, 5, 1.5)
"""So short a time says little about memory."""

PEOPLE_AT_ONCE = 8


@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(("interactions", "runs", "growth"), [A_TENTH, FULL])
async def test_the_bot_weighs_after_a_long_day_what_it_weighed_in_the_morning(
    tmp_path: Path, tiny_checkpoint: Path, interactions: int, runs: int, growth: float
) -> None:
    """It is weighed once everything has happened a few times, and at the end."""
    async with WatchedHouse.furnished(tmp_path, tiny_checkpoint) as house:
        await house.settle_in()
        crowd = Crowd(house)
        await asyncio.gather(
            crowd.come(interactions // 10, at_once=PEOPLE_AT_ONCE), crowd.train(max(1, runs // 10))
        )
        morning = await house.weigh_until(await house.weigh(), 5)

        done, _ = await asyncio.gather(
            crowd.come(interactions, at_once=PEOPLE_AT_ONCE), crowd.train(runs)
        )
        evening = await house.weigh_until(morning)

        log.info("%d interactions and %d runs: %s became %s", done, runs, morning, evening)
        assert done >= interactions
        assert evening.held == morning.held
        assert evening.connections <= 2 * PEOPLE_AT_ONCE
        assert evening.threads <= morning.threads + 4
        assert evening.memory < growth * morning.memory
        said = house.log.read_text()
        assert not [word for word in ("heartbeat blocked", "Traceback", "ERROR") if word in said]
