"""`python -m bot.sandbox`: one line when it listens, one sentence when it cannot."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.slow  # starts processes

ROOT = Path(__file__).parent.parent.parent
PIPE = asyncio.subprocess.PIPE


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[Process]:
    command = (sys.executable, "-m", "bot.sandbox", *arguments)
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def address(process: Process) -> str:
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    found = re.fullmatch(r"Sandbox: (http://127\.0\.0\.1:\d+)\n", line)
    assert found is not None, line
    return found[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signal_ends_it_well(number: signal.Signals) -> None:
    async with started("--port", "0") as process:
        base = await address(process)
        async with aiohttp.ClientSession() as session, session.get(base) as page:
            assert page.status == 200
        process.send_signal(number)
        rest = await asyncio.wait_for(process.communicate(), 10)

        assert (process.returncode, rest) == (0, (b"", b""))


async def test_it_ends_with_its_parent() -> None:
    async with started("--port", "0", "--with-parent") as process:
        await address(process)
        assert process.stdin is not None
        process.stdin.close()

        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_busy_port_is_one_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        async with started("--port", str(port)) as process:
            out, error = await asyncio.wait_for(process.communicate(), 20)

    assert process.returncode == 2
    assert out == b""
    assert error.decode() == (
        f"Port {port} is in use by another program; choose another one with --port.\n"
    )
