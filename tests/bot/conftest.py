"""What tests of the bot start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.runs.progress import ProgressReporter
from bot.settings import Settings, variable
from tests.bot.core import Core
from tests.bot.reporting import EDIT_SECONDS, FakeEnds, FakePosts, forbidden, spoken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The defaults, whatever this machine's environment and its `.env` say."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    return Settings(data=tmp_path / "data")


@pytest.fixture
async def core(settings: Settings) -> AsyncIterator[Core]:
    """The core, training and reporting."""
    core = await Core.open(settings)
    await core.start()
    try:
        yield core
    finally:
        await core.close()


@pytest.fixture
def told() -> FakeEnds:
    return FakeEnds()


@pytest.fixture
def posts() -> FakePosts:
    return FakePosts()


@pytest.fixture
async def reporter(posts: FakePosts, told: FakeEnds) -> ProgressReporter:
    reporter = ProgressReporter(posts, told, spoken, forbidden, edit_seconds=EDIT_SECONDS)
    reporter.open()
    return reporter


@pytest.fixture
async def patient(posts: FakePosts, told: FakeEnds) -> ProgressReporter:
    """A reporter for whom no turn and no second try comes before the test has failed."""
    reporter = ProgressReporter(posts, told, spoken, forbidden, edit_seconds=3600)
    reporter.open()
    return reporter
