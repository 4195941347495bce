"""Where Discord says nothing, a try is given up while there is time for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.patience import (
    ANSWER_SECONDS,
    ANSWER_TIMEOUT,
    FIRST_PAUSE,
    REQUEST_SECONDS,
    REQUEST_TIMEOUT,
)

if TYPE_CHECKING:
    from aiohttp import ClientTimeout


@pytest.mark.parametrize(
    ("timeout", "seconds"), [(ANSWER_TIMEOUT, ANSWER_SECONDS), (REQUEST_TIMEOUT, REQUEST_SECONDS)]
)
def test_two_tries_are_whole_within_the_time_of_a_request(
    timeout: ClientTimeout, seconds: float
) -> None:
    assert timeout.total is not None
    assert 2 * timeout.total + FIRST_PAUSE < seconds
