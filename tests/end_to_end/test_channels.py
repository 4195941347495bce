"""A channel's own history, over the sandbox: who may have it read, and what is read of it.

The sandbox runs in the test's own process here, so that a test can give Discord a bad day.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.errors import Fault
from bot.sandbox.gateway import UNPRIVILEGED_TOKEN
from bot.sandbox.people import ADA, BOT, MAX, TAVERN
from bot.sandbox.server import running
from bot.sandbox.tavern import DICE, FEED, history
from bot.sandbox.trouble import too_many_requests, unavailable
from tests.house import ROOT, HouseAtHand, is_private, labels, program, refusal
from tests.sandbox_driver import text_of
from tests.trouble import meeting, none, refusing, saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from aiohttp import web
    from aiohttp.typedefs import Handler

    from bot.sandbox.trouble import Trouble

pytestmark = pytest.mark.slow

PERMITTED = {"CHARWGU_CHANNEL_HISTORY_PERMITTED": "true"}
READING = f"GET /api/v10/channels/{TAVERN}/messages"


class Tavern(HouseAtHand):
    """A house whose bot reads a channel."""

    asked: list[str]
    """What the bot asked of the tavern's messages: the ids before which they should be."""

    def hold_after(self, pages: int) -> None:
        """Answer so many requests for messages, and keep the bot waiting for the next."""

        async def trouble(request: web.Request, handler: Handler) -> web.StreamResponse:
            if is_reading(request):
                if len(self.asked) >= pages:
                    await asyncio.sleep(3600)
                self._note(request)
            return await handler(request)

        self.sandbox.trouble = trouble

    def refuse_after(self, pages: int, *faults: Trouble) -> None:
        """Answer so many requests for messages, then with these faults, then all others."""
        self.sandbox.trouble = meeting(READING, *[none] * pages, *faults, note=self._note)

    def _note(self, request: web.Request) -> None:
        self.asked.append(request.query.get("before", "newest"))

    def run(self) -> Path:
        [run] = (self.data / "runs").iterdir()
        return run

    async def progress(self, part: str, seconds: float = 30) -> dict[str, Any]:
        """The progress message, as soon as it says this."""
        return await self.mo.wait_for(lambda m: not is_private(m) and part in text_of(m), seconds)

    async def corpus(self) -> str:
        """The text, once it is written."""
        await self.progress("The channel's history: ")
        return self.run().joinpath("corpus.txt").read_text(encoding="utf-8")

    def runs(self) -> list[Path]:
        return [*(self.data / "runs").iterdir()]


def is_reading(request: web.Request) -> bool:
    return f"{request.method} {request.path}" == READING


@pytest.fixture
async def tavern(tmp_path: Path) -> AsyncIterator[Tavern]:
    async with opened(tmp_path) as tavern:
        await tavern.start(**PERMITTED)
        yield tavern
    assert "Traceback" not in tavern.log.read_text()


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Tavern]:
    async with Tavern.within(folder) as tavern:
        tavern.asked = []
        yield tavern


def said(*, without: tuple[int, ...] = ()) -> Iterator[str]:
    """What people said in the tavern, oldest first, with mentions as they are read."""
    left_out = {str(number) for number in (DICE.id, FEED.id, *without)}
    last = None
    for entry in history():
        payload = entry.payload
        author = payload["author"]["id"]
        if author in left_out or payload["type"] not in {0, 19} or not payload["content"]:
            continue
        text = payload["content"]
        for person in payload["mentions"]:
            name = "" if person["id"] in left_out else f"@{person['global_name']}"
            text = text.replace(f"<@{person['id']}>", name)
        if (author, text := text.strip()) != last:
            yield text
        last = (author, text)


async def test_a_channel_is_read_and_trained_on(tavern: Tavern) -> None:
    """Bots, the feed, system messages and the bot's own words are not in the corpus."""
    await tavern.max.command("tavern", "privacy")
    answer = await tavern.mo.command(
        "bots", "train", channel=str(TAVERN), minutes=0.1, name="bards", names=False
    )
    assert not answer.failed

    told = await tavern.max.wait_for(
        lambda m: m["channel_id"] == str(TAVERN) and "learn from this channel" in text_of(m)
    )
    assert told["author"]["id"] == str(BOT)
    assert f"<@{tavern.mo.id}>" in text_of(told)
    assert "**bards**" in text_of(told)
    assert labels(told) == ["Leave me out"]
    found = await tavern.progress("The channel's history: ")
    assert "messages by 5 people" in text_of(found)
    assert "left out: bots, system messages" in text_of(found)
    assert await tavern.corpus() == "\n".join(said()) + "\n"
    trained = await tavern.progress("### bards has learned to write", 60)
    assert trained["id"] == found["id"]
    assert labels(trained) == ["Generate"]
    assert {path.name for path in tavern.run().iterdir()} == {"worker.log"}
    written = await tavern.max.command("bots", "generate", model="bards", length=50)
    assert not written.failed


async def test_names_and_authors_choose_among_a_channels_messages(tavern: Tavern) -> None:
    await tavern.ada.command(
        "bots", "train", channel=str(TAVERN), authors=f"Ines, <@{MAX}>", names=True, minutes=5
    )

    lines = (await tavern.corpus()).splitlines()

    assert {line.partition(": ")[0] for line in lines} == {"Ines", "Max"}


async def test_whoever_opted_out_is_not_read_nor_named(tavern: Tavern) -> None:
    """Ada before it begins, with /privacy; Max while it reads, with the button."""
    await tavern.ada.command("general", "privacy")
    card = await tavern.ada.wait_for(lambda m: is_private(m) and "Privacy" in text_of(m))
    assert "Leave me out" in labels(card)
    await tavern.ada.press(card, "Leave me out")
    card = await tavern.ada.wait_for(lambda m: "Take me in again" in labels(m))
    assert "left out" in text_of(card)
    tavern.hold_after(10)
    await tavern.mo.command("bots", "train", channel=str(TAVERN), minutes=5)
    told = await tavern.max.wait_for(lambda m: "learn from this channel" in text_of(m))
    await tavern.progress("1,000 messages so far")
    assert f'"id": "{ADA}"' not in pages_of(tavern)
    assert f'"id": "{MAX}"' in pages_of(tavern)

    await tavern.max.press(told, "Leave me out")
    await tavern.max.wait_for(lambda m: is_private(m) and "Take me in again" in labels(m))
    assert labels(tavern.mo.messages[told["id"]]) == ["Leave me out"]
    await tavern.restart(**PERMITTED)
    tavern.sandbox.trouble = None
    await tavern.restart(**PERMITTED)

    assert await tavern.corpus() == "\n".join(said(without=(ADA, MAX))) + "\n"


async def test_a_reading_survives_a_kill_and_misses_and_repeats_nothing(tavern: Tavern) -> None:
    tavern.hold_after(7)
    await tavern.mo.command("bots", "train", channel=str(TAVERN), minutes=5)
    message = await tavern.progress("700 messages so far, back to ")
    assert labels(message) == ["Cancel"]

    await tavern.kill()
    with (tavern.run() / "pages.jsonl").open("ab") as file:
        file.write(b'{"cursor": {"oldest": 5')  # half a page, as a power cut would leave it
    tavern.hold_after(20)
    await tavern.start(**PERMITTED)
    await tavern.progress("2,000 messages so far")
    await tavern.kill()
    tavern.sandbox.trouble = None
    await tavern.start(**PERMITTED)

    assert await tavern.corpus() == "\n".join(said()) + "\n"
    assert len(set(tavern.asked)) == len(tavern.asked) == 20


async def test_a_reading_is_canceled_and_leaves_nothing(tavern: Tavern) -> None:
    tavern.hold_after(3)
    await tavern.mo.command("bots", "train", channel=str(TAVERN), minutes=5)
    message = await tavern.progress("300 messages so far")

    await tavern.max.press(message, "Cancel")
    await tavern.max.wait_for(lambda m: is_private(m) and "Only the person" in text_of(m))
    await tavern.mo.press(message, "Cancel")

    await tavern.progress("was canceled\nNothing of it was kept.")
    assert tavern.runs() == []


async def test_bad_days_are_waited_out(tavern: Tavern) -> None:
    limits = [saying(partial(too_many_requests, seconds)) for seconds in (0.3, 0.1)]
    tavern.refuse_after(2, limits[0], saying(unavailable), limits[1])
    await tavern.mo.command("bots", "train", channel=str(TAVERN), minutes=5)

    assert await tavern.corpus() == "\n".join(said()) + "\n"
    assert len(tavern.asked) == len(set(tavern.asked)) + 3, "each fault costs one request"


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        (Fault.UNKNOWN_CHANNEL, "The channel was deleted while it was read"),
        (Fault.MISSING_ACCESS, "The bot may no longer read the channel"),
    ],
)
async def test_a_channel_that_is_gone_or_closed_ends_the_run_with_a_sentence(
    tavern: Tavern, fault: Fault, part: str
) -> None:
    tavern.refuse_after(5, *[refusing(fault)] * 50)
    await tavern.mo.command("bots", "train", channel=str(TAVERN), name="bards", minutes=5)

    message = await tavern.progress(part)

    assert text_of(message).startswith("### bards could not be trained\n")
    assert not labels(message)
    assert [path.name for run in tavern.runs() for path in run.iterdir()] == []
    again = await tavern.mo.command("bots", "train", channel=str(TAVERN), name="bards", minutes=5)
    assert not again.failed


async def test_other_runs_train_while_a_channel_is_read(tavern: Tavern) -> None:
    tavern.hold_after(3)
    await tavern.mo.command("bots", "train", channel=str(TAVERN), minutes=5)
    await tavern.progress("300 messages so far")

    files = {"file": ("poem.txt", b"Tyger Tyger, burning bright,\n" * 60)}
    await tavern.max.command("bots", "train", files=files, minutes=0.1)

    await tavern.progress("### poem has learned to write", 60)
    assert "300 messages so far" in text_of(await tavern.progress("messages so far"))


async def test_what_may_not_be_read_is_refused_in_a_private_sentence(tavern: Tavern) -> None:
    poem = {"file": ("poem.txt", b"Tyger Tyger\n" * 100)}
    no_bots = tavern.ada.channel("no-bots")
    refusals: list[tuple[Any, Any, dict[str, Any], str]] = [
        (tavern.max, None, {"channel": str(TAVERN)}, "Only members with Manage Server"),
        (tavern.mo, poem, {"channel": str(TAVERN)}, "one of the two"),
        (tavern.mo, None, {}, "Please attach a file or choose a channel"),
        (tavern.mo, None, {"channel": no_bots}, "the bot lacks Send Messages"),
    ]
    for person, files, options, part in refusals:
        assert part in await refusal(person, "train", files=files, **options)
    assert tavern.runs() == []


async def test_without_the_setting_channels_are_not_offered(tmp_path: Path) -> None:
    async with opened(tmp_path) as tavern:
        await tavern.start()
        commands = tavern.ada.state["guilds"][0]["commands"]
        [train] = [command for command in commands if command["name"] == "train"]
        assert "channel" not in [option["name"] for option in train["options"]]
        assert [o["name"] for o in train["options"] if o.get("required")] == ["file"]
        await tavern.ada.command("bots", "privacy")
        card = await tavern.ada.wait_for(lambda m: is_private(m) and "Privacy" in text_of(m))
        assert "does not read channels" in text_of(card)


async def test_a_bot_without_the_privileged_intent_says_what_to_switch_on(tmp_path: Path) -> None:
    async with running(tmp_path / "discord") as sandbox:
        environment = PERMITTED | {
            "CHARWGU_DISCORD_URL": sandbox.world.base,
            "DISCORD_TOKEN": UNPRIVILEGED_TOKEN,
        }
        arguments = (str(ROOT / "run_bot.py"), "--data", str(tmp_path / "data"))
        async with program(*arguments, **environment) as bot:
            _, log = await asyncio.wait_for(bot.communicate(), 30)

    assert bot.returncode == 2
    assert "switch on Message Content Intent" in log.decode().splitlines()[-1]


def pages_of(tavern: Tavern) -> str:
    return (tavern.run() / "pages.jsonl").read_text(encoding="utf-8")
