"""Discord's bad days: nothing is lost, nothing is done twice, and nothing crashes.

The sandbox runs in the test's own process here, so that a test can disturb it; the bot is a
process of its own.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.errors import Fault
from bot.sandbox.people import ADA
from bot.sandbox.sessions import Op
from bot.sandbox.trouble import too_many_requests, unavailable
from tests.house import (
    BUTTONS,
    POEM,
    HouseAtHand,
    add_model,
    fenced,
    is_private,
    labels,
    rows,
    train,
    until,
)
from tests.sandbox_driver import text_of
from tests.trouble import BREAKS, break_off, deaf, doubtful, lost, meeting, refusing, saying, silent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.sandbox.trouble import Trouble
    from tests.sandbox_driver import Answer

pytestmark = pytest.mark.slow

TIMES = 20
ENDED = ["Generate", "Train longer"]

CALLBACK = r"POST /api/v10/interactions/\d+/[^/]+/callback"
ORIGINAL = r"PATCH /api/v10/webhooks/\d+/[^/]+/messages/@original"
POST = r"POST /api/v10/channels/\d+/messages"
EDIT = r"PATCH /api/v10/channels/\d+/messages/\d+"


class DisturbedHouse(HouseAtHand):
    """A house in which Discord has a bad day."""

    def disturb(self, what: str, *faults: Trouble) -> asyncio.Queue[str]:
        """Let the next requests of this kind meet these faults, one each; note what was asked."""
        asked = asyncio.Queue[str]()
        self.sandbox.trouble = meeting(
            what, *faults, note=lambda request: asked.put_nowait(request.path)
        )
        return asked

    async def until(self, card: dict[str, Any], buttons: list[str]) -> dict[str, Any]:
        return await self.max.wait_for(lambda m: m["id"] == card["id"] and labels(m) == buttons, 90)

    async def written(self, answer: Answer) -> dict[str, Any]:
        """The text that was asked for, once it stands there."""
        assert not answer.failed
        number = (answer.message or {})["id"]
        return await self.ada.wait_for(lambda m: m["id"] == number and labels(m) == BUTTONS, 60)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[DisturbedHouse]:
    async with DisturbedHouse.within(folder) as house:
        yield house
    assert "Traceback" not in house.log.read_text()


@pytest.fixture
async def house(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[DisturbedHouse]:
    """A bot with a model."""
    async with opened(tmp_path) as house:
        await add_model(house, tiny_checkpoint, "Writing Group", "poems", ADA)
        await house.start()
        yield house


# The gateway


@pytest.mark.parametrize("fault", BREAKS)
async def test_no_interaction_is_lost_or_done_twice_when_the_connection_breaks(
    house: DisturbedHouse, fault: str
) -> None:
    """Twenty times, each with interactions before, during and after it."""
    before = set(house.ada.messages)
    answers: list[Answer] = []

    for number in range(TIMES):
        asked = [
            asyncio.create_task(house.ada.command("bots", "generate", length=20, seed=number)),
            asyncio.create_task(house.ada.command("bots", "generate", model="no such model")),
        ]
        for _ in range(number):
            await asyncio.sleep(0)
        await break_off(house.sandbox, fault)
        answers += await asyncio.gather(*asked)
    texts = [await house.written(answer) for answer in answers[::2]]

    assert not any(answer.failed for answer in answers)
    assert len({text["id"] for text in texts}) == TIMES
    assert all(is_private(answer.message) for answer in answers[1::2])
    assert len(set(house.ada.messages) - before) == 2 * TIMES


@pytest.mark.parametrize("times", [1, pytest.param(TIMES, marks=pytest.mark.soak)])
async def test_a_lost_session_costs_nothing_but_the_seconds_without_one(
    house: DisturbedHouse, times: int
) -> None:
    """What is asked meanwhile fails at once, as on Discord; a run goes on and tells its end."""
    card = await train(house.max, "Tyger")
    for _ in range(times):
        house.sandbox.gateway.tell(Op.INVALID_SESSION, False)
        house.sandbox.gateway.forget()
        failed = await house.ada.command("bots", "generate", length=20)

        await house.ada.wait_for_bot()
        text = await house.written(await house.ada.command("bots", "generate", length=20))

        assert failed.failed
        assert fenced(text)
    await house.until(card, ENDED)


async def test_what_is_delivered_twice_is_done_once(
    house: DisturbedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a replay may do that begins too early."""
    deliver = house.sandbox.gateway.dispatch_interaction
    monkeypatch.setattr(
        house.sandbox.gateway,
        "dispatch_interaction",
        lambda payload: [deliver(payload), deliver(payload)][1],
    )
    before = set(house.ada.messages)

    texts = [
        await house.written(await house.ada.command("bots", "generate", length=20))
        for _ in range(5)
    ]
    listed = await house.ada.command("bots", "models", use="poems")
    card = await train(house.max, "Tyger", minutes=5)
    await house.max.press(card, "Cancel")
    await house.until(card, [])

    assert not listed.failed
    assert len(rows(house, "SELECT * FROM generations")) == len(texts)
    assert rows(house, "SELECT status FROM runs ORDER BY created_at") == [
        ("finished",),
        ("canceled",),
    ]
    assert len(set(house.ada.messages) - before) == len(texts) + 2


# What the bot asks

FAULTS: dict[str, list[Trouble]] = {
    "429": [saying(lambda: too_many_requests(0.2)), saying(lambda: too_many_requests(0.4))],
    "429 everywhere": [saying(lambda: too_many_requests(0.5, everywhere=True))],
    "500": [saying(lambda: unavailable(500))],
    "502, carried out": [doubtful(502)],
    "503": [saying(lambda: unavailable(503))],
    "lost": [lost],
    "deaf": [deaf],
    "silent": [silent],
}


@pytest.mark.parametrize("times", [1, pytest.param(TIMES, marks=pytest.mark.soak)])
@pytest.mark.parametrize("what", [CALLBACK, ORIGINAL], ids=["first answer", "text"])
async def test_a_text_is_written_once_whatever_its_answer_meets(
    house: DisturbedHouse, what: str, times: int
) -> None:
    for faults in [*FAULTS.values()] * times:
        before, texts = set(house.ada.messages), len(rows(house, "SELECT * FROM generations"))
        asked = house.disturb(what, *faults)

        answer = await house.ada.command("bots", "generate", length=20)
        await house.written(answer)

        await came(asked, len(faults) + 1)
        assert len(set(house.ada.messages) - before) == 1
        assert len(rows(house, "SELECT * FROM generations")) == texts + 1


@pytest.mark.timeout(1_800)  # a turn takes up to 20 seconds
@pytest.mark.parametrize("times", [1, pytest.param(TIMES, marks=pytest.mark.soak)])
async def test_a_run_begins_and_ends_once_whatever_its_card_meets(
    house: DisturbedHouse, times: int
) -> None:
    """Its first form and its last one; others wait behind a run that trains."""
    await house.restart(CHARWGU_RUNS_WAITING_PER_PERSON="9", CHARWGU_RUNS_WAITING_PER_SERVER="9")
    await train(house.max, "first", minutes=60)
    for turn in range(times):
        cards = []
        for number, faults in enumerate(FAULTS.values()):
            asked = house.disturb(POST, *faults)
            cards.append(await train(house.max, f"{turn}-{number}", minutes=5))
            await came(asked, len(faults) + 1)

        passing = [fault for faults in FAULTS.values() for fault in faults]
        asked = house.disturb(EDIT, *passing, refusing(Fault.TOO_MANY_EDITS))
        await asyncio.gather(*(house.max.press(card, "Cancel") for card in cards))
        ended = await asyncio.gather(*(house.until(card, []) for card in cards))

        await came(asked, len(passing) + 1)
        assert all("was canceled\nNothing of it was kept." in text_of(card) for card in ended)
        shown = [m["id"] for m in house.max.messages.values() if f"### {turn}-" in text_of(m)]
        assert shown == [card["id"] for card in cards]


async def test_an_end_that_discord_does_not_take_is_shown_after_a_restart(
    house: DisturbedHouse,
) -> None:
    """With its figures and texts, as the worker has told them."""
    card = await train(house.max, "Tyger")
    asked = house.disturb(EDIT, *[saying(lambda: unavailable(503))] * 1_000)
    await until(lambda: rows(house, "SELECT * FROM untold_ends"))
    await came(asked, 1)

    assert labels(house.max.messages[card["id"]]) != ENDED
    await house.kill()
    house.sandbox.trouble = None
    await house.start()

    ended = await house.until(card, ENDED)
    assert "bits per character" in text_of(ended)
    assert "Temperature 0.8" in text_of(ended)
    assert ended["attachments"]
    await house.restart()
    assert not rows(house, "SELECT * FROM untold_ends")


async def test_a_text_whose_interaction_has_expired_stands_by_itself(
    house: DisturbedHouse,
) -> None:
    house.disturb(ORIGINAL, refusing(Fault.INVALID_TOKEN))

    answer = await house.ada.command("bots", "generate", length=20)

    text = await house.ada.wait_for(lambda m: labels(m) == BUTTONS)
    assert text["id"] != (answer.message or {})["id"]
    assert fenced(await house.written(await house.ada.press(text, "Continue")))


async def test_a_command_that_comes_too_late_does_nothing(house: DisturbedHouse) -> None:
    house.disturb(CALLBACK, *[refusing(Fault.UNKNOWN_INTERACTION)] * 3)

    files = {"file": ("Tyger.txt", POEM.encode())}
    train = asyncio.create_task(house.max.command("bots", "train", files=files))
    write = asyncio.create_task(house.max.command("bots", "generate"))
    suggest = asyncio.create_task(house.max.autocomplete("bots", "generate", "model", "p"))

    assert [(await train).failed, (await write).failed, await suggest] == [True, True, None]
    assert not rows(house, "SELECT * FROM generations")
    assert len(rows(house, "SELECT * FROM runs")) == 1, "that of the model which was there before"


async def test_where_a_card_cannot_be_posted_nothing_is_begun(house: DisturbedHouse) -> None:
    """And nobody is told that the bot may not post there."""
    house.disturb(POST, *[saying(lambda: unavailable(503))] * 20)

    files = {"file": ("Tyger.txt", POEM.encode())}
    await house.max.command("bots", "train", files=files)

    refused = await house.max.wait_for(lambda m: "Discord has a fault" in text_of(m), 20)
    assert is_private(refused)
    assert "try again in a few minutes" in text_of(refused)
    assert len(rows(house, "SELECT * FROM runs")) == 1
    house.sandbox.trouble = None
    assert await train(house.max, "Tyger", minutes=5)


async def came(asked: asyncio.Queue[str], count: int) -> None:
    """Wait until so many of the requests have come."""
    async with asyncio.timeout(60):
        for _ in range(count):
            await asked.get()
