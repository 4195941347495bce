"""/train: learn to write like a file, or like several."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands

from bot.authors import MAXIMUM_CHARACTERS  # noqa: TC001 - discord.py reads the annotations
from bot.commands.choices import suggest_models
from bot.downloads import download_all
from bot.errors import RefusedError
from bot.rendering import CONTENT_LIMIT, plain, plain_within, size
from bot.requests import TrainRequest, Upload
from bot.settings import MAXIMUM_MINUTES, MEBIBYTE
from bot.views.answers import caller

if TYPE_CHECKING:
    from bot.requests import BegunRun
    from bot.settings import Settings
    from bot.views.answers import Interaction

log = logging.getLogger(__name__)

DEFAULT_MINUTES = 3.0

NO_PLACE = (
    "The bot may not post in this channel, so you could not watch it train; choose another "
    "channel, or ask a moderator to let it view this one and send messages."
)


@app_commands.describe(
    file="A text, an export of a chat, subtitles, or a ZIP of these; the more, the better",
    name="What to call the model (after the file, unless you choose)",
    minutes="How long it may learn, in minutes (3 unless you choose); longer is better",
    authors="Learn from these people alone: names or ids, with commas between them",
    base="A model of this server that learns the text on top of what it knows",
    names="Keep the name before each message, so that it learns who says what",
    file2="A second file, to learn from all of them together",
    file3="A third file",
    file4="A fourth file",
    file5="A fifth file",
)
@app_commands.autocomplete(base=suggest_models)
async def train(
    interaction: Interaction,
    *,
    file: discord.Attachment,
    name: str | None = None,
    minutes: float | None = None,
    authors: app_commands.Range[str, 1, MAXIMUM_CHARACTERS] | None = None,
    names: bool = False,
    base: str | None = None,
    file2: discord.Attachment | None = None,
    file3: discord.Attachment | None = None,
    file4: discord.Attachment | None = None,
    file5: discord.Attachment | None = None,
) -> None:
    """Teach the bot to write like a text of yours."""
    service, asker = interaction.client.service, caller(interaction)
    _check_channel(interaction)
    settings = interaction.client.settings
    files = _numbered(file, file2, file3, file4, file5)
    request = TrainRequest(
        files=tuple(Upload(name=f.filename, size=f.size, number=n) for n, f in files.items()),
        name=name,
        minutes=max(DEFAULT_MINUTES, settings.minimum_minutes) if minutes is None else minutes,
        authors=authors,
        names=names,
        base=base,
    )
    await service.check_training(asker, request)
    await interaction.response.defer(ephemeral=True)
    urls = [attached.url for attached in files.values()]
    fetch = partial(download_all, urls, limit=settings.file_mebibytes * MEBIBYTE)
    begun = await service.begin_training(asker, request, fetch)
    await _announce(interaction, begun)


def command(settings: Settings) -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it, with the operator's shortest time."""
    minutes = app_commands.Range[float, settings.minimum_minutes, MAXIMUM_MINUTES]
    train.__annotations__["minutes"] = minutes | None
    return app_commands.command(name="train")(train)


def _numbered(*files: discord.Attachment | None) -> dict[int, discord.Attachment]:
    """The attachments that are there, by the number of their option."""
    return {number: file for number, file in enumerate(files, 1) if file is not None}


async def _announce(interaction: Interaction, begun: BegunRun) -> None:
    """Post the progress message, tell what was found and queue the run.

    Neither message nor run is left behind without the other.
    """
    client, run = interaction.client, begun.run
    message_id: int | None = None
    try:
        message_id = await client.reporter.post(run)
        await _tell(interaction, begun)
        await client.service.announce(run.id, message_id)
    except BaseException as error:
        await asyncio.shield(client.service.abandon(run.id))
        if message_id is not None:
            await client.reporter.withdraw(run, message_id)
        if isinstance(error, discord.HTTPException | aiohttp.ClientError | OSError):
            raise RefusedError(NO_PLACE) from error
        raise


async def _tell(interaction: Interaction, begun: BegunRun) -> None:
    """Say privately what was found; the run goes on if that comes too late."""
    try:
        await interaction.edit_original_response(content=_found(begun))
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("What was found could not be told: %s", error)


def _check_channel(interaction: Interaction) -> None:
    """Refuse where the progress message could not be posted."""
    allowed = interaction.app_permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may_send = allowed.send_messages_in_threads if in_thread else allowed.send_messages
    if not (allowed.administrator or (allowed.view_channel and may_send)):
        raise RefusedError(NO_PLACE)


def _found(begun: BegunRun) -> str:
    """What was found, as much of it as fits, and what comes next."""
    next_line = (
        f"\n**{plain(begun.run.model_name)}** will learn from it; "
        "the message in this channel shows how far it is."
    )
    return plain_within(begun.corpus.description, CONTENT_LIMIT - size(next_line)) + next_line
