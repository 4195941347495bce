"""Which messages speak to the bot, and how it answers them; the rest is over the sandbox."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.errors import NoModelError, NotListeningError, RefusedError, StoppingError
from bot.errors.limits import WriteCooldownError, WritesElsewhereError
from bot.views.mentions import answer_mention, speaks_to
from model.conversation import Answer, Question
from storage.errors import CatalogUnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.requests import Caller

ME, ANN, BOB = 1, 2, 3
GERMAN_SERVER = 8
EVERYTHING = discord.Permissions.all()


def person(number: int, name: str = "Ann", *, bot: bool = False) -> Any:
    return SimpleNamespace(id=number, bot=bot, display_name=name)


class FakeChannel(discord.abc.GuildChannel):
    """A channel in which nothing but what the bot says is remembered."""

    def __init__(self, allowed: discord.Permissions = EVERYTHING) -> None:
        self.id = 10
        self.guild: Any = SimpleNamespace(id=7, me=person(ME))
        self.allowed = allowed
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.typed = 0

    def permissions_for(self, *_: object) -> discord.Permissions:
        return self.allowed

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[None]:
        self.typed += 1
        yield

    async def send(self, content: str, **options: Any) -> None:
        self.said.append((content, options))


class FakeThread(FakeChannel, discord.Thread):  # type: ignore[misc]  # as much as is used
    """A thread of the channel 9."""

    def __init__(self, allowed: discord.Permissions = EVERYTHING) -> None:
        FakeChannel.__init__(self, allowed)
        self.parent_id = 9


def message(channel: Any = None, **changes: Any) -> Any:
    """Ann speaks to the bot."""
    fields = {
        "id": 4,
        "content": f"<@{ME}> hello <@!{BOB}>, look <#5>",
        "author": person(ANN, "Ann\nLee"),
        "mentions": [person(ME, "bot"), person(BOB, "Bob")],
        "mention_everyone": False,
        "webhook_id": None,
        "type": discord.MessageType.default,
        "guild": SimpleNamespace(id=7, me=person(ME)),
        "channel": channel or FakeChannel(),
        "to_reference": lambda **options: options,
    }
    return SimpleNamespace(**(fields | changes))


class FakeTalking:
    """Answers, or refuses to; as `bot.writing.talking.Talking`."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.heard: list[tuple[Caller, Question]] = []
        self.may = True

    @asynccontextmanager
    async def turn(self, caller: Caller) -> AsyncIterator[Any]:
        async def answer(question: Question) -> Answer:
            self.heard.append((caller, question))
            return Answer("yes *sir*", "Bob", None)  # type: ignore[arg-type]  # it is not kept

        if self.error is not None:
            raise self.error
        yield SimpleNamespace(answer=answer)

    def may_complain(self, _: Caller) -> bool:
        return self.may


async def answered(talking: FakeTalking, said: Any) -> list[tuple[str, dict[str, Any]]]:
    async def language_in(guild_id: int) -> str:
        return "de" if guild_id == GERMAN_SERVER else "en"

    client: Any = SimpleNamespace(service=SimpleNamespace(talking=talking), language_in=language_in)
    await answer_mention(client, said)
    replies: list[tuple[str, dict[str, Any]]] = said.channel.said
    return replies


def test_a_mention_and_a_reply_with_a_ping_speak_to_the_bot() -> None:
    assert speaks_to(ME, message())
    assert speaks_to(ME, message(type=discord.MessageType.reply))


@pytest.mark.parametrize(
    "changes",
    [
        {"mentions": []},
        {"mentions": [person(BOB)]},
        {"mention_everyone": True},
        {"author": person(ANN, bot=True)},
        {"author": person(ME, bot=True)},
        {"webhook_id": 5},
        {"type": discord.MessageType.pins_add},
        {"type": discord.MessageType.thread_created},
        {"guild": None},
    ],
    ids=str,
)
def test_nothing_else_speaks_to_the_bot(changes: dict[str, Any]) -> None:
    assert not speaks_to(ME, message(**changes))


async def test_what_was_said_is_read_as_people_read_it() -> None:
    """Without the bot's own name, with others' names, as in a corpus."""
    talking = FakeTalking()

    replies = await answered(talking, message())

    [(caller, question)] = talking.heard
    assert question == Question("hello @Bob, look", "Ann Lee")
    assert (caller.guild_id, caller.channel_id, caller.parent_id) == (7, 10, None)
    [(content, options)] = replies
    assert content == "**Bob:** yes \\*sir\\*"
    assert options == {
        "reference": {"fail_if_not_exists": False},
        "mention_author": False,
        "nonce": 4,  # a message that Discord delivers twice is answered once
    }


async def test_of_too_long_a_text_the_end_is_read() -> None:
    talking = FakeTalking()

    await answered(talking, message(content="a" * 3000 + "b"))

    [(_, question)] = talking.heard
    assert (len(question.text), question.text[-1]) == (2000, "b")


async def test_a_thread_is_a_part_of_its_channel() -> None:
    talking = FakeTalking()

    await answered(talking, message(FakeThread()))

    [(caller, _)] = talking.heard
    assert caller.parent_id == 9


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (FakeChannel, "view_channel"),
        (FakeChannel, "send_messages"),
        (FakeThread, "send_messages_in_threads"),
    ],
)
async def test_where_it_may_not_speak_it_is_silent(kind: type[FakeChannel], missing: str) -> None:
    talking, allowed = FakeTalking(), discord.Permissions.all()
    allowed.update(**{missing: False})

    assert await answered(talking, message(kind(allowed))) == []
    assert not talking.heard


async def test_without_the_permission_to_reply_it_answers_all_the_same() -> None:
    allowed = discord.Permissions.all()
    allowed.update(read_message_history=False)

    assert await answered(FakeTalking(), message(FakeChannel(allowed))) == [
        ("**Bob:** yes \\*sir\\*", {"nonce": 4})
    ]


@pytest.mark.parametrize(
    "error",
    [
        NotListeningError(),
        StoppingError(),
        WriteCooldownError(5, 10),
        WritesElsewhereError([1]),
        OSError("no network"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_who_is_not_answered_hears_nothing(error: Exception) -> None:
    said = message()

    assert await answered(FakeTalking(error), said) == []
    assert said.channel.typed == 0


async def test_a_reason_is_told_once_in_a_while() -> None:
    talking, channel = FakeTalking(NoModelError()), FakeChannel()

    await answered(talking, message(channel))
    talking.may = False
    await answered(talking, message(channel))

    [(content, options)] = channel.said
    assert content == str(NoModelError())
    assert options["mention_author"] is False
    assert isinstance(talking.error, RefusedError)


async def test_a_reason_is_told_in_the_servers_language() -> None:
    said = message(guild=SimpleNamespace(id=GERMAN_SERVER, me=person(ME)))

    [(content, _)] = await answered(FakeTalking(NoModelError()), said)

    assert content.startswith("Dieser Server hat noch kein Modell")


async def test_a_full_disk_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    full = CatalogUnavailableError(Path("catalog"), "database or disk is full")

    assert await answered(FakeTalking(full), message()) == []

    assert "disk is full" in caplog.text
    assert "Traceback" not in caplog.text


async def test_whatever_goes_wrong_ends_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert await answered(FakeTalking(ZeroDivisionError()), message()) == []

    assert "ZeroDivisionError" in caplog.text
    assert "hello" not in caplog.text
