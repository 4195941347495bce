"""The bot remarks in English what the command line does, and the same in other languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runs.remarks import remark_on_novelty, remarks
from bot.words import speaking
from tests.bot.fakes import FINISHED
from training import remarks as english
from training.novelty import describe_novelty

SHARES = st.none() | st.floats(0, 1)


@given(st.booleans(), st.booleans(), st.integers(0, 8), SHARES)
def test_the_bot_and_the_command_line_remark_the_same(
    early: bool,  # drawn
    asked: bool,  # drawn
    recoveries: int,
    novelty: float | None,
) -> None:
    run = replace(FINISHED, early=early, asked=asked, recoveries=recoveries, novelty=novelty)

    assert remarks(run) == english.remarks(run)


@pytest.mark.parametrize("novelty", [0.0, 0.5, 0.75, 1.0])
def test_how_much_is_new_is_said_in_german_too(novelty: float) -> None:
    with speaking("de"):
        assert remark_on_novelty(novelty) != describe_novelty(novelty)
