"""What the real discord.py makes of a gateway's and a server's bad days."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox import sessions
from bot.sandbox.people import WRITING_GROUP
from bot.sandbox.sessions import Op
from tests.trouble import BREAKS, EVERYTHING, break_off, doubtful, meeting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import discord

    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

BOTS = WRITING_GROUP + 12


@pytest.fixture
async def counting(client: Client) -> AsyncIterator[Client]:
    """A bot with a command that counts how often it is asked."""

    @client.tree.command(description="Count")
    async def count(interaction: discord.Interaction[Any]) -> None:
        client.heard.put_nowait(interaction.id)
        await interaction.response.send_message("counted")

    async with client.connected():
        yield client


def once(client: Client, event: str) -> asyncio.Future[None]:
    """The next time that discord.py tells of this."""
    future: asyncio.Future[None] = client.loop.create_future()

    async def told() -> None:
        if not future.done():
            future.set_result(None)

    setattr(client, f"on_{event}", told)
    return future


@pytest.mark.parametrize("fault", BREAKS)
async def test_what_comes_while_the_connection_is_broken_is_heard_after_it_once(
    sandbox: Sandbox, counting: Client, ada: Person, fault: str
) -> None:
    session = counting.ws.session_id
    resumed = once(counting, "resumed")

    asked = asyncio.create_task(ada.command("bots", "count"))
    await break_off(sandbox, fault)
    answer = await asked
    await asyncio.wait_for(resumed, 5)
    after = await ada.command("bots", "count")

    assert [answer.failed, after.failed] == [False, False]
    assert [await counting.hear() for _ in range(2)] == [
        int(answer.interaction),
        int(after.interaction),
    ]
    assert counting.heard.empty()
    assert counting.ws.session_id == session


@pytest.mark.parametrize("reason", ["forgotten", "too old"])
async def test_a_session_that_is_lost_makes_the_bot_identify_again(
    sandbox: Sandbox, counting: Client, ada: Person, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = counting.ws.session_id
    ready = once(counting, "ready")

    if reason == "forgotten":
        sandbox.gateway.tell(Op.INVALID_SESSION, False)
        sandbox.gateway.forget()
    else:
        monkeypatch.setattr(sessions, "RESUMABLE_SECONDS", -1.0)
        sandbox.gateway.cut()
    await asyncio.wait_for(ready, 10)

    assert not (await ada.command("bots", "count")).failed
    assert counting.ws.session_id != session


def test_only_events_that_are_kept_can_be_replayed() -> None:
    session = sessions.Session(sessions.Intent.GUILDS, (0, 1))
    for number in range(sessions.EVENTS_KEPT + 5):
        session.dispatch("TYPING_START", {"number": number})

    assert session.missed(4) is None
    assert [event["s"] for event in session.missed(1_003) or []] == [1_004, 1_005]
    assert session.missed(sessions.EVENTS_KEPT + 5) == []
    assert session.missed(sessions.EVENTS_KEPT + 6) is None


async def test_a_message_that_is_posted_twice_with_a_nonce_stands_there_once(
    sandbox: Sandbox, counting: Client, ada: Person
) -> None:
    """As when Discord says that it failed though it had not: discord.py asks again."""
    asked: list[str] = []
    sandbox.trouble = meeting(
        EVERYTHING, doubtful(500), note=lambda request: asked.append(request.path)
    )
    channel = counting.get_partial_messageable(BOTS)

    first = await channel.send("said")
    second = await channel.send("said", nonce="n")
    third = await channel.send("said", nonce="n")

    assert len(asked) == 4
    assert second.id == third.id
    said = [m["id"] for m in ada.messages.values() if m["content"] == "said"]
    assert said == [str(first.id), str(second.id)]
