"""The words that DiscordChatExporter puts in place of a system message.

Its CSV and TXT do not tell who wrote something, a person or Discord; these sentences, whole,
with their full stop, are Discord's.
"""

from __future__ import annotations

import re

_SYSTEM = re.compile(
    r"(?:Added (?:.+ to the group|a recipient)"
    r"|Left the group"
    r"|Removed (?:.+ from the group|a recipient)"
    r"|Started a call that lasted [\d,.]+ minutes"
    r"|Changed the channel name(?:: .+)?"
    r"|Changed the channel icon"
    r"|Pinned a message"
    r"|Started a thread"
    r"|Joined the server)\."
)


def is_system_text(content: str) -> bool:
    """Whether a message's whole content is what Discord says itself."""
    return _SYSTEM.fullmatch(content.strip()) is not None
