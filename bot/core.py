"""All of the bot but Discord, put together in the order in which it can be: closed in reverse.

catalog -> what a crash left -> run queue -> readings -> writing thread -> service
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.readings import RETRY_SECONDS, Readings
from bot.purging import complete
from bot.runs.corpora import CorpusReader
from bot.runs.queue import RunQueue
from bot.runs.retention import Retention
from bot.service import Service
from bot.settings import MEBIBYTE
from bot.writing.library import Library
from bot.writing.thread import WritingThread
from storage.catalog import Catalog
from storage.database import Database

if TYPE_CHECKING:
    from contextlib import AsyncExitStack

    from bot.settings import Settings
    from storage.files import DataDirectory
    from training.launcher import Launcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What decides, once everything is open."""

    catalog: Catalog
    retention: Retention
    queue: RunQueue
    readings: Readings
    library: Library
    service: Service


async def open_core(
    stack: AsyncExitStack,
    settings: Settings,
    directory: DataDirectory,
    launcher: Launcher,
    *,
    retry_seconds: float = RETRY_SECONDS,
) -> Core:
    """Open everything on a data directory, and complete what the last start has left undone.

    Raises:
        StorageError: The catalog cannot be used.
    """
    catalog = Catalog(await stack.enter_async_context(Database.open(directory.catalog)))
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
        catalog=catalog,
        directory=directory,
        corpora=corpora,
        queue=queue,
        retry_seconds=retry_seconds,
    )
    await readings.recall()
    stack.push_async_callback(readings.stop)
    library = Library(settings.library_mebibytes * MEBIBYTE)
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
    await service.take_up()
    return Core(
        catalog=catalog,
        retention=retention,
        queue=queue,
        readings=readings,
        library=library,
        service=service,
    )
