"""Starts the bot: on Discord with a token, otherwise with a sandbox beside it.

Exit code 0 after SIGTERM or SIGINT, 2 with one sentence on stderr where the bot cannot run.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.discretion import begin_log
from bot.errors import StartError
from bot.settings import load_settings
from model.threads import ONE_THREAD
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.settings import Settings

M_ARENA_MAX = -8
"""As `malloc.h` has it."""

HEAPS = 2

PORT = 8765
"""Where the sandbox listens, unless told otherwise."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bot until a signal ends it; returns the exit code."""
    options = _parser().parse_args(arguments)
    _share_heaps()
    os.umask(0o077)  # whatever the bot or a worker writes is its user's alone
    begin_log()
    try:
        settings = load_settings(**({} if options.data is None else {"data": options.data}))
        _run(settings, options)
    except (StartError, StorageError) as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command line's answer
        return 2
    except KeyboardInterrupt:  # before the loop has taken the signals over
        pass
    return 0


def _run(settings: Settings, options: argparse.Namespace) -> None:
    with _environment(ONE_THREAD):
        from bot import startup  # noqa: PLC0415  # imports NumPy, which reads the environment once

    alone = settings.discord_token is None and settings.discord_url is None
    if options.sandbox or alone:
        asyncio.run(startup.run_in_sandbox(settings, port=options.port, announce=_announce))
    else:
        asyncio.run(startup.run(settings))


def _share_heaps() -> None:
    """Let threads share heaps, where the C library is glibc.

    Otherwise each thread that reads a checkpoint has a heap that keeps its size for ever.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, HEAPS)


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    """Within the body, the environment has these changes; workers must not inherit them."""
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        for name in changes:
            os.environ.pop(name)
            if name in before:
                os.environ[name] = before[name]


def _announce(url: str) -> None:
    """The promised line, the only one on stdout."""
    print(f"Sandbox: {url}", flush=True)  # noqa: T201  # for whoever started the bot


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python run_bot.py",
        description="A Discord bot that learns to write like a text. Without DISCORD_TOKEN it "
        "starts a sandbox to try it in.",
    )
    parser.add_argument(
        "--sandbox", action="store_true", help="start the sandbox even if there is a token"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=PORT,
        metavar="N",
        help=f"where the sandbox listens (default {PORT}; 0: any free port)",
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="the folder that holds everything (default: data)"
    )
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port from 0 to 65535")
    return port


if __name__ == "__main__":
    sys.exit(main())
