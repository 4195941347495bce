from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import SamplingError
from model.sampling import Sampler, Sampling, uniforms

SCORES = st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=12).map(
    lambda scores: np.array(scores, np.float32)
)
UNIFORM = st.integers(1, 2**53).map(lambda n: n / 2**53)


def sample(scores: np.ndarray, sampling: Sampling, uniform: float) -> int:
    with np.errstate(over="ignore"):
        return Sampler(sampling, len(scores)).draw(scores, uniform)


@given(SCORES, UNIFORM)
def test_temperature_0_takes_the_likeliest(scores: np.ndarray, uniform: float) -> None:
    assert sample(scores, Sampling(temperature=0), uniform) == scores.argmax()


@given(SCORES, UNIFORM, st.floats(0.0001, 2), st.integers(1, 12))
def test_top_k_draws_only_among_the_k_likeliest(
    scores: np.ndarray, uniform: float, temperature: float, k: int
) -> None:
    drawn = sample(scores, Sampling(temperature=temperature, top_k=k), uniform)

    probabilities = np.exp(scores.astype(np.float64) / temperature - scores.max() / temperature)
    assert (probabilities > probabilities[drawn]).sum() < k


@given(SCORES, UNIFORM, st.floats(0.01, 1))
def test_top_p_draws_only_what_is_needed_to_reach_p(
    scores: np.ndarray, uniform: float, p: float
) -> None:
    drawn = sample(scores, Sampling(temperature=1, top_p=p), uniform)

    probabilities = np.exp(scores.astype(np.float64))
    likelier = probabilities > probabilities[drawn]
    assert probabilities[likelier].sum() <= p * probabilities.sum() + 1e-9


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


@given(SCORES, UNIFORM, st.floats(1e-300, 2), st.sampled_from([-3e38, -1e4, 1e4, 3e38]))
def test_scores_may_be_as_large_or_as_small_as_they_like(
    scores: np.ndarray, uniform: float, temperature: float, offset: float
) -> None:
    """Only their differences count."""
    scores = np.round(scores) * 1024
    shifted = scores + np.float32(offset)
    scores = shifted - np.float32(offset)  # what is left of the differences

    sampling = Sampling(temperature=temperature, top_k=len(scores))

    assert sample(shifted, sampling, uniform) == sample(scores, sampling, uniform)


def test_a_sampler_is_as_good_as_new_after_each_draw() -> None:
    sampler = Sampler(Sampling(top_k=2, top_p=0.9), 3)
    first, second = np.array([3, 2, 1], np.float32), np.array([1, 2, 3], np.float32)

    drawn = [sampler.draw(scores, 0.999) for scores in (first, second, first)]

    assert drawn == [1, 2, 1]


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**63), st.integers(0, 9), st.integers(0, 9))
def test_a_random_number_is_a_function_of_its_place(
    seed: int, first: int, head: int, tail: int
) -> None:
    numbers = uniforms(seed, first, head + tail)

    assert uniforms(seed, first, head) + uniforms(seed, first + head, tail) == numbers
    assert all(0 < number <= 1 for number in numbers)


def test_random_numbers_are_even_and_those_of_two_seeds_unlike() -> None:
    one, other = (np.array(uniforms(seed, 0, 10000)) for seed in (1, 2))

    assert np.histogram(one, 10, (0, 1))[0].tolist() == pytest.approx([1000] * 10, rel=0.15)
    for pair in ((one, other), (one[1:], one[:-1]), (one[1:], other[:-1])):
        assert abs(np.corrcoef(*pair)[0, 1]) < 0.05


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
