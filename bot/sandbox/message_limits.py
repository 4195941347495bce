"""What a message may hold: text, embeds, and how much of them together."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, Final

from bot.sandbox.component_limits import check_layout, check_rows
from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.problems import Path, Problems

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.sandbox.payloads import Payload

CONTENT_LIMIT: Final = 2_000
EMBEDS_LIMIT: Final = 10
EMBED_CHARACTERS: Final = 6_000
"""Characters of all embeds of a message together."""

_EMBED_TEXTS: Final = (
    (("title",), 256),
    (("description",), 4_096),
    (("footer", "text"), 2_048),
    (("author", "name"), 256),
)


class MessageFlag(IntFlag):
    """Discord's flags of a message, as far as they matter here."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


def check_message(message: Payload, names: Collection[str]) -> None:
    """Refuse a message that Discord would refuse.

    Args:
        message: As it would be.
        names: Of the files that its layout may show, those that this request names.

    Raises:
        RefusedError: A limit is broken, or the message is empty.
    """
    problems = Problems()
    problems.text(("content",), message["content"], CONTENT_LIMIT)
    _check_embeds(message["embeds"], problems)
    components, files = message["components"], message["attachments"]
    if message["flags"] & MessageFlag.COMPONENTS_V2:
        _refuse_legacy_fields(message, problems)
        addresses = {f"attachment://{name}" for name in names}
        check_layout(components, addresses, problems)
    else:
        check_rows(components, problems)
    problems.raise_found()
    if not (message["content"] or message["embeds"] or components or files):
        raise RefusedError(Fault.EMPTY_MESSAGE)


def check_flags(flags: object, former: int) -> None:
    """Refuse an edit that would make an ordinary message of a layout again.

    Raises:
        RefusedError: It says so by its flags.
    """
    if flags is None or not former & MessageFlag.COMPONENTS_V2:
        return
    if not (isinstance(flags, int) and flags & MessageFlag.COMPONENTS_V2):
        problems = Problems()
        message = "The MessageFlags.IS_COMPONENTS_V2 flag cannot be removed from a message"
        problems.add(("flags",), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG", message)
        problems.raise_found()


def _refuse_legacy_fields(message: Payload, problems: Problems) -> None:
    for field in ("content", "embeds", "poll", "sticker_ids"):
        if message.get(field):
            problems.add(
                (field,),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_embeds(embeds: object, problems: Problems) -> None:
    characters = 0
    for position, embed in enumerate(problems.objects(("embeds",), embeds, EMBEDS_LIMIT)):
        characters += _check_embed(("embeds", position), embed, problems)
    if characters > EMBED_CHARACTERS:
        problems.add(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {EMBED_CHARACTERS}",
        )


def _check_embed(path: Path, embed: Payload, problems: Problems) -> int:
    characters = 0
    for keys, limit in _EMBED_TEXTS:
        node: object = embed
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        characters += len(problems.text((*path, *keys), node, limit))
    fields = problems.objects((*path, "fields"), embed.get("fields"), 25)
    for position, field in enumerate(fields):
        for key, limit in (("name", 256), ("value", 1_024)):
            at = (*path, "fields", position, key)
            characters += len(problems.text(at, field.get(key), limit, minimum=1))
    return characters
