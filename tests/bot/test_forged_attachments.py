"""Commands whose attachment has an address that Discord never gave: one sentence, no request."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot.sandbox.people import ADA, WRITING_GROUP
from tests.bot.uploads import TEXT
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp.typedefs import Handler

    from bot.settings import Settings

pytestmark = pytest.mark.slow  # opens a sandbox

BOTS = WRITING_GROUP + 12
REDIRECTING = "/api/v10/webhooks/1/a"
"""A path of the stand-in that needs no token."""

FORGED = [
    "http://127.0.0.1:{inside}/secret",
    "http://localhost:{inside}/secret",
    "http://user:word@127.0.0.1:{sandbox}/attachments/1/a.txt",
    "http://127.0.0.1:{sandbox}@127.0.0.1:{inside}/secret",
    "http://127.0.0.1:{inside}#@127.0.0.1:{sandbox}/a.txt",
    "http://localhost:{sandbox}/attachments/1/a.txt",
    "https://127.0.0.1:{sandbox}/attachments/1/a.txt",
    "https://cdn.discordapp.com/attachments/1/a.txt",
    "http://169.254.169.254/latest/meta-data/",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "",
    "http://127.0.0.1:{sandbox}" + REDIRECTING,
]


@asynccontextmanager
async def inside() -> AsyncIterator[tuple[int, list[object]]]:
    """A server that only programs of this machine should reach: its port, and who came."""
    visits: list[object] = []

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(writer.get_extra_info("peername"))
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], visits


@pytest.mark.parametrize(
    ("command", "option", "size"),
    [("train", "file", len(TEXT)), ("train", "file2", len(TEXT)), ("models", "import", 5000)],
)
async def test_a_forged_attachment_is_a_sentence_and_asked_of_nobody(
    settings: Settings, tmp_path: Path, command: str, option: str, size: int
) -> None:
    async with Stage.open(tmp_path, settings) as stage, inside() as (port, visits):
        redirected: list[str] = []

        async def redirect(request: web.Request, handler: Handler) -> web.StreamResponse:
            if request.path != REDIRECTING:
                return await handler(request)
            redirected.append(request.path)
            raise web.HTTPFound(f"http://127.0.0.1:{port}/secret")

        stage.sandbox.trouble = redirect
        own = stage.sandbox.world.base.rpartition(":")[2]
        good = {"file": await stage.attach("a.txt", TEXT)} if command == "train" else {}
        for address in FORGED:
            forged = await stage.attach("b.txt", b"x" * size)
            forged |= {"url": address.format(inside=port, sandbox=own)}

            seen = await stage.use(ADA, BOTS, command, **(good | {option: forged}))

            assert "could not be downloaded" in seen.messages[-1]["content"], address
        assert len(redirected) == 1
        assert visits == []
        assert stage.core.files() == []
        assert await stage.core.catalog.models(WRITING_GROUP) == []


async def test_the_same_attachments_at_their_own_address_are_taken(
    settings: Settings, tmp_path: Path
) -> None:
    """Else the law above would hold of a bot that takes nothing."""
    async with Stage.open(tmp_path, settings) as stage:
        file = await stage.attach("a.txt", TEXT)

        seen = await stage.use(ADA, BOTS, "train", file=file, file2=file)

        assert "will learn from it" in repr(seen.messages)
