"""Discord's bad days, for whoever wants to try one.

A sandbox's `trouble` stands between a request of the bot and its handler. It may let the request
through, wait, refuse it (`RefusedError`), answer by itself, or let it be carried out and then say
that it failed. `bot.sandbox.gateway` has the bad days of the other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from aiohttp import web

from bot.sandbox.places import SANDBOX, json_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp.typedefs import Handler

Trouble: TypeAlias = "Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]"


@web.middleware
async def disturb(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the trouble have its way with what the bot asks."""
    trouble = request.app[SANDBOX].trouble
    if trouble is None or not request.path.startswith("/api/"):
        return await handler(request)
    return await trouble(request, handler)


def too_many_requests(retry_after: float, *, everywhere: bool = False) -> web.Response:
    """Discord's answer to a bot that asks too often, on one route or on all of them.

    Without Via it would be taken for a ban.
    """
    message = "You are being rate limited."
    body = {"message": message, "retry_after": retry_after, "global": everywhere}
    response = json_response(body, status=429)
    response.headers.update({"Via": "1.1 sandbox", "Retry-After": str(round(retry_after + 0.5))})
    return response


def unavailable(status: int = 503) -> web.Response:
    """Discord's answer while it has a fault of its own."""
    return json_response({"message": f"{status}: Bad day", "code": 0}, status=status)
