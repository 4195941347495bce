"""The bot's answers to interactions: the first one, its edits, and what follows.

POST   /interactions/ID/TOKEN/callback            the first answer
GET, PATCH, DELETE /webhooks/APP/TOKEN/messages/@original or ID
POST   /webhooks/APP/TOKEN                        a follow-up
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.bodies import read_draft
from bot.sandbox.command_limits import check_autocomplete
from bot.sandbox.component_limits import check_modal
from bot.sandbox.components import number_components
from bot.sandbox.composing import Draft, announce_thinking, compose, revise
from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.interactions import Interaction, InteractionType
from bot.sandbox.message_limits import MessageFlag
from bot.sandbox.people import APPLICATION
from bot.sandbox.places import SANDBOX, json_response, snowflake

if TYPE_CHECKING:
    from bot.sandbox.world import Message, World

routes = web.RouteTableDef()


class Answer(IntEnum):
    """Discord's kinds of first answers."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_ALLOWED = {
    InteractionType.COMMAND: {Answer.MESSAGE, Answer.DEFERRED_MESSAGE, Answer.MODAL},
    InteractionType.COMPONENT: set(Answer) - {Answer.CHOICES},
    InteractionType.AUTOCOMPLETE: {Answer.CHOICES},
    InteractionType.MODAL: set(Answer) - {Answer.CHOICES, Answer.MODAL},
}


@routes.post(r"/api/v10/interactions/{interaction}/{token}/callback")
async def first_answer(request: web.Request) -> web.Response:
    """Answer an interaction for the first time."""
    sandbox = request.app[SANDBOX]
    draft = await read_draft(request)
    interaction_id = snowflake(request, "interaction")
    token = request.match_info["token"]
    with sandbox.interactions.answering(interaction_id, token) as interaction:
        kind = _kind(interaction, draft)
        inner = Draft(body=draft.body.get("data") or {}, uploads=draft.uploads)
        await _carry_out(sandbox.world, interaction, kind, inner)
    if request.query.get("with_response") not in {"1", "true"}:
        return web.Response(status=204)
    return json_response(_callback_response(sandbox.world, interaction, kind))


def _kind(interaction: Interaction, draft: Draft) -> Answer:
    try:
        kind = Answer(draft.body.get("type", 0))
    except ValueError:
        raise RefusedError(Fault.INVALID_FORM) from None
    allowed = _ALLOWED[interaction.kind]
    if interaction.source is None:
        allowed = allowed - {Answer.UPDATE, Answer.DEFERRED_UPDATE}
    if kind not in allowed:
        message = "This interaction cannot be answered in this way."
        errors = {"type": {"_errors": [{"code": "BASE_TYPE_CHOICES", "message": message}]}}
        raise RefusedError(Fault.INVALID_FORM, errors)
    return kind


async def _carry_out(world: World, interaction: Interaction, kind: Answer, draft: Draft) -> None:
    if kind is Answer.MESSAGE:
        interaction.original = await _post(world, interaction, draft)
    elif kind is Answer.DEFERRED_MESSAGE:
        interaction.original = announce_thinking(
            world,
            channel_id=interaction.channel_id,
            visible_to=_reader(interaction, draft),
            interaction=interaction.metadata,
        )
    elif kind is Answer.CHOICES:
        interaction.choices = check_autocomplete(draft.body)
    elif kind is Answer.MODAL:
        check_modal(draft.body)
        number_components(draft.body["components"])
        interaction.modal = draft.body
    else:
        interaction.original = interaction.source
        if kind is Answer.UPDATE and interaction.source is not None:
            await revise(world, interaction.source, draft)


def _callback_response(world: World, interaction: Interaction, kind: Answer) -> dict[str, object]:
    about: dict[str, object] = {"id": str(interaction.id), "type": int(interaction.kind)}
    resource: dict[str, object] = {"type": int(kind)}
    message = interaction.original
    if message is not None:
        flags = message.payload["flags"]
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = bool(flags & MessageFlag.LOADING)
        about["response_message_ephemeral"] = bool(flags & MessageFlag.EPHEMERAL)
        resource["message"] = world.rendered(message)
    return {"interaction": about, "resource": resource}


@routes.post(r"/api/v10/webhooks/{application}/{token}")
async def follow_up(request: web.Request) -> web.Response:
    """Send another message; it takes the place of a deferred answer that still waits."""
    world = request.app[SANDBOX].world
    interaction = _interaction(request)
    draft = await read_draft(request)
    waiting = interaction.original
    if waiting is not None and _is_thinking(world, waiting):
        message = await revise(world, waiting, draft)
    else:
        message = await _post(world, interaction, draft)
    return json_response(world.rendered(message))


@routes.get(r"/api/v10/webhooks/{application}/{token}/messages/{message}")
async def read_answer(request: web.Request) -> web.Response:
    """Fetch an answer."""
    message = _answer(request)
    return json_response(request.app[SANDBOX].world.rendered(message))


@routes.patch(r"/api/v10/webhooks/{application}/{token}/messages/{message}")
async def edit_answer(request: web.Request) -> web.Response:
    """Edit an answer."""
    world = request.app[SANDBOX].world
    message = _answer(request)
    await revise(world, message, await read_draft(request))
    return json_response(world.rendered(message))


@routes.delete(r"/api/v10/webhooks/{application}/{token}/messages/{message}")
async def delete_answer(request: web.Request) -> web.Response:
    """Delete an answer."""
    request.app[SANDBOX].world.remove(_answer(request))
    return web.Response(status=204)


def _interaction(request: web.Request) -> Interaction:
    if snowflake(request, "application") != APPLICATION:
        raise RefusedError(Fault.UNKNOWN_WEBHOOK)
    return request.app[SANDBOX].interactions.to_follow_up(request.match_info["token"])


def _answer(request: web.Request) -> Message:
    """The message that the address names, if this interaction may touch it."""
    interaction, world = _interaction(request), request.app[SANDBOX].world
    if request.match_info["message"] == "@original":
        if interaction.original is None:
            raise RefusedError(Fault.UNKNOWN_MESSAGE)
        return world.message(interaction.channel_id, interaction.original.id)
    message = world.message(interaction.channel_id, snowflake(request, "message"))
    answers_this = message.payload.get("interaction_metadata", {}).get("id") == str(interaction.id)
    if not answers_this and message is not interaction.source:
        raise RefusedError(Fault.UNKNOWN_MESSAGE)
    return message


def _is_thinking(world: World, message: Message) -> bool:
    still_there = world.has(message)
    return still_there and bool(message.payload["flags"] & MessageFlag.LOADING)


async def _post(world: World, interaction: Interaction, draft: Draft) -> Message:
    return await compose(
        world,
        draft,
        author_id=APPLICATION,
        channel_id=interaction.channel_id,
        visible_to=_reader(interaction, draft),
        interaction=interaction.metadata,
    )


def _reader(interaction: Interaction, draft: Draft) -> int | None:
    private = int(draft.body.get("flags") or 0) & MessageFlag.EPHEMERAL
    return interaction.person_id if private else None
