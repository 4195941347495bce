"""The bot's core over a real catalog, with a launcher that trains nothing.

`Core` is what `bot.core` puts together, with what a test looks at; `core.again()` is the next
start of the bot on the same data directory.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Self

from bot.core import open_core
from bot.requests import Caller, GenerateRequest
from storage.files import DataDirectory
from tests.bot.fakes import FakeLauncher, FakeReporter
from tests.bot.uploads import TEXT, train_request, uploading
from training.run_directory import RunDirectory

if TYPE_CHECKING:
    from bot.channels.readings import Readings
    from bot.requests import BegunRun, Written
    from bot.runs.queue import RunQueue
    from bot.runs.retention import Retention
    from bot.service import Service
    from bot.settings import Settings
    from bot.writing.library import Library
    from storage.catalog import Catalog
    from storage.records import ModelRecord, RunRecord, RunStatus


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
    successor: Self | None = None
    """The next start, if the bot was started again."""
    ada: ClassVar = Caller(guild_id=1, channel_id=10, user_id=100, manages_guild=True)
    max: ClassVar = Caller(guild_id=1, channel_id=10, user_id=300, manages_guild=False)
    kim: ClassVar = Caller(guild_id=1, channel_id=10, user_id=400, manages_guild=False)
    stranger: ClassVar = Caller(guild_id=2, channel_id=20, user_id=100, manages_guild=True)

    @classmethod
    async def open(cls, settings: Settings) -> Self:
        directory = DataDirectory(settings.data)
        directory.create()
        stack = AsyncExitStack()
        launcher = FakeLauncher()
        core = await open_core(stack, settings, directory, launcher, retry_seconds=0.01)
        return cls(
            settings=settings,
            directory=directory,
            catalog=core.catalog,
            launcher=launcher,
            reporter=FakeReporter(),
            retention=core.retention,
            queue=core.queue,
            readings=core.readings,
            library=core.library,
            service=core.service,
            stack=stack,
        )

    async def start(self) -> None:
        await self.queue.start(self.reporter)

    async def close(self) -> None:
        """Stop the bot, whichever start of it was the last."""
        await self.stack.aclose()
        if self.successor is not None:
            await self.successor.close()

    async def again(self, **changes: object) -> Self:
        """Stop the bot and open it on what it left, maybe with other settings."""
        await self.close()
        self.successor = await self.open(self.settings.model_copy(update=changes))
        return self.successor

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
        run = await self.ended(run_id)
        assert run.model_id is not None
        return await self.catalog.model(run.guild_id, run.model_id)

    async def choose(self, **choices: object) -> None:
        """As a moderator does with /settings."""
        await self.catalog.change_guild_settings(self.max.guild_id, **choices)

    async def only_run(self) -> str:
        """The id of the one run that there is."""
        [run] = await self.catalog.runs_of(self.max.guild_id)
        return run.id

    async def status(self, run_id: str) -> RunStatus:
        return (await self.catalog.run(1, run_id)).status

    async def ended(self, run_id: str) -> RunRecord:
        """The run, as soon as it has ended."""
        run, _ = await self.reporter.first("ended", run_id)
        return run

    async def ended_once(self, run_id: str) -> RunStatus:
        """Wait for a run's end, which must come once and be the one in the catalog."""
        run = await self.ended(run_id)
        assert run == await self.catalog.run(1, run_id)
        assert len(self.reporter.of("ended", run_id)) == 1
        return run.status

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
