"""How answers get through, over the real discord.py and the sandbox."""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from bot import patience
from bot.patience import be_patient
from bot.sandbox.errors import Fault
from bot.sandbox.people import WRITING_GROUP
from bot.sandbox.trouble import too_many_requests, unavailable
from tests.trouble import meeting, refusing, saying, silent, silent_after

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.trouble import Trouble
    from tests.sandbox.conftest import Client
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

BOTS = WRITING_GROUP + 12
CALLBACK = r"POST /api/v10/interactions/\d+/[^/]+/callback"
FOLLOWING = r"(PATCH|POST) /api/v10/webhooks/.*"
SHORT = aiohttp.ClientTimeout(total=0.3)


@pytest.fixture
def patient(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A bot that is patient and counts, and that says what became of each answer."""
    monkeypatch.setattr(patience, "ANSWER_TIMEOUT", SHORT)
    monkeypatch.setattr(patience, "REQUEST_TIMEOUT", SHORT)
    monkeypatch.setattr(patience, "FILES_TIMEOUT", SHORT)

    @client.tree.command(description="Say")
    async def say(interaction: discord.Interaction[Any]) -> None:
        try:
            await interaction.response.defer()
        except discord.NotFound as error:
            client.heard.put_nowait(error.code)
            return
        file = discord.File(__file__, "text.txt")
        await interaction.edit_original_response(content="said", attachments=[file])
        client.heard.put_nowait("said")

    @client.tree.command(description="Choose")
    async def choose(_: discord.Interaction[Any], what: str) -> None:
        """Nothing."""
        del what

    @choose.autocomplete("what")
    async def suggest(_: Any, __: str) -> list[discord.app_commands.Choice[str]]:
        return [discord.app_commands.Choice(name="this", value="this")]

    return client


async def with_patience(client: Client, body: Callable[[], Awaitable[None]]) -> None:
    """Carry the body out while the bot is connected, in a context of its own."""

    async def connected() -> None:
        be_patient(client)
        async with client.connected():
            await body()

    await asyncio.create_task(connected(), context=contextvars.copy_context())


@pytest.mark.parametrize("what", [CALLBACK, FOLLOWING], ids=["answer", "what follows"])
@pytest.mark.parametrize(
    "fault", [silent, silent_after, saying(unavailable)], ids=["silent", "silent after", "503"]
)
async def test_an_answer_gets_through_once(
    sandbox: Sandbox, patient: Client, ada: Person, what: str, fault: Trouble
) -> None:
    async def body() -> None:
        sandbox.trouble = meeting(what, fault, fault)
        answer = await ada.command("bots", "say")
        assert await patient.hear() == "said"
        message = ada.messages[(answer.message or {})["id"]]
        assert message["content"] == "said"
        assert message["attachments"][0]["size"] > 1_000, "a file is sent in full each time"
        assert not answer.failed

    await with_patience(patient, body)


async def test_an_interaction_that_somebody_else_has_answered_is_left_alone(
    sandbox: Sandbox, patient: Client, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: asyncio.Queue[int] = asyncio.Queue()

    async def on_error(_: Any, error: Exception) -> None:
        refused.put_nowait(getattr(getattr(error, "original", error), "code", 0))

    monkeypatch.setattr(patient.tree, "on_error", on_error)

    async def body() -> None:
        sandbox.trouble = meeting(CALLBACK, refusing(Fault.ALREADY_ACKNOWLEDGED))
        asking = asyncio.create_task(ada.command("bots", "say"))
        assert await asyncio.wait_for(refused.get(), 5) == 40060
        assert patient.heard.empty()
        asking.cancel()

    await with_patience(patient, body)


async def test_suggestions_that_come_too_late_are_nobodys_loss(
    sandbox: Sandbox, patient: Client, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    met = asyncio.Event()

    async def body() -> None:
        unknown = refusing(Fault.UNKNOWN_INTERACTION)
        sandbox.trouble = meeting(CALLBACK, unknown, note=lambda _: met.set())
        late = asyncio.create_task(ada.autocomplete("bots", "choose", "what", "t"))
        await met.wait()
        assert await ada.autocomplete("bots", "choose", "what", "t")
        late.cancel()

    await with_patience(patient, body)

    assert "Ignoring exception" not in caplog.text


async def test_a_message_is_posted_once_however_silent_discord_is(
    sandbox: Sandbox, patient: Client, ada: Person
) -> None:
    async def body() -> None:
        path = rf"POST /api/v10/channels/{BOTS}/messages"
        sandbox.trouble = meeting(path, silent, silent_after, saying(unavailable))
        said = await patient.get_partial_messageable(BOTS).send("said")
        found = [m["id"] for m in ada.messages.values() if m["content"] == "said"]
        assert found == [str(said.id)]

    await with_patience(patient, body)


@pytest.mark.parametrize("everywhere", [False, True])
async def test_what_discord_makes_the_bot_wait_for_is_no_silence(
    sandbox: Sandbox, patient: Client, ada: Person, *, everywhere: bool
) -> None:
    """It is waited for, however long a try may take otherwise, and asked once more."""
    asked: list[float] = []
    clock = asyncio.get_running_loop().time
    limit = saying(lambda: too_many_requests(1, everywhere=everywhere))

    async def body() -> None:
        path = rf"POST /api/v10/channels/{BOTS}/messages"
        sandbox.trouble = meeting(path, limit, note=lambda _: asked.append(clock()))
        await patient.get_partial_messageable(BOTS).send("said")

    await with_patience(patient, body)

    first, second = asked
    assert second - first >= 1 > (SHORT.total or 0)
    assert [m["content"] for m in ada.messages.values()].count("said") == 1
