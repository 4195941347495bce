"""The bot is killed at random moments of queueing, training, saving and finishing.

Every run ends once or goes on, nothing outlives the bot, and what is on Discord works again.
"""

from __future__ import annotations

import asyncio
import random
import re
import secrets
import time
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.house import POEM, ROOT, House, fenced, is_private, labels, posted, rows, until
from tests.sandbox_driver import RefusedByPageError, text_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

UP_AGAIN_SECONDS = 30.0
GONE_SECONDS = 10.0
LONGEST_PAUSE = 0.5
"""Seconds from a snapshot to a kill."""

LONGEST_END = 0.5
"""Seconds from a worker's checkpoint to a kill: it is copied, its row is written, files are
deleted and the card is edited meanwhile."""

MINUTES = 0.15
"""Of a run: long enough that some are killed after their first snapshot."""

QUICK = {"CHARWGU_RUNS_WAITING_PER_PERSON": "9"}


class Moment(Enum):
    """When a bot is killed."""

    ANY = auto()
    LEARNING = auto()
    """Soon after a snapshot."""
    SAVING = auto()
    """Soon after a checkpoint."""


class Fate:
    """What happens to a house, at moments that a seed decides.

    Args:
        house: Whose bot is killed.
        longest_life: Seconds from one start of the bot to the next kill.
    """

    def __init__(self, house: House, longest_life: float = 8.0) -> None:
        self.house, self.longest_life = house, longest_life
        seed = secrets.randbelow(2**31)
        print(f"seed {seed}")  # noqa: T201 - whoever sees this fail can see it again
        self.moments = random.Random(seed)
        self.asked = self.unanswered = 0
        self.slowest_start = 0.0

    async def live_and_die(self, moment: Moment, *, politely: bool) -> None:
        """Ask for a run, live a while, and end; the next bot is up before long."""
        asking = asyncio.create_task(self._ask_for_a_run())
        await self._live_until(moment)
        assert self.house.bot is not None
        children = psutil.Process(self.house.bot.pid).children(recursive=True)
        if politely:
            assert await self.house.stop() == 0
            assert psutil.wait_procs(children, timeout=0)[1] == []
        await self.house.kill()
        going = asyncio.create_task(
            asyncio.to_thread(psutil.wait_procs, children, timeout=GONE_SECONDS)
        )
        await asking
        await self._start()
        _, alive = await going
        assert alive == []

    async def go_on(self, text: dict[str, Any]) -> dict[str, Any]:
        """Press a button of a text from before the kill; on a busy machine maybe once more."""
        for _ in range(3):
            answer = await self.house.ada.press(text, "Continue")
            if not answer.failed:
                more = await posted(self.house.ada, answer)
                assert fenced(more), "old buttons work"
                return more
            self.unanswered += 1
        raise AssertionError(self.house.log.read_text()[-4000:])

    async def _live_until(self, moment: Moment) -> None:
        match moment:
            case Moment.LEARNING:
                await snapshot_of(self.house, time.time())
                await asyncio.sleep(self.moments.uniform(0, LONGEST_PAUSE))
            case Moment.SAVING:
                await until(lambda: list(self.house.data.glob("runs/*/model.safetensors")), 120)
                await asyncio.sleep(self.moments.uniform(0, LONGEST_END))
            case Moment.ANY:
                await asyncio.sleep(self.moments.uniform(0, self.longest_life))

    async def _start(self) -> None:
        began = time.monotonic()
        await self.house.start(**QUICK)
        self.slowest_start = max(self.slowest_start, time.monotonic() - began)

    async def _ask_for_a_run(self) -> None:
        """As somebody does who does not know what is about to happen."""
        if len(active_runs(self.house)) < 2:
            self.asked += 1
            files = {"file": (f"run-{self.asked}.txt", POEM.encode())}
            with suppress(RefusedByPageError):  # the bot is not there
                await self.house.ada.command("bots", "train", files=files, minutes=MINUTES)

    async def until_all_runs_have_ended(self) -> None:
        await until(lambda: not active_runs(self.house), 300)
        await until(lambda: not cards_under_way(self.house))


def active_runs(house: House) -> list[tuple[Any, ...]]:
    return rows(house, "SELECT id FROM runs WHERE status IN ('queued', 'running')")


def cards_under_way(house: House) -> list[dict[str, Any]]:
    """The progress messages whose run, as they show it, has yet to end."""
    known = {str(number) for [number] in rows(house, "SELECT message_id FROM runs")}
    messages = [house.mo.messages[number] for number in known & house.mo.messages.keys()]
    return [message for message in messages if "Cancel" in labels(message)]


async def check_kills(house: House, kills: int, longest_life: float) -> None:
    fate = Fate(house, longest_life)
    house.program = ROOT / "tests" / "hurried_bot.py"
    await house.restart(**QUICK)
    text = await posted(house.ada, await house.ada.command("bots", "generate", seed=1))

    for number in range(1, kills * 5 // 4 + 1):  # every fifth is a SIGTERM
        await fate.live_and_die([*Moment][number % 3], politely=number % 5 == 0)
        text = await fate.go_on(text)
    await fate.until_all_runs_have_ended()

    check_ends(house)
    assert fate.slowest_start < UP_AGAIN_SECONDS
    logs = (house.data / "runs").glob("*/worker.log")
    resumed = sum(len(resumed_at(log)) for log in logs)
    assert resumed >= kills // 5, "some went on from a snapshot"
    asked = rows(house, "SELECT count(*) FROM runs WHERE model_name LIKE 'run-%'")[0][0]
    figures = f"slowest start {fate.slowest_start:.1f} s, unanswered presses {fate.unanswered}"
    print(f"{kills} kills, {asked} runs, resumed {resumed} times, {figures}")  # noqa: T201


def check_ends(house: House) -> None:
    """Each run has ended once: in the catalog, in a model, and in one message."""
    runs = rows(house, "SELECT model_name, status, message_id FROM runs")
    models = [name for [name] in rows(house, "SELECT name FROM models")]
    public = [m for m in house.mo.messages.values() if not is_private(m)]
    shown = [text_of(message) for message in public if "Cancel" not in labels(message)]
    for name, status, message_id in runs:
        if not name.startswith("run-"):
            continue
        heading = re.compile(rf"^### {re.escape(name)} ", re.MULTILINE)
        ends = [each for each in shown if heading.search(each)]
        assert (status, models.count(name), len(ends)) == ("finished", 1, 1), (name, ends)
        assert "has learned to write" in ends[0]
        assert message_id is not None
    assert "Traceback" not in house.log.read_text()


@pytest.mark.timeout(900)
async def test_five_kills_of_the_bot_lose_no_run(library: House) -> None:
    await check_kills(library, 5, longest_life=8.0)


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_fifty_kills_of_the_bot_lose_no_run(library: House) -> None:
    """In eighteen seconds a run of nine begins, trains, is saved and has finished."""
    await check_kills(library, 50, longest_life=18.0)


def says(text: str, message: dict[str, Any]) -> bool:
    return text in text_of(message)


def resumed_at(log: Path) -> list[int]:
    """The steps at which a run's workers went on from a snapshot."""
    return [int(step) for step in re.findall(r"resumed at step (\d+)", log.read_text())]


def has_resumed(log: Path, times: int) -> bool:
    return len(resumed_at(log)) == times


async def snapshot_of(house: House, newer_than: float = 0.0) -> Path:
    """The snapshot of the run that trains, as soon as there is one."""

    def found() -> list[Path]:
        paths = (house.data / "runs").glob("*/snapshot")
        return [path for path in paths if path.stat().st_mtime > newer_than]

    await until(found, 120)
    return found()[0]


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_killed_bot_costs_a_run_one_snapshot_interval_at_most(house: House) -> None:
    """Five kills, each at a random moment after a snapshot: the run goes on from the last one."""
    fate, killed_at = Fate(house), 0.0
    files = {"file": ("long.txt", POEM.encode() * 20)}
    await house.ada.command("bots", "train", files=files, minutes=30)

    for kills in range(1, 6):
        snapshot = await snapshot_of(house, killed_at)
        await asyncio.sleep(fate.moments.uniform(0, 40))
        age = time.time() - snapshot.stat().st_mtime
        await house.kill()
        killed_at = time.time()
        assert age < 33, "a snapshot is due every 30 s, and takes a moment"
        await house.start()
        log = snapshot.with_name("worker.log")
        await until(partial(has_resumed, log, kills))

    steps = resumed_at(log)
    assert steps == sorted(set(steps)), "each time it had come further"
    assert not snapshot.with_name("losses").exists(), "the bot's end is no failure of a run"


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_twenty_kills_of_workers_cost_five_runs_and_keep_their_logs(house: House) -> None:
    """Each run goes on from its snapshot three times, and fails with the fourth kill."""
    fate = Fate(house)
    for number in range(5):
        files = {"file": (f"unlucky-{number}.txt", POEM.encode())}
        await house.ada.command("bots", "train", files=files, minutes=30)
        snapshot = await snapshot_of(house)
        log, killed = snapshot.with_name("worker.log"), set[int]()
        while len(killed) < 4:
            worker = await house.new_worker(killed)
            if len(killed) == 1:
                await until(partial(has_resumed, log, 1))
            await asyncio.sleep(fate.moments.uniform(0, 8))
            worker.kill()
            killed.add(worker.pid)
        heading = f"### unlucky-{number} could not be trained"
        await house.mo.wait_for(partial(says, f"{heading}\nThe training broke off 4 times"), 30)
        assert 1 <= len(resumed_at(log)) <= 3, "the others were killed before they could say so"
        assert [path.name for path in log.parent.iterdir()] == ["worker.log"]


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_a_worker_that_hangs_is_replaced_after_two_minutes(house: House) -> None:
    files = {"file": ("hanging.txt", POEM.encode())}
    await house.ada.command("bots", "train", files=files, minutes=30)
    snapshot = await snapshot_of(house)
    hanging = await house.new_worker()
    began = time.monotonic()

    hanging.suspend()
    await until(lambda: hanging not in house.workers(), 150)

    assert time.monotonic() - began > 110
    await until(lambda: resumed_at(snapshot.with_name("worker.log")))
    assert snapshot.with_name("losses").read_text() == "1"
