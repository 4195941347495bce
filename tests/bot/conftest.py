"""What tests of the bot start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings, variable
from tests.bot.core import Core

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
