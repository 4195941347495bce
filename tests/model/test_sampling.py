from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import SamplingError
from model.sampling import Sampling, sample

SCORES = st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=12).map(
    lambda scores: np.array(scores, np.float32)
)
UNIFORM = st.floats(0, 1, exclude_max=True)


@given(SCORES, UNIFORM)
def test_temperature_0_takes_the_likeliest(scores: np.ndarray, uniform: float) -> None:
    assert sample(scores, Sampling(temperature=0), uniform) == scores.argmax()


@given(SCORES, UNIFORM, st.floats(0.0001, 2), st.integers(1, 12))
def test_top_k_draws_only_among_the_k_likeliest(
    scores: np.ndarray, uniform: float, temperature: float, k: int
) -> None:
    drawn = sample(scores, Sampling(temperature=temperature, top_k=k), uniform)

    assert (scores > scores[drawn]).sum() < k


@given(SCORES, UNIFORM, st.floats(0.01, 1))
def test_top_p_draws_only_what_is_needed_to_reach_p(
    scores: np.ndarray, uniform: float, p: float
) -> None:
    drawn = sample(scores, Sampling(temperature=1, top_p=p), uniform)

    probabilities = np.exp(scores.astype(np.float64) - scores.max())
    probabilities /= probabilities.sum()
    assert probabilities[scores > scores[drawn]].sum() <= p + 1e-9


@given(SCORES, UNIFORM, st.floats(0, 2), st.data())
def test_what_is_forbidden_is_never_drawn(
    scores: np.ndarray, uniform: float, temperature: float, data: st.DataObject
) -> None:
    allowed = data.draw(st.integers(0, len(scores) - 1))
    forbidden = [n for n in range(len(scores)) if n != allowed]
    scores[forbidden] = -np.inf

    assert sample(scores, Sampling(temperature=temperature), uniform) == allowed


def test_temperature_1_draws_each_id_as_often_as_its_probability() -> None:
    scores = np.log(np.array([0.5, 0.2, 0.3], np.float32))

    grid = (np.arange(1000) + 0.5) / 1000
    drawn = [sample(scores, Sampling(temperature=1), uniform) for uniform in grid]

    assert np.bincount(drawn).tolist() == pytest.approx([500, 200, 300], abs=1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"temperature": -0.1}, "The temperature must be between 0 and 2; -0.1 is not."),
        ({"temperature": 2.1}, "The temperature must be between 0 and 2; 2.1 is not."),
        ({"temperature": float("nan")}, "The temperature must be between 0 and 2; nan is not."),
        ({"top_k": 0}, "The top-k must be 1 or more; 0 is not."),
        ({"top_p": 0.0}, "The top-p must be above 0 and at most 1; 0 is not."),
        ({"top_p": 1.5}, "The top-p must be above 0 and at most 1; 1.5 is not."),
    ],
)
def test_a_sampling_out_of_range_is_one_sentence(
    arguments: dict[str, float], sentence: str
) -> None:
    with pytest.raises(SamplingError) as caught:
        Sampling(**arguments)  # type: ignore[arg-type]  # what a user may type

    assert str(caught.value) == sentence
