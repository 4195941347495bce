"""The picture is looked at by people; what a test can see is that it is one, and where."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.image import imread

from training.curve import BACKGROUND, BEST, TRAINING, VALIDATION, draw, limits, written
from training.curve_words import CurveWords
from training.events import bits
from training.history import History, Measurement, is_curve

measurements = st.builds(
    Measurement,
    step=st.integers(1, 10**6),
    fraction=st.floats(0, 1),
    seconds=st.floats(0, 1e6),
    loss=st.floats(0, 20),
)


def falling(seconds: float = 180.0) -> History:
    """A run that is best after two thirds."""
    history = History()
    for n in range(1, 61):
        now = Measurement(n, n / 60, seconds * n / 60, 1.2 + 2 / n)
        history = history.trained(now)
        if n % 3 == 0:
            history = history.validated(now._replace(loss=1.5 + abs(n - 40) / 30))
    return history


def colors_in(picture: bytes) -> set[tuple[int, ...]]:
    pixels = np.asarray(imread(io.BytesIO(picture)))[..., :3]
    return {tuple(color) for color in np.rint(255 * pixels).astype(int).reshape(-1, 3)}


def rgb(color: str) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in to_rgb(color))


@pytest.mark.slow
def test_a_picture_shows_both_losses_and_the_best_point() -> None:
    picture = draw(falling(), note="after 2 minutes")

    assert imread(io.BytesIO(picture)).shape == (675, 1200, 4)
    assert {rgb(c) for c in (BACKGROUND, TRAINING, VALIDATION, BEST)} <= colors_in(picture)
    assert len(picture) < 200_000


@pytest.mark.slow
def test_a_picture_speaks_the_language_that_it_is_told() -> None:
    german = CurveWords(bits="Bit pro Zeichen", minutes="Minuten", validation="Prüfung", point=",")

    assert draw(falling(), german) != draw(falling())
    assert written("2.05", german) == "2,05"


def test_a_picture_bears_the_mark_by_which_it_may_be_replaced() -> None:
    assert is_curve(draw(falling()))


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.lists(measurements, max_size=5), st.lists(measurements, max_size=5))
def test_whatever_a_run_has_measured_can_be_drawn(
    training: list[Measurement], validation: list[Measurement]
) -> None:
    assert is_curve(draw(History(tuple(training), tuple(validation))))


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [5.0, 119.0, 3_600.0, 90_000.0])
def test_a_run_of_any_length_can_be_drawn(seconds: float) -> None:
    assert is_curve(draw(falling(seconds)))


def test_all_losses_are_inside_the_picture_but_those_that_diverged() -> None:
    history = falling()
    low, high = limits(history)
    values = [bits(m.loss) for m in history.training + history.validation]
    diverged = history.trained(Measurement(61, 1.0, 181.0, 100.0))

    assert low < min(values)
    assert high > max(values)
    assert limits(diverged)[1] < 10
