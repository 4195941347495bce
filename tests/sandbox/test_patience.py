"""How answers get through, over the real discord.py and the sandbox."""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
import pytest

from bot import patience
from bot.discretion import DiscreetFormatter
from bot.errors import DiscordFaultError, NoModelError
from bot.patience import be_patient
from bot.sandbox.errors import Fault
from bot.sandbox.people import WRITING_GROUP
from bot.sandbox.trouble import too_many_requests, unavailable
from bot.views.answers import answer_error, defer_privately
from tests.house import is_private
from tests.trouble import deaf, doubtful, lost, meeting, refusing, saying, silent, silent_after

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aiohttp import web
    from aiohttp.typedefs import Handler

    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.trouble import Trouble
    from tests.sandbox.conftest import Client
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

BOTS = WRITING_GROUP + 12
CALLBACK = r"POST /api/v10/interactions/\d+/[^/]+/callback"
ORIGINAL = r"PATCH /api/v10/webhooks/\d+/[^/]+/messages/@original"
FOLLOW_UP = r"POST /api/v10/webhooks/\d+/[^/]+"
SHORT = aiohttp.ClientTimeout(total=0.3)


@pytest.fixture
def patient(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A bot that is patient and counts, and that says what became of each answer."""
    monkeypatch.setattr(patience, "ANSWER_TIMEOUT", SHORT)
    monkeypatch.setattr(patience, "REQUEST_TIMEOUT", SHORT)
    monkeypatch.setattr(patience, "FILES_TIMEOUT", SHORT)
    monkeypatch.setattr(patience, "FOLLOW_UP_TIMEOUT", SHORT)

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

    add_refusals(client)
    return client


def add_refusals(client: Client) -> None:
    """Commands that refuse, or that are told of their answer's fate."""
    done = asyncio.Event()

    @client.tree.command(description="Show")
    async def show(interaction: discord.Interaction[Any]) -> None:
        try:
            await interaction.response.send_message("shown")
        except patience.FAILURES as error:
            await answer_error(interaction, error)
        client.heard.put_nowait("shown")

    @client.tree.command(description="Refuse")
    async def refuse(interaction: discord.Interaction[Any], *, privately: bool) -> None:
        await (defer_privately(interaction) if privately else interaction.response.defer())
        await answer_error(interaction, NoModelError())
        client.heard.put_nowait("refused")

    @client.tree.command(description="Announce")
    async def announce(interaction: discord.Interaction[Any], *, privately: bool) -> None:
        try:
            await (defer_privately(interaction) if privately else interaction.response.defer())
        except patience.FAILURES as error:
            await answer_error(interaction, error)
        client.heard.put_nowait("announced")

    @client.tree.command(description="Once")
    async def once(interaction: discord.Interaction[Any]) -> None:
        if done.is_set():
            await answer_error(interaction, NoModelError())
            client.heard.put_nowait("refused")
            return
        done.set()
        await interaction.response.send_message("done")


async def with_patience(client: Client, body: Callable[[], Awaitable[None]]) -> None:
    """Carry the body out while the bot is connected, in a context of its own."""

    async def connected() -> None:
        be_patient(client)
        async with client.connected():
            await body()

    await asyncio.create_task(connected(), context=contextvars.copy_context())


@pytest.mark.parametrize("what", [CALLBACK, ORIGINAL], ids=["answer", "what follows"])
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


UNANSWERED = {"carried out": silent_after, "502": doubtful(502), "deaf": deaf}
NOT_CARRIED_OUT = {"silent": silent, "503": saying(unavailable), "lost": lost}


@pytest.mark.parametrize("fault", [*UNANSWERED, *NOT_CARRIED_OUT])
async def test_a_private_answer_that_was_announced_says_the_refusal_once(
    sandbox: Sandbox, patient: Client, ada: Person, fault: str
) -> None:
    async def body() -> None:
        trouble = (UNANSWERED | NOT_CARRIED_OUT)[fault]
        sandbox.trouble = meeting(ORIGINAL, trouble, trouble)
        answer = await ada.command("bots", "refuse", privately=True)
        assert await patient.hear() == "refused"
        [refusal] = refusals(sandbox)
        assert refusal["id"] == (answer.message or {})["id"]
        assert is_private(refusal)

    await with_patience(patient, body)


@pytest.mark.parametrize("privately", [True, False])
async def test_an_announced_answer_that_seemed_lost_becomes_a_refusal(
    sandbox: Sandbox,
    patient: Client,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    privately: bool,
) -> None:
    """Nobody looks at "is thinking" until the token dies, whatever else goes wrong."""
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)

    async def body() -> None:
        sandbox.trouble = meeting(CALLBACK, silent_after, silent, silent)
        await ada.command("bots", "announce", privately=privately)
        assert await patient.hear() == "announced"
        [refusal] = [message.payload for message in sandbox.world.messages(BOTS)]
        assert refusal["content"] == str(DiscordFaultError())
        assert is_private(refusal)

    await with_patience(patient, body)


async def test_an_answer_that_seemed_lost_stays(
    sandbox: Sandbox, patient: Client, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked reads that Discord had a fault, below what may have been carried out."""
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)

    async def body() -> None:
        sandbox.trouble = meeting(CALLBACK, silent_after)
        await ada.command("bots", "show")
        assert await patient.hear() == "shown"
        shown = [message.payload["content"] for message in sandbox.world.messages(BOTS)]
        assert shown == ["shown", str(DiscordFaultError())]

    await with_patience(patient, body)


@pytest.mark.parametrize("fault", [*UNANSWERED, *NOT_CARRIED_OUT])
async def test_a_follow_up_is_never_said_twice(
    sandbox: Sandbox, patient: Client, ada: Person, fault: str
) -> None:
    """Nothing tells whether it was carried out, so it is asked once; it may be lost."""
    asked: list[object] = []

    async def body() -> None:
        trouble = (UNANSWERED | NOT_CARRIED_OUT)[fault]
        sandbox.trouble = meeting(FOLLOW_UP, trouble, note=asked.append)
        await ada.command("bots", "refuse", privately=False)
        assert await patient.hear() == "refused"
        assert len(asked) == 1
        assert len(refusals(sandbox)) == (fault in UNANSWERED)

    await with_patience(patient, body)


async def test_a_follow_up_has_time_where_discord_is_slow(
    sandbox: Sandbox, patient: Client, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one try of anything else has."""
    monkeypatch.setattr(patience, "FOLLOW_UP_TIMEOUT", aiohttp.ClientTimeout(total=60))
    asked: list[object] = []

    async def slow(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(2 * (SHORT.total or 0))
        return await handler(request)

    async def body() -> None:
        sandbox.trouble = meeting(FOLLOW_UP, slow, note=asked.append)
        await ada.command("bots", "refuse", privately=False)
        assert await patient.hear() == "refused"
        assert (len(asked), len(refusals(sandbox))) == (1, 1)

    await with_patience(patient, body)


def refusals(sandbox: Sandbox) -> list[dict[str, Any]]:
    said = [message.payload for message in sandbox.world.messages(BOTS)]
    return [payload for payload in said if payload["content"] == str(NoModelError())]


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


async def test_a_refusal_leaves_alone_what_was_answered_before(
    sandbox: Sandbox, patient: Client, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is delivered twice may be refused the second time, since the first one was not."""
    deliver = sandbox.gateway.dispatch_interaction
    monkeypatch.setattr(
        sandbox.gateway, "dispatch_interaction", lambda what: [deliver(what), deliver(what)][1]
    )

    async def body() -> None:
        await ada.command("bots", "once")
        assert await patient.hear() == "refused"
        assert [each.payload["content"] for each in sandbox.world.messages(BOTS)] == ["done"]

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


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """What the bot's log would hold."""
    caplog.set_level("INFO")
    monkeypatch.setattr(caplog.handler, "formatter", DiscreetFormatter())
    return lambda: caplog.text


BAD_DAYS = {"show": (CALLBACK, 99), "say": (ORIGINAL, 2), "refuse": (FOLLOW_UP, 1)}
"""How often what a command asks for meets a fault."""


@pytest.mark.parametrize("command", BAD_DAYS)
async def test_a_bad_day_is_logged_without_the_token_of_the_interaction(
    sandbox: Sandbox, patient: Client, ada: Person, log: Callable[[], str], command: str
) -> None:
    asked: list[web.Request] = []
    what, count = BAD_DAYS[command]

    async def body() -> None:
        sandbox.trouble = meeting(what, *[saying(unavailable)] * count, note=asked.append)
        options: dict[str, Any] = {"privately": False} if command == "refuse" else {}
        asking = asyncio.create_task(ada.command("bots", command, **options))
        await patient.hear()
        asking.cancel()

    await with_patience(patient, body)

    tokens = {request.match_info["token"] for request in asked}
    assert tokens
    assert "503, message='Service Unavailable', url='http" in log()
    assert not any(token in log() for token in tokens)


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
