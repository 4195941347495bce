"""A server's models: who changes them, under which names, and what is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import errors
from model.checkpoint import load

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.requests import Caller
    from storage.records import ModelRecord
    from tests.bot.core import Core


async def test_the_newest_model_is_the_current_one_until_another_is_used(core: Core) -> None:
    old = await core.trained("Old")
    new = await core.trained("New")
    assert await core.catalog.current_model(core.kim.guild_id) == new

    used = await core.service.use(core.max, "oLD")

    assert used.id == old.id
    assert (await core.write()).model.id == old.id
    assert (await core.write(model=new.id)).model.id == new.id
    assert [model.name for model in await core.catalog.models(1)] == ["New", "Old"]


async def test_only_the_trainer_and_moderators_change_a_model(core: Core) -> None:
    model = await core.trained("Poems", by=core.max)
    service = core.service
    changes: list[Callable[[Caller], Awaitable[ModelRecord]]] = [
        lambda who: service.use(who, "Poems"),
        lambda who: service.use_checkpoint(who, model.id, model.checkpoint.id),
        lambda who: service.rename(who, model.id, "Verses"),
        lambda who: service.delete(who, model.id),
    ]

    for change in changes:
        with pytest.raises(errors.NotAllowedError, match="Only the person who made it"):
            await change(core.kim)

    assert (await service.model(core.kim, model.id)).name == "Poems"
    assert [service.may_change(who, model) for who in (core.max, core.ada, core.kim)] == [
        True,
        True,
        False,
    ]
    for change in changes:
        await change(core.ada)
    assert await core.catalog.models(1) == []


async def test_a_model_is_renamed_to_a_visible_and_free_name_only(core: Core) -> None:
    await core.trained("Taken")
    model = await core.trained("Poems")

    with pytest.raises(errors.NameTakenError):
        await core.service.rename(core.max, model.id, "TAKEN")
    with pytest.raises(errors.NameInvalidError):
        await core.service.rename(core.max, model.id, "\N{RIGHT-TO-LEFT MARK}")
    renamed = await core.service.rename(core.max, model.id, "  Verse ")

    assert renamed.name == "Verse"


async def test_a_deleted_model_leaves_no_file(core: Core) -> None:
    model = await core.trained()
    await core.write()

    await core.service.delete(core.max, model.id)

    assert not core.directory.checkpoint(model.checkpoint.id).exists()
    assert await core.catalog.current_model(core.max.guild_id) is None
    await core.trained()
    await core.write()
    assert model.checkpoint.id not in core.library, "forgotten before the next text at the latest"


@pytest.mark.parametrize(
    ("name", "file_name"),
    [("My Poems", "My_Poems.safetensors"), ("../x", "x.safetensors"), ("?!", "model.safetensors")],
)
async def test_an_export_is_the_file_under_a_harmless_name(
    core: Core, name: str, file_name: str
) -> None:
    model = await core.trained(name)

    export = await core.service.export(core.kim, model.id)

    assert export.file_name == file_name
    assert export.size == export.path.stat().st_size
    assert load(export.path).vocabulary.characters


async def test_an_export_without_its_file_is_refused(core: Core) -> None:
    model = await core.trained()
    core.directory.remove_checkpoint(model.checkpoint.id)

    with pytest.raises(errors.CheckpointBrokenError):
        await core.service.export(core.max, model.id)


async def test_autocomplete_suggests_the_servers_own_models(core: Core) -> None:
    await core.trained("Poems")
    await core.trained("Epic Poems")

    assert [m.name for m in await core.service.suggest(1, "POEM")] == ["Poems", "Epic Poems"]
    assert await core.service.suggest(2, "") == []
