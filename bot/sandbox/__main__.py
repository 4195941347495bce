"""`python -m bot.sandbox`: the stand-in for Discord, alone."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.errors import SandboxError
from bot.sandbox.server import running

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sandbox until it is told to end; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        asyncio.run(_serve(options))
    except SandboxError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the command line's answer
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.sandbox",
        description="A local stand-in for Discord, with a web page to try the bot on.",
    )
    parser.add_argument(
        "--port", type=_port, default=8765, help="where to listen (default 8765; 0: any free one)"
    )
    parser.add_argument(
        "--data", type=Path, help="the folder that keeps messages and files (default: none are)"
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the standard input is closed"
    )
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port between 0 and 65535")
    return port


async def _serve(options: argparse.Namespace) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    with tempfile.TemporaryDirectory(prefix="sandbox-") as temporary:
        async with running(options.data or Path(temporary), port=options.port) as sandbox:
            print(f"Sandbox: {sandbox.world.base}", flush=True)  # noqa: T201 - the promised line
            if options.with_parent:
                _watch_input(ended)
            await ended.wait()


def _watch_input(ended: asyncio.Event) -> None:
    """Set the event when whoever started us goes away, however that happens.

    A thread, because not everything that can be a standard input can be polled.
    """
    loop = asyncio.get_running_loop()

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(sys.stdin.fileno(), 4096):
                pass
        with contextlib.suppress(RuntimeError):  # the loop has ended first
            loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
