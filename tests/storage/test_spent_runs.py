"""Which runs count against limits after they are deleted for good."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.errors import TooSoonError
from storage.records import Purge, RunStatus
from tests.storage.conftest import GUILD, UNLIMITED

if TYPE_CHECKING:
    from tests.storage.conftest import House

PATIENT = replace(UNLIMITED, cooldown=3600.0)


async def test_a_run_that_is_deleted_before_it_has_started_has_cost_nothing(house: House) -> None:
    """As the start of the bot does, which completes a deletion without ending runs first."""
    await house.queue(limits=PATIENT)

    await house.catalog.purge_rows(Purge(guild_id=GUILD, user_id=7))

    again = await house.queue("again", limits=PATIENT)
    assert again.status is RunStatus.QUEUED


async def test_a_run_that_is_deleted_while_it_trains_counts(house: House) -> None:
    run = await house.queue(limits=PATIENT)
    await house.catalog.start_run(run.id)

    await house.catalog.purge_rows(Purge(guild_id=GUILD, user_id=7))

    with pytest.raises(TooSoonError):
        await house.queue("again", limits=PATIENT)
