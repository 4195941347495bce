from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.history import RESOLUTION, History, Measurement, is_curve

losses = st.floats(0, 10)
"""Nats per character."""


@st.composite
def runs(draw: st.DrawFn) -> list[Measurement]:
    """The measurements of a run, some close together and some far apart."""
    steps = draw(st.lists(st.integers(1, 50), min_size=1, max_size=200))
    total, done, measured = sum(steps), 0, []
    for more in steps:
        done += more
        measured.append(Measurement(done, done / total, done * 0.1, draw(losses)))
    return measured


def test_a_long_run_has_a_history_of_bounded_size() -> None:
    history = History()

    for step in range(1, 20_001):
        now = Measurement(step, step / 20_000, float(step), 1.0)
        history = history.trained(now).validated(now)

    assert len(history.training) == len(history.validation) == RESOLUTION
    assert history.training[-1].step == 20_000
    assert len(history.to_json()) < 100_000


@given(runs())
def test_thinning_keeps_the_mean_over_all_steps(run: list[Measurement]) -> None:
    """A measurement is the mean of the steps since the one before."""

    def total(measurements: tuple[Measurement, ...] | list[Measurement]) -> float:
        before = [0, *(m.step for m in measurements)]
        return sum((m.step - b) * m.loss for m, b in zip(measurements, before, strict=False))

    history = History()
    for measurement in run:
        history = history.trained(measurement)

    assert total(history.training) == pytest.approx(total(run))


@given(runs())
def test_the_best_validation_is_never_thinned_out(run: list[Measurement]) -> None:
    history = History()
    for measurement in run:
        history = history.validated(measurement)

    assert history.best == min(run, key=lambda m: m.loss)
    assert History().best is None


@given(runs())
def test_a_history_comes_back_from_its_text(run: list[Measurement]) -> None:
    history = History()
    for measurement in run:
        history = history.trained(measurement).validated(measurement)

    assert History.from_json(history.to_json()) == history


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"training": 1, "validation": []}'])
def test_what_is_no_history_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own or ours
        History.from_json(text)


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_a_loss_that_is_no_number_leaves_no_trace(loss: float) -> None:
    now = Measurement(1, 0.1, 1.0, loss)

    assert History().trained(now).validated(now) == History()


@given(st.binary())
def test_other_files_are_no_curves(content: bytes) -> None:
    assert not is_curve(content)
    assert not is_curve(b"\x89PNG" + content)
