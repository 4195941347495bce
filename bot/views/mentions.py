"""Messages that speak to the bot, and what it says to them.

It is spoken to by whoever mentions it or replies to it with a ping; only then Discord lets it
read what was written. Whatever is not meant for it is told by the message alone. It answers with
a reply that pings nobody, or not at all: a channel in which it may not speak, or a person who is
being answered or has just been, hears nothing. That there is no model is said once in a while.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.channels.messages import WRITTEN_BY_PEOPLE, may_post
from bot.errors import NotListeningError, RefusedError, StoppingError
from bot.errors.limits import WriteCooldownError, WritesElsewhereError
from bot.patience import FAILURES
from bot.rendering import plain, spoken
from bot.requests import Caller
from bot.words import speak
from bot.writing.orders import LONGEST_PROMPT
from model.conversation import Question
from storage.errors import StorageError
from training.corpora.cleaning import clean, one_line

if TYPE_CHECKING:
    from bot.client import Client

log = logging.getLogger(__name__)

UNANSWERED = (NotListeningError, StoppingError, WriteCooldownError, WritesElsewhereError)
"""Nothing is said to these."""


def speaks_to(own_id: int, message: discord.Message) -> bool:
    """Whether a person speaks to the bot in a server; a ping of everyone is for everyone."""
    return (
        any(user.id == own_id for user in message.mentions)
        and not message.mention_everyone
        and not message.author.bot
        and message.webhook_id is None
        and message.type in WRITTEN_BY_PEOPLE
        and message.guild is not None
    )


async def answer_mention(client: Client, message: discord.Message) -> None:
    """Answer a message that speaks to the bot, if it may and can; never raises."""
    try:
        if _may_speak(message.channel):
            await _answer(client, message)
    except UNANSWERED:
        pass
    except RefusedError as error:
        await _complain(client, message, error)
    except FAILURES as error:
        log.info("A mention could not be answered: %s", error)
    except StorageError as error:
        log.warning("A conversation could not be kept or read: %s", error)
    except Exception:
        log.exception("A mention could not be answered")


async def _answer(client: Client, message: discord.Message) -> None:
    async with client.service.talking.turn(_caller(message)) as turn:
        async with message.channel.typing():
            answer = await turn.answer(_question(message))
        await _reply(message, spoken(answer.text, answer.speaker))


async def _complain(client: Client, message: discord.Message, error: RefusedError) -> None:
    """Say why there is no answer, if the channel has not been told lately."""
    caller = _caller(message)
    if not client.service.talking.may_complain(caller):
        return
    speak(await client.language_in(caller.guild_id))
    try:
        await _reply(message, plain(str(error)))
    except FAILURES as failure:
        log.info("A refusal could not be delivered: %s", failure)


async def _reply(message: discord.Message, content: str) -> None:
    """Post below the message; without the permission for replies, as a message of its own.

    A message that Discord delivers twice is answered once: the nonce is its id.
    """
    channel = message.channel
    assert isinstance(channel, discord.abc.GuildChannel | discord.Thread)  # noqa: S101 - `_may_speak`
    if channel.permissions_for(channel.guild.me).read_message_history:
        reference = message.to_reference(fail_if_not_exists=False)
        await channel.send(content, reference=reference, mention_author=False, nonce=message.id)
    else:
        await channel.send(content, nonce=message.id)


def _may_speak(channel: object) -> bool:
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False  # a thread that Discord has not told of
    return may_post(channel.permissions_for(channel.guild.me), channel)


def _caller(message: discord.Message) -> Caller:
    author, channel = message.author, message.channel
    member = author if isinstance(author, discord.Member) else None
    return Caller(
        guild_id=message.guild.id if message.guild else 0,
        channel_id=channel.id,
        user_id=author.id,
        manages_guild=member is not None and member.guild_permissions.manage_guild,
        parent_id=channel.parent_id if isinstance(channel, discord.Thread) else None,
        role_ids=frozenset(role.id for role in member.roles) if member else frozenset(),
    )


def _question(message: discord.Message) -> Question:
    """What was said, as people read it and as the readers of corpora do; the bot's name is gone."""
    me = message.guild.me.id if message.guild else 0
    names = {str(user.id): user.display_name for user in message.mentions if user.id != me}
    text = clean(message.content, names)[-LONGEST_PROMPT:]
    return Question(text, one_line(message.author.display_name))
