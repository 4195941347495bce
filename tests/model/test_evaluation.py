from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import evaluation
from model.config import Cell
from model.forward import advance, logits, zero_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.checkpoint import Checkpoint


@pytest.mark.parametrize("cell", Cell)
@given(text=st.text("abcdeXY", min_size=2, max_size=30))
@settings(max_examples=30)
def test_a_text_costs_what_its_characters_cost_one_by_one(
    make_checkpoint: Callable[..., Checkpoint], cell: Cell, text: str
) -> None:
    """Every character but the first, unknown ones at the choice among 65,536 more."""
    checkpoint = make_checkpoint("abcde", cell=cell)

    figures = evaluation.evaluate(checkpoint, text)

    assert figures.characters == len(text) - 1
    assert figures.nats_per_character == pytest.approx(naive(checkpoint, text), rel=1e-4)
    assert figures.bits_per_character == pytest.approx(figures.nats_per_character / math.log(2))


def test_chunks_do_not_change_the_figure(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "the lazy dog jumps over the quick brown fox" * 3
    whole = evaluation.evaluate(checkpoint, text)

    monkeypatch.setattr(evaluation, "CHUNK", 7)

    chunked = evaluation.evaluate(checkpoint, text)
    assert chunked.nats_per_character == pytest.approx(whole.nats_per_character, rel=1e-5)


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_with_nothing_to_score_is_refused(checkpoint: Checkpoint, text: str) -> None:
    with pytest.raises(ValueError, match="at least 2 characters"):
        evaluation.evaluate(checkpoint, text)


def naive(checkpoint: Checkpoint, text: str) -> float:
    ids, state = checkpoint.vocabulary.encode(text), zero_state(checkpoint.config)
    costs: list[float] = []
    for character_id, following in pairwise(ids):
        state = advance(checkpoint.weights, int(character_id), state)
        scores = logits(checkpoint.weights, state).astype(np.float64)
        cost = math.log(np.exp(scores).sum()) - float(scores[following])
        costs.append(cost + (math.log(65536) if following == 0 else 0))
    return sum(costs) / len(costs)
