"""Discord's bad days, as a test orders them; `bot.sandbox.trouble` is where they happen.

A fault is what one request meets. `meeting` gives them to the next requests of a kind.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.sessions import Op
from bot.sandbox.trouble import unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web
    from aiohttp.typedefs import Handler

    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.trouble import Trouble

EVERYTHING = r".*"


def meeting(
    what: str, *faults: Trouble, note: Callable[[web.Request], object] = lambda _: None
) -> Trouble:
    """Trouble for the next requests of a kind, one fault each; every one of the kind is noted."""
    ahead = list(faults)

    async def trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not re.fullmatch(what, f"{request.method} {request.path}"):
            return await handler(request)
        note(request)
        return await (ahead.pop(0)(request, handler) if ahead else handler(request))

    return trouble


def saying(answer: Callable[[], web.Response]) -> Trouble:
    """A fault by which a request is not carried out."""

    async def refuse(_: web.Request, __: Handler) -> web.StreamResponse:
        return answer()

    return refuse


def refusing(fault: Fault) -> Trouble:
    """A fault by which Discord refuses."""

    async def refuse(_: web.Request, __: Handler) -> web.StreamResponse:
        raise RefusedError(fault)

    return refuse


def doubtful(status: int) -> Trouble:
    """A fault by which it is carried out, and said to have failed."""

    async def deny(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        return unavailable(status)

    return deny


async def deaf(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault by which it is carried out, and the connection breaks before the answer."""
    response = await handler(request)
    assert request.transport is not None
    request.transport.abort()
    return response


async def lost(request: web.Request, _: Handler) -> web.StreamResponse:
    """A fault by which the connection breaks before anything is carried out."""
    assert request.transport is not None
    request.transport.abort()
    return unavailable()


async def silent(request: web.Request, _: Handler) -> web.StreamResponse:
    """A fault by which nothing is carried out, nor answered until the bot gives up."""
    while request.transport is not None:  # noqa: ASYNC110 - no event tells of it
        await asyncio.sleep(0.05)
    return unavailable()


async def silent_after(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault by which it is carried out, and not answered until the bot gives up."""
    await handler(request)
    return await silent(request, handler)


async def none(request: web.Request, handler: Handler) -> web.StreamResponse:
    """No fault at all."""
    return await handler(request)


# The gateway

BREAKS: dict[str, Callable[[Sandbox], Any]] = {
    "op 7": lambda sandbox: sandbox.gateway.tell(Op.RECONNECT),
    "op 9, resumable": lambda sandbox: sandbox.gateway.tell(Op.INVALID_SESSION, True),
    "close 4000": lambda sandbox: sandbox.gateway.close(4000),
    "close 1001": lambda sandbox: sandbox.gateway.close(1001),
    "cut": lambda sandbox: sandbox.gateway.cut(),
}
"""Ends of a connection after which a session can be resumed."""


async def break_off(sandbox: Sandbox, how: str) -> None:
    """End the bot's connection in this way."""
    breaking = BREAKS[how](sandbox)
    if breaking is not None:
        await breaking
