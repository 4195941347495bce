"""Speed and quality, measured: `python -m benchmarks.bot`, `.quality`, `.speed`."""

from __future__ import annotations
