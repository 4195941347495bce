"""The bot as `run_bot.py` starts it; but its workers keep a snapshot whenever they look up.

So a run of seconds, killed at any moment, has something to go on from.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from asyncio.subprocess import Process

ROOT = Path(__file__).parent.parent

SNAPSHOT_SECONDS = "0.3"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import run_bot
    from training.launcher import LocalLauncher

    start = LocalLauncher._start  # noqa: SLF001 - there is no seam for it, since nobody wants one

    async def hurried(self: LocalLauncher, *arguments: str, stderr: int | BinaryIO) -> Process:
        """Start a process as ever, but a worker with short intervals."""
        more = ("--snapshot-seconds", SNAPSHOT_SECONDS) if arguments[0] == "run" else ()
        return await start(self, *arguments, *more, stderr=stderr)

    LocalLauncher._start = hurried  # type: ignore[method-assign]  # noqa: SLF001 - as above
    sys.exit(run_bot.main())
