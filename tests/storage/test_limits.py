"""What a guild or a person may not have more of, at one moment and within a day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.errors import (
    MinutesUsedError,
    StockFullError,
    TooManyCheckpointsError,
    TooManyModelsError,
    TooSoonError,
)
from storage.files import new_id
from storage.limits import DAY
from storage.records import Purge, RunDemand, RunLimits, StockLimits
from tests.storage.conftest import UNLIMITED

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import ModelRecord
    from tests.storage.conftest import House

NOW = 1_700_000_000


async def trained(house: House, name: str, limits: RunLimits = UNLIMITED) -> ModelRecord:
    return await house.finish(await house.queue(name, limits=limits))


async def train_for(
    seconds: int,
    house: House,
    set_clock: Callable[[float], None],
    *,
    minutes: float,
    limits: RunLimits,
) -> None:
    """A run that takes so long, whatever was asked for; the clock stands at its end."""
    set_clock(NOW)
    run = await house.queue("first", minutes=minutes, limits=limits)
    await house.catalog.start_run(run.id)
    set_clock(NOW + seconds)
    await house.finish(run)


async def imported(house: House, name: str, limits: StockLimits, **sizes: int) -> ModelRecord:
    facts = {"file_size": 4096, "runs_size": 0} | sizes
    return await house.catalog.import_model(
        1,
        checkpoint_id=new_id(),
        user_id=7,
        name=name,
        name_is_default=False,
        sha256="cd" * 32,
        step=500,
        validation_loss=None,
        parameters=1,
        corpus_characters=0,
        novelty=None,
        limits=limits,
        **facts,
    )


async def test_a_person_trains_only_so_many_minutes_within_a_day(
    house: House, set_clock: Callable[[float], None]
) -> None:
    """Runs under way count with what they may take, ended ones with what they took."""
    limits = replace(UNLIMITED, daily_per_person=10)
    await train_for(120, house, set_clock, minutes=6, limits=limits)
    await house.catalog.cancel_run((await house.queue("none", minutes=5, limits=limits)).id)
    await house.queue("waits", minutes=5, limits=limits)

    with pytest.raises(MinutesUsedError) as refused:
        await house.queue("much", minutes=4, limits=limits)
    error = refused.value
    assert (error.left, error.limit, error.whole_guild) == (3, 10, False)
    assert error.seconds == DAY, "when the two minutes are a day old"
    await house.queue("enough", minutes=3, limits=limits)
    await house.queue("another's", user_id=8, minutes=9, limits=limits)
    await house.queue("elsewhere", guild_id=2, minutes=9, limits=limits)

    set_clock(NOW + 120 + DAY)
    await house.queue("next day", minutes=2, limits=limits)


async def test_a_run_counts_no_more_than_was_asked_for(
    house: House, set_clock: Callable[[float], None]
) -> None:
    """However long the bot was down in between."""
    limits = replace(UNLIMITED, daily_per_person=10)
    await train_for(7200, house, set_clock, minutes=4, limits=limits)

    await house.queue("more", minutes=6, limits=limits)


@pytest.mark.parametrize("user_id", [7, None])
async def test_what_was_trained_within_a_day_counts_though_it_is_deleted_for_good(
    house: House, set_clock: Callable[[float], None], user_id: int | None
) -> None:
    """Numbers of it remain, and in memory alone."""
    limits = replace(UNLIMITED, daily_per_person=10, daily_per_guild=12, cooldown=60)
    await train_for(120, house, set_clock, minutes=6, limits=limits)
    await house.catalog.cancel_run((await house.queue("none", minutes=5)).id)

    await house.catalog.purge_rows(Purge(guild_id=1, user_id=user_id))
    await house.catalog.forget_spent()

    with pytest.raises(MinutesUsedError):
        await house.queue("much", minutes=9, limits=limits)
    with pytest.raises(MinutesUsedError):
        await house.queue(
            "another's", user_id=8, minutes=11, limits=replace(limits, daily_per_person=0)
        )
    await house.queue("elsewhere", guild_id=2, minutes=9, limits=limits)
    with pytest.raises(TooSoonError):
        await house.queue("soon", limits=replace(limits, cooldown=130))
    set_clock(NOW + 121 + DAY)
    await house.catalog.forget_spent()
    assert await house.database.read("SELECT * FROM spent_runs") == []
    await house.queue("next day", minutes=10, limits=limits)


async def test_a_guild_trains_only_so_many_minutes_within_a_day(house: House) -> None:
    limits = replace(UNLIMITED, daily_per_guild=10)
    for user_id in (7, 8):
        await house.queue(str(user_id), user_id=user_id, minutes=5, limits=limits)

    with pytest.raises(MinutesUsedError, match=r"^This server has 0\.0 of 10 minutes") as refused:
        await house.queue("nine", user_id=9, minutes=1, limits=limits)

    assert refused.value.whole_guild
    demand = RunDemand(minutes=1)
    with pytest.raises(MinutesUsedError):
        await house.catalog.check_run(1, user_id=9, name=None, limits=limits, demand=demand)


async def test_a_guild_has_only_so_many_models_those_to_come_among_them(house: House) -> None:
    stock = StockLimits(models=3)
    limits = replace(UNLIMITED, stock=stock)
    first = await trained(house, "first", limits)
    await imported(house, "second", stock)
    await house.queue("third", limits=limits)

    with pytest.raises(TooManyModelsError, match="3 models"):
        await house.queue("fourth", limits=limits)
    for attempt in (imported(house, "fourth", stock), house.catalog.check_import(1, None, stock)):
        with pytest.raises(TooManyModelsError):
            await attempt
    await house.longer(first, limits=limits)  # makes none
    await house.queue("elsewhere", guild_id=2, limits=limits)
    await house.catalog.delete_model(1, first.id)


async def test_a_model_has_only_so_many_checkpoints(house: House) -> None:
    limits = replace(UNLIMITED, stock=StockLimits(checkpoints=2))
    model = await trained(house, "poems", limits)
    await house.finish(await house.longer(model, limits=limits))

    with pytest.raises(TooManyCheckpointsError, match="2 checkpoints"):
        await house.longer(model, limits=limits)

    other = await trained(house, "other", limits)
    await house.longer(other, limits=limits)


async def test_a_guild_keeps_only_so_many_bytes(house: House) -> None:
    """Its checkpoints, and what its runs keep."""
    stock = StockLimits(size=10_000)
    limits = replace(UNLIMITED, stock=stock)
    await trained(house, "first", limits)  # 4,096 bytes

    await house.queue("fits", limits=limits, size=5_904)
    with pytest.raises(StockFullError) as refused:
        await house.queue("large", limits=limits, size=5_905)
    with pytest.raises(StockFullError):
        await imported(house, "large", stock, file_size=5_000, runs_size=905)
    with pytest.raises(StockFullError):
        await house.catalog.check_import(1, None, stock, 5_905)

    assert (refused.value.size, refused.value.limit) == (10_001, 10_000)
    await imported(house, "fits too", stock, file_size=5_000, runs_size=904)


async def test_the_limits_of_a_day_and_of_a_stock_hold_at_the_same_moment(house: House) -> None:
    for limits, error in (
        (replace(UNLIMITED, daily_per_person=7), MinutesUsedError),
        (replace(UNLIMITED, stock=StockLimits(models=2)), TooManyModelsError),
        (replace(UNLIMITED, cooldown=3600), TooSoonError),
    ):
        outcomes = await asyncio.gather(
            *(house.queue(str(number), limits=limits) for number in range(6)),
            return_exceptions=True,
        )

        done = [each for each in outcomes if not isinstance(each, error)]
        assert len(done) == (1 if error is TooSoonError else 2)
        for run in await house.catalog.active_runs():
            await house.catalog.forget_run(run.id)


async def test_zero_limits_nothing(house: House) -> None:
    for number in range(5):
        await house.queue(str(number), minutes=10_000, size=2**50)

    assert len(await house.catalog.active_runs()) == 5
