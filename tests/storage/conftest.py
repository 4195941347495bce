"""A catalog in a temporary folder, and the shortest ways to have something in it."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest

from storage.catalog import Catalog
from storage.database import Database
from storage.files import new_id
from storage.records import ChannelSource, GenerationRecord, ModelRecord, RunLimits, RunRecord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

GUILD = 1
UNLIMITED = RunLimits(per_person=1000, per_guild=1000)


@dataclass(frozen=True)
class House:
    """An open catalog, its database, and what tests want to find in it."""

    database: Database
    catalog: Catalog
    unlimited: ClassVar = UNLIMITED

    async def queue(
        self,
        name: str = "poems",
        *,
        guild_id: int = GUILD,
        user_id: int = 7,
        name_is_default: bool = False,
        limits: RunLimits = UNLIMITED,
        source: ChannelSource | None = None,
        minutes: float = 3,
        size: int = 0,
    ) -> RunRecord:
        return await self.catalog.queue_run(
            guild_id,
            run_id=new_id(),
            channel_id=3,
            user_id=user_id,
            name=name,
            name_is_default=name_is_default,
            minutes=minutes,
            corpus_characters=1_115_394,
            limits=limits,
            source=source,
            size=size,
        )

    async def longer(
        self, model: ModelRecord, *, guild_id: int = GUILD, limits: RunLimits = UNLIMITED
    ) -> RunRecord:
        return await self.catalog.queue_run(
            guild_id,
            run_id=new_id(),
            channel_id=3,
            user_id=7,
            name=model.name,
            name_is_default=False,
            minutes=3,
            corpus_characters=1_115_394,
            limits=limits,
            trained_model_id=model.id,
        )

    async def finish(self, run: RunRecord, checkpoint_id: str | None = None) -> ModelRecord:
        return await self.catalog.finish_run(
            run.id,
            checkpoint_id=checkpoint_id or new_id(),
            sha256="ab" * 32,
            file_size=4096,
            step=500,
            validation_loss=1.5,
            parameters=1_000_000,
            novelty=0.97,
            last_word="{}",
        )

    async def model(self, name: str = "poems", *, guild_id: int = GUILD) -> ModelRecord:
        return await self.finish(await self.queue(name, guild_id=guild_id))

    async def generation(self, model: ModelRecord) -> GenerationRecord:
        return await self.catalog.record_generation(
            model.guild_id,
            channel_id=3,
            user_id=7,
            checkpoint_id=model.checkpoint.id,
            prompt="To be",
            seed=2**32 - 1,
            temperature=0.8,
            length=400,
            bookmark=b"\0state",
        )

    async def talk(
        self,
        model: ModelRecord,
        bookmark: bytes = b"state",
        *,
        channel_id: int = 3,
        talk_channel_id: int = 3,
    ) -> None:
        about = model.guild_id, channel_id
        checkpoint_id = model.checkpoint.id
        if await self.catalog.conversation(*about, checkpoint_id) is None:
            await self.catalog.begin_conversation(
                *about, talk_channel_id=talk_channel_id, checkpoint_id=checkpoint_id
            )
        await self.catalog.keep_conversation(*about, checkpoint_id, bookmark)

    @staticmethod
    @asynccontextmanager
    async def open(path: Path) -> AsyncIterator[House]:
        async with Database.open(path) as database:
            yield House(database, Catalog(database))


@pytest.fixture(scope="session")
def open_house() -> Callable[[Path], AbstractAsyncContextManager[House]]:
    """Hand out `House.open` to tests that open a catalog by themselves."""
    return House.open


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let it be a given second from now on."""
    return lambda seconds: monkeypatch.setattr(time, "time", lambda: seconds)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite3"


@pytest.fixture
async def house(path: Path) -> AsyncIterator[House]:
    async with House.open(path) as house:
        yield house


@pytest.fixture
def catalog(house: House) -> Catalog:
    return house.catalog
