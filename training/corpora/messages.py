"""What every reader of a chat yields: messages, as somebody wrote them.

All formats meet here, and all cleaning happens behind it (`training.corpora.selection`). A
source that is no file, such as a channel's history, is written as a file that a reader
knows, rather than given a second way in. The smallest such file has the shape of
DiscordChatExporter's JSON, one object a message, in the order of time or against it, and says
with `history` what it is:

    {"history": {}, "messages": [
      {"id": "1200000000000000002", "type": "Default", "content": "hello",
       "author": {"id": "1", "name": "alice", "nickname": "Alice", "isBot": false},
       "mentions": [{"id": "2", "name": "bob", "nickname": "Bob"}]}
    ]}

`type` is Default or Reply for what a person wrote; anything else is a system message.
`mentions` gives the names for `<@2>` in the content. Webhooks have `isBot` true.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

NOBODY: Mapping[str, str] = MappingProxyType({})


class Author(NamedTuple):
    """Who wrote a message, as far as a format tells."""

    id: str = ""
    """Discord's number of the account."""
    name: str = ""
    """The account's name."""
    display_name: str = ""
    """What the server shows in its place."""

    @property
    def shown(self) -> str:
        """The name that people read, "" where there is none."""
        return self.display_name or self.name or self.id

    @property
    def key(self) -> str:
        """What tells two people apart."""
        return self.id or self.name


class Message(NamedTuple):
    """One message of a chat."""

    content: str
    """As the format has it, markup included."""
    author: Author | None = None
    """None where the format does not tell who wrote what."""
    id: int | None = None
    """Discord's number of the message, the same in every export; ascending in time."""
    is_bot: bool = False
    """Whether a bot or a webhook wrote it."""
    is_system: bool = False
    """Whether Discord wrote it: somebody joined, pinned, started a thread."""
    mentions: Mapping[str, str] = NOBODY
    """The names of mentioned people, by their ids."""
