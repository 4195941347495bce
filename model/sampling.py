"""Drawing one id from a distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.errors import SamplingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.forward import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the next character is chosen from the scores."""

    temperature: float = 0.8
    """Divisor of the logits, 0 to 2: 0 takes the likeliest, 1 draws as learned."""
    top_k: int | None = None
    """Draw only among the k likeliest characters."""
    top_p: float | None = None
    """Draw only among the likeliest characters that together reach this probability."""

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 2:
            raise SamplingError("temperature", self.temperature, "between 0 and 2")
        if self.top_k is not None and self.top_k < 1:
            raise SamplingError("top-k", self.top_k, "1 or more")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise SamplingError("top-p", self.top_p, "above 0 and at most 1")


def sample(scores: Array, sampling: Sampling, uniform: float) -> int:
    """Draw one id.

    Args:
        scores: Logits of every id, shape (V,); minus infinity for what may not be drawn.
        sampling: Temperature, top-k and top-p.
        uniform: A number in [0, 1) that decides; the same one draws the same id.

    Returns:
        The id whose share of the distribution holds `uniform`.
    """
    if sampling.temperature == 0:
        return int(scores.argmax())
    scaled = scores.astype(np.float64)
    scaled -= scaled.max()
    probabilities = np.exp(scaled / sampling.temperature)
    if sampling.top_k is not None or sampling.top_p is not None:
        _keep_likeliest(probabilities, np.argsort(-scores, kind="stable"), sampling)
    cumulative = probabilities.cumsum()
    total = cumulative[-1]
    share = min(uniform * total, np.nextafter(total, 0))  # the product may round up to all of it
    return int(cumulative.searchsorted(share, side="right"))


def _keep_likeliest(
    probabilities: NDArray[np.float64], order: NDArray[np.intp], sampling: Sampling
) -> None:
    """Set to 0 what top-k and top-p leave out, ids given from the likeliest on."""
    kept = len(order) if sampling.top_k is None else sampling.top_k
    if sampling.top_p is not None:
        cumulative = probabilities[order[:kept]].cumsum()
        threshold = sampling.top_p * cumulative[-1]
        kept = min(kept, int(cumulative.searchsorted(threshold, side="left")) + 1)
    probabilities[order[kept:]] = 0
