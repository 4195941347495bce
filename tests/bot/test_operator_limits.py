"""What the operator allows a server: minutes, room on the disk, models and checkpoints."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.errors.limits import (
    MinutesUsedError,
    StockFullError,
    TooManyCheckpointsError,
    TooManyModelsError,
)
from bot.requests import ImportRequest, Upload
from tests.bot.uploads import TEXT, train_request, uploading

if TYPE_CHECKING:
    from tests.bot.core import Core


async def test_minutes_that_are_used_up_are_refused_before_anything_is_read(core: Core) -> None:
    """In a sentence that names them, also for training longer."""
    core = await core.again(daily_minutes_per_person=5)
    await core.start()
    await core.trained()
    run_id = await core.only_run()
    second = await core.queued()  # waits or trains: three minutes of five

    with pytest.raises(MinutesUsedError) as refused:
        await core.service.check_training(core.max, train_request())
    with pytest.raises(MinutesUsedError):
        await core.service.train_longer(core.max, run_id, 3)

    assert str(refused.value).startswith("You have 2 of 5 minutes of training left within 24 hours")
    await core.service.check_training(core.max, train_request(minutes=1.5))
    await core.service.check_training(core.kim, train_request())
    await core.service.cancel(core.max, second)


async def test_what_runs_keep_counts_with_what_models_take(core: Core) -> None:
    """A text too large for what is left is refused, and nothing of it is kept."""
    core = await core.again(disk_mebibytes_per_server=1)
    await core.start()
    await core.trained()
    upload = uploading(TEXT * 250)  # more than half of it
    await core.service.begin_training(core.kim, train_request(), upload)
    before = core.files()

    with pytest.raises(StockFullError) as refused:
        await core.service.begin_training(core.max, train_request(), upload)

    assert "of 1 MiB" in str(refused.value)
    assert core.files() == before
    with pytest.raises(StockFullError):
        await core.service.check_import(core.max, ImportRequest(file=Upload(name="x", size=2**20)))


async def test_of_two_uploads_at_once_the_second_finds_the_first(core: Core) -> None:
    core = await core.again(disk_mebibytes_per_server=1)
    await core.start()
    text = TEXT * 300  # two thirds of it

    outcomes = await asyncio.gather(
        *(
            core.service.begin_training(core.kim, train_request(), uploading(text))
            for _ in range(2)
        ),
        return_exceptions=True,
    )

    assert [isinstance(each, StockFullError) for each in outcomes].count(True) == 1
    assert len(await core.catalog.runs_of(1)) == 1


async def test_a_model_that_is_one_too_many_is_refused(core: Core) -> None:
    core = await core.again(models_per_server=1, checkpoints_per_model=1)
    await core.start()
    await core.trained()
    run_id = await core.only_run()
    request = ImportRequest(file=Upload(name="x", size=1000))

    for attempt in (
        core.service.check_training(core.max, train_request()),
        core.service.check_import(core.max, request),
        core.service.import_model(core.max, request, uploading(core.launcher.checkpoint)),
    ):
        with pytest.raises(TooManyModelsError):
            await attempt
    with pytest.raises(TooManyCheckpointsError):
        await core.service.check_longer(core.max, run_id)
