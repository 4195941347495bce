"""Continue this text, in the menu of a message, over the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.house import fenced, is_private, labels, posted
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from tests.house import House

pytestmark = pytest.mark.slow

MENU = "Continue this text"


async def test_somebodys_text_is_written_on_and_not_kept(library: House) -> None:
    """Continue goes on from there after a restart; there is no button that needs the text."""
    said = await library.max.say("tavern", "The quick wombat of <#5> jumps " + "very " * 60)

    message = await posted(library.ada, await library.ada.menu(said, MENU))
    assert message["channel_id"] == library.ada.channel("tavern")
    assert fenced(message).startswith("…very very")
    assert len(fenced(message)) > 400
    assert labels(message) == ["Continue"]
    assert "does not know it" not in text_of(message)
    await library.restart()
    more = await posted(library.mo, await library.mo.press(message, "Continue"))

    assert len(fenced(more)) == 400
    assert labels(more) == ["Continue"]
    assert await library.stop() == 0
    kept = b"".join(path.read_bytes() for path in library.data.rglob("*") if path.is_file())
    assert b"wombat" not in kept
    assert b"very very" not in kept


async def test_a_text_of_the_bot_itself_is_written_on(library: House) -> None:
    first = await posted(
        library.ada, await library.ada.command("bots", "generate", length=30, seed=3)
    )

    message = await posted(library.max, await library.max.menu(first, MENU))

    assert fenced(message).startswith(fenced(first))
    assert len(fenced(message)) > 400


async def test_a_message_without_text_is_refused_privately(library: House) -> None:
    pictures = await library.max.say("bots", "", file=("cat.png", b"\x89PNG\r\n\x1a\n"))

    await library.ada.menu(pictures, MENU)

    refused = await library.ada.wait_for(is_private)
    assert "no text to go on from" in text_of(refused)


async def test_without_a_model_it_is_refused_privately(house: House) -> None:
    said = await house.max.say("bots", "Once upon a time")

    await house.ada.menu(said, MENU)

    refused = await house.ada.wait_for(is_private)
    assert "no model yet" in text_of(refused)
