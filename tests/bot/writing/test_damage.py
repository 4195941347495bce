"""A checkpoint's file that is not what was stored is noticed, and the one before it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.rendering import written as render
from bot.requests import GenerateRequest
from model.checkpoint import to_bytes
from model.conversation import Question
from tests.bot.uploads import small_checkpoint
from tests.damage import cut, flip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.records import CheckpointRecord
    from tests.bot.core import Core


def lose(path: Path) -> None:
    path.unlink()


async def trained_longer(core: Core, times: int) -> list[CheckpointRecord]:
    """The checkpoints, newest first, of a model that was trained longer so many times."""
    model = await core.trained("Poems")
    for number in range(times):
        [last, *_] = await core.catalog.runs_of(1)
        begun = await core.service.train_longer(core.max, last.id, 3.0)
        await core.service.announce(begun.run.id, 2000 + number)
        await core.reporter.first("training", begun.run.id)
        core.launcher.checkpoint = to_bytes(small_checkpoint(seed=1 + number))
        core.launcher.end(begun.run.id)
        await core.ended(begun.run.id)
    return await core.catalog.checkpoints(1, model.id)


@pytest.mark.parametrize("damage", [flip, cut, lose])
@pytest.mark.parametrize("damaged", [1, 2])
async def test_the_newest_sound_checkpoint_writes_and_says_so(
    core: Core, damage: Callable[[Path], None], damaged: int
) -> None:
    checkpoints = await trained_longer(core, 2)
    for checkpoint in checkpoints[:damaged]:
        damage(core.directory.checkpoint(checkpoint.id))

    text = await core.write(seed=1)

    assert text.earlier == checkpoints[damaged]
    assert text.generation.checkpoint_id == checkpoints[damaged].id
    note = f"its earlier checkpoint of step {checkpoints[damaged].step} wrote this"
    assert note in render([text], whole=True).content
    assert (await core.service.continue_text(core.max, text.generation.id)).text


async def test_a_restored_checkpoint_writes_again(core: Core) -> None:
    """Nothing was changed because of a damage: whoever restores the file has the model back."""
    newest, *_ = await trained_longer(core, 1)
    path = core.directory.checkpoint(newest.id)
    content = path.read_bytes()
    flip(path)
    await core.write()

    path.write_bytes(content)
    text = await core.write()

    assert text.earlier is None
    assert text.generation.checkpoint_id == newest.id


async def test_a_model_without_a_sound_checkpoint_is_one_sentence(core: Core) -> None:
    for checkpoint in await trained_longer(core, 1):
        flip(core.directory.checkpoint(checkpoint.id))

    with pytest.raises(errors.CheckpointBrokenError):
        await core.write()


async def test_a_checkpoint_that_was_chosen_is_followed_by_those_before_it(core: Core) -> None:
    newest, chosen, first = await trained_longer(core, 2)
    await core.service.use_checkpoint(core.max, chosen.model_id, chosen.id)
    flip(core.directory.checkpoint(chosen.id))

    assert (await core.write()).earlier == first
    assert newest.id != first.id


async def test_a_text_goes_on_with_its_own_checkpoint_or_not_at_all(core: Core) -> None:
    newest, _ = await trained_longer(core, 1)
    checked = await core.service.check_generation(core.max, GenerateRequest())
    [text] = await core.service.generate(core.max, checked)
    flip(core.directory.checkpoint(newest.id))
    core.library.forget(newest.id)

    with pytest.raises(errors.CheckpointBrokenError):
        await core.service.continue_text(core.max, text.generation.id)


@pytest.mark.parametrize("damage", [flip, cut])
async def test_a_damaged_checkpoint_is_not_exported(
    core: Core, damage: Callable[[Path], None]
) -> None:
    model = await core.trained()
    damage(core.directory.checkpoint(model.checkpoint.id))

    with pytest.raises(errors.CheckpointBrokenError):
        await core.service.export(core.max, model.id)


async def test_the_newest_sound_checkpoint_talks(core: Core) -> None:
    """And begins the conversation anew each time: it is not the current one's."""
    newest, before = await trained_longer(core, 1)
    await core.choose(talk_channels=(core.max.channel_id,))
    flip(core.directory.checkpoint(newest.id))

    async with core.service.talking.turn(core.max) as turn:
        answer = await turn.answer(Question("The dog.", "Ann"))

    assert answer.text
    for checkpoint in (newest, before):
        kept = await core.catalog.conversation(1, core.max.channel_id, checkpoint.id)
        assert kept is None
