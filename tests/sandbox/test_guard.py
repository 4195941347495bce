"""Only programs of this machine and the sandbox's own page get in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import aiohttp
import psutil
import pytest

from bot.sandbox import server
from bot.sandbox.people import ADA, WRITING_GROUP
from bot.sandbox.server import running

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow  # starts a sandbox for each question

MESSAGES = f"/api/v10/channels/{WRITING_GROUP + 12}/messages"
STATE = f"/page/state?person={ADA}"
EVENTS = f"/page/events?person={ADA}"

REBOUND = {"Host": "rebound.example", "Origin": "http://rebound.example"}
FROM_ELSEWHERE = (
    {"Origin": "http://127.0.0.1:1", "Authorization": "Bot any"},
    {"Origin": "null", "Authorization": "Bot any"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Authorization": "Bot any"},
    {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Authorization": "Bot any"},
)


async def status(
    sandbox: Sandbox, method: str, path: str, headers: dict[str, str], body: object = None
) -> int:
    async with (
        aiohttp.ClientSession(sandbox.world.base) as session,
        session.request(method, path, headers=headers, json=body) as response,
    ):
        return response.status


@pytest.mark.parametrize("path", ["/", STATE, "/static/main.js", MESSAGES, "/gateway"])
@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1:1", "localhost.evil:80"])
async def test_other_hosts_are_turned_away(sandbox: Sandbox, path: str, host: str) -> None:
    headers = {"Host": host, "Authorization": "Bot any"}

    assert await status(sandbox, "GET", path, headers) == 421


async def test_every_route_asks_for_the_host_first(tmp_path: Path) -> None:
    """A route that is added later too: the application is asked for what it has."""
    async with running(tmp_path) as sandbox:
        for method, path in all_routes(sandbox):
            for headers in (REBOUND, REBOUND | {"Authorization": "Bot any"}):
                assert await status(sandbox, method, path, headers) == 421, (method, path)


async def test_no_route_but_the_page_itself_answers_a_page_from_elsewhere(tmp_path: Path) -> None:
    async with running(tmp_path) as sandbox:
        for method, path in all_routes(sandbox):
            for headers in FROM_ELSEWHERE:
                assert await status(sandbox, method, path, headers) == 403, (method, path)


async def test_every_answer_forbids_frames_and_guessing(tmp_path: Path) -> None:
    async with running(tmp_path) as sandbox, aiohttp.ClientSession(sandbox.world.base) as session:
        for method, path in all_routes(sandbox):
            async with session.request(method, path) as response:
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "frame-ancestors 'none'" in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert "Access-Control-Allow-Origin" not in response.headers


def all_routes(sandbox: Sandbox) -> list[tuple[str, str]]:
    """Method and an address of every route."""
    router = server.application(sandbox).router
    found = [
        (route.method, re.sub(r"{\w+}", "1", route.resource.canonical))
        for route in router.routes()
        if route.resource is not None
    ]
    assert len(found) > 30
    return found


@pytest.mark.parametrize("origin", ["http://example.com", "null", "http://127.0.0.1:1", ""])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", STATE), ("GET", EVENTS), ("POST", "/page/messages"), ("POST", "/page/commands")],
)
async def test_other_origins_are_turned_away(
    sandbox: Sandbox, method: str, path: str, origin: str
) -> None:
    assert await status(sandbox, method, path, {"Origin": origin}) == 403


async def test_our_own_page_gets_in_by_both_names(sandbox: Sandbox) -> None:
    port = sandbox.world.base.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}

        assert await status(sandbox, "GET", STATE, headers) == 200
        assert await status(sandbox, "POST", "/page/messages", headers, {}) == 400


async def test_action_and_socket_need_an_origin(sandbox: Sandbox) -> None:
    assert await status(sandbox, "POST", "/page/messages", {}, {}) == 403
    async with aiohttp.ClientSession(sandbox.world.base) as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(EVENTS)

    assert refused.value.status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_picture_tags_and_scripts_from_elsewhere_get_nothing(
    sandbox: Sandbox, site: str
) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}

    assert await status(sandbox, "GET", STATE, headers) == 403
    assert await status(sandbox, "GET", "/attachments/1/a.png", headers) == 403
    assert await status(sandbox, "GET", "/", link) == 200
    assert await status(sandbox, "GET", STATE, link) == 403


@pytest.mark.parametrize("path", [MESSAGES, "/api/v10/gateway/bot", "/gateway"])
async def test_no_page_gets_at_the_bots_routes_not_even_ours(sandbox: Sandbox, path: str) -> None:
    headers = {"Origin": sandbox.world.base, "Authorization": "Bot any"}

    assert await status(sandbox, "GET", path, headers) == 403


@pytest.mark.parametrize("authorization", ["", "Bot", "Bot wrong", "Bearer any"])
async def test_bot_needs_a_token(sandbox: Sandbox, authorization: str) -> None:
    headers = {"Authorization": authorization}

    assert await status(sandbox, "GET", MESSAGES, headers) == 401


async def test_page_and_files_carry_their_protection(sandbox: Sandbox, ada: Person) -> None:
    said = await ada.say("bots", "look", file=("a.html", b"<script>alert(1)</script>"))
    async with aiohttp.ClientSession() as session:
        async with session.get(sandbox.world.base) as page:
            policy = page.headers["Content-Security-Policy"]
            text = await page.text()
        async with session.get(said["attachments"][0]["url"]) as file:
            headers = file.headers

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "style=" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/attachments/../state",
        "/attachments/1/..%2f..%2fx",
        "/static/..%2f__main__.py",
        "/static/../server.py",
    ],
)
async def test_no_path_leads_out_of_the_folders(sandbox: Sandbox, path: str) -> None:
    assert await status(sandbox, "GET", path, {}) in {400, 403, 404}


async def test_loopback_is_all_it_listens_on(sandbox: Sandbox) -> None:
    port = int(sandbox.world.base.rpartition(":")[2])
    connections = psutil.Process().net_connections("tcp")

    listening = {entry.laddr.ip for entry in connections if entry.laddr.port == port}

    assert listening == {"127.0.0.1"}
