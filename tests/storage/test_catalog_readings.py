"""Runs whose corpus is read from a channel, and people who are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.errors import RunEndedError, TooManyRunsError
from storage.records import ChannelSource, ReadingRecord, RunLimits

if TYPE_CHECKING:
    from tests.storage.conftest import House

TAVERN = ChannelSource(id=5, name="tavern", authors='Ann, "Smith, John"', names=True)


async def test_a_reading_remembers_what_was_asked_for(house: House) -> None:
    run = await house.queue(source=TAVERN)

    expected = ReadingRecord(run=run, source=TAVERN)
    assert await house.catalog.reading(run.guild_id, run.id) == expected
    assert await house.catalog.readings() == [expected]


async def test_a_run_that_reads_waits_for_no_worker_until_it_has_its_corpus(house: House) -> None:
    plain = await house.queue("plain")
    run = await house.queue(source=TAVERN)
    assert await house.catalog.active_runs() == [plain]

    read = await house.catalog.finish_reading(run.id, 12_345)

    assert read.corpus_characters == 12_345
    assert await house.catalog.active_runs() == [plain, read]
    assert await house.catalog.readings() == []
    assert await house.catalog.reading(run.guild_id, run.id) is None


async def test_a_run_that_reads_counts_as_waiting(house: House) -> None:
    await house.queue("first", source=TAVERN)

    with pytest.raises(TooManyRunsError):
        await house.queue("second", limits=RunLimits(per_person=1, per_guild=9))


async def test_a_reading_ends_with_its_run(house: House) -> None:
    failed, canceled, forgotten = [await house.queue(name, source=TAVERN) for name in "abc"]

    await house.catalog.fail_run(failed.id, "The channel is gone.")
    await house.catalog.cancel_run(canceled.id)
    await house.catalog.forget_run(forgotten.id)

    assert await house.catalog.readings() == []
    with pytest.raises(RunEndedError):
        await house.catalog.finish_reading(canceled.id, 1)


async def test_people_are_left_out_of_one_guild_until_they_come_back(house: House) -> None:
    for _ in range(2):
        await house.catalog.opt_out(1, 7)
    await house.catalog.opt_out(1, 8)

    assert await house.catalog.opted_out(1) == {7, 8}
    assert await house.catalog.opted_out(2) == frozenset()
    for _ in range(2):
        await house.catalog.opt_in(1, 7)
    assert not await house.catalog.is_opted_out(1, 7)
    assert await house.catalog.is_opted_out(1, 8)
