"""What a server cannot choose, or not by whoever asks; `bot.errors` has the root.

RefusedError
├── ManagersOnlyError       the caller has not Manage Server
├── CooldownInvalidError    what was typed is no length of time, or too long
├── NumberNeededError       what was typed is no number
├── WordInvalidError        a word that could not be found, or only in a strange way
└── WordsTooLongError       more words than are kept
"""

from __future__ import annotations

from bot.errors import RefusedError


class ManagersOnlyError(RefusedError):
    """The caller has not Manage Server."""


class CooldownInvalidError(RefusedError):
    """What was typed is no length of time, or more than a day."""

    def __init__(self, typed: str) -> None:
        self.typed = typed[:40]


class NumberNeededError(RefusedError):
    """What was typed is no number."""

    def __init__(self, option: str) -> None:
        self.option = option


class WordInvalidError(RefusedError):
    """A word has nothing to find, is too long, or has a star inside."""

    def __init__(self, word: str, limit: int) -> None:
        self.word, self.limit = word, limit


class WordsTooLongError(RefusedError):
    """There are more words than are kept."""

    def __init__(self, characters: int, limit: int) -> None:
        self.characters, self.limit = characters, limit
