"""Who asks, and the one way in which something that went wrong is answered.

A refusal's sentence is shown as it is, to the person who asked and to nobody else. Whatever
was not foreseen gets a short reference that stands in the log too. An answer that cannot be
given any more (its token has expired, its message or channel is gone) is a line in the log:
nothing here ever raises.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, TypeAlias

import discord
from discord import app_commands

from bot.checks import refusal_of
from bot.errors import DiscordFaultError, NotInServerError, RefusedError
from bot.errors.limits import RoleMissingError, WritesElsewhereError
from bot.patience import ALREADY_ANSWERED, FAILURES, AnswerUnheardError, is_bad_day
from bot.rendering import plain
from bot.requests import Caller
from bot.statements import statement_of
from bot.words import say, speak
from model.errors import ModelError
from training.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import Client

    Interaction: TypeAlias = discord.Interaction[Client]

log = logging.getLogger(__name__)

MOST_NAMED = 10
"""Channels or roles after a sentence."""

EXPIRED = frozenset({10015, 10062, 50027})
"""Discord's codes for an interaction or its token that is no more."""

GONE = EXPIRED | {10003, 10008, ALREADY_ANSWERED, 50001, 50013}
"""Its codes for a channel, message, interaction or token that is no more, or closed to the bot."""

ANNOUNCED = discord.InteractionResponseType.deferred_channel_message

PRIVATE = "private"
"""In an interaction's extras: the answer that was announced is private."""


def caller(interaction: Interaction) -> Caller:
    """Who asks, and where.

    Raises:
        NotInServerError.
    """
    if interaction.guild_id is None or interaction.channel_id is None:
        raise NotInServerError
    permissions, channel = interaction.permissions, interaction.channel
    return Caller(
        guild_id=interaction.guild_id,
        channel_id=interaction.channel_id,
        user_id=interaction.user.id,
        manages_guild=permissions.manage_guild or permissions.administrator,
        parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
        role_ids=frozenset(role.id for role in getattr(interaction.user, "roles", ())),
    )


def channels_of(interaction: Interaction) -> set[int] | None:
    """The channels of the server; None where it is not known at the moment."""
    guild = interaction.guild
    return None if guild is None or guild.unavailable else {each.id for each in guild.channels}


def roles_of(interaction: Interaction) -> set[int] | None:
    """The roles of the server; None where it is not known at the moment."""
    guild = interaction.guild
    return None if guild is None or guild.unavailable else {each.id for each in guild.roles}


def still_there(chosen: Sequence[int], there: set[int] | None) -> list[int]:
    """The chosen channels or roles that there still are; all of them where that is not known."""
    return [each for each in chosen if there is None or each in there]


async def defer_privately(interaction: Interaction) -> None:
    """Announce an answer that only whoever asked will read; a refusal then stands in its place."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    interaction.extras[PRIVATE] = True


async def speak_language_of(interaction: Interaction) -> None:
    """Let the task that answers speak the server's language; never raises."""
    speak(await interaction.client.language_in(interaction.guild_id, locale_of(interaction)))


def locale_of(interaction: Interaction) -> str:
    """What Discord says about the server's language, or else about that of whoever asks."""
    return str(interaction.guild_locale or interaction.locale)


async def answer_error(interaction: Interaction, error: Exception) -> None:
    """Tell the person who asked, privately, what went wrong; never raises."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if is_gone(cause):
        log.info("An answer came too late or has nowhere to go: %s", cause)
        return
    unheard = cause if isinstance(cause, AnswerUnheardError) else None
    if is_bad_day(cause):
        log.info("An answer was kept back by a fault of Discord: %s", cause)
        cause = DiscordFaultError()
    try:
        await _say_privately(interaction, sentence(cause) or _unexpected(cause), unheard)
    except FAILURES as failure:
        log.info("A refusal could not be delivered: %s", failure)


def is_expired(error: Exception) -> bool:
    """Whether an interaction is too old to be answered any further."""
    return isinstance(error, discord.HTTPException) and error.code in EXPIRED


def is_gone(error: Exception) -> bool:
    """Whether what was to be answered or edited does not exist any more."""
    return isinstance(error, discord.HTTPException) and error.code in GONE


def sentence(error: Exception) -> str | None:
    """What a person may read about this error; None for one that nobody foresaw."""
    match error:
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return say("error-command-outdated")
        case app_commands.TransformerError(value=value):
            return say("error-value-impossible", value=plain(str(value)[:100]))
        case app_commands.CheckFailure():
            return say("error-not-here")
        case CorpusError() | ModelError():
            return plain(str(statement_of(error)))
        case _:
            said = refusal_of(error) or error
            return plain(str(said)) + _places(said) if isinstance(said, RefusedError) else None


def _places(error: Exception) -> str:
    """What a sentence is about and only Discord can name: channels or roles, as it shows them."""
    match error:
        case WritesElsewhereError(channels=channels):
            shown = [f"<#{channel_id}>" for channel_id in channels]
        case RoleMissingError(roles=roles):
            shown = [f"<@&{role_id}>" for role_id in roles]
        case _:
            shown = []
    return "".join(f" {each}" for each in shown[:MOST_NAMED])


def _unexpected(error: Exception) -> str:
    reference = secrets.token_hex(4)
    log.error("Something went wrong (reference %s)", reference, exc_info=error)
    return say("error-unexpected", reference=reference)


async def _say_privately(
    interaction: Interaction, text: str, unheard: AnswerUnheardError | None
) -> None:
    """Answer, fill the private answer that was announced, or remove a public one and follow up.

    Only a follow-up can be lost on a bad day: it is not asked twice. After a first answer of which
    nothing was heard there is no time for another one, but Discord may have received it.
    """
    response = interaction.response
    if PRIVATE in interaction.extras:
        await interaction.edit_original_response(content=text)
        return
    if not response.is_done() and unheard is None:
        await response.send_message(text, ephemeral=True)
        return
    if (unheard.kind == ANNOUNCED.value) if unheard else (response.type is ANNOUNCED):
        try:
            await interaction.delete_original_response()
        except discord.HTTPException as error:
            log.info("An announced answer could not be removed: %s", error)
    await interaction.followup.send(text, ephemeral=True)
