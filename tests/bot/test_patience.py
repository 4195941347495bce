"""How often Discord is asked, and for how long."""

from __future__ import annotations

import errno
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar, cast

import aiohttp
import pytest
from discord.http import Route

from bot.patience import (
    ANSWER_SECONDS,
    ANSWER_TIMEOUT,
    FIRST_PAUSE,
    REQUEST_SECONDS,
    REQUEST_TIMEOUT,
    PatientAdapter,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientTimeout

FOLLOW_UP = Route("POST", "/webhooks/{webhook_id}/{webhook_token}", webhook_id=1, webhook_token="a")  # noqa: S106
EDIT = Route("PATCH", "/webhooks/1/a/messages/@original")


class FakeSession:
    """A network that breaks in these ways, one try each, and is well afterwards."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = [*failures]
        self.asked = 0

    @asynccontextmanager
    async def request(self, *_: object, **__: object) -> AsyncIterator[FakeAnswer]:
        self.asked += 1
        if self.failures:
            raise self.failures.pop(0)
        yield FakeAnswer()


class FakeAnswer:
    """Discord's answer to what it has carried out."""

    status = 204
    headers: ClassVar[dict[str, str]] = {}

    async def text(self, **_: object) -> str:
        return ""


async def ask(route: Route, session: FakeSession) -> None:
    adapter = PatientAdapter()  # type: ignore[no-untyped-call]  # discord.py's
    await adapter.request(route, cast("aiohttp.ClientSession", session))


def unreachable() -> aiohttp.ClientConnectorError:
    key: Any = None
    return aiohttp.ClientConnectorError(key, OSError(errno.ENETUNREACH, "unreachable"))


@pytest.mark.parametrize(
    ("timeout", "seconds"), [(ANSWER_TIMEOUT, ANSWER_SECONDS), (REQUEST_TIMEOUT, REQUEST_SECONDS)]
)
def test_two_tries_are_whole_within_the_time_of_a_request(
    timeout: ClientTimeout, seconds: float
) -> None:
    assert timeout.total is not None
    assert 2 * timeout.total + FIRST_PAUSE < seconds


async def test_a_follow_up_that_never_left_is_asked_again() -> None:
    session = FakeSession(unreachable(), unreachable())

    await ask(FOLLOW_UP, session)

    assert session.asked == 3


@pytest.mark.parametrize("number", [errno.ECONNRESET, 54, 10054])
async def test_a_follow_up_is_asked_once_whatever_number_a_reset_has(number: int) -> None:
    """By the numbers that it has on macOS and Windows, discord.py would ask again by itself."""
    reset = aiohttp.ClientOSError(number, "reset")
    follow_up, edit = FakeSession(reset), FakeSession(reset)

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await ask(FOLLOW_UP, follow_up)
    await ask(EDIT, edit)

    assert (follow_up.asked, edit.asked) == (1, 2)
