"""A launcher that trains nothing, and a reporter that keeps the news."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from model.checkpoint import to_bytes
from tests.bot.uploads import put, small_checkpoint
from training.corpus import CorpusSummary, read_corpus
from training.events import Event, Finished, Progress, Started
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from storage.records import RunRecord

STARTED = Started(
    characters=2250,
    training_characters=2025,
    vocabulary_size=29,
    parameters=1000,
    cell="lstm",
    layers=1,
    hidden_size=8,
    device="cpu",
)
PROGRESS = Progress(
    fraction=0.5,
    step=10,
    epoch=1.0,
    loss=2.0,
    validation_loss=2.1,
    bits_per_character=3.0,
    characters_per_second=1000.0,
    seconds_left=60.0,
)
FINISHED = Finished(
    checkpoint="model.safetensors",
    step=20,
    epochs=2.0,
    validation_loss=1.5,
    bits_per_character=2.16,
    seconds=120.0,
    sample="The fox",
    novelty=0.97,
    curve="loss.png",
)

CURVE = b"the picture of a loss curve"


class FakeLauncher:
    """Workers that wait until the test says how they end."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.terminated: list[str] = []
        self.ends: dict[str, asyncio.Future[Finished]] = {}
        self.checkpoint = to_bytes(small_checkpoint())
        self.reading = asyncio.Event()
        self.may_read = asyncio.Event()
        self.may_read.set()

    async def run(self, directory: Path, on_event: Callable[[Event], None]) -> Finished:
        run_id = directory.name
        assert RunDirectory(directory).read_spec().minutes is not None
        self.started.append(run_id)
        self.ends[run_id] = asyncio.get_running_loop().create_future()
        on_event(STARTED)
        on_event(PROGRESS)
        try:
            finished = await self.ends[run_id]
        except asyncio.CancelledError:
            self.terminated.append(run_id)
            raise
        except RunFailedError:
            RunDirectory(directory).log.write_text("said on stderr")
            raise
        RunDirectory(directory).snapshot.write_bytes(b"snapshot")
        RunDirectory(directory).curve.write_bytes(CURVE)
        RunDirectory(directory).checkpoint.write_bytes(self.checkpoint)
        RunDirectory(directory).log.write_text("said on stderr")
        on_event(finished)
        return finished

    async def finish(self, directory: Path) -> None:
        """As the worker does that is asked to: it ends with what it has."""
        RunDirectory(directory).finish.touch()
        self.end(directory.name, replace(FINISHED, asked=True))

    def end(self, run_id: str, finished: Finished = FINISHED) -> None:
        self.ends[run_id].set_result(finished)

    async def worker(self, run_id: str) -> asyncio.Future[Finished]:
        """The end of the run's worker, as soon as one has started whose end is open."""
        async with asyncio.timeout(5):
            while run_id not in self.ends or self.ends[run_id].done():  # noqa: ASYNC110
                await asyncio.sleep(0)
        return self.ends[run_id]

    async def lose(self, run_id: str, error: RunFailedError) -> None:
        """Let the run's worker, as soon as there is one, end with an error."""
        (await self.worker(run_id)).set_exception(error)

    def fail(self, run_id: str, error: Exception | None = None) -> None:
        self.ends[run_id].set_exception(error or RunFailedError("The worker died."))

    async def read_corpus(
        self,
        files: Sequence[Path],
        out: Path,
        *,
        authors: Sequence[str] = (),
        names: bool = False,
        unpacked_limit: int = 2**30,
    ) -> CorpusSummary:
        self.reading.set()
        await self.may_read.wait()
        corpus = read_corpus(files, authors=authors, names=names, unpacked_limit=unpacked_limit)
        put(out, corpus.text)
        return corpus.summary


class FakeReporter:
    """Keeps the news, and lets a test wait for the next."""

    def __init__(self) -> None:
        self.news: list[tuple[str, RunRecord, object]] = []
        self.takes_announcements = True
        self._fresh = asyncio.Event()

    async def announce(self, run: RunRecord) -> int | None:
        assert run.message_id is None
        return 999 if self.takes_announcements else None

    def waiting(self, run: RunRecord, position: int) -> None:
        self._keep("waiting", run, position)

    def training(self, run: RunRecord, event: Event) -> None:
        self._keep("training", run, event)

    def ended(self, run: RunRecord, finished: Finished | None) -> None:
        self._keep("ended", run, finished)

    def _keep(self, kind: str, run: RunRecord, what: object) -> None:
        self.news.append((kind, run, what))
        self._fresh.set()

    def of(self, kind: str, run_id: str) -> list[tuple[RunRecord, object]]:
        return [(run, what) for k, run, what in self.news if (k, run.id) == (kind, run_id)]

    async def first(self, kind: str, run_id: str) -> tuple[RunRecord, object]:
        """The first news of that kind about a run, as soon as there is one."""
        async with asyncio.timeout(5):
            while not self.of(kind, run_id):
                self._fresh.clear()
                await self._fresh.wait()
        return self.of(kind, run_id)[0]
