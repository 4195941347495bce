"""What the operator sets is what a worker may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import startup
from bot.settings import Settings

if TYPE_CHECKING:
    from training.limits import Limits


class StoppedError(Exception):
    """As far as the bot is to start here."""


async def test_the_memory_of_a_run_that_is_set_is_what_its_worker_may_take(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Limits] = []

    def launcher(*, limits: Limits) -> None:
        given.append(limits)
        raise StoppedError

    monkeypatch.setattr(startup, "LocalLauncher", launcher)
    monkeypatch.setenv("CHARWGU_RUN_MEMORY_MEBIBYTES", "600")

    with pytest.raises(StoppedError):
        await startup.run(Settings(data=settings.data))

    assert [limits.memory for limits in given] == [600 * 2**20]
