"""The bot's core over a real catalog, with a launcher that trains nothing.

`Core` is what `bot.startup` puts together, but for Discord; `core.again()` is the next start of
the bot on the same data directory.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
import pytest

from bot.corpora import CorpusReader
from bot.library import Library
from bot.purging import complete
from bot.readings import Readings
from bot.requests import Caller, GenerateRequest, TrainRequest, Upload
from bot.retention import Retention
from bot.run_queue import RunQueue
from bot.service import Service
from bot.settings import Settings, variable
from bot.writing import WritingThread
from model.checkpoint import Checkpoint, TrainingRecord, to_bytes
from model.config import NetworkConfig
from model.forward import from_named
from model.vocabulary import Vocabulary
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory
from training.corpus import CorpusSummary, read_corpus
from training.events import Event, Finished, Progress, Started
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from bot.requests import BegunRun, Download, Written
    from storage.records import ModelRecord, RunRecord

TEXT = "The quick brown fox jumps over the lazy dog.\n" * 50

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


def small_checkpoint(text: str = TEXT, *, hidden_size: int = 8, seed: int = 0) -> Checkpoint:
    """An untrained network that writes noise in the text's characters."""
    vocabulary = Vocabulary.of(text)
    config = NetworkConfig(
        vocabulary_size=len(vocabulary), layers=1, hidden_size=hidden_size, embedding_size=8
    )
    random = np.random.default_rng(seed)
    tensors = {
        name: random.standard_normal(shape).astype(np.float32)
        for name, shape in config.shapes().items()
    }
    return Checkpoint(
        config=config,
        vocabulary=vocabulary,
        weights=from_named(tensors, 1),
        training=TrainingRecord(
            steps=20, epochs=2.0, seconds=120.0, validation_loss=1.5, novelty=0.97
        ),
    )


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


def uploading(*contents: str | bytes) -> Download:
    """A download that brings these contents."""

    async def download(paths: Sequence[Path]) -> None:
        for path, content in zip(paths, contents, strict=True):
            put(path, content)

    return download


def train_request(*files: Upload, **options: object) -> TrainRequest:
    """What somebody asks who attaches these files, or a single one."""
    given = files or (Upload(name="fox.txt", size=len(TEXT)),)
    return TrainRequest(files=given, **options)  # type: ignore[arg-type]  # by name


def put(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@dataclass
class Core:
    """One start of the bot, without Discord."""

    settings: Settings
    directory: DataDirectory
    catalog: Catalog
    launcher: FakeLauncher
    reporter: FakeReporter
    retention: Retention
    queue: RunQueue
    readings: Readings
    library: Library
    service: Service
    stack: AsyncExitStack
    message_ids: list[int] = field(default_factory=lambda: [1000])
    ada: ClassVar = Caller(guild_id=1, channel_id=10, user_id=100, manages_guild=True)
    max: ClassVar = Caller(guild_id=1, channel_id=10, user_id=300, manages_guild=False)
    kim: ClassVar = Caller(guild_id=1, channel_id=10, user_id=400, manages_guild=False)
    stranger: ClassVar = Caller(guild_id=2, channel_id=20, user_id=100, manages_guild=True)

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        directory = DataDirectory(settings.data)
        directory.create()
        stack = AsyncExitStack()
        catalog = Catalog(await stack.enter_async_context(Database.open(directory.catalog)))
        launcher, reporter = FakeLauncher(), FakeReporter()
        retention = Retention(
            catalog=catalog,
            directory=directory,
            corpus_hours=settings.corpus_hours,
            record_days=settings.record_days,
        )
        await complete(catalog)
        await retention.sweep_orphans()
        queue = RunQueue(
            catalog=catalog,
            directory=directory,
            launcher=launcher,
            retention=retention,
            parallel_runs=settings.parallel_runs,
            parallel_runs_per_guild=settings.parallel_runs_per_server,
        )
        await stack.enter_async_context(queue)
        corpora = CorpusReader(settings=settings, launcher=launcher)
        readings = Readings(
            catalog=catalog, directory=directory, corpora=corpora, queue=queue, retry_seconds=0.01
        )
        await readings.recall()
        stack.push_async_callback(readings.stop)
        library = Library(settings.library_mebibytes * 2**20)
        writing = await stack.enter_async_context(WritingThread(library))
        service = Service(
            settings=settings,
            catalog=catalog,
            directory=directory,
            corpora=corpora,
            readings=readings,
            queue=queue,
            writing=writing,
        )
        return cls(
            settings=settings,
            directory=directory,
            catalog=catalog,
            launcher=launcher,
            reporter=reporter,
            retention=retention,
            queue=queue,
            readings=readings,
            library=library,
            service=service,
            stack=stack,
        )

    async def start(self) -> None:
        await self.queue.start(self.reporter)

    async def close(self) -> None:
        await self.stack.aclose()

    async def again(self, **changes: object) -> Self:
        """Stop the bot and open it on what it left, maybe with other settings."""
        await self.close()
        return await self.open(self.settings.model_copy(update=changes))

    async def begin(self, name: str | None = None, *, by: Caller | None = None) -> BegunRun:
        """A stored run that is not announced yet."""
        request = train_request(name=name)
        return await self.service.begin_training(by or self.max, request, uploading(TEXT))

    async def queued(self, name: str | None = None, *, by: Caller | None = None) -> str:
        """The id of an announced run."""
        begun = await self.begin(name, by=by)
        self.message_ids.append(self.message_ids[-1] + 1)
        await self.service.announce(begun.run.id, self.message_ids[-1])
        return begun.run.id

    async def trained(self, name: str | None = None, *, by: Caller | None = None) -> ModelRecord:
        """A model, from the upload to its checkpoint."""
        run_id = await self.queued(name, by=by)
        await self.reporter.first("training", run_id)
        self.launcher.end(run_id)
        run, _ = await self.reporter.first("ended", run_id)
        assert run.model_id is not None
        return await self.catalog.model(run.guild_id, run.model_id)

    async def write(
        self, request: GenerateRequest | None = None, *, by: Caller | None = None, **options: object
    ) -> Written:
        caller = by or self.max
        wanted = replace(request or GenerateRequest(), **options)  # type: ignore[arg-type]  # by name
        return (await self.write_all(wanted, by=caller))[0]

    async def write_all(
        self, request: GenerateRequest, *, by: Caller | None = None
    ) -> list[Written]:
        caller = by or self.max
        return await self.service.generate(
            caller, await self.service.check_generation(caller, request)
        )

    def folder(self, run_id: str) -> RunDirectory:
        return RunDirectory(self.directory.run(run_id))

    def files(self) -> list[str]:
        """All files and folders of runs and checkpoints."""
        root = self.settings.data
        inside = [*(root / "runs").rglob("*"), *(root / "checkpoints").rglob("*")]
        return sorted(str(path.relative_to(root)) for path in inside)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The defaults, whatever this machine's environment and its `.env` say."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    return Settings(data=tmp_path / "data")


@pytest.fixture
async def core(settings: Settings) -> AsyncIterator[Core]:
    """The core, training and reporting."""
    core = await Core.open(settings)
    await core.start()
    try:
        yield core
    finally:
        await core.close()
