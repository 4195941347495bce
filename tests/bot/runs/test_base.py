"""`/train base:`: a run that starts from one of the server's models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import errors
from tests.bot.uploads import TEXT, train_request, uploading

if TYPE_CHECKING:
    from tests.bot.core import Core


async def test_a_run_has_a_copy_of_its_base(core: Core) -> None:
    """So that the model may be deleted while the run waits; its name is found in any case."""
    model = await core.trained("Poems")
    content = core.directory.checkpoint(model.checkpoint.id).read_bytes()

    begun = await core.service.begin_training(
        core.kim, train_request(base="pOEMS"), uploading(TEXT)
    )
    await core.service.delete(core.ada, model.id)

    assert core.folder(begun.run.id).base.read_bytes() == content


async def test_a_finished_run_keeps_its_base_no_longer(core: Core) -> None:
    await core.trained("Poems")
    begun = await core.service.begin_training(
        core.kim, train_request(base="Poems"), uploading(TEXT)
    )
    await core.service.announce(begun.run.id, 2000)
    await core.reporter.first("training", begun.run.id)

    core.launcher.end(begun.run.id)
    await core.ended(begun.run.id)

    assert not core.folder(begun.run.id).base.exists()


@pytest.mark.parametrize("base", ["Poem", "0" * 32, "../x", ""])
async def test_a_base_that_is_not_there_is_refused_before_anything_is_read(
    core: Core, base: str
) -> None:
    await core.trained("Poems")

    with pytest.raises(errors.ModelNotFoundError):
        await core.service.check_training(core.kim, train_request(base=base))


async def test_another_servers_model_is_no_base(core: Core) -> None:
    model = await core.trained("Poems")

    for base in ("Poems", model.id):
        with pytest.raises(errors.RefusedError):
            await core.service.check_training(core.stranger, train_request(base=base))


async def test_a_base_whose_file_is_damaged_leaves_nothing(core: Core) -> None:
    model = await core.trained("Poems")
    core.directory.checkpoint(model.checkpoint.id).write_bytes(b"broken")
    before = core.files()

    with pytest.raises(errors.CheckpointBrokenError):
        await core.service.begin_training(core.kim, train_request(base="Poems"), uploading(TEXT))

    assert core.files() == before
