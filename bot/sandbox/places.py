"""Where things are found while a request is answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.errors import Fault, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

SANDBOX: web.AppKey[Sandbox] = web.AppKey("sandbox")


def json_response(payload: object, *, status: int = 200) -> web.Response:
    """JSON with the bare content type that discord.py insists on."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json")


def snowflake(request: web.Request, name: str) -> int:
    """An id that is a part of the address."""
    text = request.match_info[name]
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        message = f'Value "{text[:40]}" is not snowflake.'
        errors = {name: {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": message}]}}
        raise RefusedError(Fault.INVALID_FORM, errors)
    return int(text)
