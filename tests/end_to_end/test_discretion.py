"""What the bot writes down: files that nobody else can read, and logs without a word of anybody's.

One long life of a bot, with all that it can do and much of what can go wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.people import TAVERN
from bot.sandbox.tavern import history
from bot.sandbox.trouble import unavailable
from model.checkpoint import load, to_bytes
from tests.house import HouseAtHand, is_private, labels, posted
from tests.sandbox_driver import text_of
from tests.trouble import meeting, saying

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.house import House

pytestmark = pytest.mark.slow

TOKEN = "Popocatepetl.token"  # noqa: S105 - any will do
WORD = "Quetzalcoatl"
"""Stands in every text, prompt, and name."""

TEXT = f"{WORD} flew over the mountains, and nobody else did.\n" * 60
SAID = max((message.payload["content"] for message in history()), key=len)
"""A message of the tavern."""

SECRETS = ("/attachments/", TOKEN, WORD, "flew over the mountains", "tavern", SAID)


@pytest.fixture
async def careless(tmp_path: Path) -> AsyncIterator[HouseAtHand]:
    """A bot on a system that would let everybody read and write what it makes."""
    async with HouseAtHand.within(tmp_path) as house:
        house.umask = 0
        await house.start(DISCORD_TOKEN=TOKEN, CHARWGU_CHANNEL_HISTORY_PERMITTED="true")
        yield house


def open_to_others(house: House) -> list[str]:
    """Files and folders of the bot that others may read, write or enter."""
    open_ones = []
    for folder, _, names in os.walk(house.data):
        for path in (Path(folder), *(Path(folder, name) for name in names)):
            with contextlib.suppress(FileNotFoundError):  # it was deleted meanwhile
                status = path.lstat()
                mode = stat.S_IMODE(status.st_mode)
                if mode != (0o700 if stat.S_ISDIR(status.st_mode) else 0o600):
                    open_ones.append(f"{path.relative_to(house.data)} {mode:o}")
    return open_ones


async def train(house: House, content: bytes, says: str = "", **options: Any) -> None:
    """Let Max train from a file, and wait until that is answered with these words."""
    files = {"file": (f"{WORD}.txt", content)}
    await house.max.command("bots", "train", files=files, **options)
    await house.max.wait_for(lambda m: says in text_of(m))


async def carded(house: House, words: str, seconds: float = 60) -> dict[str, Any]:
    """The card that has come to say this."""
    return await house.mo.wait_for(lambda m: not is_private(m) and words in text_of(m), seconds)


async def live(house: House, checkpoint: Path) -> None:
    """Train, write, import, export, rename, read a channel, cancel."""
    max_ = house.max
    await train(house, TEXT.encode(), name=f"{WORD} one", minutes=0.1)
    learned = asyncio.create_task(carded(house, f"{WORD} one has learned"))
    while not learned.done():
        assert open_to_others(house) == []
        await asyncio.sleep(0.05)
    await learned
    written = await max_.command("bots", "generate", prompt=f"The {WORD}", stop=WORD, length=50)
    await max_.press(await posted(max_, written), "Continue")
    files = {"import": (f"{WORD}.safetensors", to_bytes(load(checkpoint)))}
    await posted(max_, await max_.command("bots", "models", files=files))
    shown = await posted(max_, await max_.command("bots", "models"))
    card = await posted(max_, await max_.choose(shown, None, f"{WORD} one"))
    await max_.submit(await max_.press(card, "Rename"), {"New name": f"{WORD} two"})
    await max_.press(card, "Export")
    await house.ada.command("bots", "train", channel=str(TAVERN), name=f"{WORD} tavern", minutes=5)
    await house.ada.press(await carded(house, f"{WORD} tavern is learning"), "Cancel")
    await carded(house, f"{WORD} tavern was canceled")


async def meet_a_bad_day(house: HouseAtHand) -> list[str]:
    """Let Discord fail once at each kind of answer; returns the tokens of the interactions."""
    tokens: list[str] = []
    for what in (r"POST .*/callback", r"PATCH .*/messages/@original"):
        house.sandbox.trouble = meeting(
            what,
            saying(unavailable),
            note=lambda request: tokens.append(request.match_info["token"]),
        )
        written = await house.max.command("bots", "generate", prompt=WORD)
        await posted(house.max, written)
    house.sandbox.trouble = None
    return tokens


async def fail(house: House) -> None:
    """Ask for what cannot be done, and let a run fail."""
    max_ = house.max
    await train(house, f"{WORD} is too short".encode(), "training needs at least")
    await train(house, b"\x00\x01\x02" + WORD.encode() * 999, "This file")
    await train(house, b"PK\x03\x04" + WORD.encode() * 999, "ZIP")
    await train(house, TEXT.encode(), "nobody can be chosen", authors=f"{WORD} alone")
    files = {"import": (f"{WORD}.safetensors", WORD.encode() * 999)}
    await max_.command("bots", "models", files=files)
    await max_.wait_for(lambda m: "This file cannot be imported" in text_of(m))
    await max_.command("bots", "generate", model=f"{WORD} three")
    await max_.command("bots", "generate", prompt=WORD, temperature=0.0, top_k=5)
    await train(house, TEXT.encode(), name=f"{WORD} first", minutes=5)
    first = await carded(house, f"### {WORD} first ")
    await train(house, TEXT.encode(), name=f"{WORD} breaks", minutes=5)
    await carded(house, f"### {WORD} breaks ")
    for corpus in (house.data / "runs").rglob("corpus.txt"):
        corpus.write_bytes(b"\xff" + corpus.read_bytes())
    await house.max.press(first, "Cancel")
    failed = await carded(house, f"{WORD} breaks could not be trained")
    assert "Cancel" not in labels(failed)


async def test_files_are_private_and_logs_hold_nothing_of_anybody(
    careless: HouseAtHand, tiny_checkpoint: Path
) -> None:
    await live(careless, tiny_checkpoint)
    tokens = await meet_a_bad_day(careless)
    await fail(careless)
    assert open_to_others(careless) == []
    logs = [careless.log, *careless.data.rglob("worker.log")]
    assert len(logs) >= 2
    await careless.stop()

    said = b"\n".join(log.read_bytes() for log in logs)

    assert b"Traceback" not in careless.log.read_bytes()
    assert b"is failed" in said, "or this would prove little"
    assert said.count(b"asked once more: 503") == 2
    assert [secret for secret in (*SECRETS, *tokens) if secret.encode() in said] == []
