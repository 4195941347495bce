"""What stands in the picture of a loss curve, in words: English, unless the bot says it otherwise.

The worker that draws the picture has no language of its own; a run's spec tells it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveWords:
    """The words, each as short as it can be."""

    bits: str = "bits per character"
    training: str = "training"
    validation: str = "validation"
    seconds: str = "seconds"
    minutes: str = "minutes"
    hours: str = "hours"
    point: str = "."
    """Between the whole numbers and the fractions."""
