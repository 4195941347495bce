"""The web server: all routes, the page's files, and the headers that keep the page safe."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web

from bot.sandbox import answers, membership, page_api, rest
from bot.sandbox.attachments import picture_type
from bot.sandbox.errors import PortInUseError
from bot.sandbox.guard import answer_errors, guard
from bot.sandbox.places import SANDBOX, snowflake
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.trouble import disturb

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.interactions import Timing

HOST: Final = "127.0.0.1"
STATIC: Final = Path(__file__).parent / "static"

routes = web.RouteTableDef()


@asynccontextmanager
async def running(
    folder: Path, *, port: int = 0, timing: Timing | None = None
) -> AsyncIterator[Sandbox]:
    """A sandbox that listens on loopback while the body runs; port 0: any free one.

    Raises:
        PortInUseError: Another program listens there.
    """
    sandbox = Sandbox(folder, timing)
    runner = web.AppRunner(application(sandbox), access_log=None, shutdown_timeout=1)
    await runner.setup()
    keeping = asyncio.create_task(sandbox.keeper.run())
    try:
        site = web.TCPSite(runner, HOST, port)
        await _listen(site, port)
        actual_port = runner.addresses[0][1]
        sandbox.listens_at(f"http://{HOST}:{actual_port}")
        yield sandbox
    finally:
        await sandbox.close()
        await runner.cleanup()
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def _listen(site: web.TCPSite, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortInUseError(port) from error
        raise


def application(sandbox: Sandbox) -> web.Application:
    """All routes, each behind the guard."""
    app = web.Application(
        middlewares=[answer_errors, guard, disturb], client_max_size=8 * 1024 * 1024
    )
    app[SANDBOX] = sandbox
    app.on_response_prepare.append(_protect)
    for table in (rest.routes, answers.routes, page_api.routes, membership.routes, routes):
        app.add_routes(table)
    app.router.add_get("/gateway", sandbox.gateway.serve)
    app.router.add_get("/gateway/", sandbox.gateway.serve)
    app.router.add_static("/static", STATIC)
    return app


@routes.get("/")
async def page(_: web.Request) -> web.FileResponse:
    """The page."""
    return web.FileResponse(STATIC / "index.html")


@routes.get("/attachments/{attachment}/{filename}")
async def attachment(request: web.Request) -> web.FileResponse:
    """An uploaded file: pictures as what they are, all else as something to download."""
    path = request.app[SANDBOX].world.attachments.path(snowflake(request, "attachment"))
    if not path.is_file():
        raise web.HTTPNotFound
    with path.open("rb") as file:
        kind = picture_type(file.read(12)) or "application/octet-stream"
    return web.FileResponse(
        path,
        headers={
            "Content-Type": kind,
            "Content-Disposition": "attachment",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        },
    )


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    base = request.host
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        f"connect-src 'self' ws://{base}; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-cache")
