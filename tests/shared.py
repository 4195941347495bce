"""Files that are too large for the repository, or not ours to give away."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
"""Beside the checkout, where there is such a folder."""


def shared(name: str) -> Path:
    """One of its files or folders; without it, the test is skipped."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared/{name} is not beside this checkout")
    return path
