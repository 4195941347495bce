"""What Max gives, with a word in it that nothing else has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.requests import ImportRequest, Upload
from model.checkpoint import to_bytes
from tests.bot.uploads import small_checkpoint, train_request, uploading

if TYPE_CHECKING:
    from tests.bot.core import Core

CANARY = "Zanzibarisch"
TEXT_OF_MAX = f"{CANARY} is a word that nobody else writes.\n" * 50


async def give(core: Core) -> str:
    """A model, a text, an import, and a run that trains, all of Max's; the run's id."""
    begin = core.service.begin_training
    for name in (f"{CANARY} one", f"{CANARY} two"):
        begun = await begin(core.max, train_request(name=name), uploading(TEXT_OF_MAX))
        await core.service.announce(begun.run.id, 1001)
        await core.reporter.first("training", begun.run.id)
        if name.endswith("one"):
            core.launcher.end(begun.run.id)
            await core.ended(begun.run.id)
    await core.write(prompt=f"The {CANARY}")
    request = ImportRequest(file=Upload(name=f"{CANARY}.safetensors", size=9))
    await core.service.import_model(core.max, request, uploading(to_bytes(small_checkpoint())))
    return begun.run.id
