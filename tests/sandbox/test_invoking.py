"""Who is pinged, and what Discord's own client would not let a person send."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.people import ADA, APPLICATION, FANDOM, MAX, MO, WRITING_GROUP
from tests.sandbox_driver import Person, RefusedByPageError

if TYPE_CHECKING:
    import aiohttp

    from bot.sandbox.sandbox import Sandbox

pytestmark = pytest.mark.slow

BOTS = f"/api/v10/channels/{WRITING_GROUP + 12}/messages"
COMMANDS = f"/api/v10/applications/{APPLICATION}/commands"


def option(**fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": "text", "description": "A text"} | fields


@pytest.mark.parametrize(
    ("allowed", "pinged", "everyone"),
    [
        (None, [str(MAX), str(MO)], False),
        ({"parse": []}, [], False),
        ({"parse": ["everyone"]}, [], False),
        ({"parse": ["users"]}, [str(MAX), str(MO)], False),
        ({"parse": [], "users": [str(MO)]}, [str(MO)], False),
    ],
)
async def test_allowed_mentions_decide_who_is_pinged(
    bot_http: aiohttp.ClientSession,
    allowed: dict[str, Any] | None,
    pinged: list[str],
    *,
    everyone: bool,
) -> None:
    body = {"content": f"@everyone <@{MAX}> <@!{MO}> <@&{WRITING_GROUP + 2}>"}
    if allowed is not None:
        body["allowed_mentions"] = allowed  # type: ignore[assignment]  # JSON

    posted = await (await bot_http.post(BOTS, json=body)).json()

    assert [user["id"] for user in posted["mentions"]] == pinged
    assert posted["mention_everyone"] is everyone
    assert posted["mention_roles"] == []


async def test_moderators_may_ping_everyone_and_members_may_not(sandbox: Sandbox) -> None:
    for person_id, may in ((MO, True), (MAX, False), (ADA, True)):
        async with Person.enter(sandbox.world.base, person_id) as person:
            said = await person.say(("Fandom", "bots"), f"@everyone <@&{FANDOM + 2}>")

            assert said["mention_everyone"] is may
            assert bool(said["mention_roles"]) is may


SCHEMA = [
    option(name="file", type=11, required=True),
    option(name="length", type=4, min_value=1, max_value=8_000),
    option(name="heat", type=10, min_value=0, max_value=2),
    option(name="text", max_length=5),
    option(name="kind", choices=[{"name": "One", "value": "1"}]),
    option(name="sure", type=5),
    option(name="who", type=6),
]


@pytest.mark.parametrize(
    "options",
    [
        {"length": 0},
        {"length": 8_001},
        {"length": 1.5},
        {"length": "many"},
        {"length": True},
        {"heat": 2.1},
        {"heat": "nan"},
        {"text": "123456"},
        {"kind": "One"},
        {"sure": "yes"},
        {"who": "somebody"},
        {"who": "12345678901234567"},
        {"other": 1},
    ],
)
async def test_option_that_discord_would_not_send_is_refused(
    bot_http: aiohttp.ClientSession, ada: Person, options: dict[str, Any]
) -> None:
    command = {"name": "ok", "description": "Fine", "options": SCHEMA}
    await bot_http.put(COMMANDS, json=[command])

    with pytest.raises(RefusedByPageError) as refused:
        await ada.command("bots", "ok", files={"file": ("a.txt", b"a")}, **options)

    assert refused.value.status == 400


async def test_required_option_and_synced_command_are_needed(
    bot_http: aiohttp.ClientSession, ada: Person, sandbox: Sandbox
) -> None:
    command = {"name": "ok", "description": "Fine", "options": SCHEMA}
    with pytest.raises(RefusedByPageError, match="There is no command /ok"):
        await ada.command("bots", "ok")
    await bot_http.put(COMMANDS, json=[command])

    with pytest.raises(RefusedByPageError, match="The option file is required"):
        await ada.command("bots", "ok", length=3)
    with pytest.raises(RefusedByPageError):
        await ada.command("bots", "ok", files={"other": ("a.txt", b"a")})

    assert not list(sandbox.world.attachments.path(0).parent.iterdir())  # refused files are gone


async def test_command_for_moderators_is_refused_to_members(
    bot_http: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    command = {"name": "ok", "description": "Fine", "default_member_permissions": str(1 << 5)}
    await bot_http.put(COMMANDS, json=[command])

    async with Person.enter(sandbox.world.base, MAX) as member:
        with pytest.raises(RefusedByPageError) as refused:
            await member.command("bots", "ok")
    async with Person.enter(sandbox.world.base, MO) as moderator:
        answer = await moderator.command("bots", "ok")

    assert refused.value.status == 403
    assert answer.failed  # no bot is there, but it was allowed


async def test_subcommands_are_found_by_their_path(
    bot_http: aiohttp.ClientSession, ada: Person
) -> None:
    inner = {"type": 1, "name": "list", "description": "List"}
    await bot_http.put(COMMANDS, json=[{"name": "models", "description": "M", "options": [inner]}])

    with pytest.raises(RefusedByPageError):
        await ada.command("bots", "models")
    answer = await asyncio.wait_for(ada.command("bots", "models list"), 2)

    assert answer.failed


async def test_half_a_character_breaks_nothing(ada: Person) -> None:
    """Somebody has pasted one half of an emoji: Discord could send it to nobody."""
    said = await ada.say("bots", "half \ud83d")

    assert said["content"] == "half ?"
    assert (await ada.say("bots", "whole \U0001f600"))["content"] == "whole \U0001f600"
