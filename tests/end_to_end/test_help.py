"""/help over the sandbox, and what is said when a limit is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.house import POEM, fenced, labels, posted, private, refusal
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from tests.house import House
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

FILES = {"file": ("poem.txt", POEM.encode())}


async def changed(person: Person, card: dict[str, Any], part: str) -> None:
    await person.wait_for(lambda m: m["id"] == card["id"] and part in text_of(m))


async def test_help_leads_to_what_there_is(library: House) -> None:
    """To models where there are some, to settings for whoever may change them."""
    max_, mo = library.max, library.mo
    card = await private(max_, "help")

    assert "A good file" in text_of(card)
    assert labels(card) == ["Generate", "All models", "All trainings", "Privacy"]
    assert labels(await private(mo, "help"))[-1] == "Settings"
    written = await posted(max_, await max_.press(card, "Generate"))
    assert fenced(written)
    await max_.press(card, "Privacy")
    await changed(max_, card, "Privacy: what is kept")
    card = await private(mo, "help")
    await mo.press(card, "Settings")
    await changed(mo, card, "What this server has chosen")


async def test_on_a_server_without_models_help_offers_none(house: House) -> None:
    assert labels(await private(house.max, "help")) == ["Privacy"]


async def test_a_limit_that_is_reached_is_a_sentence_that_names_it(library: House) -> None:
    """Minutes, models and space, each with its value and what to do; nothing is left behind."""
    for environment, options, expected in (
        (
            {"CHARWGU_DAILY_MINUTES_PER_PERSON": "2"},
            {"minutes": 3},
            "You have 2 of 2 minutes of training left within 24 hours; please choose fewer",
        ),
        (
            {"CHARWGU_DAILY_MINUTES_PER_SERVER": "1"},
            {"minutes": 3},
            "This server has 1 of 1 minute of training left",
        ),
        ({"CHARWGU_MODELS_PER_SERVER": "2"}, {}, "This server has 2 models"),
        ({"CHARWGU_TRAIN_COOLDOWN_SECONDS": "3600"}, {}, "1 h 00 min between two trainings"),
    ):
        await library.restart(**environment)

        assert expected in await refusal(library.max, "train", files=FILES, **options)
    runs = library.data / "runs"
    assert not list(runs.iterdir())
