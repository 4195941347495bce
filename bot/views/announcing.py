"""How a stored run gets its message and its turn, whoever asked for it and in whichever way."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.channels.messages import may_post
from bot.errors import DiscordFaultError, NoPlaceError
from bot.errors.channels import ChannelNotToldError
from bot.patience import FAILURES, is_bad_day
from bot.rendering import CONTENT_LIMIT, plain, plain_within, size
from bot.requests import ReadingProgress
from bot.statements import said
from bot.words import say

if TYPE_CHECKING:
    from bot.client import Client
    from bot.errors import RefusedError
    from bot.requests import BegunRun
    from bot.views.answers import Interaction
    from storage.records import ReadingRecord

log = logging.getLogger(__name__)

TELLING_SECONDS = 3.0
"""How long a run waits until its starter knows what was found; on Discord's bad days it begins."""


def check_channel(interaction: Interaction) -> None:
    """Refuse where the progress message could not be posted.

    Raises:
        NoPlaceError: The bot may not speak here.
    """
    allowed = interaction.app_permissions
    if not (allowed.administrator or may_post(allowed, interaction.channel)):
        raise NoPlaceError


async def announce(interaction: Interaction, begun: BegunRun) -> None:
    """Post the progress message, tell what comes next and let the run take its turn.

    A channel that will be read is told there. Where one of these fails, the messages are withdrawn
    and the run is abandoned: it never trains, if the disk lets its files or its row go.
    """
    client, run = interaction.client, begun.run
    posted: list[tuple[int, int]] = []
    try:
        message_id = await client.reporter.post(run, _first_progress(begun))
        posted.append((run.channel_id, message_id))
        if begun.reading is not None:
            posted.append(await _tell_channel(client, begun.reading))
        telling = asyncio.create_task(_tell(interaction, begun))
        try:
            await asyncio.wait({telling}, timeout=TELLING_SECONDS)
            await client.service.announce(run.id, message_id)
        except BaseException:
            telling.cancel()  # what went wrong will stand in its place
            raise
    except BaseException as error:
        try:
            await asyncio.shield(client.service.abandon(run.id))
        finally:
            for place in posted:
                await client.reporter.withdraw(*place)
        if isinstance(error, FAILURES):
            raise _refusal(error, NoPlaceError) from error
        raise
    await telling


async def _tell_channel(client: Client, reading: ReadingRecord) -> tuple[int, int]:
    """Announce in a channel that it will be read; return where the message stands."""
    try:
        return reading.source.id, await client.reporter.tell_channel(reading)
    except FAILURES as error:
        raise _refusal(error, ChannelNotToldError) from error


def _refusal(error: Exception, otherwise: type[RefusedError]) -> RefusedError:
    """What is said when a channel does not take a message."""
    return DiscordFaultError() if is_bad_day(error) else otherwise()


def _first_progress(begun: BegunRun) -> ReadingProgress | None:
    reading = begun.reading
    return None if reading is None else ReadingProgress(channel_name=reading.source.name)


async def _tell(interaction: Interaction, begun: BegunRun) -> None:
    """Say privately what was found; the run goes on whether that can be said or not."""
    try:
        await interaction.edit_original_response(content=_found(begun))
    except FAILURES as error:
        log.info("What was found could not be told: %s", error)


def _found(begun: BegunRun) -> str:
    """What was found, as much of it as fits, and what comes next."""
    name = plain(begun.run.model_name)
    if begun.corpus is None:
        return say("begun-with-channel", name=name)
    next_line = "\n" + say("begun", name=name)
    return plain_within(said(begun.run.found), CONTENT_LIMIT - size(next_line)) + next_line
