"""Runs over the sandbox: waiting, canceling, and the bot's restarts."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.house import POEM, fenced, is_private, labels, refusal, train
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from tests.house import House

pytestmark = pytest.mark.slow


async def test_a_run_is_canceled_by_its_starter_or_a_moderator_and_keeps_nothing(
    house: House,
) -> None:
    """Three runs of Ada's: one trains, two wait. Max may cancel none of them."""
    first, second, third = [
        await train(house.ada, name, minutes=5) for name in ("first", "second", "third")
    ]
    await house.mo.wait_for(lambda m: m["id"] == third["id"] and "2 trainings come" in text_of(m))

    await house.max.press(second, "Cancel")
    await house.max.wait_for(
        lambda m: is_private(m) and "Only the person who made it" in text_of(m)
    )

    await house.mo.press(second, "Cancel")
    await until_canceled(house, second)
    await house.mo.wait_for(lambda m: m["id"] == third["id"] and "One training comes" in text_of(m))
    await house.mo.wait_for(lambda m: m["id"] == first["id"] and " left\n" in text_of(m), 60)
    workers = house.workers()
    assert len(workers) == 1
    await house.ada.press(first, "Cancel")
    await until_canceled(house, first)
    await house.ada.press(third, "Cancel")
    await until_canceled(house, third)

    assert not [worker for worker in workers if worker.is_running()]
    assert list((house.data / "runs").iterdir()) == []
    assert list((house.data / "checkpoints").iterdir()) == []
    nothing = await house.ada.command("bots", "models")
    assert "no model yet" in text_of(nothing.message or {})


async def test_runs_survive_the_end_and_the_death_of_the_bot(house: House) -> None:
    """SIGTERM during one run and SIGKILL during another; each ends once, with its model."""
    first = await train(house.ada, "first", minutes=0.4)
    second = await train(house.max, "second")
    await house.mo.wait_for(lambda m: m["id"] == first["id"] and " left\n" in text_of(m), 60)

    workers = house.workers()
    assert await house.stop() == 0
    assert not [worker for worker in workers if worker.is_running()]
    assert not house.log.read_text().count("Traceback")
    assert not list(house.data.glob("catalog.sqlite3-*")), "SQLite leaves no log where it is closed"
    await house.mo.wait_until_offline()
    await house.start()
    await house.mo.wait_for(lambda m: m["id"] == first["id"] and "Cancel" not in labels(m), 60)
    await asyncio.sleep(1)  # somewhere into the second run
    await house.kill()
    await house.start()

    await house.mo.wait_for(lambda m: m["id"] == second["id"] and "Cancel" not in labels(m), 60)
    for message in (first, second):
        ended = house.mo.messages[message["id"]]
        assert "has learned to write" in text_of(ended)
        assert fenced(ended)
    listed = await house.max.command("bots", "models")
    assert [n in text_of(listed.message or {}) for n in ("first", "second")] == [True, True]


async def test_a_worker_that_is_killed_again_and_again_fails_its_run_and_frees_its_name(
    house: House,
) -> None:
    message = await train(house.ada, "unlucky", minutes=5)

    killed: set[int] = set()
    while len(killed) < 4:
        worker = await house.new_worker(killed)
        worker.send_signal(signal.SIGKILL)
        killed.add(worker.pid)

    failed = await house.mo.wait_for(
        lambda m: m["id"] == message["id"] and "Cancel" not in labels(m), 20
    )
    assert "### unlucky could not be trained" in text_of(failed)
    assert "broke off 4 times" in text_of(failed)
    assert [file.name for file in (house.data / "runs").rglob("*.*")] == ["worker.log"]
    await train(house.ada, "unlucky", minutes=5)
    await house.mo.wait_for(lambda m: m["id"] != message["id"] and "Cancel" in labels(m))


async def test_default_names_are_made_new(house: House) -> None:
    """Two runs from files of one name; the second one has a name of its own."""
    await train(house.ada, "poem", minutes=5)
    await train(house.max, "poem", minutes=5)

    await house.mo.wait_for(lambda m: not is_private(m) and "### poem 2 " in text_of(m))


async def test_a_person_has_only_so_many_runs_waiting(house: House) -> None:
    await house.restart(CHARWGU_RUNS_WAITING_PER_PERSON="1")
    message = await train(house.ada, "trains", minutes=5)
    await house.mo.wait_for(lambda m: m["id"] == message["id"] and "is learning" in text_of(m))
    await train(house.ada, "waits", minutes=5)

    files = {"file": ("too many.txt", POEM.encode())}
    sentence = await refusal(house.ada, "train", files=files, minutes=5)

    assert "You have one training waiting already" in sentence


async def test_a_run_whose_message_the_bot_did_not_live_to_note_keeps_it(house: House) -> None:
    """The bot is killed between posting the message and noting its id."""
    first = await train(house.ada, "first", minutes=5)
    message = await train(house.max, "second", minutes=5)
    await house.kill()
    with closing(sqlite3.connect(house.data / "catalog.sqlite3")) as catalog, catalog:
        catalog.execute("UPDATE runs SET message_id = NULL WHERE model_name = 'second'")

    await house.start()
    await house.mo.press(first, "Cancel")
    await house.mo.wait_for(lambda m: m["id"] == message["id"] and " left\n" in text_of(m), 60)

    posted = [m for m in house.mo.messages.values() if "### second " in text_of(m)]
    assert [each["id"] for each in posted] == [message["id"]]


async def until_canceled(house: House, message: dict[str, Any]) -> None:
    ended = await house.mo.wait_for(
        lambda m: m["id"] == message["id"] and "Cancel" not in labels(m), 20
    )
    assert "was canceled\nNothing of it was kept." in text_of(ended)
