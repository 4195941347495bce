"""What the page sends: a few facts as JSON, and the person's files as a stream."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aiohttp import BodyPartReader, web

from bot.sandbox.attachments import Attachment, safe_filename
from bot.sandbox.errors import PageError, RefusedError
from bot.sandbox.people import PEOPLE, place
from bot.sandbox.permissions import Permission, permissions_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.sandbox.payloads import Payload
    from bot.sandbox.world import World

FACTS_LIMIT: Final = 1024 * 1024
"""Bytes of what is not a file."""


@dataclass(slots=True)
class Form:
    """One request of the page."""

    facts: Payload
    files: dict[str, list[Attachment]] = field(default_factory=dict)
    """Uploaded files by the name of their part."""

    @property
    def person_id(self) -> int:
        """Who asks."""
        return known_person(str(self.facts.get("person")))

    @property
    def channel_id(self) -> int:
        """Where."""
        return visible_channel(str(self.facts.get("channel")), self.person_id)

    def text(self, name: str) -> str:
        """A fact that is a text."""
        value = self.facts.get(name, "")
        if not isinstance(value, str):
            raise PageError(f"{name} must be a text.")
        return value

    def id(self, name: str) -> int:
        """A fact that is an id."""
        return parsed_id(str(self.facts.get(name)))

    def values(self, name: str) -> Payload:
        """A fact that is a table of values."""
        values = self.facts.get(name) or {}
        if not isinstance(values, dict):
            raise PageError(f"{name} must be an object.")
        return values

    @contextmanager
    def discarding(self, world: World) -> Iterator[None]:
        """Remove the uploaded files if the body refuses what they came with."""
        try:
            yield
        except BaseException:
            for file in (file for found in self.files.values() for file in found):
                world.attachments.remove(file.id)
            raise


async def read_form(request: web.Request, world: World) -> Form:
    """The request's facts and files; the files are on disk when it returns.

    Raises:
        PageError: It is no JSON object, or a file is too large.
    """
    if request.content_type != "multipart/form-data":
        return Form(_facts(await request.text()))
    form = Form({})
    with form.discarding(world):
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise PageError("Nested forms are not understood.")
            if part.name == "payload_json":
                form.facts = _facts(await _bounded(part))
            elif part.filename:
                await _receive(part, form, world)
    return form


async def _bounded(part: BodyPartReader) -> str:
    content = bytearray()
    async for chunk in _chunks(part):
        content += chunk
        if len(content) > FACTS_LIMIT:
            raise PageError("The request is too large.", status=413)
    return content.decode(errors="replace")


async def _receive(part: BodyPartReader, form: Form, world: World) -> None:
    attachment_id = world.snowflakes.new()
    size = await world.attachments.receive(attachment_id, _chunks(part))
    name = safe_filename(part.filename or "")
    file = Attachment(id=attachment_id, filename=name, size=size)
    form.files.setdefault(part.name or "", []).append(file)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(256 * 1024):
        yield chunk


def _facts(text: str) -> Payload:
    try:
        facts = json.loads(text)
    except ValueError:
        raise PageError("The request is no JSON.") from None
    facts = json.loads(_without_halves(json.dumps(facts, ensure_ascii=False)))
    if not isinstance(facts, dict):
        raise PageError("The request is no JSON object.")
    return facts


def _without_halves(text: str) -> str:
    """The text with a question mark for every half of a character, which nobody could be sent."""
    return text.encode("utf-8", "replace").decode()


def parsed_id(text: str) -> int:
    """An id as a number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise PageError("That is no id.")
    return int(text)


def known_person(text: str) -> int:
    """The id of one of the people; the bot is none of them."""
    person_id = parsed_id(text)
    if person_id not in PEOPLE or PEOPLE[person_id].bot:
        raise PageError("There is no such person.", status=404)
    return person_id


def visible_channel(text: str, person_id: int) -> int:
    """The id of a channel that the person can see."""
    try:
        guild, channel = place(parsed_id(text))
    except RefusedError:
        raise PageError("There is no such channel.", status=404) from None
    if not permissions_in(guild, channel, person_id) & Permission.VIEW_CHANNEL:
        raise PageError("There is no such channel.", status=404)
    return channel.id
