"""Pages of other origins, in a real browser, that try to reach the sandbox.

The guard's own tests send the headers that browsers send; here a browser does.
"""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from bot.sandbox.people import ADA, WRITING_GROUP
from tests.browser import browsing, chromium, needs_chromium
from tests.serving import on_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page

    from bot.sandbox.sandbox import Sandbox

pytestmark = [needs_chromium, pytest.mark.slow]

BOTS = WRITING_GROUP + 12
FACTS = json.dumps({"person": str(ADA), "channel": str(BOTS), "content": "from elsewhere"})

ATTACK = """async ([base, facts, bots, ada]) => {
  const settled = (work) => work.then((value) => value, (error) => error.name);
  const answer = async (path, init) => {
    const response = await fetch(base + path, init);
    return `${response.type} ${response.status}`;
  };
  const socket = (path) => new Promise((resolve) => {
    const open = new WebSocket(base.replace("http", "ws") + path);
    open.onopen = () => resolve("open");
    open.onerror = () => resolve("refused");
  });
  const element = (tag, facts) => new Promise((resolve) => {
    const made = Object.assign(document.createElement(tag), facts);
    made.onload = () => resolve("loaded");
    made.onerror = () => resolve("refused");
    document.body.append(made);
  });
  const form = () => {
    const body = new FormData();
    body.append("payload_json", facts);
    return body;
  };
  const bearer = { Authorization: "Bot any", "Content-Type": "application/json" };
  const message = JSON.stringify({ content: "from elsewhere" });
  const messages = `/api/v10/channels/${bots}/messages`;
  return {
    read: await settled(answer(`/page/state?person=${ada}`)),
    blind: await settled(answer(`/page/state?person=${ada}`, { mode: "no-cors" })),
    post: await settled(answer("/page/messages", { method: "POST", body: form() })),
    blindPost: await settled(
      answer("/page/messages", { method: "POST", mode: "no-cors", body: form() })),
    asBot: await settled(answer(messages, { method: "POST", headers: bearer, body: message })),
    readAsBot: await settled(answer(messages, { headers: bearer })),
    events: await socket(`/page/events?person=${ada}`),
    gateway: await socket("/gateway?v=10&encoding=json"),
    script: await element("script", { src: `${base}/static/main.js` }),
    picture: await element("img", { src: `${base}/static/icon.svg` }),
    style: await element("link", { rel: "stylesheet", href: `${base}/static/layout.css` }),
  };
}"""

REFUSED_ELSEWHERE = {
    "read": "TypeError",
    "blind": "TypeError",
    "post": "TypeError",
    "blindPost": "TypeError",
    "asBot": "TypeError",
    "readAsBot": "TypeError",
    "events": "refused",
    "gateway": "refused",
    "script": "refused",
    "picture": "refused",
    "style": "refused",
}


@asynccontextmanager
async def serving_a_page() -> AsyncIterator[int]:
    """A server of an empty page on another port; yields the port."""

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(text="<!doctype html><body>", content_type="text/html")

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0)
    async with on_loopback(runner) as port:
        yield port


@asynccontextmanager
async def elsewhere(host: str) -> AsyncIterator[Page]:
    """A page at `host`, a name of this machine, that the sandbox does not serve."""
    async with (
        serving_a_page() as port,
        chromium("--host-resolver-rules=MAP *.example 127.0.0.1") as browser,
    ):
        page = await browser.new_page()
        await page.goto(f"http://{host}:{port}/")
        yield page


def said(sandbox: Sandbox) -> list[str]:
    return [sandbox.world.rendered(message)["content"] for message in sandbox.world.messages(BOTS)]


async def attack(page: Page, base: str) -> dict[str, str]:
    answers: dict[str, str] = await page.evaluate(ATTACK, [base, FACTS, str(BOTS), str(ADA)])
    return answers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "evil.example"])
async def test_a_page_of_another_origin_gets_nothing_and_does_nothing(
    sandbox: Sandbox, host: str
) -> None:
    async with elsewhere(host) as page:
        answers = await attack(page, sandbox.world.base)

    assert answers == REFUSED_ELSEWHERE
    assert said(sandbox) == []


async def test_the_same_attempts_succeed_for_the_sandbox_s_own_page(sandbox: Sandbox) -> None:
    """Else the law above would hold of requests that nobody would answer anyway."""
    async with chromium() as browser:
        page = await browser.new_page()
        await page.goto(sandbox.world.base)
        answers = await attack(page, sandbox.world.base)

    assert answers == REFUSED_ELSEWHERE | {
        "read": "basic 200",
        "blind": "basic 200",
        "post": "basic 200",
        "blindPost": "basic 200",
        "asBot": "basic 403",
        "readAsBot": "basic 403",
        "events": "open",
        "script": "loaded",
        "picture": "loaded",
        "style": "loaded",
    }
    assert said(sandbox) == ["from elsewhere"] * 2


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("multipart/form-data", "payload_json", FACTS),
        ("text/plain", FACTS.removesuffix("}") + ', "padding": "', '"}'),  # name=value is JSON
    ],
)
async def test_a_form_of_another_origin_posts_nothing(
    sandbox: Sandbox, kind: str, name: str, value: str
) -> None:
    """A form asks nobody before it sends; the page after it is the sandbox's refusal."""
    async with elsewhere("127.0.0.1") as page:
        async with page.expect_response(f"{sandbox.world.base}/page/messages") as answer:
            await page.evaluate(
                """([action, enctype, name, value]) => {
                  const form = document.createElement("form");
                  Object.assign(form, { action, enctype, method: "post" });
                  const field = Object.assign(document.createElement("input"), { name, value });
                  form.append(field);
                  document.body.append(form);
                  form.submit();
                }""",
                [f"{sandbox.world.base}/page/messages", kind, name, value],
            )

        assert (await answer.value).status == 403
    assert said(sandbox) == []


async def test_a_name_rebound_to_this_machine_gets_nothing(sandbox: Sandbox) -> None:
    """DNS rebinding: for the browser the page and the sandbox are one origin then."""
    port = sandbox.world.base.rpartition(":")[2]
    base = f"http://rebound.example:{port}"
    async with chromium("--host-resolver-rules=MAP rebound.example 127.0.0.1") as browser:
        page = await browser.new_page()
        opened = await page.goto(base)
        assert opened is not None
        status, seen = opened.status, await page.content()
        answers = await attack(page, base)

    assert status == 421
    assert "<script" not in seen
    assert answers["read"] in {"basic 421", "TypeError"}
    assert answers["blindPost"] in {"basic 421", "TypeError"}
    assert (answers["events"], answers["gateway"]) == ("refused", "refused")
    assert said(sandbox) == []


async def test_no_page_holds_the_sandbox_in_a_frame(sandbox: Sandbox) -> None:
    async with elsewhere("127.0.0.1") as page:
        await page.evaluate(
            """(src) => new Promise((resolve) => {
              const frame = Object.assign(document.createElement("iframe"), { src });
              frame.onload = resolve;
              document.body.append(frame);
            })""",
            sandbox.world.base,
        )
        framed = [frame.url for frame in page.frames[1:]]

    assert len(framed) == 1
    assert not framed[0].startswith(sandbox.world.base)


async def test_the_page_lives_within_its_policy_which_stops_what_is_slipped_in(
    sandbox: Sandbox,
) -> None:
    watch = """addEventListener("securitypolicyviolation",
      (event) => (globalThis.violations ??= []).push(event.effectiveDirective));"""
    async with browsing(sandbox.world.base) as page:
        await page.add_init_script(watch)
        await page.reload()
        await page.get_by_label("Message #bots").fill("**look** https://example.com ||there||")
        await page.keyboard.press("Enter")
        await page.get_by_text("look").first.wait_for()
        quiet: Any = await page.evaluate("globalThis.violations ?? []")
        assert quiet == []

    async with chromium() as browser:
        page = await browser.new_page()
        await page.add_init_script(watch)
        await page.goto(sandbox.world.base)
        await page.evaluate(
            """() => {
              const slipped = document.createElement("div");
              slipped.innerHTML = `<img src="https://example.com/a.png" onerror="hacked = 1">
                <p style="color: red"></p><iframe src="https://example.com"></iframe>`;
              const script = document.createElement("script");
              script.textContent = "hacked = 1";
              document.body.append(slipped, script);
            }"""
        )
        await page.wait_for_function("globalThis.violations.length >= 5")
        stopped = set(await page.evaluate("globalThis.violations"))
        assert await page.evaluate("typeof hacked") == "undefined"

    wanted = {"script-src-attr", "script-src-elem", "style-src-attr", "img-src", "frame-src"}
    assert stopped == wanted
