"""An end is kept until somebody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.files import new_id
from storage.records import Purge, RunStatus

if TYPE_CHECKING:
    from tests.storage.conftest import House


async def untold(house: House) -> list[tuple[str, RunStatus, str | None]]:
    ends = await house.catalog.untold_ends()
    return [(end.run.model_name, end.run.status, end.last_word) for end in ends]


async def test_every_end_is_untold_until_it_is_told(house: House) -> None:
    """Oldest first, with the reason or the worker's last word."""
    runs = [await house.queue(name) for name in ("done", "failed", "canceled")]
    for run in runs:
        await house.catalog.set_message(run.id, 9)
    assert await untold(house) == []

    await house.catalog.cancel_run(runs[2].id)
    await house.catalog.fail_run(runs[1].id, "The disk is full.")
    await house.finish(runs[0])

    assert await untold(house) == [
        ("done", RunStatus.FINISHED, "{}"),
        ("failed", RunStatus.FAILED, None),
        ("canceled", RunStatus.CANCELED, None),
    ]
    for _ in range(2):
        await house.catalog.end_is_told(runs[1].id)
    assert [name for name, _, _ in await untold(house)] == ["done", "canceled"]


async def test_nobody_waits_for_the_end_of_what_was_canceled_before_anybody_saw_it(
    house: House,
) -> None:
    run = await house.queue()

    await house.catalog.cancel_run(run.id)

    assert await untold(house) == []


async def test_a_forgotten_run_takes_its_end_along(house: House) -> None:
    run = await house.queue()
    await house.catalog.fail_run(run.id, "Nobody can see it.")

    await house.catalog.forget_run(run.id)

    assert await untold(house) == []


@pytest.mark.parametrize("user_id", [None, 7, 8])
async def test_what_is_to_be_deleted_is_not_shown_any_more(
    house: House, user_id: int | None
) -> None:
    """A person's goes where it learned their text, too, whoever trained it."""
    mine = await house.queue("mine", user_id=7)
    model = await house.finish(mine)
    longer = await house.catalog.queue_run(
        1,
        run_id=new_id(),
        channel_id=3,
        user_id=8,
        name=model.name,
        name_is_default=False,
        minutes=3,
        corpus_characters=1000,
        limits=house.unlimited,
        trained_model_id=model.id,
        corpus_user_id=7,
    )
    others = await house.queue("others", guild_id=2, user_id=7)
    runs = [mine, longer, others]
    assert [await house.catalog.run_is_deleted(run.id) for run in runs] == [False] * 3

    await house.catalog.begin_purge(Purge(guild_id=1, user_id=user_id))

    gone = [await house.catalog.run_is_deleted(run.id) for run in runs]
    assert gone == [user_id != 8, True, False]
