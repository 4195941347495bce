"""Where the bot writes, who may train, and what a server's defaults are."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.errors.limits import (
    RoleMissingError,
    WritesElsewhereError,
)
from bot.requests import GenerateRequest
from tests.bot.uploads import train_request

if TYPE_CHECKING:
    from tests.bot.core import Core


# Where it writes


async def test_nothing_is_written_outside_of_the_chosen_channels(core: Core) -> None:
    """Neither a text, nor what a text's buttons write, nor the card of a run."""
    await core.trained()
    text = (await core.write()).generation.id
    run_id = await core.only_run()
    await core.choose(write_channels=(77, 78))
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
    await core.choose(write_channels=(77,))

    assert (await core.write(by=replace(core.max, channel_id=77))).text
    assert (await core.write(by=replace(core.max, channel_id=99, parent_id=77))).text
    with pytest.raises(WritesElsewhereError):
        await core.write(by=replace(core.max, channel_id=99, parent_id=98))


async def test_one_servers_choice_is_nothing_to_another(core: Core) -> None:
    await core.trained(by=core.stranger)
    await core.choose(write_channels=(77,), train_roles=(5,), write_cooldown=60)

    for _ in range(2):
        assert (await core.write(by=core.stranger)).text
    await core.service.check_training(core.stranger, train_request())


# Who may train


async def test_only_members_with_a_chosen_role_train(core: Core) -> None:
    """And whoever could choose other roles; everybody else may still write."""
    await core.trained()
    run_id = await core.only_run()
    await core.choose(train_roles=(5, 6))
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
    await core.choose(**chosen)

    generation = (await core.write(replace(GenerateRequest(), **asked))).generation  # type: ignore[arg-type]  # by name

    assert (generation.length, generation.temperature) == written


async def test_options_that_contradict_the_servers_default_are_refused(core: Core) -> None:
    await core.trained()
    await core.choose(temperature=0.0)

    with pytest.raises(errors.WithoutEffectError):
        await core.write(top_k=5)
