"""Exports of a chat over the sandbox: several files, some people, their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exports import ANN, BOB, ROBOT, exporter_json, message
from tests.house import is_private
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from tests.house import House

pytestmark = pytest.mark.slow

PEOPLE = (ANN, BOB, ROBOT)
SAID = [message(f"this is what I have to say {n}", n, PEOPLE[n % 3]) for n in range(180)]
FILES = {
    "file": ("March: general.json", exporter_json(SAID[:120])),
    "file3": ("April.json", exporter_json(SAID[60:])),
}


async def test_overlapping_exports_are_joined_and_somebody_is_chosen(house: House) -> None:
    """Somebody who wrote nothing is refused in one private sentence, and nothing is left."""
    refused = await house.max.command("bots", "train", files=FILES, authors="Bobo", names=True)
    assert not refused.failed
    sentence = await house.max.wait_for(lambda m: is_private(m) and text_of(m))
    assert text_of(sentence).startswith("Nobody called Bobo wrote in it; the nearest: Bob")
    assert list((house.data / "runs").iterdir()) == []
    assert not any("Bob" in text_of(m) for m in house.mo.messages.values())

    answer = await house.max.command(
        "bots", "train", files=FILES, authors="Bob", names=True, minutes=5
    )
    assert not answer.failed
    found = await house.max.wait_for(lambda m: is_private(m) and "messages" in text_of(m))
    assert text_of(found).startswith(
        "DiscordChatExporter JSON (2 files): 60 messages by 1 person, 180 left out: "
    )
    [run] = (house.data / "runs").iterdir()
    expected = "".join(f"Bob: this is what I have to say {n}\n" for n in range(1, 180, 3))
    assert (run / "corpus.txt").read_text(encoding="utf-8") == expected
    assert not [path for path in run.iterdir() if path.name.startswith("File")]
    assert "Bob" not in house.log.read_text()
    await house.mo.wait_for(lambda m: not is_private(m) and "general" in text_of(m))
