"""What people do with the bot all day, for tests of load and endurance.

A visit is a few interactions of one person, one after another, of which each is answered as it
should be; it returns how many there were, and leaves nothing behind on the page.

    done = await Crowd(house).come(1_000, at_once=8)
"""

from __future__ import annotations

import asyncio
import itertools
from functools import partial
from typing import TYPE_CHECKING

from bot.sandbox.people import BOT, MAX
from tests.house import BUTTONS, POEM, is_private, labels
from tests.sandbox_driver import components, text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.house import House
    from tests.sandbox_driver import Answer, Payload, Person

    Visit = Callable[["Guest"], Awaitable[None]]

PATIENCE = 60.0


class Guest:
    """A person on one visit, who counts the interactions and tidies up."""

    def __init__(self, person: Person, number: int, moderator: Person) -> None:
        self.person, self.number, self._moderator = person, number, moderator
        self.interactions = 0
        self._left: dict[str, Payload] = {}

    async def answered(self, asking: Awaitable[Answer]) -> Answer:
        """The answer to an interaction, which must not fail."""
        answer = await asking
        self.interactions += 1
        assert not answer.failed, "the application did not respond"
        if answer.message is not None:
            self._left[answer.message["id"]] = answer.message
        return answer

    async def shown(self, asking: Awaitable[Answer], part: str = "") -> Payload:
        """The message of an answer, once it is complete and says this."""
        answer = await self.answered(asking)
        number = (answer.message or {})["id"]

        def is_complete(message: Payload) -> bool:
            return message["id"] == number and bool(text_of(message)) and part in text_of(message)

        return await self.person.wait_for(is_complete, PATIENCE)

    async def written(self, asking: Awaitable[Answer]) -> Payload:
        """The text of an answer."""
        number = ((await self.answered(asking)).message or {})["id"]
        return await self.person.wait_for(
            lambda m: m["id"] == number and labels(m) == BUTTONS, PATIENCE
        )

    async def changed(self, message: Payload, label: str) -> Payload:
        """A message of one's own after a button of it has been pressed."""
        before = self.person.messages[message["id"]]
        await self.answered(self.person.press(message, label))
        return await self.person.wait_for(
            lambda m: (
                m["id"] == before["id"] and m["edited_timestamp"] != before["edited_timestamp"]
            ),
            PATIENCE,
        )

    async def tidy(self) -> None:
        """Delete what has been shown."""
        for number, message in self._left.items():
            shown = self.person.messages.get(number)
            if shown is not None:
                who = self.person if is_private(shown) else self._moderator
                await who.delete(message)

    def leave(self, message: Payload) -> None:
        """Let a message be tidied up, too."""
        self._left[message["id"]] = message


async def write(guest: Guest) -> None:
    """Write a text and go on from it in every way."""
    person, number = guest.person, guest.number
    asking = person.command("bots", "generate", model="poems", length=20, seed=number)
    text = await guest.written(asking)
    for label in BUTTONS[:-1]:
        await guest.written(person.press(text, label))
    form = await guest.answered(person.press(text, "Edit prompt"))
    await guest.written(person.submit(form, {"Prompt": f"the {number}"}))


async def look_around(guest: Guest) -> None:
    """Sort the models, look at one, and change it as little as one can."""
    person = guest.person
    listed = await guest.shown(person.command("bots", "models"))
    card = await guest.shown(person.choose(listed, None, own_model(guest)))
    for label in ("Use", "Delete", "Keep", "All models"):
        if label in enabled(person.messages[card["id"]]):
            await guest.changed(card, label)
    card = await guest.shown(person.choose(listed, None, own_model(guest)))
    form = await guest.answered(person.press(card, "Rename"))
    await guest.shown(person.submit(form, {"New name": own_model(guest)}))


async def export(guest: Guest) -> None:
    """Take a model along as a file."""
    person = guest.person
    listed = await guest.shown(person.command("bots", "models"))
    card = await guest.shown(person.choose(listed, None, "poems"))
    sent = await guest.answered(person.press(card, "Export"))
    number = (sent.message or {})["id"]
    await person.wait_for(lambda m: m["id"] == number and m["attachments"], PATIENCE)


async def mind_privacy(guest: Guest) -> None:
    """Look at what is kept, be left out, and be taken in again."""
    card = await guest.shown(guest.person.command("bots", "privacy"))
    for _ in range(2):
        here = labels(guest.person.messages[card["id"]])
        await guest.changed(card, "Leave me out" if "Leave me out" in here else "Take me in again")


async def read_up(guest: Guest) -> None:
    """Look at the trainings and the help; who manages the server, at its settings."""
    person = guest.person
    await guest.shown(person.command("bots", "runs"))
    await guest.shown(person.command("bots", "help"))
    if person.id != str(MAX):
        await guest.shown(person.command("bots", "settings"))


async def talk(guest: Guest) -> None:
    """Say something to the bot, and let a model go on from it.

    The bot's own reply is not waited for: nobody gets one who has got one a moment ago.
    """
    person = guest.person
    said = await person.say("general", f"<@{BOT}> the lazy dog, {guest.number} times")
    guest.leave(said)
    await guest.shown(person.menu(said, "Continue this text"), "lazy dog")


async def be_refused(guest: Guest) -> None:
    """Ask for what cannot be done; the last of it is found out after a while."""
    person = guest.person
    for options in ({"model": "no such model"}, {"temperature": 0, "count": 2}):
        answer = await guest.answered(person.command("bots", "generate", **options))
        assert is_private(answer.message)
    files = {"file": ("short.txt", b"too short")}
    answer = await guest.answered(person.command("bots", "train", files))
    announced = answer.message or {}
    await person.wait_for(lambda m: m["id"] == announced["id"] and bool(m["content"]), PATIENCE)


async def type_slowly(guest: Guest) -> None:
    """Be made suggestions with every key."""
    for length in range(6):
        choices = await guest.person.autocomplete("bots", "generate", "model", "poems"[:length])
        guest.interactions += 1
        assert "poems" in [choice["name"] for choice in choices or []]


def own_model(guest: Guest) -> str:
    """A model that this person may change: Max is no moderator."""
    return "Verse" if guest.person.id == str(MAX) else "poems"


def enabled(message: Payload) -> list[str]:
    """The buttons that can be pressed."""
    parts = [part for part in components(message) if part["type"] == 2]
    return [part["label"] for part in parts if not part.get("disabled")]


async def train(guest: Guest, *, cancel: bool, longer: bool) -> None:
    """Train a model, maybe longer, write with it and delete it; or cancel the training."""
    person, name = guest.person, f"run-{guest.number}"
    files = {"file": (f"{name}.txt", POEM.encode())}
    await guest.answered(person.command("bots", "train", files, minutes=0.05))
    card = await _card(guest, name)
    if cancel:
        await guest.answered(person.press(card, "Cancel"))
        await person.wait_for(lambda m: m["id"] == card["id"] and not labels(m), PATIENCE)
        return
    await _until_trained(guest, card)
    if longer:
        form = await guest.answered(person.press(card, "Train longer"))
        await guest.answered(person.submit(form, {"Minutes": "0.05"}))
        await _until_trained(guest, await _card(guest, name, besides=card))
    await guest.written(person.press(card, "Generate"))
    listed = await guest.shown(person.command("bots", "models"))
    model = await guest.shown(person.choose(listed, None, name))
    await guest.changed(model, "Delete")
    await guest.changed(model, "Yes, delete")


async def _card(guest: Guest, name: str, besides: Payload | None = None) -> Payload:
    """The card of a run."""
    other = None if besides is None else besides["id"]
    card = await guest.person.wait_for(
        lambda m: m["id"] != other and not is_private(m) and f"### {name} " in text_of(m), PATIENCE
    )
    guest.leave(card)
    return card


async def _until_trained(guest: Guest, card: Payload) -> None:
    await guest.person.wait_for(
        lambda m: m["id"] == card["id"] and labels(m) == ["Generate", "Train longer"], 300
    )


VISITS: tuple[Visit, ...] = (
    write,
    look_around,
    type_slowly,
    mind_privacy,
    talk,
    be_refused,
    read_up,
    export,
)


class Crowd:
    """Three people who come again and again."""

    def __init__(self, house: House) -> None:
        self._moderator = house.ada
        self._people = itertools.cycle((house.ada, house.mo, house.max))
        self._visits = itertools.cycle(VISITS)
        self._numbers = itertools.count()

    async def come(self, interactions: int, *, at_once: int) -> int:
        """Come until there were so many interactions; return how many there were."""
        done = 0

        async def keep_coming() -> None:
            nonlocal done
            while done < interactions:
                interactions_of_one = await self._receive(next(self._visits))
                done += interactions_of_one  # not before: others have come meanwhile

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(keep_coming())
        return done

    async def train(self, runs: int) -> None:
        """Train so often, one after another; of five, one is canceled and one trained longer."""
        begun = 0
        while begun < runs:
            cancel, longer = begun % 5 == 3, begun % 5 == 1
            begun += 2 if longer else 1
            await self._receive(partial(train, cancel=cancel, longer=longer))

    async def _receive(self, visit: Visit) -> int:
        guest = Guest(next(self._people), next(self._numbers), self._moderator)
        await visit(guest)
        await guest.tidy()
        return guest.interactions
