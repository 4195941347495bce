"""What the page does, and end-to-end tests from Python: the page's own interface.

Everything lies under /page/. Ids are strings. A request names the `person` who acts; who
that is on this machine is nobody's secret. Errors are `{"error": "One sentence."}`.

    GET  /page/state?person=ID                everything but the messages
    GET  /page/messages?person=ID&channel=ID  the newest that person can see there, oldest first
    GET  /page/events?person=ID               a WebSocket: {"type": "MESSAGE_CREATE" |
         "MESSAGE_UPDATE" | "MESSAGE_DELETE", "message": …}, {"type": "typing", "channel_id"},
         {"type": "presence", "online"}, {"type": "commands"}, and first {"type": "hello"}
    POST /page/commands      {person, channel, command: "train", options: {name: value}}
    POST /page/menus         {person, channel, message, command: "Continue this text"}
    POST /page/components    {person, channel, message, custom_id, values: […]}
    POST /page/modals        {person, interaction, values: {custom_id: value}}
    POST /page/autocomplete  {person, channel, command, options, focused: name}
    POST /page/messages      {person, channel, content, reply_to: ID or nothing, ping: false
         for a reply that does not ping}
    POST /page/delete        {person, channel, message}: a message, or a private one's dismissal
    POST /page/access        {person, channel, bot: "gone" | "barred" | "silent" | "full"}: what an
         administrator leaves the bot of a channel; of one that is gone it hears no more
    POST /page/membership    {person, guild, bot: "gone" | "unavailable" | "here"}: whether the
         bot is in a guild (`bot.sandbox.membership`)

With files the body is multipart: the part `payload_json` first, then one part for each file,
named after the command's option, the modal's custom_id, or `file` with a message.

The first four POSTs wait until the bot has answered, or has failed to within 3 seconds:
`{"interaction": ID, "status": "answered" or "failed", "message": the answer or null,
"modal": … or null}`. Autocomplete answers `{"choices": [{name, value}]}`, null if it failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import invoking
from bot.sandbox.composing import Draft, compose
from bot.sandbox.errors import Fault, PageError
from bot.sandbox.forms import Form, known_person, read_form, visible_channel
from bot.sandbox.live import can_see
from bot.sandbox.message_limits import CONTENT_LIMIT
from bot.sandbox.modals import submitted
from bot.sandbox.page_state import state
from bot.sandbox.people import place
from bot.sandbox.permissions import Permission, permissions_in
from bot.sandbox.places import SANDBOX, json_response

if TYPE_CHECKING:
    from bot.sandbox.interactions import Interaction
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.world import Message, World

routes = web.RouteTableDef()

SHOWN = 200
"""The newest messages of a channel, which a page shows."""

USER_FILES = 10
"""Files that a person may attach to one message."""


@routes.get("/page/state")
async def read_state(request: web.Request) -> web.Response:
    """Everything that one person's page shows, but the messages."""
    person_id = known_person(request.query.get("person", ""))
    return json_response(state(request.app[SANDBOX], person_id))


@routes.get("/page/messages")
async def read_messages(request: web.Request) -> web.Response:
    """What a person can see in a channel."""
    person_id = known_person(request.query.get("person", ""))
    channel_id = visible_channel(request.query.get("channel", ""), person_id)
    world = request.app[SANDBOX].world
    seen = [entry for entry in world.messages(channel_id) if can_see(person_id, entry)]
    return json_response([world.rendered(entry) for entry in seen[-SHOWN:]])


@routes.get("/page/events")
async def events(request: web.Request) -> web.WebSocketResponse:
    """What happens from now on."""
    person_id = known_person(request.query.get("person", ""))
    return await request.app[SANDBOX].live.serve(request, person_id)


@routes.post("/page/commands")
async def send_command(request: web.Request) -> web.Response:
    """Send a slash command."""
    sandbox = request.app[SANDBOX]
    form = await read_form(request, sandbox.world)
    with form.discarding(sandbox.world):
        _check_may_send(form)
        interaction = invoking.command(
            sandbox.world,
            person_id=form.person_id,
            channel_id=form.channel_id,
            path=form.text("command"),
            values=form.values("options"),
            files={name: found[-1] for name, found in form.files.items()},
        )
    return await _outcome(sandbox, interaction)


@routes.post("/page/menus")
async def use_menu(request: web.Request) -> web.Response:
    """Use a command from a message's menu."""
    sandbox = request.app[SANDBOX]
    form = await read_form(request, sandbox.world)
    interaction = invoking.context_menu(
        sandbox.world,
        person_id=form.person_id,
        message=_message(sandbox.world, form),
        name=form.text("command"),
    )
    return await _outcome(sandbox, interaction)


@routes.post("/page/components")
async def use_component(request: web.Request) -> web.Response:
    """Press a button or choose in a select menu."""
    sandbox = request.app[SANDBOX]
    form = await read_form(request, sandbox.world)
    interaction = invoking.component(
        sandbox.world,
        person_id=form.person_id,
        message=_message(sandbox.world, form),
        custom_id=form.text("custom_id"),
        values=[str(value) for value in form.facts.get("values") or []],
    )
    return await _outcome(sandbox, interaction)


@routes.post("/page/modals")
async def submit_modal(request: web.Request) -> web.Response:
    """Submit a modal."""
    sandbox = request.app[SANDBOX]
    form = await read_form(request, sandbox.world)
    with form.discarding(sandbox.world):
        opener = sandbox.interactions.open_modal(form.id("interaction"), form.person_id)
        if opener is None:
            raise PageError("That form is no longer open.", status=404)
        interaction = submitted(sandbox.world, opener, form.values("values"), form.files)
    return await _outcome(sandbox, interaction)


@routes.post("/page/autocomplete")
async def autocomplete(request: web.Request) -> web.Response:
    """Ask what could be written in an option."""
    sandbox = request.app[SANDBOX]
    form = await read_form(request, sandbox.world)
    interaction = invoking.command(
        sandbox.world,
        person_id=form.person_id,
        channel_id=form.channel_id,
        path=form.text("command"),
        values=form.values("options"),
        files={},
        focused=form.text("focused"),
    )
    sandbox.interactions.begin(interaction)
    await interaction.settled.wait()
    return json_response({"choices": interaction.choices})


@routes.post("/page/messages")
async def say(request: web.Request) -> web.Response:
    """Write an ordinary message."""
    world = request.app[SANDBOX].world
    form = await read_form(request, world)
    files = form.files.get("file", [])
    with form.discarding(world):
        _check_may_send(form)
        content = form.text("content").strip()
        if len(content) > CONTENT_LIMIT:
            raise PageError(f"Messages may have at most {CONTENT_LIMIT:,} characters.")
        if len(files) > USER_FILES:
            raise PageError(f"Messages may have at most {USER_FILES} files.")
        if not content and not files:
            raise PageError("Write something first.")
    body: dict[str, object] = {"content": content}
    if form.facts.get("reply_to"):
        body["message_reference"] = {"message_id": form.id("reply_to")}
    if form.facts.get("ping") is False:
        body["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": False}
    message = await compose(
        world, Draft(body=body), author_id=form.person_id, channel_id=form.channel_id, files=files
    )
    return json_response(world.rendered(message))


@routes.post("/page/delete")
async def delete(request: web.Request) -> web.Response:
    """Delete a message, or dismiss a private one."""
    world = request.app[SANDBOX].world
    form = await read_form(request, world)
    message = _message(world, form)
    permissions = permissions_in(*place(form.channel_id), form.person_id)
    own = form.person_id in {message.author_id, message.visible_to}
    if not own and not permissions & Permission.MANAGE_MESSAGES:
        raise PageError("You may not delete this message.", status=403)
    world.remove(message)
    return json_response({})


@routes.post("/page/access")
async def change_access(request: web.Request) -> web.Response:
    """Take a channel away from the bot, or give it back."""
    world = request.app[SANDBOX].world
    form = await read_form(request, world)
    if not permissions_in(*place(form.channel_id), form.person_id) & Permission.MANAGE_CHANNELS:
        raise PageError("You may not change this channel.", status=403)
    fault = _LOST.get(str(form.facts.get("bot")))
    if fault is None:
        world.closed.pop(form.channel_id, None)
    else:
        world.closed[form.channel_id] = fault
    return json_response({})


_LOST = {
    "gone": Fault.UNKNOWN_CHANNEL,
    "barred": Fault.MISSING_ACCESS,
    "silent": Fault.MISSING_PERMISSIONS,
}


async def _outcome(sandbox: Sandbox, interaction: Interaction) -> web.Response:
    """Hand the interaction to the bot, and wait for what becomes of it."""
    sandbox.interactions.begin(interaction)
    await interaction.settled.wait()
    message = interaction.original
    return json_response(
        {
            "interaction": str(interaction.id),
            "status": interaction.status.value,
            "message": sandbox.world.rendered(message) if message else None,
            "modal": interaction.modal,
        }
    )


def _check_may_send(form: Form) -> None:
    permissions = permissions_in(*place(form.channel_id), form.person_id)
    if not permissions & Permission.SEND_MESSAGES:
        raise PageError("You may not send messages in this channel.", status=403)


def _message(world: World, form: Form) -> Message:
    message_id = form.id("message")
    for message in world.messages(form.channel_id):
        if message.id == message_id and can_see(form.person_id, message):
            return message
    raise PageError("That message is gone.", status=404)
