"""Discord's bad days, for whoever wants to try one.

A sandbox's `trouble` is asked before a request of the bot is answered. It may wait, refuse
(`RefusedError`), answer by itself, or return None and let the request through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from aiohttp import web

from bot.sandbox.places import SANDBOX, json_response

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

Trouble: TypeAlias = Callable[[web.Request], Awaitable[web.Response | None]]


@web.middleware
async def disturb(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the trouble have its way with what the bot asks."""
    trouble = request.app[SANDBOX].trouble
    if trouble is not None and request.path.startswith("/api/"):
        answer = await trouble(request)
        if answer is not None:
            return answer
    return await handler(request)


def too_many_requests(retry_after: float) -> web.Response:
    """Discord's answer to a bot that asks too often; without Via it would be taken for a ban."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
    response = json_response(body, status=429)
    response.headers.update({"Via": "1.1 sandbox", "Retry-After": str(round(retry_after + 0.5))})
    return response


def unavailable() -> web.Response:
    """Discord's answer while it has a fault of its own."""
    return json_response({"message": "503: Service Unavailable", "code": 0}, status=503)
