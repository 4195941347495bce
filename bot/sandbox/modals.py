"""A modal that a person has filled in, checked and written as Discord writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.components import SELECTS, ComponentType
from bot.sandbox.errors import PageError
from bot.sandbox.interactions import Interaction, InteractionType
from bot.sandbox.invoking import check_chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.attachments import Attachment
    from bot.sandbox.payloads import Payload
    from bot.sandbox.world import World


def submitted(
    world: World,
    opener: Interaction,
    values: Mapping[str, object],
    files: Mapping[str, list[Attachment]],
) -> Interaction:
    """The submission of the modal that the opener showed; a modal is submitted once.

    Raises:
        PageError: A field is not filled in well.
    """
    modal = opener.modal or {}
    parts = [_part(part, values, files) for part in modal["components"]]
    data: Payload = {"custom_id": modal["custom_id"], "components": parts}
    uploaded = {}
    for file in (file for found in files.values() for file in found):
        uploaded[str(file.id)] = file.payload
        world.give_address(uploaded[str(file.id)])
    if uploaded:
        data["resolved"] = {"attachments": uploaded}
    opener.modal = None
    return Interaction(
        id=world.snowflakes.new(),
        kind=InteractionType.MODAL,
        person_id=opener.person_id,
        channel_id=opener.channel_id,
        data=data,
        source=opener.source,
    )


def _part(
    part: Payload, values: Mapping[str, object], files: Mapping[str, list[Attachment]]
) -> Payload:
    kind = part["type"]
    if kind == ComponentType.ACTION_ROW:
        children = [_field(child, child, values, files) for child in part["components"]]
        return {"type": kind, "id": part["id"], "components": children}
    if kind == ComponentType.LABEL:
        filled = _field(part["component"], part, values, files)
        return {"type": kind, "id": part["id"], "component": filled}
    return {"type": kind, "id": part["id"]}


def _field(
    field: Payload,
    label: Payload,
    values: Mapping[str, object],
    files: Mapping[str, list[Attachment]],
) -> Payload:
    kind, custom_id = field["type"], field["custom_id"]
    name = label.get("label") or custom_id
    filled: Payload = {"type": kind, "id": field["id"], "custom_id": custom_id}
    value = values.get(custom_id)
    if kind == ComponentType.TEXT_INPUT:
        text = field.get("value") if value is None else value
        return filled | {"value": _checked_text(field, name, str(text or ""))}
    if kind == ComponentType.FILE_UPLOAD:
        return filled | {"values": [str(file.id) for file in files.get(custom_id, [])]}
    if kind == ComponentType.CHECKBOX:
        return filled | {"value": bool(value)}
    if kind == ComponentType.RADIO_GROUP:
        return filled | {"value": None if value is None else str(value)}
    chosen = [str(entry) for entry in value] if isinstance(value, list) else []
    if kind in SELECTS and (chosen or field.get("required", True)):
        check_chosen(field, chosen)
    return filled | {"values": chosen}


def _checked_text(field: Payload, name: str, text: str) -> str:
    if not text and field.get("required", True):
        raise PageError(f"{name} is required.")
    most, least = field.get("max_length") or 4_000, field.get("min_length") or 0
    if len(text) > most:
        raise PageError(f"{name} may have at most {most:,} characters.")
    if text and len(text) < least:
        raise PageError(f"{name} must have at least {least:,} characters.")
    return text
