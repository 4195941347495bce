"""The bot as `run_bot.py` starts it; on SIGUSR1 it writes down how much of it there is.

kill -USR1 PID   ->   CENSUS: {"tasks": …, "threads": …}
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

ROOT = Path(__file__).parent.parent

CENSUS = "BOT_CENSUS"
"""The variable that names the file."""


def write_census(_: int, __: FrameType | None) -> None:
    """Count what is there; this runs between two steps of the loop."""
    counted = {"tasks": len(asyncio.all_tasks()), "threads": threading.active_count()}
    path = Path(os.environ[CENSUS])
    path.with_suffix(".new").write_text(json.dumps(counted), encoding="utf-8")
    path.with_suffix(".new").rename(path)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    signal.signal(signal.SIGUSR1, write_census)
    import run_bot

    sys.exit(run_bot.main())
