"""The part of Discord's REST interface that a bot calls, but for its answers.

Who asks is known by the token; any token is right but the word `wrong`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import payloads
from bot.sandbox.bodies import read_draft, read_json
from bot.sandbox.command_limits import check_commands
from bot.sandbox.composing import compose, revise
from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.people import APPLICATION, BOT, DIRECT, GUILDS, PEOPLE, Channel, Guild, place
from bot.sandbox.permissions import Permission, permissions_in
from bot.sandbox.places import SANDBOX, json_response, snowflake

if TYPE_CHECKING:
    from bot.sandbox.world import Message

routes = web.RouteTableDef()

_SPEAKING = (Permission.SEND_MESSAGES, Permission.ATTACH_FILES)
_SESSION_LIMIT = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}


@routes.get(r"/api/v10/users/@me")
async def me(_: web.Request) -> web.Response:
    """The bot's account."""
    return json_response(payloads.user(PEOPLE[BOT]) | {"verified": True, "mfa_enabled": False})


@routes.get(r"/api/v10/users/{user}")
async def user(request: web.Request) -> web.Response:
    """Somebody's account."""
    person = PEOPLE.get(snowflake(request, "user"))
    if person is None:
        raise RefusedError(Fault.UNKNOWN_USER)
    return json_response(payloads.user(person))


@routes.post(r"/api/v10/users/@me/channels")
async def direct_channel(request: web.Request) -> web.Response:
    """Where a person reads direct messages."""
    body = await read_json(request)
    recipient = str(body.get("recipient_id")) if isinstance(body, dict) else ""
    found = {str(person_id): guild for person_id, guild in DIRECT.items()}.get(recipient)
    if found is None:
        raise RefusedError(Fault.CANNOT_SEND_TO_USER)
    person = payloads.user(PEOPLE[int(recipient)])
    return json_response({"id": str(found.channels[0].id), "type": 1, "recipients": [person]})


@routes.get(r"/api/v10/oauth2/applications/@me")
@routes.get(r"/api/v10/applications/@me")
async def application(_: web.Request) -> web.Response:
    """The bot's application."""
    return json_response(payloads.application())


@routes.get(r"/api/v10/gateway")
@routes.get(r"/api/v10/gateway/bot")
async def gateway(request: web.Request) -> web.Response:
    """Where to hear of events."""
    url = request.app[SANDBOX].world.base.replace("http", "ws", 1) + "/gateway"
    return json_response({"url": url, "shards": 1, "session_start_limit": _SESSION_LIMIT})


@routes.get(r"/api/v10/guilds/{guild}")
async def guild(request: web.Request) -> web.Response:
    """A guild."""
    return json_response(payloads.guild(_guild(request)))


@routes.get(r"/api/v10/guilds/{guild}/channels")
async def channels(request: web.Request) -> web.Response:
    """The channels of a guild."""
    found = _guild(request)
    return json_response([payloads.channel(found, entry) for entry in found.channels])


@routes.get(r"/api/v10/guilds/{guild}/members/{user}")
async def member(request: web.Request) -> web.Response:
    """A member of a guild."""
    found, person_id = _guild(request), snowflake(request, "user")
    if person_id not in found.members:
        raise RefusedError(Fault.UNKNOWN_MEMBER)
    account = payloads.user(PEOPLE[person_id])
    return json_response(payloads.member(found, person_id) | {"user": account})


@routes.get(r"/api/v10/applications/{application}/commands")
@routes.get(r"/api/v10/applications/{application}/guilds/{guild}/commands")
async def commands(request: web.Request) -> web.Response:
    """The synced commands."""
    return json_response(request.app[SANDBOX].world.commands.get(_scope(request), []))


@routes.put(r"/api/v10/applications/{application}/commands")
@routes.put(r"/api/v10/applications/{application}/guilds/{guild}/commands")
async def sync_commands(request: web.Request) -> web.Response:
    """Replace the synced commands."""
    scope, world = _scope(request), request.app[SANDBOX].world
    known = {command["name"]: command for command in world.commands.get(scope, [])}
    synced = []
    for command in check_commands(await read_json(request)):
        former = known.get(command["name"])
        about = {
            "id": former["id"] if former else str(world.snowflakes.new()),
            "application_id": str(APPLICATION),
            "version": str(world.snowflakes.new()),
            "type": command.get("type", 1),
            "description": command.get("description", ""),
            "options": command.get("options") or [],
        }
        synced.append(command | about | ({"guild_id": str(scope)} if scope else {}))
    world.sync(scope, synced)
    return json_response(synced)


@routes.get(r"/api/v10/channels/{channel}")
async def channel(request: web.Request) -> web.Response:
    """A channel."""
    return json_response(payloads.channel(*_place(request, Permission.VIEW_CHANNEL)))


@routes.post(r"/api/v10/channels/{channel}/typing")
async def typing(request: web.Request) -> web.Response:
    """Show that the bot is about to say something."""
    _, found = _place(request, Permission.SEND_MESSAGES)
    request.app[SANDBOX].live.typing(found.id)
    return web.Response(status=204)


@routes.get(r"/api/v10/channels/{channel}/messages")
async def messages(request: web.Request) -> web.Response:
    """The messages of a channel, newest first; none to a bot that may not read its history."""
    found_guild, found = _place(request, Permission.VIEW_CHANNEL)
    if not permissions_in(found_guild, found, BOT) & Permission.READ_MESSAGE_HISTORY:
        return json_response([])
    world, query = request.app[SANDBOX].world, request.query
    try:
        limit, numbers = int(query.get("limit", "50")), {key: int(query[key]) for key in query}
    except ValueError:
        raise RefusedError(Fault.INVALID_FORM) from None
    if not 1 <= limit <= 100:
        raise RefusedError(Fault.INVALID_FORM)
    public = [entry for entry in world.messages(found.id) if entry.visible_to is None]
    if "after" in query:
        page = [entry for entry in public if entry.id > numbers["after"]][:limit]
    elif "around" in query:
        middle = numbers["around"]
        earlier = [entry for entry in public if entry.id < middle][-(limit // 2) :]
        page = [*earlier, *(entry for entry in public if entry.id >= middle)][:limit]
    else:
        before = numbers.get("before", 2**63)
        page = [entry for entry in public if entry.id < before][-limit:]
    return json_response([world.rendered(entry) for entry in reversed(page)])


@routes.post(r"/api/v10/channels/{channel}/messages")
async def post_message(request: web.Request) -> web.Response:
    """Say something in a channel; with a nonce that is to be enforced, once."""
    _, found = _place(request, Permission.SEND_MESSAGES)
    draft = await read_draft(request)
    if draft.uploads:
        _place(request, Permission.ATTACH_FILES)
    if draft.body.get("message_reference"):
        _check_may_reply(found)
    world = request.app[SANDBOX].world
    nonce = str(draft.body.get("nonce") or "")
    message = world.posted(found.id, nonce) if draft.body.get("enforce_nonce") else None
    if message is None:
        message = await compose(world, draft, author_id=BOT, channel_id=found.id)
        if nonce:
            world.note_nonce(message, nonce)
    return json_response(world.rendered(message) | ({"nonce": nonce} if nonce else {}))


@routes.get(r"/api/v10/channels/{channel}/messages/{message}")
async def read_message(request: web.Request) -> web.Response:
    """One message."""
    message = _message(request)
    return json_response(request.app[SANDBOX].world.rendered(message))


@routes.patch(r"/api/v10/channels/{channel}/messages/{message}")
async def edit_message(request: web.Request) -> web.Response:
    """Edit a message of the bot."""
    world, message = request.app[SANDBOX].world, _message(request)
    if message.author_id != BOT:
        raise RefusedError(Fault.NOT_THE_AUTHOR)
    draft = await read_draft(request)
    if draft.uploads:
        _place(request, Permission.ATTACH_FILES)
    await revise(world, message, draft)
    return json_response(world.rendered(message))


@routes.delete(r"/api/v10/channels/{channel}/messages/{message}")
async def delete_message(request: web.Request) -> web.Response:
    """Delete a message of the bot, or anybody's with the permission for it."""
    message = _message(request)
    if message.author_id != BOT:
        _place(request, Permission.MANAGE_MESSAGES)
    request.app[SANDBOX].world.remove(message)
    return web.Response(status=204)


def _guild(request: web.Request) -> Guild:
    found = GUILDS.get(snowflake(request, "guild"))
    if found is None:
        raise RefusedError(Fault.UNKNOWN_GUILD)
    return found


def _scope(request: web.Request) -> int | None:
    if snowflake(request, "application") != APPLICATION:
        raise RefusedError(Fault.UNKNOWN_APPLICATION)
    return _guild(request).id if "guild" in request.match_info else None


def _place(request: web.Request, needed: Permission) -> tuple[Guild, Channel]:
    """The channel that the address names, if the bot may do there what it wants."""
    found_guild, found = place(snowflake(request, "channel"))
    lost = request.app[SANDBOX].world.closed.get(found.id)
    if lost is not None and (lost is not Fault.MISSING_PERMISSIONS or needed in _SPEAKING):
        raise RefusedError(lost)
    granted = permissions_in(found_guild, found, BOT)
    if not granted & Permission.VIEW_CHANNEL:
        raise RefusedError(Fault.MISSING_ACCESS)
    if not granted & needed:
        raise RefusedError(Fault.MISSING_PERMISSIONS)
    return found_guild, found


def _check_may_reply(channel: Channel) -> None:
    granted = permissions_in(place(channel.id)[0], channel, BOT)
    if not granted & Permission.READ_MESSAGE_HISTORY:
        raise RefusedError(Fault.REPLY_WITHOUT_HISTORY)


def _message(request: web.Request) -> Message:
    _, found = _place(request, Permission.VIEW_CHANNEL)
    message = request.app[SANDBOX].world.message(found.id, snowflake(request, "message"))
    if message.visible_to is not None:
        raise RefusedError(Fault.UNKNOWN_MESSAGE)
    return message
