"""The real thing: `run_bot.py` as one process, the sandbox as another, people in between.

The end-to-end tests and `benchmarks.bot` live in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import psutil

from bot.sandbox.people import ADA, MAX, MO
from bot.sandbox.server import running
from model.checkpoint import load, to_bytes
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory, new_id, sha256_of, write_durably
from storage.records import RunLimits
from tests.sandbox_driver import Person, components, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

    from bot.sandbox.interactions import Timing
    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox_driver import Answer, ChannelName

ROOT = Path(__file__).parent.parent

POEM = "Tyger Tyger, burning bright,\nIn the forests of the night;\n" * 50
"""A text to train on: 3,000 characters."""

BUTTONS = ["Continue", "Again", "Hotter", "Colder", "Edit prompt"]
"""What a text can be answered with."""

FAST = {
    "CHARWGU_MINIMUM_MINUTES": "0.1",
    "CHARWGU_RUNS_WAITING_PER_PERSON": "3",
    "DISCORD_TOKEN": "any",
}


@asynccontextmanager
async def program(*arguments: str, **environment: str) -> AsyncIterator[Process]:
    """One of our programs, from a directory that is not ours; killed if it does not end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHARWGU_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd="/",
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def first_line(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


class House:
    """A sandbox that lives as long as the test, and a bot that may come and go."""

    def __init__(self, base: str, data: Path, log: Path) -> None:
        self.base, self.data, self.log = base, data, log
        self.bot: Process | None = None
        self.program = ROOT / "run_bot.py"
        self.before: tuple[str, ...] = ()
        """A command that becomes the bot: what follows it is the bot's own."""
        self.umask = -1
        """What the bot inherits; -1: this process's."""
        self.ada: Person
        self.mo: Person
        self.max: Person

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator[Self]:
        arguments = ("-m", "bot.sandbox", "--port", "0", "--data", str(folder / "discord"))
        async with program(*arguments) as sandbox:
            base = (await first_line(sandbox)).removeprefix("Sandbox: ")
            async with cls.beside(base, folder) as house:
                yield house

    @classmethod
    @asynccontextmanager
    async def beside(cls, base: str, folder: Path) -> AsyncIterator[Self]:
        """A house at a sandbox that runs already."""
        async with AsyncExitStack() as stack:
            house = cls(base, folder / "data", folder / "bot.log")
            for name, number in (("ada", ADA), ("mo", MO), ("max", MAX)):
                person = await stack.enter_async_context(Person.enter(base, number))
                setattr(house, name, person)
            stack.push_async_callback(house.kill)
            yield house

    async def start(self, **environment: str) -> None:
        """Start the bot and wait until it has said hello and synced its commands."""
        settings = FAST | {"CHARWGU_DISCORD_URL": self.base} | environment
        clean = {n: v for n, v in os.environ.items() if not n.startswith("CHARWGU_")}
        with self.log.open("ab") as log:
            self.bot = await asyncio.create_subprocess_exec(
                *self.before,
                sys.executable,
                str(self.program),
                "--data",
                str(self.data),
                cwd="/",
                env=clean | settings,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=self.umask,
            )
        await self.ada.wait_for_bot(commands=3)

    async def stop(self) -> int:
        """Ask the bot to end; returns its exit code."""
        assert self.bot is not None
        self.bot.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.bot.wait(), 20)

    async def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self.bot is not None:
            with contextlib.suppress(ProcessLookupError):
                self.bot.kill()
            await self.bot.wait()

    def workers(self) -> list[psutil.Process]:
        """The bot's workers, dead ones left out."""
        assert self.bot is not None
        found = []
        for child in psutil.Process(self.bot.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
                if child.status() != psutil.STATUS_ZOMBIE and "training" in child.cmdline():
                    found.append(child)
        return found

    async def new_worker(self, known: Collection[int] = ()) -> psutil.Process:
        """A worker with none of those ids, as soon as there is one."""
        async with asyncio.timeout(30):
            while True:
                for worker in self.workers():
                    if worker.pid not in known:
                        return worker
                await asyncio.sleep(0.05)

    async def restart(self, **environment: str) -> None:
        await self.stop()
        await self.start(**environment)


class HouseAtHand(House):
    """A house whose sandbox is in the test's own process, so that it can be disturbed."""

    sandbox: Sandbox

    @classmethod
    @asynccontextmanager
    async def within(cls, folder: Path, timing: Timing | None = None) -> AsyncIterator[Self]:
        async with (
            running(folder / "discord", timing=timing) as sandbox,
            cls.beside(sandbox.world.base, folder) as house,
        ):
            house.sandbox = sandbox
            yield house
            sandbox.trouble = None


async def add_model(
    house: House,
    checkpoint: Path,
    guild: str,
    name: str,
    user_id: int,
    *,
    curve: bytes | None = None,
    loss: float = 2.0,
) -> str:
    """Put a model into the data directory, as a finished run would, and return its id.

    Each has its own bytes.
    """
    directory = DataDirectory(house.data)
    directory.create()
    checkpoint_id, run_id = new_id(), new_id()
    file = directory.checkpoint(checkpoint_id)
    write_durably(file, to_bytes(replace(load(checkpoint), base=name)))
    if curve is not None:
        write_durably(directory.curve(checkpoint_id), curve)
    guild_id = int(next(g["id"] for g in house.ada.state["guilds"] if g["name"] == guild))
    async with Database.open(directory.catalog) as database:
        catalog = Catalog(database)
        await catalog.queue_run(
            guild_id,
            run_id=run_id,
            channel_id=1,
            user_id=user_id,
            name=name,
            name_is_default=False,
            minutes=3,
            corpus_characters=2160,
            limits=RunLimits(per_person=9, per_guild=9),
        )
        await catalog.start_run(run_id)
        model = await catalog.finish_run(
            run_id,
            checkpoint_id=checkpoint_id,
            sha256=sha256_of(file),
            file_size=file.stat().st_size,
            step=3,
            validation_loss=loss,
            parameters=10_000,
            novelty=0.97,
        )
        await catalog.end_is_told(run_id)
    return model.id


async def add_checkpoint(house: House, model_id: str, checkpoint: Path, step: int) -> None:
    """Give a model another checkpoint, which it then writes with, as training longer does."""
    directory, checkpoint_id = DataDirectory(house.data), new_id()
    file = directory.checkpoint(checkpoint_id)
    write_durably(file, to_bytes(replace(load(checkpoint), base=f"step {step}")))
    async with (
        Database.open(directory.catalog) as database,
        database.transaction() as connection,
    ):
        await connection.execute(
            "INSERT INTO checkpoints (id, guild_id, model_id, sha256, file_size, step, "
            "validation_loss, parameters, corpus_characters, created_at, novelty) "
            "SELECT ?, guild_id, id, ?, ?, ?, 1.5, 10000, 2160, created_at, 0.9 "
            "FROM models WHERE id = ?",
            (checkpoint_id, sha256_of(file), file.stat().st_size, step, model_id),
        )
        await connection.execute(
            "UPDATE models SET checkpoint_id = ? WHERE id = ?", (checkpoint_id, model_id)
        )


def rows(house: House, query: str, *facts: object) -> list[tuple[Any, ...]]:
    """What the catalog says, read beside the bot."""
    uri = f"file:{house.data / 'catalog.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=30)) as connection:
        return connection.execute(query, facts).fetchall()


async def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for something that no event tells of."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def posted(person: Person, answer: Answer) -> dict[str, Any]:
    """The answer to an interaction, once it is no longer deferred."""
    assert not answer.failed
    assert answer.message is not None
    number = answer.message["id"]
    return await person.wait_for(lambda m: m["id"] == number and (text_of(m) or m["attachments"]))


async def train(person: Person, name: str, minutes: float = 0.1) -> dict[str, Any]:
    """The card of a run that somebody has started."""
    files = {"file": (f"{name}.txt", POEM.encode())}
    answer = await person.command("bots", "train", files=files, minutes=minutes)
    assert not answer.failed
    return await person.wait_for(lambda m: not is_private(m) and f"### {name} " in text_of(m))


async def private(person: Person, command: str) -> dict[str, Any]:
    """The private message that a command shows: a list, a card."""
    answer = await person.command("bots", command)
    assert answer.message is not None
    assert is_private(answer.message)
    return answer.message


async def refusal(
    person: Person, command: str, where: ChannelName = "bots", /, **options: Any
) -> str:
    """The private sentence with which a command is answered."""
    seen = set(person.messages)
    answer = await person.command(where, command, **options)
    assert not answer.failed
    message = await person.wait_for(lambda m: m["id"] not in seen and text_of(m))
    assert is_private(message)
    return text_of(message)


def fenced(message: dict[str, Any]) -> str:
    """The generated text in a message."""
    return text_of(message).partition("```\n")[2].rpartition("\n```")[0]


def labels(message: dict[str, Any]) -> list[str]:
    """The buttons of a message."""
    return [part["label"] for part in components(message) if part["type"] == 2]


def is_private(message: dict[str, Any] | None) -> bool:
    """Whether only one person can see it."""
    return message is not None and bool(message["flags"] & 64)
