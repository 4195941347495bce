"""What Discord shows of a command before anybody sends it, in each person's language.

A command's descriptions are one message, `command-NAME`, with an attribute for each of its
options. Discord is told the English ones, which every locale sees that the bot does not speak,
and the others beside them. Names stay the same in all languages, so that texts can tell people
what to type (docs/decisions/0017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.app_commands import locale_str

from bot.words import ENGLISH, attributes, closest, say, speaking

if TYPE_CHECKING:
    from discord import Locale


def worded(message: str) -> locale_str:
    """A message for Discord, which shows it to each person in the language of their program."""
    with speaking(ENGLISH):
        return locale_str(say(message), message=message)


def worded_options(message: str) -> dict[str, locale_str]:
    """The descriptions of a command's options: the attributes of its message, by their names."""
    return {name: worded(f"{message}.{name}") for name in attributes(message)}


class Wording(app_commands.Translator):
    """Says in each locale of Discord what was `worded`, if it is in a language that the bot speaks.

    Whatever else discord.py asks for, such as names, stays as it is.
    """

    async def translate(
        self,
        string: locale_str,
        locale: Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  # the message says it all
    ) -> str | None:
        """The text in this locale; None where English is what the locale sees anyway."""
        message, language = string.extras.get("message"), closest(locale.value)
        if message is None or language == ENGLISH:
            return None
        with speaking(language):
            return say(message)
