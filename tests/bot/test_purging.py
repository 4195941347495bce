"""Deleting for good: what is under way, what trains, what is on disk and in memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import (
    BeingDeletedError,
    GenerationGoneError,
    ModelNotFoundError,
    NoModelError,
    NotAllowedToPurgeError,
    RunGoneError,
)
from bot.errors.limits import TrainCooldownError
from storage.catalog import Catalog
from storage.records import Given
from tests.bot.canary import CANARY, TEXT_OF_MAX, give
from tests.bot.uploads import TEXT, train_request, uploading
from tests.traces import traces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bot.core import Core


async def test_what_a_person_gave_is_gone_to_the_last_byte(core: Core) -> None:
    theirs = await core.trained("others", by=core.kim)
    run_id = await give(core)
    await core.service.privacy.leave_out(core.max)
    given = await core.service.privacy.given(core.max)
    assert [*given.models.values()] == [f"{CANARY} one", CANARY]
    assert [given.runs, given.texts] == [2, 1]
    assert traces(core.settings.data, CANARY), "or this would prove nothing"

    await core.service.privacy.delete_given(core.max)

    assert traces(core.settings.data, CANARY, run_id) == []
    assert core.launcher.terminated == [run_id]
    ended = await core.ended(run_id)
    assert ended.status == "canceled"
    assert [model.id for model in await core.catalog.models(1)] == [theirs.id]
    assert core.directory.checkpoint(theirs.checkpoint.id).exists()
    assert await core.service.privacy.is_left_out(core.max)
    assert (await core.write(by=core.max)).model.id == theirs.id, "and it goes on"
    assert await core.queued("again", by=core.max)


async def test_everything_of_a_server_is_gone_and_other_servers_notice_nothing(
    core: Core,
) -> None:
    elsewhere = await core.trained("fiction", by=core.stranger)
    await give(core)
    await core.service.privacy.leave_out(core.kim)
    with pytest.raises(NotAllowedToPurgeError):
        await core.service.privacy.delete_everything(core.max)
    assert traces(core.settings.data, CANARY)

    await core.service.privacy.delete_everything(core.ada)

    assert traces(core.settings.data, CANARY) == []
    assert not await core.service.privacy.is_left_out(core.kim)
    with pytest.raises(NoModelError):
        await core.write(by=core.ada)
    assert (await core.write(by=core.stranger)).model.id == elsewhere.id


@pytest.mark.parametrize("everything", [True, False])
async def test_conversations_go_with_whatever_is_deleted(core: Core, *, everything: bool) -> None:
    checkpoint_id = (await core.trained("others", by=core.kim)).checkpoint.id
    await core.choose(talk_channels=(10,))
    await core.catalog.begin_conversation(1, 10, talk_channel_id=10, checkpoint_id=checkpoint_id)
    await core.catalog.keep_conversation(1, 10, checkpoint_id, CANARY.encode())
    assert (await core.service.privacy.given(core.max)).conversations == 1
    assert traces(core.settings.data, CANARY), "or this would prove nothing"

    if everything:
        await core.service.privacy.delete_everything(core.ada)
    else:
        await core.service.privacy.delete_given(core.max)

    assert await core.catalog.conversation(1, 10, checkpoint_id) is None
    assert traces(core.settings.data, CANARY) == []


async def test_what_is_in_memory_goes_too(core: Core) -> None:
    model = await core.trained("mine")
    await core.write()
    assert model.checkpoint.id in core.library

    await core.service.privacy.delete_given(core.max)

    assert model.checkpoint.id not in core.library


async def test_an_upload_that_is_under_way_is_refused_and_leaves_nothing(core: Core) -> None:
    arriving = asyncio.Event()

    async def download(paths: Sequence[Path]) -> None:
        await asyncio.to_thread(paths[0].write_text, TEXT_OF_MAX)
        arriving.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(core.service.begin_training(core.max, train_request(), download))
    await arriving.wait()

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(BeingDeletedError):
        await upload
    assert traces(core.settings.data, CANARY) == []
    assert core.files() == []


async def test_others_go_on_while_somebody_s_is_deleted(core: Core) -> None:
    core.launcher.may_read.clear()
    request = train_request(name="slow")
    upload = asyncio.create_task(core.service.begin_training(core.kim, request, uploading(TEXT)))
    await core.launcher.reading.wait()

    await core.service.privacy.delete_given(core.max)
    core.launcher.may_read.set()

    assert (await upload).run.model_name == "slow"


async def test_whoever_comes_while_it_is_deleted_is_asked_to_come_again(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await core.trained("others", by=core.kim)
    deleting, may_delete = asyncio.Event(), asyncio.Event()
    purge_rows = Catalog.purge_rows

    async def slowly(self: Catalog, purge: Any) -> Any:
        deleting.set()
        await may_delete.wait()
        return await purge_rows(self, purge)

    monkeypatch.setattr(Catalog, "purge_rows", slowly)
    deletion = asyncio.create_task(core.service.privacy.delete_given(core.max))
    await deleting.wait()

    with pytest.raises(BeingDeletedError):
        await core.begin(by=core.max)
    with pytest.raises(BeingDeletedError):
        await core.write(by=core.max)
    assert (await core.write(by=core.kim)).model.name == "others"
    may_delete.set()
    await deletion
    assert (await core.begin(by=core.max)).run.user_id == core.max.user_id


async def test_nobody_trains_longer_what_is_being_deleted(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A moderator is not refused like the one whose model it is, but has the same result."""
    model = await core.trained("poems", by=core.max)
    run_id = await core.only_run()
    purge_rows = Catalog.purge_rows

    async def after_others(self: Catalog, purge: Any) -> Any:
        with pytest.raises(ModelNotFoundError):
            await core.service.train_longer(core.ada, run_id, 3)
        return await purge_rows(self, purge)

    monkeypatch.setattr(Catalog, "purge_rows", after_others)
    await core.service.privacy.delete_given(core.max)

    assert await core.catalog.models(model.guild_id) == []
    assert core.files() == []


async def test_a_run_that_nobody_was_told_of_yet_is_not_announced_any_more(core: Core) -> None:
    begun = await core.begin("mine")

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(RunGoneError):
        await core.service.announce(begun.run.id, 1001)
    assert core.files() == []


async def test_a_model_that_is_just_being_saved_goes_as_well(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can no longer be canceled, so its end is waited for."""
    run_id = await core.queued(CANARY)
    await core.reporter.first("training", run_id)
    core.launcher.end(run_id)

    await core.service.privacy.delete_given(core.max)

    assert traces(core.settings.data, CANARY, run_id) == []
    assert await core.catalog.models(1) == []


async def test_buttons_of_deleted_texts_say_that_they_are_gone(core: Core) -> None:
    await core.trained("others", by=core.kim)
    written = await core.write(prompt="The")

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(GenerationGoneError):
        await core.service.continue_text(core.max, written.generation.id)


@pytest.mark.parametrize("ends", [True, False])
async def test_a_copy_of_a_corpus_goes_with_what_its_owner_gave(core: Core, *, ends: bool) -> None:
    """A moderator trained the model longer, which has been deleted since."""
    begun = await core.service.begin_training(
        core.max, train_request(name="poems"), uploading(TEXT_OF_MAX)
    )
    await core.service.announce(begun.run.id, 1001)
    await core.reporter.first("training", begun.run.id)
    core.launcher.end(begun.run.id)
    run = await core.ended(begun.run.id)
    for number in (2, 3):
        longer = await core.service.train_longer(core.ada, run.id, 3)
        await core.service.announce(longer.run.id, 1000 + number)
        await core.reporter.first("training", longer.run.id)
        if number == 2 or ends:
            core.launcher.end(longer.run.id)
            run = await core.ended(longer.run.id)
    assert run.model_id is not None
    await core.service.delete(core.ada, run.model_id)
    assert traces(core.settings.data, CANARY)

    await core.service.privacy.delete_given(core.max)

    assert traces(core.settings.data, CANARY) == []
    assert await core.service.privacy.given(core.ada) == Given(models={}, runs=0, texts=0)


async def test_limits_hold_after_what_one_gave_is_deleted(core: Core) -> None:
    core = await core.again(train_cooldown_seconds=3600)
    await core.start()
    await core.trained()

    await core.service.privacy.delete_given(core.max)

    with pytest.raises(TrainCooldownError):
        await core.begin()
    assert (await core.begin(by=core.kim)).run.user_id == core.kim.user_id
