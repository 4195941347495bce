"""In which guilds the bot is: an administrator takes it out, or Discord has an outage.

    POST /page/membership  {person, guild, bot: "gone" | "unavailable" | "here"}

Of a guild that is gone the bot hears once, if it is connected, and READY does not name it any
more; of one that is unavailable it hears so, and READY still names it. The bot's requests about
the channels of both are refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import payloads
from bot.sandbox.errors import Fault, PageError
from bot.sandbox.forms import read_form
from bot.sandbox.people import GUILDS, Guild
from bot.sandbox.permissions import Permission, permissions_in
from bot.sandbox.places import SANDBOX, json_response
from bot.sandbox.sessions import Intent

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload
    from bot.sandbox.sandbox import Sandbox

routes = web.RouteTableDef()


class Absence(StrEnum):
    """Why the bot cannot be reached in a guild."""

    GONE = "gone"
    UNAVAILABLE = "unavailable"


@routes.post("/page/membership")
async def change_membership(request: web.Request) -> web.Response:
    """Take the bot out of a guild, let the guild be unavailable, or bring both together again."""
    sandbox = request.app[SANDBOX]
    form = await read_form(request, sandbox.world)
    guild = GUILDS.get(form.id("guild"))
    if guild is None:
        raise PageError("There is no such server.", status=404)
    if not permissions_in(guild, guild.channels[0], form.person_id) & Permission.MANAGE_GUILD:
        raise PageError("You may not take bots out of this server.", status=403)
    wanted = form.text("bot")
    absence = None if wanted == "here" else Absence(wanted)
    change(sandbox, guild, absence)
    return json_response({})


def change(sandbox: Sandbox, guild: Guild, absence: Absence | None) -> None:
    """Let the bot be absent from a guild, or there again."""
    gateway, closed = sandbox.gateway, sandbox.world.closed
    for channel in guild.channels:
        closed.pop(channel.id, None)
        if absence is not None:
            closed[channel.id] = Fault.MISSING_ACCESS
    before = gateway.absences.pop(guild.id, None)
    name, payload = _told(guild, before, absence)
    gateway.dispatch(name, payload, guild_id=guild.id, intent=Intent.GUILDS)
    if absence is not None:
        gateway.absences[guild.id] = absence


def _told(guild: Guild, before: Absence | None, absence: Absence | None) -> tuple[str, Payload]:
    """The event that tells the bot: its name and payload."""
    if absence is Absence.GONE:
        return "GUILD_DELETE", {"id": str(guild.id)}
    if absence is Absence.UNAVAILABLE:
        return "GUILD_DELETE", {"id": str(guild.id), "unavailable": True}
    payload = payloads.guild(guild)
    if before is Absence.GONE:
        del payload["unavailable"]  # it is there where a guild has come back from an outage
    return "GUILD_CREATE", payload
