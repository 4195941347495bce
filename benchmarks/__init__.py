"""Speed and quality, measured: `python -m benchmarks.bot`, `python -m benchmarks.quality`."""

from __future__ import annotations
