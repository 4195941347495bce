"""The composition root: everything is opened here, in one place, and closed in reverse.

    data directory -> sandbox -> catalog -> run queue -> writing thread -> Discord

A run trains only once the bot is connected, so a wrong token starts nothing. SIGTERM and SIGINT
set an event; then uploads are refused, workers end, the last news goes out, and the rest
follows. Whatever keeps the bot from running is an error of one sentence.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.client import Client
from bot.core import Core, open_core
from bot.errors import StartError
from bot.sandbox_process import SandboxProcess
from bot.settings import MEBIBYTE
from storage.files import DataDirectory
from training.launcher import LocalLauncher
from training.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.settings import Settings

GOODBYE_SECONDS = 12.0
"""The longest that the last news and the end of the connection may take."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """What runs, once everything is open."""

    core: Core
    client: Client


async def run(settings: Settings) -> None:
    """Run the bot on Discord, or on the stand-in at `discord_url`, until a signal ends it.

    Raises:
        StartError, StorageError: One sentence about what keeps the bot from running.
    """
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        directory = _data_directory(stack, settings)
        bot = await _open(stack, settings, directory)
        await _serve(bot, stop.wait())


async def run_in_sandbox(settings: Settings, *, port: int, announce: Callable[[str], None]) -> None:
    """Run the bot and a sandbox beside it, in `sandbox` in the data directory.

    Args:
        settings: The operator's; the token is not used.
        port: Where the sandbox listens; 0 takes any free one.
        announce: Called with the sandbox's address when the bot is connected to it.

    Raises:
        StartError, StorageError: As in `run`; and when the sandbox ends by itself.
    """
    stop = _stop_signal()
    folder = settings.data / "sandbox"
    changes: dict[str, object] = {"data": folder / "bot", "discord_token": None}
    changes |= {"channel_history_permitted": True}  # nobody's messages are read in the sandbox
    async with AsyncExitStack() as stack:
        directory = _data_directory(stack, settings.model_copy(update=changes))
        sandbox = await stack.enter_async_context(
            SandboxProcess.open(port=port, data=folder / "discord")
        )
        changes |= {"discord_url": sandbox.url}
        bot = await _open(stack, settings.model_copy(update=changes), directory)
        await _serve(bot, stop.wait(), sandbox.ended(), announce=lambda: announce(sandbox.url))


def _stop_signal() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _data_directory(stack: AsyncExitStack, settings: Settings) -> DataDirectory:
    directory = DataDirectory(settings.data)
    directory.create()
    stack.enter_context(directory.lock())
    return directory


async def _open(stack: AsyncExitStack, settings: Settings, directory: DataDirectory) -> Bot:
    launcher = LocalLauncher(limits=Limits(memory=settings.run_memory_mebibytes * MEBIBYTE))
    core = await open_core(stack, settings, directory, launcher)
    return Bot(core=core, client=Client(settings, core.catalog))


async def _serve(
    bot: Bot, *ends: Coroutine[object, object, object], announce: Callable[[], None] | None = None
) -> None:
    """Serve until the connection or one of `ends` comes to its end, and raise what ended it."""
    tasks = [
        asyncio.create_task(end)
        for end in (*ends, _stay_connected(bot), _work(bot, announce or (lambda: None)))
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await _say_goodbye(bot)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        log.info("The bot has stopped")


async def _stay_connected(bot: Bot) -> None:
    await bot.client.serve(bot.core.service)
    raise StartError("The connection to Discord has ended; please start the bot again.")


async def _work(bot: Bot, announce: Callable[[], None]) -> None:
    """Do what does not wait for anybody's command, once the bot is connected."""
    await bot.client.connected.wait()
    await bot.core.queue.start(bot.client.reporter)
    await bot.core.readings.start(bot.client.channels, bot.client.reporter)
    announce()
    await asyncio.gather(bot.core.retention.sweep_for_ever(), bot.core.service.delete_for_ever())


async def _say_goodbye(bot: Bot) -> None:
    """Refuse what is under way, end readings and workers, and let the last news out."""
    await asyncio.gather(bot.core.service.stop(), bot.core.readings.stop(), bot.core.queue.stop())
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await bot.client.close()
