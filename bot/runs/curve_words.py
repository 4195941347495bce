"""The words in the picture of a loss curve, in the language of whoever asks for the run."""

from __future__ import annotations

from bot.words import say
from training.curve_words import CurveWords


def curve_words() -> CurveWords:
    """What the worker writes into the picture."""
    return CurveWords(
        bits=say("curve-bits"),
        training=say("curve-training"),
        validation=say("curve-validation"),
        seconds=say("curve-seconds"),
        minutes=say("curve-minutes"),
        hours=say("curve-hours"),
        point=say("curve-point"),
    )
