"""What stands in somebody's message, to write on from, and what comes of it.

What others wrote is not repeated: a few words of its end lead over to what the model writes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import MessageWithoutTextError
from bot.rendering import read_back
from bot.views.texts import post_texts
from bot.writing.orders import LONGEST_PROMPT
from training.corpora.cleaning import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord

    from bot.requests import Written
    from bot.views.answers import Interaction

SHOWN = 80
"""Characters of the message's end."""


def prompt_in(interaction: Interaction, message: discord.Message) -> str:
    """A message's text as people read it, or that of the one it forwards; of a long one the end.

    Raises:
        MessageWithoutTextError.
    """
    me = interaction.client.user
    if me is not None and message.author.id == me.id:
        text = read_back(message.content)
    else:
        names = {str(person.id): person.display_name for person in message.mentions}
        text = clean(message.content or _forwarded(message), names)
    if not text.strip():
        raise MessageWithoutTextError
    return end_of(text, LONGEST_PROMPT)


async def post_continuation(interaction: Interaction, texts: Sequence[Written]) -> None:
    """Put what was written in place of the deferred answer, after the end of the prompt."""
    shown = [replace(written, text=_lead(written.prompt) + written.text) for written in texts]
    await post_texts(interaction, shown, whole=False)


def _forwarded(message: discord.Message) -> str:
    """What stands in the message that this one forwards, which has no text of its own then."""
    return "\n".join(snapshot.content for snapshot in message.message_snapshots)


def _lead(prompt: str) -> str:
    end = end_of(prompt, SHOWN)
    return end if end == prompt else f"…{end}"


def end_of(text: str, length: int) -> str:
    """The text, or as many whole words of its end as there is room for."""
    if len(text) <= length:
        return text
    rest = text[-length:]
    words = rest.split(maxsplit=1)
    return words[1] if len(words) > 1 and not text[-length - 1].isspace() else rest
