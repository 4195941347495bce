"""Reading what the bot sends: JSON, or JSON and files as multipart form data."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from bot.sandbox.attachments import BOT_FILE_LIMIT
from bot.sandbox.composing import Draft, Upload
from bot.sandbox.errors import Fault, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload

_FILE = re.compile(r"files\[(\d+)\]")
FILES_LIMIT = 10


async def read_json(request: web.Request) -> Any:  # noqa: ANN401 - JSON
    """The body as JSON, whatever its shape."""
    try:
        return json.loads(await request.text())
    except ValueError:
        raise RefusedError(Fault.INVALID_JSON) from None


async def read_draft(request: web.Request) -> Draft:
    """The body as a message with its files.

    Raises:
        RefusedError: It is no JSON object, or a file is too large.
    """
    if request.content_type != "multipart/form-data":
        return Draft(body=_object(await read_json(request)))
    body: Payload = {}
    uploads = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise RefusedError(Fault.INVALID_FORM)
        if part.name == "payload_json":
            body = _object(_parsed(await _bounded(part)))
        elif found := _FILE.fullmatch(part.name or ""):
            content = await _bounded(part)
            name = part.filename or "unknown"
            uploads.append(Upload(index=int(found[1]), filename=name, content=content))
    if len(uploads) > FILES_LIMIT:
        raise RefusedError(Fault.INVALID_FORM)
    return Draft(body=body, uploads=uploads)


async def _bounded(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > BOT_FILE_LIMIT:
            raise RefusedError(Fault.TOO_LARGE)
    return bytes(content)


def _parsed(content: bytes) -> object:
    try:
        parsed: object = json.loads(content)
    except ValueError:
        raise RefusedError(Fault.INVALID_JSON) from None
    return parsed


def _object(value: object) -> Payload:
    if not isinstance(value, dict):
        raise RefusedError(Fault.INVALID_FORM)
    return value
