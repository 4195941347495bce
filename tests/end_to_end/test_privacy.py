"""Deleting for good over the sandbox: no byte of it is left, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.people import ADA, MAX, MO
from model.checkpoint import load, to_bytes
from tests.house import House, add_model, labels, posted, private, rows, until
from tests.sandbox_driver import text_of
from tests.traces import traces

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.slow

WORD = "Quetzalcoatl"
"""Stands in everything that Max gives, and in nothing else."""

TEXT = f"{WORD} flew over the mountains, and nobody else did.\n" * 60
FANDOM = ("Fandom", "bots")


@pytest.fixture
async def shared(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[House]:
    """A bot that has something of Ada's and Max's here, and of Mo's in Fandom."""
    async with House.open(tmp_path) as house:
        await add_model(house, tiny_checkpoint, "Writing Group", "poems", ADA)
        await add_model(house, tiny_checkpoint, "Writing Group", f"{WORD} trained", MAX)
        await add_model(house, tiny_checkpoint, "Fandom", "fan fiction", MO)
        await house.start()
        yield house
    assert "Traceback" not in house.log.read_text()


async def give(house: House, checkpoint: Path) -> None:
    """Max writes, imports, lets one run train and another one wait."""
    max_ = house.max
    await posted(max_, await max_.command("bots", "generate", prompt=f"The {WORD}", stop=WORD))
    files = {"import": (f"{WORD}.safetensors", to_bytes(load(checkpoint)))}
    await posted(max_, await max_.command("bots", "models", files=files))
    for number in (1, 2):
        files = {"file": (f"{WORD}.txt", TEXT.encode())}
        name = f"{WORD} {number}"
        await max_.command("bots", "train", files=files, minutes=5, name=name)
        await said(house, f"### {name} ")


async def said(house: House, words: str) -> None:
    """Wait until it can be read, by everybody."""
    await house.ada.wait_for(lambda m: words in text_of(m))


async def test_what_one_gave_is_deleted_to_the_last_byte(
    shared: House, tiny_checkpoint: Path
) -> None:
    await give(shared, tiny_checkpoint)
    await shared.ada.wait_for(lambda m: " left\n" in text_of(m), 60)
    [worker] = shared.workers()
    shown = await private(shared.max, "privacy")
    assert labels(shown) == ["Leave me out", "Delete what I gave"]
    await shared.max.press(shown, "Leave me out")

    await shared.max.press(shown, "Delete what I gave")
    asked = text_of(shared.max.messages[shown["id"]])
    assert f"**2 models**, for the whole server: **{WORD} trained** and **{WORD}**" in asked
    assert "**3 trainings** with their texts" in asked
    assert traces(shared.data, WORD), "nothing has happened yet"
    await shared.max.press(shown, "Yes, delete")

    await shared.max.wait_for(lambda m: "All that you gave to this server is deleted" in text_of(m))
    assert traces(shared.data, WORD, TEXT[:40]) == []
    assert not worker.is_running()
    for number in (1, 2):
        await said(shared, f"{WORD} {number} was canceled")
    listed = text_of((await shared.max.command("bots", "models")).message or {})
    assert "**poems** · in use" in listed
    assert WORD not in listed
    again = await private(shared.max, "privacy")
    assert "left out" in text_of(again)
    await shared.max.press(again, "Delete what I gave")
    await shared.max.wait_for(lambda m: "Nothing of yours is kept" in text_of(m))


async def test_what_was_not_named_is_asked_about_before_it_goes(
    shared: House, tiny_checkpoint: Path
) -> None:
    shown = await private(shared.max, "privacy")
    await shared.max.press(shown, "Delete what I gave")
    files = {"import": (f"{WORD}.safetensors", to_bytes(load(tiny_checkpoint)))}
    await posted(shared.max, await shared.max.command("bots", "models", files=files))

    await shared.max.press(shown, "Yes, delete")

    asked = text_of(shared.max.messages[shown["id"]])
    assert "It is not the same as before" in asked
    assert f"**{WORD} trained** and **{WORD}**" in asked
    assert traces(shared.data, WORD), "nothing has happened yet"
    await shared.max.press(shown, "Yes, delete")
    await shared.max.wait_for(lambda m: "All that you gave to this server is deleted" in text_of(m))
    assert traces(shared.data, WORD) == []


async def test_everything_of_a_server_is_deleted_once_the_word_is_typed(
    shared: House, tiny_checkpoint: Path
) -> None:
    await give(shared, tiny_checkpoint)
    assert "Delete everything of this server" not in labels(await private(shared.max, "privacy"))
    shown = await private(shared.mo, "privacy")

    form = await shared.mo.press(shown, "Delete everything of this server")
    wrong = await shared.mo.submit(form, {"word": "no"})
    assert "Nothing was deleted; to confirm it, please type exactly “delete”." in text_of(
        wrong.message or {}
    )
    assert traces(shared.data, WORD)
    form = await shared.mo.press(shown, "Delete everything of this server")
    await shared.mo.submit(form, {"word": "Delete"})

    await shared.mo.wait_for(lambda m: "Everything of this server is deleted" in text_of(m))
    group = next(g["id"] for g in shared.ada.state["guilds"] if g["name"] == "Writing Group")
    assert traces(shared.data, WORD, "poems") == []
    assert rows_of(shared, int(group)) <= {"memberships"}
    nothing = await shared.ada.command("bots", "models")
    assert "no model yet" in text_of(nothing.message or {})
    assert "fan fiction" in text_of((await shared.ada.command(FANDOM, "models")).message or {})


async def test_a_bot_that_is_killed_while_it_deletes_completes_it_when_it_starts(
    shared: House, tiny_checkpoint: Path
) -> None:
    await give(shared, tiny_checkpoint)
    await shared.new_worker()
    shown = await private(shared.max, "privacy")
    await shared.max.press(shown, "Delete what I gave")
    pressed = asyncio.create_task(shared.max.press(shown, "Yes, delete"))
    await until(lambda: has_begun(shared))
    await shared.kill()
    await pressed
    await shared.start()

    assert traces(shared.data, WORD) == []
    assert "poems" in text_of((await shared.max.command("bots", "models")).message or {})


async def test_a_server_that_the_bot_has_left_is_forgotten_and_an_outage_forgets_nothing(
    shared: House, tiny_checkpoint: Path
) -> None:
    await give(shared, tiny_checkpoint)
    worker = await shared.new_worker()

    await shared.ada.keep_bot("Fandom", "unavailable")
    await shared.ada.keep_bot("Writing Group", "gone")

    await until(lambda: not traces(shared.data, WORD, "poems"))
    assert not worker.is_running()
    assert traces(shared.data, "fan fiction")
    await shared.restart()
    assert traces(shared.data, "fan fiction"), "it is still there, though unavailable"
    await shared.ada.keep_bot("Fandom", "here")
    assert "fan fiction" in text_of((await shared.ada.command(FANDOM, "models")).message or {})
    await shared.stop()

    await shared.ada.keep_bot("Fandom", "gone")
    await shared.start()

    await until(lambda: not traces(shared.data, "fan fiction"))
    assert list((shared.data / "checkpoints").iterdir()) == []


def has_begun(house: House) -> bool:
    """Whether the bot has noted that it is to delete something."""
    return bool(rows(house, "SELECT * FROM purges"))


def rows_of(house: House, guild_id: int) -> set[str]:
    """The tables that have rows of a guild."""
    tables = rows(
        house,
        "SELECT each.name FROM sqlite_schema AS each JOIN pragma_table_info(each.name) AS its "
        "WHERE each.type = 'table' AND its.name = 'guild_id'",
    )
    return {
        table
        for (table,) in tables
        if rows(house, f"SELECT 1 FROM {table} WHERE guild_id = ?", guild_id)  # noqa: S608 - of the schema
    }
