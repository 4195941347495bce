"""/models over the sandbox: pages, orders, search, cards, checkpoints, imports."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.people import ADA, MAX
from model.checkpoint import from_bytes
from tests.house import House, add_checkpoint, add_model, is_private, labels, posted
from tests.sandbox_driver import button, components, text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

FANDOM = ("Fandom", "bots")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63606060000000040001f61738550000000049454e44ae426082"
)
"""The smallest picture that is a PNG."""


@pytest.fixture
async def shelf(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[House]:
    """23 models in the Writing Group, `poem 12` the best of them, each with its curve."""
    async with House.open(tmp_path) as house:
        for number in range(23):
            await add_model(
                house,
                tiny_checkpoint,
                "Writing Group",
                f"{'poem' if number % 2 == 0 else 'prose'} {number:02}",
                MAX if number < 12 else ADA,
                curve=PIXEL,
                loss=1.0 if number == 12 else 2.0,
            )
        await house.start()
        yield house
    assert "Traceback" not in house.log.read_text()


def names(message: dict[str, Any]) -> list[str]:
    """The models of a list, from top to bottom."""
    [menu] = [part for part in components(message) if part.get("placeholder") == "Look at a model"]
    return [option["label"] for option in menu["options"]]


async def opened(person: Person) -> dict[str, Any]:
    return await posted(person, await person.command("bots", "models"))


async def pressed(person: Person, message: dict[str, Any], label: str) -> dict[str, Any]:
    """The message after a press that changes it."""
    await person.press(message, label)
    return person.messages[message["id"]]


async def ordered(person: Person, message: dict[str, Any], order: str) -> dict[str, Any]:
    custom_id = next(
        part["custom_id"]
        for part in components(person.messages[message["id"]])
        if part.get("custom_id", "").startswith("models:order")
    )
    await person.choose(message, custom_id, order)
    return person.messages[message["id"]]


async def searched(person: Person, message: dict[str, Any], text: str) -> dict[str, Any]:
    form = await person.press(message, "Search")
    await person.submit(form, {"A part of the name": text})
    return person.messages[message["id"]]


async def test_models_are_leafed_through(shelf: House) -> None:
    first = await opened(shelf.max)
    assert is_private(first)
    assert "23 models · newest first · page 1 of 3" in text_of(first)
    assert button(first, "Previous")["disabled"]
    seen = names(first)

    second = await pressed(shelf.max, first, "Next")
    seen += names(second)
    third = await pressed(shelf.max, second, "Next")
    seen += names(third)

    assert seen == [f"{'poem' if n % 2 == 0 else 'prose'} {n:02}" for n in range(22, -1, -1)]
    assert button(third, "Next")["disabled"]
    assert names(await pressed(shelf.max, third, "Previous")) == seen[10:20]


async def test_models_are_sorted(shelf: House) -> None:
    await shelf.max.command("bots", "generate", model="prose 03", length=1)
    message = await opened(shelf.max)

    assert names(await ordered(shelf.max, message, "Best first"))[:2] == ["poem 12", "poem 22"]
    assert names(await ordered(shelf.max, message, "By name"))[:2] == ["poem 00", "poem 02"]
    used = await ordered(shelf.max, message, "Most recently used first")
    assert names(used)[:2] == ["prose 03", "poem 22"]


async def test_models_are_searched_and_the_search_lasts(shelf: House) -> None:
    """Through a sort, a card and a restart of the bot, back to the list."""
    message = await searched(shelf.max, await opened(shelf.max), "PROSE")
    assert "11 models with “PROSE” in the name" in text_of(message)
    message = await ordered(shelf.max, message, "By name")
    message = await pressed(shelf.max, message, "Next")
    assert names(message) == ["prose 21"]
    await shelf.restart()
    await shelf.max.choose(message, None, "prose 21")
    card = shelf.max.messages[message["id"]]

    back = await pressed(shelf.max, card, "All models")

    assert names(back) == ["prose 21"]
    none = await searched(shelf.max, back, "nothing")
    assert "0 models with “nothing” in the name" in text_of(none)
    assert len(names(await pressed(shelf.max, none, "Show all"))) == 10


async def test_a_card_shows_the_curve_and_gives_it_up_again(shelf: House) -> None:
    message = await opened(shelf.max)
    await shelf.max.choose(message, None, "poem 22")
    card = shelf.max.messages[message["id"]]

    [gallery] = [part for part in components(card) if part["type"] == 12]
    url = gallery["items"][0]["media"]["url"]
    assert await shelf.max.download({"url": url}) == PIXEL
    assert labels(card) == ["Use", "Rename", "Export", "Delete", "All models"]
    assert button(card, "Use")["disabled"], "it is the current one"
    assert f"Trained by <@{ADA}>" in text_of(card)
    back = await pressed(shelf.max, card, "All models")
    assert not [part for part in components(back) if part["type"] == 12]
    assert back["attachments"] == []


async def test_a_model_goes_back_to_an_older_checkpoint(
    tmp_path: Path, tiny_checkpoint: Path
) -> None:
    async with House.open(tmp_path) as house:
        model_id = await add_model(house, tiny_checkpoint, "Writing Group", "poems", MAX)
        await add_checkpoint(house, model_id, tiny_checkpoint, step=500)
        await house.start()
        message = await opened(house.max)
        await house.max.choose(message, None, "poems")
        card = house.max.messages[message["id"]]
        assert "2.16 bits per character" in text_of(card)

        await house.max.choose(card, None, "Step 3")

        card = house.max.messages[message["id"]]
        assert "writes with its checkpoint of step 3 now" in text_of(card)
        assert "2.89 bits per character" in text_of(card)


async def exported(house: House, name: str) -> bytes:
    message = await opened(house.max)
    await house.max.choose(message, None, name)
    await house.max.press(message, "Export")
    sent = await house.max.wait_for(lambda m: m["attachments"])
    return await house.max.download(sent["attachments"][0])


async def imported(house: House, content: bytes, **options: Any) -> dict[str, Any]:
    """What Max is answered with who imports a file in the other server."""
    seen = set(house.max.messages)
    files = {"import": ("poems.safetensors", content)}
    answer = await house.max.command(FANDOM, "models", files=files, **options)
    assert not answer.failed
    found = await house.max.wait_for(lambda m: m["id"] not in seen and text_of(m))
    assert is_private(found)
    return found


async def test_an_exported_model_is_imported_and_writes_the_same(library: House) -> None:
    content = await exported(library, "poems")

    card = await imported(library, content)

    assert "**poems** is imported" in text_of(card)
    assert f"Imported by <@{MAX}>" in text_of(card)
    assert "without its loss curve" in text_of(card)
    assert not [part for part in components(card) if part["type"] == 12]
    second = await imported(library, content)
    assert "**poems 2** is imported" in text_of(second)
    named = await imported(library, content, name="Verse")
    assert "**Verse** is imported" in text_of(named)
    taken = await imported(library, content, name="VERSE")
    assert "already has a model called" in text_of(taken)

    options: dict[str, Any] = {"model": "poems", "seed": 5, "length": 100}
    here = await posted(library.max, await library.max.command("bots", "generate", **options))
    there = await posted(library.max, await library.max.command(FANDOM, "generate", **options))
    assert text_of(here) == text_of(there)
    current = await library.max.command(FANDOM, "generate", length=1)
    assert "fan fiction" in text_of(await posted(library.max, current)), "it replaces nothing"


async def test_hostile_files_are_refused_in_one_sentence(library: House) -> None:
    content = await exported(library, "poems")
    files = set((library.data / "checkpoints").iterdir())
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8 : 8 + length])
    weights = content[8 + length :]

    def changed(**metadata: str) -> bytes:
        whole = header | {"__metadata__": header["__metadata__"] | metadata}
        data = json.dumps(whole).encode()
        return struct.pack("<Q", len(data)) + data + weights

    lying = json.loads(header["__metadata__"]["char_wgu"])
    lying["config"] |= {"hidden_size": 8192, "layers": 16}
    hostile = [
        (b"once upon a time " * 99, "it has no header of this program"),
        (b"\x80\x04K\x01." * 99, "it has no header of this program"),
        (content[:-1], "its tensors are damaged"),
        (content + b"\0", "its tensors are damaged"),
        (struct.pack("<Q", 2**62) + content[8:], "it has no header of this program"),
        (changed(format="pt"), "its header holds more than this program writes"),
        (changed(char_wgu=json.dumps(lying)), "its tensors are not those of its network"),
        (content[:-4] + struct.pack("<f", float("nan")), "holds numbers that are not finite"),
        (content[:-4] + struct.pack("<f", float("inf")), "holds numbers that are not finite"),
        (b"", "This file is empty"),
    ]
    for data, reason in hostile:
        refused = text_of(await imported(library, data))
        assert reason in refused
        assert "\n" not in refused

    assert set((library.data / "checkpoints").iterdir()) == files
    assert list((library.data / "runs").iterdir()) == []
    assert from_bytes(content).base == "poems"


async def test_options_that_do_not_go_together_are_refused(library: House) -> None:
    both = await imported(library, b"x" * 99, use="fan fiction")
    assert "leave out use or import" in text_of(both)
    alone = await library.max.command("bots", "models", name="Verse")
    assert "press Rename on its card" in text_of(alone.message or {})
