"""/settings over the sandbox: what a server chooses holds at once, and after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.people import WRITING_GROUP
from bot.writing.forbidden import MASK
from tests.house import POEM, fenced, is_private, posted, private, refusal
from tests.sandbox_driver import RefusedByPageError, button, text_of

if TYPE_CHECKING:
    from tests.house import House
    from tests.sandbox_driver import Answer, Person

pytestmark = pytest.mark.slow

MODERATOR = str(WRITING_GROUP + 2)
WRITING, TALKING = "settings:writing", "settings:talking"
TRAINERS, LANGUAGE = "settings:trainers", "settings:language"


async def text_from(person: Person, answer: Answer) -> str:
    return fenced(await posted(person, answer))


async def changed(person: Person, card: dict[str, Any], part: str) -> dict[str, Any]:
    """The card, once it says this."""
    return await person.wait_for(lambda m: m["id"] == card["id"] and part in text_of(m))


def chosen(card: dict[str, Any], menu: str) -> list[str]:
    return [value["id"] for value in button(card, menu).get("default_values", [])]


async def test_a_server_chooses_where_who_and_how_often(library: House) -> None:
    """Only whoever manages it does; every menu works after a restart of the bot."""
    mo, max_, ada = library.mo, library.max, library.ada
    with pytest.raises(RefusedByPageError, match="do not have the permission"):
        await max_.command("bots", "settings")
    card = await private(mo, "settings")
    bots = mo.channel("bots")

    await mo.choose(card, WRITING, bots)
    await library.restart()
    await mo.choose(card, TRAINERS, MODERATOR)
    form = await mo.press(card, "settings:cooldowns")
    await mo.submit(form, {"write": "1 h", "train": "soon"})
    sentence = await mo.wait_for(lambda m: "is no waiting time" in text_of(m))
    await mo.submit(await mo.press(card, "settings:cooldowns"), {"write": "1 h", "train": ""})
    card = await changed(mo, card, "Between two texts for one person: **1 h 00 min**")

    assert is_private(sentence)
    assert chosen(card, WRITING) == [bots]
    assert chosen(card, TRAINERS) == [MODERATOR]
    assert f"<#{bots}>" in await refusal(max_, "generate", "general")
    files = {"file": ("poem.txt", POEM.encode())}
    assert f"<@&{MODERATOR}>" in await refusal(max_, "train", files=files)
    assert len(await text_from(max_, await max_.command("bots", "generate", length=40))) == 40
    assert "1 h 00 min between two texts" in await refusal(max_, "generate")
    assert await text_from(ada, await ada.command("bots", "generate"))

    await mo.choose(card, WRITING)
    card = await mo.wait_for(lambda m: m["id"] == card["id"] and not chosen(m, WRITING))
    assert "between two texts" in await refusal(max_, "generate", "general")


async def test_a_server_chooses_its_words_and_its_defaults(library: House) -> None:
    """Forbidden words never stand in a text, nor across the border to one that goes on."""
    mo, max_ = library.mo, library.max
    card = await private(mo, "settings")
    form = await mo.press(card, "settings:words")
    await mo.submit(form, {"words0": "*e*\n*a*\ntiger"})
    card = await changed(mo, card, "Words never written: **3**")
    form = await mo.press(card, "settings:defaults")
    await mo.submit(form, {"length": "60", "temperature": "1,2"})
    card = await changed(mo, card, "**60** characters at temperature **1.2**")
    form = await mo.press(card, "settings:words")
    assert form.modal is not None
    [shown] = [field["component"]["value"] for field in form.modal["components"][:1]]

    answer = await max_.command("bots", "generate", prompt="A tiger, ")
    message = await posted(max_, answer)
    went_on = await text_from(max_, await max_.press(message, "Continue"))

    text = fenced(message)
    assert shown.split() == ["*e*", "*a*", "tiger"]
    assert "temperature 1.2" in text_of(message)
    assert len(text) == len("A tiger, ") + 60
    assert text.startswith(f"{MASK} {MASK * 5}, ")
    assert not set("eaEA") & set(text + went_on)


async def test_the_card_speaks_the_language_that_was_chosen(library: House) -> None:
    card = await private(library.mo, "settings")

    await library.mo.choose(card, LANGUAGE, "Deutsch")
    await changed(library.mo, card, "Was dieser Server gewählt hat")
    assert "anderen Kanälen" not in await refusal(library.max, "models", use="nothing")
    await library.mo.choose(card, TALKING, library.mo.channel("general"))
    card = await library.mo.wait_for(lambda m: m["id"] == card["id"] and bool(chosen(m, TALKING)))

    assert "Server hat kein solches Modell" in await refusal(library.max, "models", use="nothing")
