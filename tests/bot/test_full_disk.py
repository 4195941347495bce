"""A disk that takes nothing costs what is under way, and nothing that is there.

`tests/end_to_end/test_full_disk.py` fills a real one.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.checks import refusal_of
from bot.runs import ends, training_run
from model.conversation import Question
from storage.database import Database
from storage.errors import CatalogUnavailableError
from storage.records import RunStatus
from tests.damage import full

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.bot.core import Core


class Disk:
    """A disk that a test can fill: neither files nor rows find room on it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        self.refused = asyncio.Event()

    def fill(self, *, files: bool = True, rows: bool = True) -> None:
        @asynccontextmanager
        async def refuse(database: Database) -> AsyncIterator[None]:
            self.refused.set()
            raise CatalogUnavailableError(Path("catalog"), "database or disk is full")
            yield

        if files:
            self._patch.setattr(os, "fsync", full)
        if rows:
            self._patch.setattr(Database, "transaction", refuse)

    def make_room(self) -> None:
        self._patch.undo()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    with monkeypatch.context() as patch:
        yield Disk(patch)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ends, "STORE_AGAIN_SECONDS", 0.01)


async def test_the_end_of_a_run_is_stored_as_soon_as_the_disk_takes_it(
    core: Core, disk: Disk
) -> None:
    before = await core.trained("Before")
    run_id = await core.queued("After")
    await core.reporter.first("training", run_id)

    disk.fill()
    core.launcher.fail(run_id)
    await disk.refused.wait()
    assert not core.reporter.of("ended", run_id)
    disk.make_room()

    run = await core.ended(run_id)
    assert run.status == RunStatus.FAILED
    assert await core.catalog.current_model(1) == before


async def test_a_model_that_the_catalog_cannot_take_yet_is_copied_once(
    core: Core, disk: Disk
) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    disk.fill(files=False)
    core.launcher.end(run_id)
    await disk.refused.wait()
    await asyncio.sleep(0.05)
    disk.make_room()

    run = await core.ended(run_id)
    assert run.status == RunStatus.FINISHED
    files = [name for name in core.files() if name.endswith(".safetensors")]
    assert files == [f"checkpoints/{run.checkpoint_id}.safetensors"]


async def test_a_run_whose_end_the_disk_never_took_goes_on_at_the_next_start(
    core: Core, disk: Disk
) -> None:
    run_id = await core.queued()
    await core.reporter.first("training", run_id)
    disk.fill()
    core.launcher.fail(run_id)
    await disk.refused.wait()

    await core.close()
    disk.make_room()
    later = await core.again()

    assert await later.status(run_id) == RunStatus.RUNNING


async def test_whoever_cancels_a_run_hears_that_the_disk_keeps_its_end(
    core: Core, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time, and it is canceled as soon as there is room."""
    monkeypatch.setattr(training_run, "LONGEST_END_SECONDS", 0.05)
    run_id = await core.queued()
    await core.reporter.first("training", run_id)

    disk.fill()
    for _ in range(2):
        async with asyncio.timeout(5):
            with pytest.raises(errors.DiskFailsError):
                await core.service.cancel(core.max, run_id)
    disk.make_room()

    assert (await core.ended(run_id)).status == RunStatus.CANCELED
    assert core.files() == []


async def test_whatever_the_disk_refuses_is_one_sentence_and_leaves_nothing(
    core: Core, disk: Disk
) -> None:
    model = await core.trained()
    files = core.files()

    disk.fill()
    with pytest.raises(errors.DiskFailsError):
        await core.write()
    with pytest.raises(errors.DiskFailsError):
        await core.begin()
    disk.make_room()
    disk.fill(rows=False)
    with pytest.raises(OSError, match="No space left") as refused:
        await core.begin()
    disk.make_room()

    assert isinstance(refusal_of(refused.value), errors.DiskFailsError)
    assert core.files() == files
    assert (await core.write()).model.id == model.id


async def test_a_first_answer_is_given_though_the_disk_keeps_no_conversation(
    core: Core, disk: Disk
) -> None:
    await core.trained()
    await core.choose(talk_channels=(10,))

    disk.fill(files=False)
    with pytest.raises(CatalogUnavailableError):  # of keeping it, once the answer is given
        async with core.service.talking.turn(core.max) as turn:
            answer = await turn.answer(Question("The dog.", "Max"))

    assert answer.text
