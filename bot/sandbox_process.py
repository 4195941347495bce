"""The sandbox as a process of its own beside the bot.

It ends with the bot in every case: on leaving it is asked to, and when the bot is killed its
standard input closes, which `--with-parent` takes as the end. Ctrl+C reaches only the bot, which
then can say goodbye to a sandbox that is still there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StartError

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

ROOT = Path(__file__).resolve().parents[1]
"""Where the packages are, installed or not."""

PREFIX = "Sandbox: "
"""How the sandbox begins its only line, before its address."""

GRACE_SECONDS = 5.0
"""Between asking it to end and killing it."""

log = logging.getLogger(__name__)


class SandboxProcess:
    """A sandbox that listens at `url`."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self.url = url

    @classmethod
    @asynccontextmanager
    async def open(cls, *, port: int, data: Path) -> AsyncIterator[SandboxProcess]:
        """Start it, and end it with the body.

        Raises:
            StartError: It cannot start, for example because the port is in use.
        """
        process = await _start(port, data)
        try:
            sandbox = cls(process, await _address(process))
            async with _logging(process):
                yield sandbox
        finally:
            await _end(process)

    async def ended(self) -> None:
        """Wait for its end, which should not come before the bot's.

        Raises:
            StartError: It has come.
        """
        code = await self._process.wait()
        raise StartError(
            f"The sandbox has ended by itself (exit code {code}); please start the bot again."
        )


async def _start(port: int, data: Path) -> Process:
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    command = ["-P", "-m", "bot.sandbox", "--with-parent", "--port", str(port), "--data", str(data)]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
        process_group=0,
    )


async def _address(process: Process) -> str:
    """Return what the sandbox says once it listens, or raise what it complains of."""
    if process.stdout is None or process.stderr is None:
        raise RuntimeError("the sandbox was started without pipes")
    line = (await process.stdout.readline()).decode().strip()
    if line.startswith(PREFIX):
        return line.removeprefix(PREFIX)
    complaint = (await process.stderr.read()).decode(errors="replace").strip()
    raise StartError(
        complaint.splitlines()[-1] if complaint else "The sandbox did not start; try again."
    )


@asynccontextmanager
async def _logging(process: Process) -> AsyncIterator[None]:
    """Within the body, what the sandbox says on stderr is in the bot's log."""
    task = asyncio.create_task(_pass_on(process), name="log of the sandbox")
    try:
        yield
    finally:
        task.cancel()


async def _pass_on(process: Process) -> None:
    if process.stderr is not None:
        async for line in process.stderr:
            log.warning("sandbox: %s", line.decode(errors="replace").rstrip())


async def _end(process: Process) -> None:
    """Ask it to end, wait, kill."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), GRACE_SECONDS)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
