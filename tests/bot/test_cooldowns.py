"""How often a person may let write and train, restarts and failures included."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.errors.limits import (
    TrainCooldownError,
    WriteCooldownError,
)
from bot.requests import GenerateRequest
from bot.rules import Rules
from bot.settings import LONGEST_COOLDOWN
from storage.records import RunStatus
from tests.bot.uploads import train_request
from tests.clock import Clock

if TYPE_CHECKING:
    from tests.bot.core import Core


async def test_a_person_waits_between_two_texts(core: Core) -> None:
    """However they are asked for; others, and other servers, need not wait."""
    await core.trained()
    clock = Clock(1_000_000_000.0)
    core.service.rules = Rules(core.catalog, clock=clock)
    await core.choose(write_cooldown=60)
    clock.now += 4_000_000_000  # after whatever the catalog knows
    text = (await core.write()).generation.id
    clock.now += 20

    with pytest.raises(WriteCooldownError) as refused:
        await core.service.check_generation(core.max, GenerateRequest())
    with pytest.raises(WriteCooldownError):
        await core.service.continue_text(core.max, text)

    assert str(refused.value).startswith("Please wait 40 s")
    assert (await core.write(by=core.kim)).text
    clock.now += 40
    assert (await core.write()).text


async def test_who_wrote_long_ago_is_forgotten(core: Core) -> None:
    """So that what is remembered does not grow for ever."""
    clock = Clock(1_000_000_000.0)
    rules = Rules(core.catalog, clock=clock)
    await core.choose(write_cooldown=60)

    for person in range(20):
        async with rules.turn(replace(core.max, user_id=person)):
            clock.now += LONGEST_COOLDOWN / 10

    assert len(rules._turns) <= 11  # noqa: SLF001  # nothing else tells


async def test_of_two_texts_at_once_one_comes_about(core: Core) -> None:
    await core.trained()
    await core.choose(write_cooldown=60)
    checked = await core.service.check_generation(core.max, GenerateRequest())

    outcomes = await asyncio.gather(
        *(core.service.generate(core.max, checked) for _ in range(5)), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, WriteCooldownError)]
    assert len(refused) == 4


async def test_a_text_that_does_not_come_about_takes_no_turn(core: Core) -> None:
    model = await core.trained()
    path = core.directory.checkpoint(model.checkpoint.id)
    content = path.read_bytes()
    await core.choose(write_cooldown=60)
    path.unlink()
    with pytest.raises(errors.CheckpointBrokenError):
        await core.write()
    path.write_bytes(content)

    assert (await core.write()).text


async def test_a_text_that_fails_late_does_not_give_back_a_newer_ones_turn(core: Core) -> None:
    """As one that waited in the queue for longer than the cooldown."""
    clock = Clock(1_000_000_000.0)
    rules = Rules(core.catalog, clock=clock)
    await core.choose(write_cooldown=10)
    first = rules.turn(core.max)

    await first.__aenter__()
    clock.now += 20
    async with rules.turn(core.max):
        await first.__aexit__(OSError, OSError(), None)
    clock.now += 5

    with pytest.raises(WriteCooldownError):
        await rules.check_writing(core.max)


async def test_a_restart_does_not_forget_who_has_just_written(core: Core) -> None:
    await core.trained()
    await core.choose(write_cooldown=3600)
    await core.write()

    core = await core.again()
    with pytest.raises(WriteCooldownError):
        await core.write()


async def test_the_longer_of_the_operators_and_the_servers_cooldown_holds(core: Core) -> None:
    core = await core.again(write_cooldown_seconds=100, train_cooldown_seconds=100)
    await core.start()
    await core.trained()
    await core.write()

    for cooldown, longest in ((50, "1 min 40 s"), (200, "3 min 20 s")):
        await core.choose(write_cooldown=cooldown, train_cooldown=cooldown)
        with pytest.raises(WriteCooldownError) as late:
            await core.write()
        with pytest.raises(TrainCooldownError) as soon:
            await core.service.check_training(core.max, train_request())
        assert late.value.cooldown == soon.value.cooldown == longest


async def test_a_person_waits_between_two_trainings(core: Core) -> None:
    """Training longer is one, too; one that was over before it started is none."""
    await core.choose(train_cooldown=600)
    first = await core.queued()
    waiting = await core.queued(by=core.kim)
    await core.service.cancel(core.kim, waiting)
    core.launcher.end(first)
    await core.ended(first)

    with pytest.raises(TrainCooldownError) as refused:
        await core.service.check_training(core.max, train_request())
    with pytest.raises(TrainCooldownError):
        await core.service.train_longer(core.max, first, 3)

    assert "10 min 00 s between two trainings" in str(refused.value)
    await core.service.check_training(core.kim, train_request())


async def test_a_training_that_failed_before_it_started_is_none(core: Core) -> None:
    await core.choose(train_cooldown=600)
    await core.begin()

    core = await core.again()
    core.reporter.takes_announcements = False  # so it fails
    await core.start()
    run_id = await core.only_run()
    await core.ended(run_id)

    assert await core.status(run_id) is RunStatus.FAILED
    await core.service.check_training(core.max, train_request())


async def test_of_two_trainings_at_once_one_comes_about(core: Core) -> None:
    await core.choose(train_cooldown=600)

    outcomes = await asyncio.gather(*(core.begin() for _ in range(2)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, TrainCooldownError)]
    assert len(refused) == 1
    assert len(await core.catalog.runs_of(1)) == 1
