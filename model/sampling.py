"""Drawing one id from a distribution.

A `Sampling` says how; a `Sampler` does it for one vocabulary size, again and again,
without allocating where neither top-k nor top-p is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from model.errors import SamplingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.forward import Array

LOWEST_TOTAL = 1e-290
"""A sum of exponentials below it has lost ids that float64 could have told from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the next character is chosen from the scores."""

    temperature: float = 0.8
    """Divisor of the logits, 0 to 2: 0 takes the likeliest, 1 draws as learned."""
    top_k: int | None = None
    """Draw only among the k likeliest characters, and what is as likely as the k-th."""
    top_p: float | None = None
    """Draw only among the likeliest characters that together reach this probability."""

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise SamplingError("temperature", self.temperature, "between 0 and 2")
        if self.top_k is not None and self.top_k < 1:
            raise SamplingError("top-k", self.top_k, "1 or more")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise SamplingError("top-p", self.top_p, "above 0 and at most 1")


def uniforms(seed: int, first: int, count: int) -> list[float]:
    """Some of a seed's random numbers in (0, 1], each a function of its place alone.

    Args:
        seed: 64 bits.
        first: The place of the first number.
        count: How many.

    Source:
        Steele, Lea & Flood, 2014: SplitMix64. NumPy's generators would give as good
        numbers, but importing them takes 7 MB.
    """
    places = np.arange(first, first + count, dtype=np.uint64)
    mixed = _mixed(_mixed(np.array([seed], np.uint64)) + places * np.uint64(0x9E3779B97F4A7C15))
    numbers: list[float] = (((mixed >> np.uint64(11)) + np.uint64(1)) * 2.0**-53).tolist()
    return numbers


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


class Sampler:
    """Draws ids from scores, in float64."""

    def __init__(self, sampling: Sampling, vocabulary_size: int) -> None:
        self._sampling = sampling
        self._temperature = np.array(sampling.temperature)
        self._probabilities = np.empty(vocabulary_size)  # up to a factor
        self._cumulative = np.empty(vocabulary_size)
        self._numbers = memoryview(self._cumulative.data)  # one number of it is a Python float
        self._greedy = sampling.temperature == 0
        self._all = sampling.top_k is None and sampling.top_p is None

    def draw(self, scores: Array, uniform: float) -> int:
        """Draw one id.

        Args:
            scores: Logits of every id, shape (V,); minus infinity for what may not be
                drawn.
            uniform: A multiple of 2**-53 in (0, 1] that decides; the same one draws the
                same id.

        Returns:
            The id whose share of the distribution holds `uniform`.
        """
        if self._greedy:
            return int(scores.argmax())
        self._accumulate(scores)
        if not LOWEST_TOTAL < self._numbers[-1] < inf:  # rare, and finding the maximum is not free
            self._accumulate(scores - scores.max())
        return bisect_left(self._numbers, uniform * self._numbers[-1])

    def _accumulate(self, scores: Array) -> None:
        probabilities = self._probabilities
        np.divide(scores, self._temperature, probabilities)
        np.exp(probabilities, probabilities)
        if not self._all:
            probabilities[probabilities < self._threshold()] = 0
        np.add.accumulate(probabilities, 0, None, self._cumulative)

    def _threshold(self) -> float:
        """The least probability that top-k and top-p leave in."""
        descending = np.sort(self._probabilities)[::-1][: self._sampling.top_k]
        if self._sampling.top_p is None:
            return float(descending[-1])
        cumulative = descending.cumsum()
        last = cumulative.searchsorted(self._sampling.top_p * cumulative[-1])
        return float(descending[last])
