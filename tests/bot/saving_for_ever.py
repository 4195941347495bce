"""A process that saves models as the bot does, one after the other, until it is killed.

    python -m tests.bot.saving_for_ever DATA CHECKPOINT

It says `saving` and `saved ID` on stdout.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from pathlib import Path

from bot.runs.ends import RunEnds
from bot.runs.retention import Retention
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory, new_id
from storage.records import RunLimits
from training.events import Finished

FINISHED = Finished(
    checkpoint="model.safetensors",
    step=1,
    epochs=1.0,
    validation_loss=1.0,
    bits_per_character=1.4,
    seconds=1.0,
    sample="text",
)


async def main(data: Path, checkpoint: Path) -> None:
    """Save for ever."""
    directory = DataDirectory(data)
    directory.create()
    async with Database.open(directory.catalog) as database:
        catalog = Catalog(database)
        retention = Retention(catalog=catalog, directory=directory, corpus_hours=24, record_days=90)
        ends = RunEnds(catalog=catalog, directory=directory, retention=retention)
        await retention.sweep_orphans()
        while True:
            run_id = new_id()
            directory.run(run_id).mkdir()
            shutil.copy(checkpoint, directory.run(run_id) / FINISHED.checkpoint)
            run = await catalog.queue_run(
                1,
                run_id=run_id,
                channel_id=1,
                user_id=1,
                name="poems",
                name_is_default=True,
                minutes=3,
                corpus_characters=1000,
                limits=RunLimits(per_person=100, per_guild=100),
            )
            print("saving", flush=True)  # noqa: T201
            ended = await ends.finish(run, FINISHED, new_id())
            print("saved", ended.checkpoint_id, flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
