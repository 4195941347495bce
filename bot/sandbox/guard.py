"""Who may talk to the sandbox: programs on this machine, and its own page.

A page from elsewhere must not reach it through the visitor's browser. So the Host is
checked on every route (against names that resolve to this machine only for a moment), the
Origin and what the browser says about its request on every route of the page, and the
bot's routes take no request of any page at all. `tests/sandbox/test_pages_from_elsewhere.py`
lets a browser try.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.sandbox.errors import Fault, PageError, RefusedError
from bot.sandbox.gateway import WRONG_TOKEN
from bot.sandbox.places import SANDBOX, json_response

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler

_BY_TOKEN_IN_THE_ADDRESS: Final = ("/api/v10/webhooks/", "/api/v10/interactions/")
_BROWSERS_SAY: Final = frozenset({"Origin", "Sec-Fetch-Site"})
_SAFE: Final = ("GET", "HEAD")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn away whoever is not meant."""
    if request.host not in _hosts(request):
        return _turned_away("The sandbox answers to 127.0.0.1 and localhost only.", status=421)
    if request.path.startswith(("/api/", "/gateway")):
        if not _BROWSERS_SAY.isdisjoint(request.headers):
            return _turned_away("The bot's routes are not for pages.")
        if request.path.startswith("/api/"):
            _check_token(request)
    elif not _is_from_our_page(request):
        return _turned_away("The sandbox takes requests of its own page only.")
    return await handler(request)


def _hosts(request: web.Request) -> tuple[str, str]:
    port = request.app[SANDBOX].world.base.rpartition(":")[2]
    return f"127.0.0.1:{port}", f"localhost:{port}"


def _is_from_our_page(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if origin is not None:
        return origin == f"http://{request.host}"
    if request.method not in _SAFE or "Upgrade" in request.headers:
        return False
    opened_by_a_link = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.path == "/"
    return site in {"same-origin", "none"} or opened_by_a_link


def _check_token(request: web.Request) -> None:
    if request.path.startswith(_BY_TOKEN_IN_THE_ADDRESS):
        return
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bot" or not token or token == WRONG_TOKEN:
        raise RefusedError(Fault.UNAUTHORIZED)


def _turned_away(sentence: str, *, status: int = 403) -> web.Response:
    return json_response({"error": sentence}, status=status)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write errors as whoever asked expects them."""
    try:
        return await handler(request)
    except RefusedError as error:
        if request.path.startswith("/page/"):
            return json_response({"error": _sentence(error)}, status=error.status)
        return json_response(error.body, status=error.status)
    except PageError as error:
        return json_response({"error": str(error)}, status=error.status)
    except web.HTTPException as error:
        if not request.path.startswith("/api/"):
            raise
        fault = Fault.METHOD_NOT_ALLOWED if error.status == 405 else Fault.NOT_FOUND
        return json_response(RefusedError(fault).body, status=error.status)


def _sentence(error: RefusedError) -> str:
    return f"{error.message}." if not error.message.endswith(".") else error.message
