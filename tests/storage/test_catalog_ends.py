"""An end is kept until somebody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import RunStatus

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
