from __future__ import annotations

import errno
import time
from typing import TYPE_CHECKING

import pytest

from bot.errors import GenerationGoneError
from bot.runs.retention import keep_log
from storage.errors import CatalogUnavailableError
from storage.files import new_id

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bot.core import Core

HOUR = 3600
DAY = 24 * HOUR


def names(core: Core, run_id: str) -> set[str]:
    """The files in a run's folder."""
    folder = core.directory.run(run_id)
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


async def finished(core: Core) -> str:
    await core.trained()
    [run] = await core.catalog.runs_of(1)
    return run.id


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = time.time() + seconds
    monkeypatch.setattr("bot.runs.retention.time.time", lambda: moment)


async def test_a_finished_run_keeps_what_it_takes_to_train_longer(core: Core) -> None:
    run_id = await finished(core)

    await core.retention.sweep()

    assert names(core, run_id) == {"spec.json", "corpus.txt", "worker.log"}


async def test_a_corpus_goes_when_its_hours_are_over(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await finished(core)

    later(monkeypatch, 23.9 * HOUR)
    await core.retention.sweep()
    assert "corpus.txt" in names(core, run_id)
    later(monkeypatch, 24.1 * HOUR)
    await core.retention.sweep()

    assert names(core, run_id) == {"worker.log"}


async def test_a_log_goes_after_its_days(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = await finished(core)

    later(monkeypatch, 31 * DAY)
    await core.retention.sweep()

    assert not core.directory.run(run_id).exists()


async def test_no_hours_means_at_once(core: Core) -> None:
    core = await core.again(corpus_hours=0)
    await core.start()

    run_id = await finished(core)

    assert names(core, run_id) == {"worker.log"}


async def test_what_waits_or_trains_is_never_swept(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [await core.queued(), await core.queued()]

    later(monkeypatch, 365 * DAY)
    await core.retention.sweep()
    await core.retention.sweep_orphans()

    assert all(names(core, run_id) >= {"spec.json", "corpus.txt"} for run_id in runs)


async def test_files_without_a_row_go_at_the_start(core: Core) -> None:
    model = await core.trained()
    orphans = [core.directory.run(new_id()), core.directory.checkpoint(new_id())]
    orphans[0].mkdir()
    (orphans[0] / "upload").write_text("half of it")
    orphans[1].write_bytes(b"weights")

    core = await core.again()

    assert not any(path.exists() for path in orphans)
    assert core.directory.checkpoint(model.checkpoint.id).exists()


async def test_texts_and_ended_runs_go_after_their_days(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The model stays, and no file is left of the run."""
    run_id = await finished(core)
    written = await core.write(prompt="A CANARY")

    later(monkeypatch, 29.9 * DAY)
    await core.retention.sweep()
    assert (await core.service.check_text(core.max, written.generation.id)).prompt == "A CANARY"
    assert await core.catalog.runs_of(1)
    later(monkeypatch, 30.1 * DAY)
    await core.retention.sweep()

    with pytest.raises(GenerationGoneError):
        await core.service.continue_text(core.max, written.generation.id)
    assert await core.catalog.runs_of(1) == []
    assert not core.directory.run(run_id).exists()
    log = core.directory.catalog.with_name("catalog.sqlite3-wal")
    assert b"CANARY" not in log.read_bytes() + core.directory.catalog.read_bytes()
    assert (await core.write()).model.name == "fox"


async def test_conversations_rest_as_long_as_texts(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    await finished(core)
    model = await core.catalog.current_model(1)
    assert model is not None
    await core.choose(talk_channels=(10,))
    checkpoint_id = model.checkpoint.id
    await core.catalog.begin_conversation(1, 10, talk_channel_id=10, checkpoint_id=checkpoint_id)
    await core.catalog.keep_conversation(1, 10, checkpoint_id, b"state")

    later(monkeypatch, 29.9 * DAY)
    await core.retention.sweep()
    assert await core.catalog.conversation(1, 10, model.checkpoint.id) == b"state"
    later(monkeypatch, 30.1 * DAY)
    await core.retention.sweep()

    assert await core.catalog.conversation(1, 10, model.checkpoint.id) is None


async def test_a_run_s_row_outlives_the_first_day_and_its_corpus(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = await core.again(record_days=0, corpus_hours=48)
    await core.start()
    run_id = await finished(core)
    written = await core.write()

    later(monkeypatch, 47 * HOUR)
    await core.retention.sweep()
    with pytest.raises(GenerationGoneError):
        await core.service.check_text(core.max, written.generation.id)
    assert (await core.service.check_longer(core.max, run_id)).id == run_id
    later(monkeypatch, 49 * HOUR)
    await core.retention.sweep()

    assert await core.catalog.runs_of(1) == []


async def test_rows_of_runs_that_wait_or_train_are_never_swept(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = {await core.queued(), await core.queued()}

    later(monkeypatch, 3650 * DAY)
    await core.retention.sweep()

    assert {run.id for run in await core.catalog.runs_of(1)} == runs


async def test_a_catalog_that_is_being_read_keeps_no_file_from_going(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever makes a backup is in the way of the catalog's log, until later."""
    run_id = await finished(core)

    async def refused(_: object) -> None:
        raise CatalogUnavailableError(core.directory.catalog, "another program is reading it")

    monkeypatch.setattr(type(core.catalog), "empty_log", refused)
    later(monkeypatch, 25 * HOUR)
    await core.retention.sweep()

    assert names(core, run_id) == {"worker.log"}


async def test_a_run_whose_files_resist_keeps_no_other_s_from_going(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    for name in ("one", "two", "three"):
        runs.append((await core.begin(name)).run.id)
        await core.catalog.cancel_run(runs[-1])
    resisting = core.directory.run(runs[1])

    def resist(folder: Path) -> None:
        if folder == resisting:
            raise OSError(errno.EIO, "it resists")
        keep_log(folder)

    monkeypatch.setattr("bot.runs.retention.keep_log", resist)
    later(monkeypatch, 25 * HOUR)
    await core.retention.sweep()

    assert [run for run in runs if "corpus.txt" in names(core, run)] == [runs[1]]
