"""A server whose language at Discord is German gets everything in German."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.people import ADA
from tests.house import POEM, House, add_model, is_private, labels, posted
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.slow

GERMAN = ("Schreibwerkstatt", "bots")
BUTTONS = ["Fortsetzen", "Noch einmal", "Heißer", "Kälter", "Anfang ändern"]


@pytest.fixture
async def workshop(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[House]:
    """A house with a model on the German server and one on an English one."""
    async with House.open(tmp_path) as house:
        await add_model(house, tiny_checkpoint, "Schreibwerkstatt", "Gedichte", ADA)
        await add_model(house, tiny_checkpoint, "Writing Group", "poems", ADA)
        await house.start()
        yield house
    assert "Traceback" not in house.log.read_text()


async def card(house: House, *words: str) -> dict[str, Any]:
    """The card of the training on the German server, once these words stand on it."""

    def shown(message: dict[str, Any]) -> bool:
        text = text_of(message)
        return "### Tyger " in text and all(word in text for word in words)

    return await house.mo.wait_for(lambda m: not is_private(m) and shown(m), 60)


def stands_in(heading: str, message: dict[str, Any]) -> bool:
    return heading in text_of(message)


async def test_a_german_server_is_spoken_to_in_german(workshop: House) -> None:
    """Texts, lists, cards, refusals, forms; the server beside it stays English."""
    written = await posted(workshop.max, await workshop.max.command(GERMAN, "generate", length=9))
    listed = await workshop.ada.command(GERMAN, "models")
    refused = await workshop.max.command(GERMAN, "generate", model="Verse")
    form = await workshop.max.press(written, "Anfang ändern")
    short = {"file": ("short.txt", b"a b" * 300)}
    seen = set(workshop.max.messages)
    await workshop.max.command(GERMAN, "train", files=short)
    untrained = await workshop.max.wait_for(lambda m: m["id"] not in seen and "900" in text_of(m))
    english = await posted(workshop.max, await workshop.max.command("bots", "generate", length=9))

    assert "-# Gedichte · Temperatur 0,8 · Seed " in text_of(written)
    assert labels(written) == BUTTONS
    assert "Die Modelle dieses Servers\n-# 1 Modell" in text_of(listed.message or {})
    assert "Bit pro Zeichen · aus 2.160 Zeichen" in text_of(listed.message or {})
    assert "Dieser Server hat kein solches Modell" in text_of(refused.message or {})
    assert "das Training braucht mindestens 1.000" in text_of(untrained)
    assert form.modal is not None
    assert form.modal["title"] == "Anfang ändern"
    assert "-# poems · temperature 0.8 · seed " in text_of(english)


async def test_the_card_of_a_training_speaks_german_after_a_restart_too(workshop: House) -> None:
    files = {"file": ("Tyger.txt", POEM.encode())}
    begun = await workshop.max.command(GERMAN, "train", files=files, minutes=5)
    await workshop.max.wait_for(
        lambda m: m["id"] == (begun.message or {})["id"] and "**Tyger** lernt daraus" in text_of(m)
    )
    learning = await card(workshop, "### Tyger lernt", "Reiner Text (UTF-8): ", "Bit pro Zeichen")
    await workshop.restart()
    await card(workshop, "### Tyger macht weiter", "Der Bot wurde neu gestartet")
    learning = await card(workshop, "### Tyger lernt", "Bit pro Zeichen")
    await workshop.max.press(learning, "Abbrechen")
    canceled = await card(workshop, "### Tyger wurde abgebrochen")

    assert labels(learning) == ["Jetzt beenden", "Abbrechen"]
    assert labels(canceled) == []


async def test_trainings_follow_when_the_server_chooses_a_language(workshop: House) -> None:
    """The one that waits too, though it has no news."""
    for name in ("Lamb", "Tyger"):
        files = {"file": (f"{name}.txt", POEM.encode())}
        await workshop.max.command(GERMAN, "train", files=files, minutes=5)
        heading = f"### {name} "  # its turn comes once its file has been read
        await workshop.mo.wait_for(partial(stands_in, heading), 60)
    await card(workshop, "### Tyger wartet, bis es dran ist\nEin Training kommt vorher.")

    settings = await workshop.ada.command(GERMAN, "settings")
    changed = await workshop.ada.choose(settings.message or {}, "settings:language", "English")

    assert "### What this server has chosen" in text_of(changed.message or {})
    await card(workshop, "### Tyger waits for its turn\nOne training comes first.")
