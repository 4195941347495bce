"""`python -m storage backup | restore`: a data directory's backup, and the way back.

Exit code 0; 1 where the copy is complete but for files that were damaged before; 2 with one
sentence on stderr where there is no copy. Ctrl+C (130) and SIGTERM (143) leave nothing of it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storage.backup import copy_data
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the process's exit code."""
    options = _parser().parse_args(arguments)
    os.umask(0o077)
    try:
        backup = copy_data(options.source, options.target)
    except StorageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    counted = _counted(backup.checkpoints, "checkpoint"), _counted(backup.runs, "run")
    sys.stdout.write(f"{options.target}: {' and '.join(counted)}.\n")
    for path in backup.damaged:
        sys.stderr.write(f"{path} is missing or damaged, so it was not copied.\n")
    return 1 if backup.damaged else 0


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m storage", description="Back up a bot's data directory, and restore it."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    backup = commands.add_parser("backup", help="copy a data directory; its bot may be running")
    backup.add_argument("source", type=Path, metavar="DATA", help="the data directory")
    backup.add_argument("target", type=Path, metavar="BACKUP", help="a folder that is new or empty")
    restore = commands.add_parser("restore", help="make a data directory of a backup")
    restore.add_argument("source", type=Path, metavar="BACKUP", help="the backup")
    restore.add_argument("target", type=Path, metavar="DATA", help="a folder that is new or empty")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(main())
