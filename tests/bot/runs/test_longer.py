"""Training longer: the same text, from the run's own checkpoint, into the same model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from model.checkpoint import to_bytes
from tests.bot.uploads import TEXT, small_checkpoint

if TYPE_CHECKING:
    from storage.records import ModelRecord
    from tests.bot.core import Core


async def run_of(core: Core, model: ModelRecord) -> str:
    """The run that made a model."""
    runs = await core.catalog.runs_of(model.guild_id)
    return next(run.id for run in runs if run.model_id == model.id)


async def train_longer(core: Core, run_id: str, minutes: float = 3.0) -> str:
    begun = await core.service.train_longer(core.max, run_id, minutes)
    await core.service.announce(begun.run.id, 2000)
    await core.reporter.first("training", begun.run.id)
    return begun.run.id


async def test_the_model_gets_another_checkpoint_and_writes_with_it(core: Core) -> None:
    """From the run's checkpoint, on its text; the figures of both remain."""
    model = await core.trained("Poems")
    content = core.directory.checkpoint(model.checkpoint.id).read_bytes()
    first = await run_of(core, model)

    second = await train_longer(core, first, minutes=7)
    folder = core.folder(second)
    assert folder.read_corpus() == TEXT.strip("\n") + "\n" == core.folder(first).read_corpus()
    assert folder.base.read_bytes() == content
    assert folder.read_spec().minutes == 7
    core.launcher.checkpoint = to_bytes(small_checkpoint(seed=1))
    core.launcher.end(second)
    run = await core.ended(second)

    [now] = await core.catalog.models(1)
    assert (now.id, now.name, now.is_current) == (model.id, "Poems", True)
    assert now.checkpoint.id == run.checkpoint_id != model.checkpoint.id
    checkpoints = await core.catalog.checkpoints(1, model.id)
    assert [checkpoint.id for checkpoint in checkpoints] == [now.checkpoint.id, model.checkpoint.id]
    assert (await core.write(prompt="The")).text
    assert (await core.service.check_longer(core.max, second)).id == second, "and so on"


async def test_names_that_were_learned_are_learned_on(core: Core) -> None:
    checkpoint = small_checkpoint()
    with_names = replace(checkpoint, training=replace(checkpoint.training, names=True))
    core.launcher.checkpoint = to_bytes(with_names)
    model = await core.trained("Poems")

    second = await train_longer(core, await run_of(core, model), minutes=7)

    assert core.folder(second).read_spec().names


async def test_a_model_that_is_renamed_or_deleted_meanwhile_loses_nothing(core: Core) -> None:
    """Renamed, it keeps its new name; deleted, the run makes a new one."""
    model = await core.trained("Poems")
    first = await run_of(core, model)
    second = await train_longer(core, first)
    await core.service.rename(core.max, model.id, "Verse")
    core.launcher.end(second)
    await core.ended(second)
    assert [each.name for each in await core.catalog.models(1)] == ["Verse"]

    third = await train_longer(core, second)
    await core.service.delete(core.max, model.id)
    core.launcher.end(third)
    run = await core.ended(third)

    [made] = await core.catalog.models(1)
    assert (made.id, made.name) == (run.model_id, "Verse")
    assert made.id != model.id
    assert core.directory.checkpoint(made.checkpoint.id).exists()


async def test_a_model_is_trained_longer_once_at_a_time(core: Core) -> None:
    model = await core.trained("Poems")
    run_id = await run_of(core, model)
    await train_longer(core, run_id)
    before = core.files()

    with pytest.raises(errors.InTrainingError):
        await core.service.train_longer(core.max, run_id, 3)

    assert core.files() == before


async def test_a_text_that_is_no_longer_kept_is_asked_for_again(core: Core) -> None:
    model = await core.trained("Poems")
    run_id = await run_of(core, model)
    core.folder(run_id).corpus.unlink()
    before = core.files()

    for attempt in (
        core.service.check_longer(core.max, run_id),
        core.service.train_longer(core.max, run_id, 3),
    ):
        with pytest.raises(errors.CorpusGoneError, match="again and choose Poems"):
            await attempt

    assert core.files() == before


async def test_only_who_may_change_a_model_trains_it_longer(core: Core) -> None:
    run_id = await run_of(core, await core.trained("Poems"))

    with pytest.raises(errors.NotAllowedError):
        await core.service.check_longer(core.kim, run_id)
    with pytest.raises(errors.RunGoneError):
        await core.service.check_longer(core.stranger, run_id)
    assert (await core.service.check_longer(core.ada, run_id)).id == run_id


@pytest.mark.parametrize("minutes", [0.4, 60.1, float("nan"), float("inf"), -1])
async def test_minutes_out_of_range_are_refused(core: Core, minutes: float) -> None:
    run_id = await run_of(core, await core.trained("Poems"))

    with pytest.raises(errors.OutOfRangeError):
        await core.service.train_longer(core.max, run_id, minutes)


async def test_the_limits_of_waiting_runs_hold(core: Core) -> None:
    run_id = await run_of(core, await core.trained("Poems"))
    for name in ("trains", "waits", "waits too"):
        await core.queued(name)

    with pytest.raises(errors.TooManyRunsError):
        await core.service.check_longer(core.max, run_id)


async def test_a_checkpoint_that_is_gone_or_damaged_leaves_nothing(core: Core) -> None:
    model = await core.trained("Poems")
    run_id = await run_of(core, model)
    core.directory.checkpoint(model.checkpoint.id).write_bytes(b"broken")
    before = core.files()

    with pytest.raises(errors.CheckpointBrokenError):
        await core.service.train_longer(core.max, run_id, 3)
    assert core.files() == before
    await core.service.delete(core.max, model.id)

    with pytest.raises(errors.CheckpointGoneError):
        await core.service.check_longer(core.max, run_id)


async def test_a_run_that_is_trained_longer_goes_on_after_a_restart(core: Core) -> None:
    model = await core.trained("Poems")
    begun = await core.service.train_longer(core.max, await run_of(core, model), 3)
    await core.service.announce(begun.run.id, 2000)

    core = await core.again()
    await core.start()
    run, _ = await core.reporter.first("training", begun.run.id)
    core.launcher.end(begun.run.id)
    await core.ended(begun.run.id)

    assert run.found == begun.run.found != ""
    assert len(await core.catalog.checkpoints(1, model.id)) == 2
