"""The card of a run over the sandbox: what it shows, its buttons, and what may happen to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from model.checkpoint import load
from tests.browser import browsing, needs_chromium
from tests.house import POEM, fenced, is_private, labels, posted, train
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from tests.house import House
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

ENDED = ["Generate", "Train longer"]
LEARNING = ["Finish now", "Cancel"]


async def until(person: Person, card: dict[str, Any], buttons: list[str]) -> dict[str, Any]:
    return await person.wait_for(lambda m: m["id"] == card["id"] and labels(m) == buttons, 60)


async def test_a_run_is_watched_finished_early_written_with_and_trained_longer(
    house: House,
) -> None:
    """With a restart of the bot after each step, which no button notices."""
    card = await train(house.max, "Tyger", minutes=5)
    shown = await house.mo.wait_for(
        lambda m: m["id"] == card["id"] and "What it writes after" in text_of(m), 60
    )
    assert labels(shown) == LEARNING
    assert f"{len(POEM):,} characters" in text_of(shown)
    assert fenced(shown)

    await house.restart()
    await house.mo.wait_for(
        lambda m: m["id"] == card["id"] and "### Tyger goes on\nThe bot was rest" in text_of(m), 60
    )
    again = await house.mo.wait_for(  # with enough learned to be shown, on any machine
        lambda m: m["id"] == card["id"] and "What it writes after" in text_of(m), 60
    )
    assert labels(again) == LEARNING
    allowed = await house.ada.press(again, "Finish now")
    assert "keeps the best" in text_of(allowed.message or {}), "Ada manages the server"
    ended = await until(house.max, card, ENDED)
    assert ", down from " in text_of(ended)
    assert "Somebody ended it early" in text_of(ended)
    assert all(f"Temperature {t}\n```" in text_of(ended) for t in (0.5, 0.8, 1.1))
    [curve] = ended["attachments"]
    assert (await house.max.download(curve)).startswith(b"\x89PNG")

    await house.restart()
    written = await posted(house.mo, await house.mo.press(ended, "Generate"))
    assert "Tyger · temperature 0.8" in text_of(written)
    assert len(fenced(written)) == 400

    form = await house.max.press(ended, "Train longer")
    wrong = await house.max.submit(form, {"Minutes": "many"})
    assert "as a number" in text_of(wrong.message or {})
    form = await house.max.press(ended, "Train longer")
    await house.max.submit(form, {"Minutes": "0,1"})
    longer = await house.mo.wait_for(
        lambda m: not is_private(m) and m["id"] != card["id"] and "### Tyger " in text_of(m), 20
    )
    await until(house.mo, longer, ENDED)
    first, second = sorted((house.data / "checkpoints").glob("*.safetensors"), key=mtime)
    assert load(second).base is not None
    assert load(first).base is None
    listed = await house.max.command("bots", "models")
    assert text_of(listed.message or {}).count("Tyger") == 1, "one model, two checkpoints"


def mtime(path: Path) -> float:
    return path.stat().st_mtime


async def test_only_who_may_cancel_a_run_may_finish_it(house: House) -> None:
    """And before anything is learned nobody may: there is nothing to keep."""
    card = await train(house.ada, "Tyger", minutes=5)
    waiting = await train(house.ada, "Lamb", minutes=5)
    shown = await until(house.max, card, LEARNING)

    refused = await house.max.press(shown, "Finish now")

    assert is_private(refused.message)
    assert "Only the person who made it" in text_of(refused.message or {})
    assert labels(house.max.messages[waiting["id"]]) == ["Cancel"]


async def test_a_text_that_is_no_longer_kept_is_asked_for_again(house: House) -> None:
    await house.restart(CHARWGU_CORPUS_HOURS="0")
    ended = await until(house.max, await train(house.max, "Tyger", minutes=0.1), ENDED)

    answer = await house.max.press(ended, "Train longer")

    assert answer.modal is None
    assert is_private(answer.message)
    assert "use /train with the same file or channel again and choose Tyger" in text_of(
        answer.message or {}
    )


async def test_a_deleted_card_comes_back_at_the_end(house: House) -> None:
    card = await train(house.max, "Tyger", minutes=0.1)

    await house.max.wait_for(lambda m: m["id"] == card["id"])
    await house.mo.delete(card)

    back = await house.max.wait_for(lambda m: labels(m) == ENDED, 60)
    assert back["id"] != card["id"]
    assert "### Tyger has learned to write" in text_of(back)
    assert back["attachments"]
    assert (await house.max.press(back, "Generate")).message


@pytest.mark.parametrize("access", ["gone", "barred"])
async def test_who_started_a_run_is_told_when_the_channel_is_lost(
    house: House, access: str
) -> None:
    """Directly, and nobody else; the model is there."""
    card = await train(house.max, "Tyger", minutes=0.1)

    await house.ada.leave_bot("bots", access)

    told = await house.max.wait_for(
        lambda m: m["channel_id"] != card["channel_id"] and "has learned to write" in text_of(m), 60
    )
    assert labels(told) == []
    assert "may no longer post in <#" in text_of(told)
    assert told["attachments"]
    assert told["id"] not in house.ada.messages
    listed = await house.max.command("general", "models")
    assert "Tyger" in text_of(listed.message or {})


async def test_where_the_bot_may_no_longer_speak_the_card_still_ends(house: House) -> None:
    """What it has said it may edit; a picture it may not send."""
    card = await train(house.max, "Tyger", minutes=0.1)

    await house.ada.leave_bot("bots", "silent")

    ended = await until(house.max, card, ENDED)
    assert "has learned to write" in text_of(ended)
    assert ended["attachments"] == []


@needs_chromium
async def test_a_run_is_watched_and_carried_on_by_mouse(house: House, tmp_path: Path) -> None:
    """Train, watch it spell, Finish now, Generate, Train longer: all on the page."""
    text = tmp_path / "Tyger.txt"
    text.write_text(POEM, encoding="utf-8")
    async with browsing(house.base) as page:
        await page.get_by_label("Message #bots").fill("/train")
        await page.keyboard.press("Enter")
        await page.locator("input[type=file]").first.set_input_files(text)
        await page.get_by_role("button", name="Add option minutes").click()
        await page.keyboard.type("5")
        await page.keyboard.press("Enter")

        await card(page, "is learning").get_by_text("What it writes after").wait_for(timeout=60_000)
        await card(page, "is learning").get_by_role("button", name="Finish now").click()
        ended = card(page, "has learned to write")
        await ended.get_by_role("img", name="The loss curve").wait_for(timeout=30_000)
        await ended.get_by_role("button", name="Generate").click()
        written = page.get_by_role("listitem", name="Message from char-wgu")
        await written.filter(has_text="temperature 0.8").wait_for()

        await ended.get_by_role("button", name="Train longer").click()
        await page.get_by_label("Minutes").fill("0.1")
        await page.get_by_label("Minutes").press("Enter")
        await ended.nth(1).wait_for(timeout=60_000)


def card(page: Page, text: str) -> Locator:
    """The cards with this text in them."""
    return page.locator(".container").filter(has_text=text)
