"""/runs over the sandbox: what trains and waits, what ended, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.house import labels, private, train
from tests.sandbox_driver import components, text_of

if TYPE_CHECKING:
    from tests.house import House
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

FANDOM = ("Fandom", "bots")


async def chosen(person: Person, message: dict[str, Any], name: str) -> dict[str, Any]:
    await person.choose(message, None, name)
    return person.messages[message["id"]]


async def test_runs_are_seen_canceled_and_finished_from_a_private_list(house: House) -> None:
    nothing = await house.max.command("bots", "runs")
    assert "Nothing has been trained on this server lately" in text_of(nothing.message or {})
    trains = await train(house.max, "trains", minutes=5)
    waits = await train(house.max, "waits", minutes=5)
    await house.mo.wait_for(lambda m: m["id"] == trains["id"] and " left\n" in text_of(m), 60)

    shown = await private(house.ada, "runs")
    text = text_of(shown)
    assert text.index("**trains** · trains") < text.index("**waits** · waits for its turn")
    assert f"/{trains['channel_id']}/{trains['id']})" in text
    one = await chosen(house.max, await private(house.max, "runs"), "waits")
    assert labels(one) == ["Cancel", "All trainings"]
    assert "Plain text (UTF-8): 2,900 characters" in text_of(one)
    await house.max.press(one, "Cancel")

    await house.max.wait_for(lambda m: m["id"] == one["id"] and "### waits\ncanceled" in text_of(m))
    assert labels(house.max.messages[one["id"]]) == ["All trainings"]
    await house.mo.wait_for(lambda m: m["id"] == waits["id"] and "was canceled" in text_of(m))

    other = await chosen(house.mo, await private(house.mo, "runs"), "trains")
    assert labels(other) == ["Finish now", "Cancel", "All trainings"], "a moderator may"
    await house.mo.press(other, "Finish now")
    assert "keeps the best" in text_of(house.mo.messages[other["id"]])
    await house.mo.wait_for(lambda m: m["id"] == trains["id"] and "has learned" in text_of(m), 60)

    await house.restart()
    await house.max.press(one, "All trainings")
    text = text_of(house.max.messages[one["id"]])
    assert "2 trainings" in text
    assert "**trains** · finished · " in text


async def test_only_ones_own_runs_can_be_canceled_and_other_servers_see_none(
    house: House,
) -> None:
    await train(house.ada, "secret", minutes=5)

    one = await chosen(house.max, await private(house.max, "runs"), "secret")

    assert labels(one) == ["All trainings"]
    own = await chosen(house.ada, await private(house.ada, "runs"), "secret")
    [cancel] = [part for part in components(own) if part.get("label") == "Cancel"]
    elsewhere = await house.ada.command(FANDOM, "runs")
    assert "secret" not in text_of(elsewhere.message or {})
    assert cancel["custom_id"].startswith("runs:cancel:")
