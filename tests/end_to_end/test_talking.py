"""Talking, over the sandbox: who is answered, how, and where a conversation goes on.

The sandbox runs in the test's own process, so that bots and webhooks can speak there too.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import NoModelError
from bot.rendering import read_back
from bot.sandbox import payloads
from bot.sandbox.people import ADA, BOT, MAX, PEOPLE, WRITING_GROUP
from bot.sandbox.tavern import DICE, FEED
from bot.sandbox.world import Message
from model.bookmark import Bookmark
from model.checkpoint import load
from model.generation import Writer, begin
from storage.catalog import Catalog
from storage.database import Database
from storage.files import DataDirectory
from tests.exports import ANN, BOB, exporter_json, message
from tests.house import House, HouseAtHand, add_model, posted, private, refusal
from tests.sandbox_driver import text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import web
    from aiohttp.typedefs import Handler

    from bot.sandbox.people import Person

pytestmark = pytest.mark.slow

HELLO = f"<@{BOT}> the lazy dog"
BOTS = WRITING_GROUP + 12


class Parlor(HouseAtHand):
    """A house in which talking is on in some channels."""

    async def talk_in(self, *channels: str, temperature: float | None = None) -> None:
        """Let the bot talk there; it need not run yet."""
        directory = DataDirectory(self.data)
        directory.create()
        chosen = tuple(int(self.ada.channel(channel)) for channel in channels)
        async with Database.open(directory.catalog) as database:
            await Catalog(database).change_guild_settings(
                WRITING_GROUP, talk_channels=chosen, temperature=temperature
            )

    async def conversation(self) -> Bookmark:
        """Stop the bot, and return where the only conversation stopped."""
        assert await self.stop() == 0
        async with Database.open(DataDirectory(self.data).catalog) as database:
            [row] = await database.read("SELECT bookmark FROM conversations")
        return Bookmark.from_bytes(row["bookmark"])

    async def reply_to(self, said: dict[str, Any], seconds: float = 15) -> dict[str, Any]:
        """What the bot answers to a message."""
        return await self.mo.wait_for(lambda m: answered_by(m) == said["id"], seconds)

    def replies(self) -> list[dict[str, Any]]:
        return [m for m in self.mo.messages.values() if m["author"]["id"] == str(BOT)]


def answered_by(said: dict[str, Any]) -> str | None:
    """The id of the message that the bot replies to with this one."""
    if said["author"]["id"] != str(BOT) or said["type"] != 19:
        return None
    return str(said["message_reference"]["message_id"])


@pytest.fixture
async def parlor(tmp_path: Path, tiny_checkpoint: Path) -> AsyncIterator[Parlor]:
    """Talking is on in #bots and in #no-bots, where the bot may not speak."""
    async with Parlor.within(tmp_path) as parlor:
        await add_model(parlor, tiny_checkpoint, "Writing Group", "Verse", ADA)
        await parlor.talk_in("bots", "no-bots")
        await parlor.start()
        yield parlor
    assert "Traceback" not in parlor.log.read_text()


async def test_talking_is_off_until_a_moderator_turns_it_on(library: House) -> None:
    """And off again, when the conversation is forgotten."""
    early = await library.max.say("bots", HELLO)
    card = (await library.mo.command("bots", "settings")).message
    assert card is not None

    await library.mo.choose(card, "settings:talking", library.mo.channel("bots"))
    said = await library.ada.say("bots", HELLO)
    await library.mo.wait_for(lambda m: answered_by(m) == said["id"])
    await library.mo.choose(card, "settings:talking")
    late = await library.max.say("bots", HELLO)
    await posted(library.ada, await library.ada.command("bots", "generate", length=20))

    assert await library.stop() == 0
    answered = {answered_by(m) for m in library.mo.messages.values()}
    assert said["id"] in answered
    assert answered.isdisjoint({early["id"], late["id"]})
    async with Database.open(DataDirectory(library.data).catalog) as database:
        assert await database.read("SELECT * FROM conversations") == []


async def test_a_conversation_goes_on_from_what_was_said_after_a_restart_too(
    parlor: Parlor, tiny_checkpoint: Path
) -> None:
    """The state is that of the conversation as one reads it: mentions, answers, nothing else."""
    writer, spoken, before = Writer(load(tiny_checkpoint)), "", None
    for person in (parlor.ada, parlor.max):
        said = await person.say("bots", HELLO)
        reply = await parlor.reply_to(said)
        assert reply["mentions"] == []
        assert reply["content"].strip()
        spoken += f"the lazy dog\n{read_back(reply['content'])}\n"
        now = await parlor.conversation()
        read, _ = begin(writer, prompt=spoken, seed=now.seed)
        assert now.to_bytes() == read.to_bytes()
        before = reply
        await parlor.start()

    assert set(parlor.mo.typed) == {str(BOTS)}
    assert before is not None
    said = await parlor.mo.say("bots", "And then?", reply_to=before)
    reply = await parlor.reply_to(said)
    spoken += f"And then?\n{read_back(reply['content'])}\n"
    now = await parlor.conversation()
    assert now.to_bytes() == begin(writer, prompt=spoken, seed=now.seed)[0].to_bytes()


async def test_only_who_speaks_to_the_bot_where_talking_is_on_is_answered(parlor: Parlor) -> None:
    """Neither bots nor webhooks, nor itself, nor whoever means everybody."""
    first = await parlor.reply_to(await parlor.ada.say("bots", HELLO))
    said = [
        await parlor.max.say("bots", "the lazy dog"),
        await parlor.max.say("bots", "the lazy dog", reply_to=first, ping=False),
        await parlor.mo.say("bots", f"@everyone {HELLO}"),
        await parlor.mo.say("bots", f"<@{MAX}> look"),
        await parlor.max.say("general", HELLO),
        await parlor.max.say("no-bots", HELLO),
        await parlor.mo.say(("Fandom", "bots"), HELLO),
        speak(parlor, DICE),
        speak(parlor, FEED, webhook_id=str(FEED.id)),
        speak(parlor, PEOPLE[BOT]),
    ]

    last = await parlor.reply_to(await parlor.max.say("bots", f"the lazy dog <@!{BOT}>"))

    assert [m["id"] for m in parlor.replies()] == [first["id"], said[-1]["id"], last["id"]]


async def test_two_who_speak_at_once_are_answered_one_after_the_other(
    parlor: Parlor, tiny_checkpoint: Path
) -> None:
    questions = [
        await person.say("bots", f"<@{BOT}> the fox {person.id[-2:]}")
        for person in (parlor.ada, parlor.max, parlor.mo)
    ]

    replies = [await parlor.reply_to(said) for said in questions]

    assert [m["id"] for m in parlor.replies()] == [reply["id"] for reply in replies]
    spoken = "".join(
        f"the fox {said['author']['id'][-2:]}\n{read_back(reply['content'])}\n"
        for said, reply in zip(questions, replies, strict=True)
    )
    now = await parlor.conversation()
    read, _ = begin(Writer(load(tiny_checkpoint)), prompt=spoken, seed=now.seed)
    assert now.to_bytes() == read.to_bytes()


async def test_the_servers_waiting_time_between_two_texts_holds_for_answers_too(
    parlor: Parlor,
) -> None:
    """In every channel, and whichever of the two came first, until a moderator takes it back."""
    ada, mo, max_ = parlor.ada, parlor.mo, parlor.max
    card = await private(mo, "settings")
    await mo.choose(card, "settings:talking", mo.channel("bots"), mo.channel("general"))
    await mo.submit(await mo.press(card, "settings:cooldowns"), {"write": "1 h", "train": ""})
    await mo.wait_for(lambda m: "**1 h 00 min**" in text_of(m))

    answered = [await parlor.reply_to(await ada.say("bots", HELLO))]
    await posted(max_, await max_.command("bots", "generate", length=20))
    for person in (ada, max_):
        for channel in ("bots", "general"):
            await person.say(channel, HELLO)
    assert "1 h 00 min between two texts" in await refusal(ada, "generate")
    answered.append(await parlor.reply_to(await mo.say("bots", HELLO)))
    await mo.submit(await mo.press(card, "settings:cooldowns"), {"write": "", "train": ""})
    await mo.wait_for(lambda m: m["id"] == card["id"] and "1 h 00 min" not in text_of(m))
    answered.append(await parlor.reply_to(await max_.say("general", HELLO)))

    replies = [m["id"] for m in parlor.replies() if m["type"] == 19]
    assert replies == [m["id"] for m in answered]


async def test_a_mention_while_the_bot_stops_is_not_answered_and_loses_nothing(
    parlor: Parlor,
) -> None:
    await parlor.reply_to(await parlor.ada.say("bots", HELLO))
    before = await parlor.conversation()
    await parlor.start()
    typing = asyncio.Event()

    async def hold(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.endswith("/typing"):
            typing.set()
            await asyncio.sleep(3600)
        return await handler(request)

    parlor.sandbox.trouble = hold
    await parlor.max.say("bots", HELLO)
    await asyncio.wait_for(typing.wait(), 15)
    now = await parlor.conversation()
    parlor.sandbox.trouble = None
    await parlor.start()

    assert now.to_bytes() == before.to_bytes()
    assert len(parlor.replies()) == 1
    await parlor.reply_to(await parlor.max.say("bots", HELLO))


async def test_without_a_model_it_says_so_once(tmp_path: Path) -> None:
    async with Parlor.open(tmp_path) as parlor:
        await parlor.talk_in("bots")
        await parlor.start()
        said = await parlor.ada.say("bots", HELLO)
        told = await parlor.mo.wait_for(lambda m: answered_by(m) == said["id"])
        again = await parlor.max.say("bots", HELLO)
        await parlor.mo.command("bots", "models")

        assert text_of(told) == str(NoModelError())
        assert not [m for m in parlor.mo.messages.values() if answered_by(m) == again["id"]]
    assert "Traceback" not in parlor.log.read_text()


async def test_a_model_that_learned_names_answers_as_a_speaker(tmp_path: Path) -> None:
    """From the export of a chat to a turn that somebody of it takes."""
    lines = [(ANN, "is it far?"), (BOB, "no, it is not."), (ANN, "so we go?"), (BOB, "yes we go!")]
    chat = [message(lines[n % 4][1], n, lines[n % 4][0]) for n in range(400)]
    async with Parlor.open(tmp_path) as parlor:
        await parlor.talk_in("bots", temperature=0.3)
        await parlor.start()
        files = {"file": ("chat.json", exporter_json(chat))}
        await parlor.ada.command("bots", "train", files=files, minutes=0.2, names=True)
        await parlor.mo.wait_for(lambda m: "has learned to write" in text_of(m), 90)

        said = await parlor.max.say("bots", f"<@{BOT}> is it far?")
        reply = await parlor.mo.wait_for(lambda m: answered_by(m) == said["id"])

        assert re.match(r"\*\*\w+.*:\*\* \S", text_of(reply)), "in seconds it learns little"
    assert "Traceback" not in parlor.log.read_text()


def speak(parlor: Parlor, author: Person, **more: Any) -> dict[str, Any]:
    """Let somebody mention the bot who is no person."""
    world, moment = parlor.sandbox.world, datetime.now(UTC)
    said = payloads.message(world.snowflakes.new(), author, channel_id=BOTS, moment=moment)
    said |= {"content": HELLO, "mentions": [payloads.user(PEOPLE[BOT])], **more}
    world.add(Message(said))
    return said
