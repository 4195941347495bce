"""How a message comes to be and how it is edited, whoever asks for it.

Messages of the bot, answers to interactions and what people type all pass through
`compose` and `revise`: the limits are checked first, files are stored next, and only a
complete message is shown to anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.sandbox import payloads
from bot.sandbox.attachments import Attachment, safe_filename
from bot.sandbox.components import number_components
from bot.sandbox.errors import RefusedError
from bot.sandbox.mentions import Pings, pings
from bot.sandbox.message_limits import MessageFlag, check_flags, check_message
from bot.sandbox.people import APPLICATION, PEOPLE, place
from bot.sandbox.permissions import permissions_in
from bot.sandbox.world import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.payloads import Payload
    from bot.sandbox.world import World

REPLY: Final = 19
"""The type of a message that answers another one."""
COMMAND: Final = 20
"""The type of a message that answers a slash command."""
MENU_COMMAND: Final = 23
"""The type of a message that answers a command from a message's menu."""

_SETTABLE = (
    MessageFlag.SUPPRESS_EMBEDS | MessageFlag.SUPPRESS_NOTIFICATIONS | MessageFlag.COMPONENTS_V2
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file of the bot, read into memory; its limit is small enough for that."""

    index: int
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a message should become: the body of the request and its files."""

    body: Payload
    uploads: Sequence[Upload] = ()


async def compose(
    world: World,
    draft: Draft,
    *,
    author_id: int,
    channel_id: int,
    visible_to: int | None = None,
    interaction: Payload | None = None,
    files: Sequence[Attachment] = (),
) -> Message:
    """Post a message; the files are on disk already, unlike the draft's uploads.

    Raises:
        RefusedError: It breaks a limit.
    """
    body = draft.body
    attachments = _new_attachments(world, draft)
    payload = _blank(world.snowflakes.new(), author_id, channel_id)
    payload["content"] = str(body.get("content") or "").strip()
    payload["embeds"] = body.get("embeds") or []
    payload["components"] = body.get("components") or []
    payload["attachments"] = [attachment.payload for attachment in (*files, *attachments)]
    payload["flags"] = int(body.get("flags") or 0) & _SETTABLE
    if visible_to is not None:
        payload["flags"] |= MessageFlag.EPHEMERAL
    if interaction is not None:
        _mark_as_answer(payload, interaction)
    check_message(payload | _refused_in_layouts(body), _names(payload["attachments"]))
    reply = _reference(world, payload, body)
    message = Message(payload, visible_to)
    answered = reply.author_id if reply is not None and reply.author_id in PEOPLE else None
    _complete(message, body, replied_to=answered)
    await _store(world, attachments, draft)
    world.add(message)
    return message


async def revise(world: World, message: Message, draft: Draft) -> Message:
    """Edit a message: what the body does not name stays as it is.

    Raises:
        RefusedError: The edited message would break a limit.
    """
    body, payload = draft.body, message.payload
    check_flags(body.get("flags"), payload["flags"])
    edited = dict(payload)
    if "content" in body:
        edited["content"] = str(body["content"] or "").strip()
    for key in ("embeds", "components"):
        if key in body:
            edited[key] = body[key] or []
    edited["flags"] |= int(body.get("flags") or 0) & _SETTABLE
    edited["flags"] &= ~MessageFlag.LOADING
    attachments = _new_attachments(world, draft)
    kept = _kept_attachments(payload["attachments"], body)
    new = [attachment.payload for attachment in attachments]
    edited["attachments"] = [*kept, *new]
    check_message(edited | _refused_in_layouts(body), _nameable(payload["attachments"], new, body))
    if not payload["flags"] & MessageFlag.LOADING:
        edited["edited_timestamp"] = datetime.now(UTC).isoformat()
    await _store(world, attachments, draft)
    for attachment in payload["attachments"]:
        if attachment not in kept:
            world.attachments.remove(int(attachment["id"]))
    payload.update(edited)
    _complete(message, body)
    world.changed(message)
    return message


def announce_thinking(
    world: World, *, channel_id: int, visible_to: int | None, interaction: Payload
) -> Message:
    """Post the "is thinking…" that stands for a deferred answer."""
    payload = _blank(world.snowflakes.new(), APPLICATION, channel_id)
    payload["flags"] = int(MessageFlag.LOADING)
    if visible_to is not None:
        payload["flags"] |= MessageFlag.EPHEMERAL
    _mark_as_answer(payload, interaction)
    message = Message(payload, visible_to)
    world.add(message)
    return message


def _blank(message_id: int, author_id: int, channel_id: int) -> Payload:
    author, now = PEOPLE[author_id], datetime.now(UTC)
    return payloads.message(message_id, author, channel_id=channel_id, moment=now)


def _mark_as_answer(payload: Payload, interaction: Payload) -> None:
    payload["application_id"] = payload["webhook_id"] = str(APPLICATION)
    payload["interaction_metadata"] = interaction
    if interaction.get("name"):
        payload["type"] = MENU_COMMAND if "target_message_id" in interaction else COMMAND


def _reference(world: World, payload: Payload, body: Payload) -> Message | None:
    reference = body.get("message_reference")
    if not reference:
        return None
    channel_id, message_id = int(payload["channel_id"]), int(reference["message_id"])
    try:
        message = world.message(channel_id, message_id)
    except RefusedError:
        if reference.get("fail_if_not_exists", True):
            raise
        return None
    payload["type"] = REPLY
    payload["message_reference"] = {
        "type": 0,
        "message_id": str(message.id),
        "channel_id": str(message.channel_id),
    }
    return message


def _new_attachments(world: World, draft: Draft) -> list[Attachment]:
    descriptions = {
        str(entry.get("id")): entry.get("description")
        for entry in draft.body.get("attachments") or []
    }
    return [
        Attachment(
            id=world.snowflakes.new(),
            filename=safe_filename(upload.filename),
            size=len(upload.content),
            description=descriptions.get(str(upload.index)),
        )
        for upload in draft.uploads
    ]


def _kept_attachments(attachments: list[Payload], body: Payload) -> list[Payload]:
    if "attachments" not in body:
        return attachments
    named = {str(entry.get("id")) for entry in body["attachments"] or []}
    return [attachment for attachment in attachments if attachment["id"] in named]


def _nameable(old: list[Payload], new: list[Payload], body: Payload) -> set[str]:
    """The files that an edit's layout may show: those that the edit itself brings or names.

    A layout that stays as it was goes on showing what it showed.
    """
    if "components" not in body:
        return _names(old)
    return _names(new) | (_names(_kept_attachments(old, body)) if "attachments" in body else set())


def _names(attachments: list[Payload]) -> set[str]:
    return {attachment["filename"] for attachment in attachments}


def _refused_in_layouts(body: Payload) -> Payload:
    """What else a body brings that no layout goes with."""
    return {key: body[key] for key in ("poll", "sticker_ids") if key in body}


def _complete(message: Message, body: Payload, replied_to: int | None = None) -> None:
    payload = message.payload
    number_components(payload["components"])
    for embed in payload["embeds"]:
        embed.setdefault("type", "rich")
    guild, channel = place(message.channel_id)
    found = pings(
        payload,
        body.get("allowed_mentions"),
        guild=guild,
        permissions=permissions_in(guild, channel, message.author_id),
        replied_to=replied_to,
    )
    _record(payload, found)


def _record(payload: Payload, found: Pings) -> None:
    payload["mentions"] = [payloads.user(PEOPLE[person_id]) for person_id in found.users]
    payload["mention_roles"] = [str(role_id) for role_id in found.roles]
    payload["mention_everyone"] = found.everyone


async def _store(world: World, attachments: list[Attachment], draft: Draft) -> None:
    for attachment, upload in zip(attachments, draft.uploads, strict=True):
        await world.attachments.keep(attachment.id, upload.content)
