"""Which messages stay, and what is left of them: cleaned as a person would.

System messages go, and those of bots; then whoever is not wanted, whatever an overlapping
export had already, what has no text, and what its author said just before in the same words.
"""

from __future__ import annotations

import difflib
import unicodedata
from enum import Enum
from typing import TYPE_CHECKING

from training.corpora.cleaning import clean, one_line
from training.corpora.identities import Identities
from training.errors import THIS_TEXT, CorpusAuthorError, CorpusNamelessError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.corpora.messages import Author, Message

PEOPLE_LIMIT = 100_000
"""Different people whose names are kept; no server has so many who write."""

LONGEST_AUTHOR = 1_000
"""Characters of an id and names that are kept; Discord's have a tenth of that."""

NEAREST = 5


class LeftOut(Enum):
    """Why a message is left out, in words for people."""

    BOTS = "bots"
    SYSTEM = "system messages"
    OTHERS = "other people's"
    TWICE = "those that another export has too"
    TEXTLESS = "those without text"
    REPEATS = "repeats"


class Selection:
    """Takes or leaves messages, one after another.

    Args:
        authors: The names or ids of the only people wanted; none: everybody is.
        names: Whether each message begins with its author's name.
    """

    def __init__(self, *, authors: Sequence[str] = (), names: bool = False) -> None:
        self._wanted = {_fold(author): author for author in authors}
        self._names = names
        self._met: set[str] = set()
        self._people: dict[Author, bool] = {}
        self._seen = Identities()
        self._last: tuple[str, str] | None = None
        self._has_named = False

    @property
    def chooses(self) -> bool:
        """Whether only some people are wanted."""
        return bool(self._wanted)

    def begin(self) -> None:
        """Begin another document: what is said first does not follow what was said last."""
        self._last = None

    def judge(self, message: Message) -> str | LeftOut:
        """Return what is left of a message, or why it is left out."""
        wanted = self._is_wanted(message)
        if message.is_bot:
            return LeftOut.BOTS
        if message.is_system:
            return LeftOut.SYSTEM
        if not wanted:
            return LeftOut.OTHERS
        text = clean(message.content, message.mentions)
        if not text:
            return LeftOut.TEXTLESS
        if message.id is not None and not self._seen.add(message.id):
            return LeftOut.TWICE
        return self._unless_repeated(text, message.author)

    def check_met(self) -> None:
        """Refuse a wish that nothing that was read could fulfill.

        Raises:
            CorpusNamelessError: Nobody is named at all.
            CorpusAuthorError: Somebody who is wanted wrote nothing; with the nearest names.
        """
        if (self._wanted or self._names) and not self._has_named:
            wish = "nobody can be chosen" if self._wanted else "names cannot be kept"
            raise CorpusNamelessError(THIS_TEXT, wish)
        for folded, author in self._wanted.items():
            if folded not in self._met:
                raise CorpusAuthorError(author, self._nearest(folded))

    def _unless_repeated(self, text: str, author: Author | None) -> str | LeftOut:
        if author is not None:
            said = (author.key, text)
            if said == self._last:
                return LeftOut.REPEATS
            self._last = said
            if self._names and author.shown:
                return f"{one_line(author.shown)}: {text}"
        return text

    def _is_wanted(self, message: Message) -> bool:
        author = message.author
        is_named = author is not None and author.shown != ""
        self._has_named = self._has_named or is_named
        if not self._wanted:
            return True
        if author is None or not is_named:
            return False
        if message.is_bot:  # nobody is told its name, whatever is asked for
            return self._meet(author)
        has_room = len(self._people) < PEOPLE_LIMIT and sum(map(len, author)) <= LONGEST_AUTHOR
        if author not in self._people and has_room:
            self._people[author] = self._meet(author)
        return self._people[author] if author in self._people else self._meet(author)

    def _meet(self, author: Author) -> bool:
        names = {_fold(name) for name in (*author, author.name.partition("#")[0]) if name}
        met = names & self._wanted.keys()
        self._met |= met
        return bool(met)

    def _nearest(self, folded: str) -> list[str]:
        shown = {_fold(name): author.shown for author in self._people for name in author if name}
        close = difflib.get_close_matches(folded, shown, NEAREST)
        return [*dict.fromkeys(shown[name] for name in close or sorted(shown))][:NEAREST]


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().removeprefix("@").casefold()
