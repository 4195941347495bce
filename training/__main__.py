"""`python -m training`."""

from __future__ import annotations

import sys

import training.clock  # noqa: F401 - it notes when the process began
from training.cli import main

if __name__ == "__main__":
    sys.exit(main())
