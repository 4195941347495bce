"""Models over the sandbox: list, switch, rename, delete, export, and who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from model.checkpoint import from_bytes
from tests.house import BUTTONS, fenced, is_private, labels, posted
from tests.sandbox_driver import components, text_of

if TYPE_CHECKING:
    from tests.house import House
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

FANDOM = ("Fandom", "bots")


async def card(person: Person, name: str) -> dict[str, Any]:
    """The card of a model, as one gets to it by hand."""
    listed = await posted(person, await person.command("bots", "models"))
    chosen = await person.choose(listed, None, name)
    return await posted(person, chosen)


async def test_models_lists_what_the_server_has_and_switches(library: House) -> None:
    listed = await library.max.command("bots", "models")
    assert is_private(listed.message)
    text = text_of(listed.message or {})
    assert "Verse** · in use" in text
    assert "poems" in text
    assert "2.89" in text, "bits per character"
    assert "2,160 characters" in text
    assert "fan fiction" not in text

    shown = await card(library.mo, "poems")
    assert labels(shown) == ["Use", "Rename", "Export", "Delete", "All models"]
    used = await posted(library.mo, await library.mo.press(shown, "Use"))

    assert "writes with **poems** now" in text_of(used)
    written = await posted(library.max, await library.max.command("bots", "generate"))
    assert "poems · temperature 0.8" in text_of(written)


async def test_use_switches_at_once_in_any_case(library: House) -> None:
    switched = await library.ada.command("bots", "models", use="POEMS")

    assert is_private(switched.message)
    assert "writes with **poems** now" in text_of(switched.message or {})


async def test_a_model_is_renamed_in_a_form(library: House) -> None:
    shown = await card(library.max, "Verse")
    form = await library.max.press(shown, "Rename")

    taken = await library.max.submit(form, {"New name": "POEMS"})
    assert "already has a model called" in text_of(taken.message or {})
    form = await library.max.press(shown, "Rename")
    renamed = await library.max.submit(form, {"New name": "ভালো কবিতা"})

    assert "**ভালো কবিতা**" in text_of(await posted(library.max, renamed))
    found = await library.max.autocomplete("bots", "generate", "model", "কবি")
    assert [choice["name"] for choice in found or []] == ["ভালো কবিতা"]


async def test_a_deleted_model_is_gone_with_its_file_and_its_texts_say_so(
    library: House,
) -> None:
    written = await posted(library.max, await library.max.command("bots", "generate"))
    files = set((library.data / "checkpoints").iterdir())
    shown = await card(library.max, "Verse")
    asked = await posted(library.max, await library.max.press(shown, "Delete"))
    assert labels(asked) == ["Yes, delete", "Keep"]
    kept = await posted(library.max, await library.max.press(asked, "Keep"))
    assert "Verse" in text_of(kept)
    asked = await posted(library.max, await library.max.press(kept, "Delete"))

    await library.max.press(asked, "Yes, delete")

    await library.max.wait_for(lambda m: "**Verse** is deleted" in text_of(m))
    assert len(files - set((library.data / "checkpoints").iterdir())) == 1
    refused = await library.max.press(written, "Continue")
    assert is_private(refused.message)
    assert "is gone; choose another one with /models" in text_of(refused.message or {})
    fallback = await posted(library.max, await library.max.command("bots", "generate"))
    assert "poems" in text_of(fallback), "the newest model left is the current one"


async def test_an_exported_checkpoint_is_the_model(library: House) -> None:
    shown = await card(library.max, "poems")

    await library.max.press(shown, "Export")

    sent = await library.max.wait_for(lambda m: m["attachments"])
    assert sent["attachments"][0]["filename"] == "poems.safetensors"
    assert is_private(sent)
    checkpoint = from_bytes(await library.max.download(sent["attachments"][0]))
    assert checkpoint.base == "poems"


@pytest.mark.parametrize(
    ("label", "action"), [("Use", "switch"), ("Rename", "rename"), ("Delete", "delete")]
)
async def test_a_member_changes_only_models_of_their_own(
    library: House, label: str, action: str
) -> None:
    """Max trained `Verse`; `poems` is Ada's."""
    shown = await card(library.max, "poems")

    refused = await library.max.press(shown, label)

    assert is_private(refused.message)
    assert "Only the person who made it" in text_of(refused.message or {})
    assert action in text_of(refused.message or {})
    typed = await library.max.command("bots", "models", use="poems")
    assert "Only the person who made it" in text_of(typed.message or {})
    listed = await library.max.command("bots", "models")
    assert "Verse** · in use" in text_of(listed.message or {})


async def test_a_server_never_sees_another_s_models(library: House) -> None:
    listed = await library.ada.command(FANDOM, "models")
    suggested = await library.ada.autocomplete(FANDOM, "generate", "model")
    typed = await library.ada.command(FANDOM, "generate", model="poems")

    assert "poems" not in text_of(listed.message or {})
    assert [choice["name"] for choice in suggested or []] == ["fan fiction"]
    assert "no such model" in text_of(typed.message or {})
    assert is_private(typed.message)


async def test_a_long_text_comes_as_a_file(library: House) -> None:
    answer = await library.max.command("bots", "generate", length=2500, seed=1)

    message = await posted(library.max, answer)
    [attachment] = message["attachments"]
    assert attachment["filename"].endswith(".txt")
    assert len((await library.max.download(attachment)).decode()) == 2500
    assert labels(message) == BUTTONS


async def test_a_prompt_s_unknown_characters_are_reported(library: House) -> None:
    answer = await library.max.command("bots", "generate", prompt="The \N{SNOWMAN}@everyone <@1>")

    message = await posted(library.max, answer)
    assert "Left out of the prompt" in text_of(message)
    assert "\N{SNOWMAN}" in fenced(message)
    assert message["mentions"] == []
    assert not message["mention_everyone"]


async def test_old_buttons_work_after_a_restart(library: House) -> None:
    shown = await card(library.max, "poems")
    form = await library.max.press(await card(library.max, "Verse"), "Rename")

    await library.restart()

    sent = await library.max.press(shown, "Export")
    assert not sent.failed
    renamed = await library.max.submit(form, {"New name": "later"})
    assert "**later**" in text_of(await posted(library.max, renamed))
    assert [part for part in components(shown) if part["type"] == 2]
