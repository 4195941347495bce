"""/models: see the server's models and look after them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.commands.choices import suggest_models
from bot.commands.wording import worded, worded_options
from bot.downloads import download_all
from bot.errors import NameAloneError, UseAndImportError
from bot.importing import LARGEST_CHECKPOINT
from bot.rendering import plain
from bot.requests import ImportRequest, Upload
from bot.views.answers import caller, defer_privately
from bot.views.models import card_page, list_page, used_note
from bot.views.places import Place
from bot.words import say

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="models", description=worded("command-models"))
@app_commands.describe(**worded_options("command-models"))
@app_commands.rename(file="import")
@app_commands.autocomplete(use=suggest_models)
async def models(
    interaction: Interaction,
    use: str | None = None,
    file: discord.Attachment | None = None,
    name: str | None = None,
) -> None:
    """See this server's models; choose, rename, delete, export or import one."""
    _check_together(use, file, name)
    if file is not None:
        await _import(interaction, file, name)
    elif use is not None:
        model = await interaction.client.service.use(caller(interaction), use)
        await interaction.response.send_message(used_note(model), ephemeral=True)
    else:
        await (await list_page(interaction)).send(interaction)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return models


async def _import(interaction: Interaction, file: discord.Attachment, name: str | None) -> None:
    """Take the file in and show the new model's card."""
    service, asker = interaction.client.service, caller(interaction)
    request = ImportRequest(file=Upload(name=file.filename, size=file.size), name=name)
    await service.check_import(asker, request)
    await defer_privately(interaction)
    fetch = partial(download_all, [file.url], limit=LARGEST_CHECKPOINT)
    model = await service.import_model(asker, request, fetch)
    note = say("models-imported", name=plain(model.name))
    await (await card_page(interaction, Place(model_id=model.id), note=note)).show(interaction)


def _check_together(use: str | None, file: discord.Attachment | None, name: str | None) -> None:
    """Refuse options that do not go together."""
    if use is not None and file is not None:
        raise UseAndImportError
    if name is not None and file is None:
        raise NameAloneError
