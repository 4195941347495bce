"""From a text to a voice: train, generate, continue after a restart, all over the sandbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.house import BUTTONS, POEM, fenced, is_private, labels, posted
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from tests.house import House

pytestmark = pytest.mark.slow


async def test_a_text_becomes_a_model_that_writes(house: House) -> None:
    """The main job, from the attachment to a continued text, with a restart in between."""
    answer = await house.max.command(
        "bots", "train", files={"file": ("Tyger.txt", POEM.encode())}, minutes=0.3
    )
    assert not answer.failed
    found = await house.max.wait_for(lambda m: is_private(m) and "characters" in text_of(m))
    assert f"{len(POEM):,} characters" in text_of(found)

    progress = await house.ada.wait_for(lambda m: "Tyger" in text_of(m))
    assert labels(progress) == ["Cancel"]
    assert not is_private(progress)
    training = await house.ada.wait_for(lambda m: "bits per character" in text_of(m), 60)
    assert re.search(r"\d %\*\* · .* left\n\*\*\d.*bits per character", text_of(training))
    assert f"{len(POEM):,} characters" in text_of(training)
    assert labels(training) == ["Finish now", "Cancel"]
    finished = await house.ada.wait_for(
        lambda m: m["id"] == progress["id"] and labels(m) == ["Generate", "Train longer"], 60
    )
    assert [a["filename"] for a in finished["attachments"]] == ["loss.png"]
    assert all(f"Temperature {t}\n```" in text_of(finished) for t in (0.5, 0.8, 1.1))
    assert "/generate" in text_of(finished)
    assert fenced(finished), "a first sample"

    whole = await generate(house, length=400)
    head = await generate(house, length=200)
    assert len(fenced(whole)) == len("Tyger") + 400
    assert fenced(await generate(house, length=400)) == fenced(whole)

    await house.restart()

    tail = await posted(house.max, await house.max.press(head, "Continue"))
    assert fenced(head) + fenced(tail) == fenced(whole)
    other = await posted(house.max, await house.max.press(head, "Again"))
    assert fenced(other).startswith("Tyger")
    assert "seed 5" in text_of(tail)
    assert not re.search(r"seed 5\b", text_of(other)), (
        "another draw, though a short poem is soon known by heart"
    )


async def generate(house: House, **options: Any) -> dict[str, Any]:
    """What /generate answers Max with."""
    answer = await house.max.command("bots", "generate", seed=5, prompt="Tyger", **options)
    message = await posted(house.max, answer)
    assert labels(message) == BUTTONS
    return message
