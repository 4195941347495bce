"""Where the bot writes, who may train, how often, and what a server's defaults are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.limit_errors import (
    MinutesUsedError,
    RoleMissingError,
    StockFullError,
    TooManyCheckpointsError,
    TooManyModelsError,
    TrainCooldownError,
    WriteCooldownError,
    WritesElsewhereError,
)
from bot.requests import GenerateRequest, ImportRequest, Upload
from bot.rules import Rules
from bot.settings import LONGEST_COOLDOWN
from storage.records import RunStatus
from tests.bot.uploads import TEXT, train_request, uploading

if TYPE_CHECKING:
    from tests.bot.core import Core


class Clock:
    """A time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


async def choose(core: Core, **choices: object) -> None:
    await core.catalog.change_guild_settings(1, **choices)


async def run_of(core: Core) -> str:
    [run] = await core.catalog.runs_of(1)
    return run.id


# Where it writes


async def test_nothing_is_written_outside_of_the_chosen_channels(core: Core) -> None:
    """Neither a text, nor what a text's buttons write, nor the card of a run."""
    await core.trained()
    text = (await core.write()).generation.id
    run_id = await run_of(core)
    await choose(core, write_channels=(77, 78))
    service, ada = core.service, core.ada

    attempts = [
        service.check_generation(ada, GenerateRequest()),
        service.check_text(ada, text),
        service.check_again(ada, text),
        service.continue_text(ada, text),
        service.again(ada, text),
        service.edit(ada, text, "The"),
        service.check_training(ada, train_request()),
        service.check_longer(ada, run_id),
        service.train_longer(ada, run_id, 3),
    ]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [WritesElsewhereError] * len(attempts)
    assert len(await core.catalog.runs_of(1)) == 1


async def test_a_thread_is_a_part_of_its_channel(core: Core) -> None:
    await core.trained()
    await choose(core, write_channels=(77,))

    assert (await core.write(by=replace(core.max, channel_id=77))).text
    assert (await core.write(by=replace(core.max, channel_id=99, parent_id=77))).text
    with pytest.raises(WritesElsewhereError):
        await core.write(by=replace(core.max, channel_id=99, parent_id=98))


async def test_one_servers_choice_is_nothing_to_another(core: Core) -> None:
    await core.trained(by=core.stranger)
    await choose(core, write_channels=(77,), train_roles=(5,), write_cooldown=60)

    for _ in range(2):
        assert (await core.write(by=core.stranger)).text
    await core.service.check_training(core.stranger, train_request())


# Who may train


async def test_only_members_with_a_chosen_role_train(core: Core) -> None:
    """And whoever could choose other roles; everybody else may still write."""
    await core.trained()
    run_id = await run_of(core)
    await choose(core, train_roles=(5, 6))
    check = core.service.check_training

    with pytest.raises(RoleMissingError) as refused:
        await check(core.max, train_request())
    with pytest.raises(RoleMissingError):
        await check(replace(core.max, role_ids=frozenset({1, 7})), train_request())
    with pytest.raises(RoleMissingError):
        await core.service.check_longer(core.max, run_id)

    assert refused.value.roles == (5, 6)
    await check(replace(core.max, role_ids=frozenset({1, 6})), train_request())
    await check(core.ada, train_request())
    assert (await core.write()).text


# How often


async def test_a_person_waits_between_two_texts(core: Core) -> None:
    """However they are asked for; others, and other servers, need not wait."""
    await core.trained()
    clock = Clock()
    core.service.rules = Rules(core.catalog, clock=clock)
    await choose(core, write_cooldown=60)
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
    clock = Clock()
    rules = Rules(core.catalog, clock=clock)
    await choose(core, write_cooldown=60)

    for person in range(20):
        async with rules.turn(replace(core.max, user_id=person)):
            clock.now += LONGEST_COOLDOWN / 10

    assert len(rules._turns) <= 11  # noqa: SLF001  # nothing else tells


async def test_of_two_texts_at_once_one_comes_about(core: Core) -> None:
    await core.trained()
    await choose(core, write_cooldown=60)
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
    await choose(core, write_cooldown=60)
    path.unlink()
    with pytest.raises(errors.CheckpointBrokenError):
        await core.write()
    path.write_bytes(content)

    assert (await core.write()).text


async def test_a_text_that_fails_late_does_not_give_back_a_newer_ones_turn(core: Core) -> None:
    """As one that waited in the queue for longer than the cooldown."""
    clock = Clock()
    rules = Rules(core.catalog, clock=clock)
    await choose(core, write_cooldown=10)
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
    await choose(core, write_cooldown=3600)
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
        await choose(core, write_cooldown=cooldown, train_cooldown=cooldown)
        with pytest.raises(WriteCooldownError) as late:
            await core.write()
        with pytest.raises(TrainCooldownError) as soon:
            await core.service.check_training(core.max, train_request())
        assert late.value.cooldown == soon.value.cooldown == longest


async def test_a_person_waits_between_two_trainings(core: Core) -> None:
    """Training longer is one, too; one that was over before it started is none."""
    await choose(core, train_cooldown=600)
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
    await choose(core, train_cooldown=600)
    await core.begin()

    core = await core.again()
    core.reporter.takes_announcements = False  # so it fails
    await core.start()
    run_id = await run_of(core)
    await core.ended(run_id)

    assert await core.status(run_id) is RunStatus.FAILED
    await core.service.check_training(core.max, train_request())


async def test_of_two_trainings_at_once_one_comes_about(core: Core) -> None:
    await choose(core, train_cooldown=600)

    outcomes = await asyncio.gather(*(core.begin() for _ in range(3)), return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, TrainCooldownError)]
    assert len(refused) == 2
    assert len(await core.catalog.runs_of(1)) == 1


# How long and how hot


@pytest.mark.parametrize(
    ("chosen", "asked", "written"),
    [
        ({}, {}, (400, 0.8)),
        ({"length": 30, "temperature": 1.5}, {}, (30, 1.5)),
        ({"length": 30, "temperature": 1.5}, {"length": 20, "temperature": 0.0}, (20, 0.0)),
        ({"temperature": 0.0}, {}, (400, 0.0)),
    ],
)
async def test_what_nobody_asked_for_is_as_the_server_has_chosen(
    core: Core,
    chosen: dict[str, object],
    asked: dict[str, object],
    written: tuple[int, float],
) -> None:
    await core.trained()
    await choose(core, **chosen)

    generation = (await core.write(replace(GenerateRequest(), **asked))).generation  # type: ignore[arg-type]  # by name

    assert (generation.length, generation.temperature) == written


async def test_options_that_contradict_the_servers_default_are_refused(core: Core) -> None:
    await core.trained()
    await choose(core, temperature=0.0)

    with pytest.raises(errors.WithoutEffectError):
        await core.write(top_k=5)


# What the operator allows


async def test_minutes_that_are_used_up_are_refused_before_anything_is_read(core: Core) -> None:
    """In a sentence that names them, also for training longer."""
    core = await core.again(daily_minutes_per_person=5)
    await core.start()
    await core.trained()
    run_id = await run_of(core)
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
    run_id = await run_of(core)
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
