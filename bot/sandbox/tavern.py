"""The history of #tavern: half a year of talk, the same in every sandbox.

A few people who meet there to play, a dice bot and a feed of the guild's news. Nothing of it is
stored: each conversation is put together from phrases by a random generator with a fixed seed,
at dates that never change, so that every message has the same id whenever the sandbox starts.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.sandbox import payloads
from bot.sandbox.composing import REPLY
from bot.sandbox.people import ADA, MAX, MO, PEOPLE, TAVERN, Person
from bot.sandbox.snowflakes import snowflake
from bot.sandbox.tavern_talk import (
    ANSWERS,
    CLOSINGS,
    DEEDS,
    FOES,
    NEWS,
    OPENINGS,
    PLACES,
    REMARKS,
    TREASURES,
)
from bot.sandbox.world import Message

if TYPE_CHECKING:
    from collections.abc import Iterator


MESSAGES: Final = 3_000
BEGINNING: Final = datetime(2024, 1, 5, 18, 0, tzinfo=UTC)

INES: Final = Person(id=ADA + 100, name="ines", display_name="Ines", part="Former member")
TOM: Final = Person(id=ADA + 101, name="tom_k", display_name="Tom", part="Former member")
DICE: Final = Person(id=ADA + 102, name="dicebot", display_name="dicebot", part="", bot=True)
FEED: Final = Person(id=ADA + 103, name="Guild news", display_name="Guild news", part="", bot=True)

_PLAYERS: Final = (PEOPLE[ADA], PEOPLE[MO], PEOPLE[MAX], INES, TOM)
_ORDINARY, _JOINED, _PINNED = 0, 7, 6


class _Talk:
    """Says one thing after another."""

    def __init__(self) -> None:
        self._random = random.Random(5)  # noqa: S311  # it is to be foreseen
        self._now = BEGINNING
        self._said: list[Message] = []

    def history(self) -> list[Message]:
        """Talk until there is enough."""
        while len(self._said) < MESSAGES:
            self._meet()
            self._now += timedelta(hours=self._random.uniform(24, 72))
        return self._said[:MESSAGES]

    def _meet(self) -> None:
        """One evening: somebody tells of an adventure, the others join in."""
        chance = self._random
        scene = {
            "place": chance.choice(PLACES),
            "foe": chance.choice(FOES),
            "treasure": chance.choice(TREASURES),
        }
        present = chance.sample(_PLAYERS, chance.randint(2, len(_PLAYERS)))
        if chance.random() < 0.04:
            self._say(chance.choice(_PLAYERS), "", kind=chance.choice((_JOINED, _PINNED)))
        self._say(present[0], chance.choice(OPENINGS).format(**scene))
        for line in self._turns(chance.randint(6, 40)):
            speaker = chance.choice(present)
            addressed = chance.choice(present)
            text = line.format(**scene, name=addressed.display_name, mention=f"<@{addressed.id}>")
            self._say(speaker, text, mentioned=addressed if "<@" in text else None)
            if chance.random() < 0.12:
                self._roll(speaker)
        self._say(present[-1], chance.choice(CLOSINGS).format(**scene))
        if chance.random() < 0.25:
            self._say(FEED, chance.choice(NEWS).format(**scene), webhook=True)

    def _turns(self, count: int) -> Iterator[str]:
        for _ in range(count):
            kind = self._random.choice((DEEDS, ANSWERS, ANSWERS, REMARKS))
            yield self._random.choice(kind)

    def _roll(self, player: Person) -> None:
        """The player rolls, and the dice bot answers."""
        bonus = self._random.randint(0, 9)
        self._say(player, f"!roll d20+{bonus}")
        rolled = self._random.randint(1, 20)
        self._say(DICE, f"{player.display_name} rolled {rolled} + {bonus} = **{rolled + bonus}**")

    def _say(
        self,
        author: Person,
        content: str,
        *,
        kind: int = _ORDINARY,
        mentioned: Person | None = None,
        webhook: bool = False,
    ) -> None:
        self._now += timedelta(seconds=self._random.uniform(4, 90))
        is_reply = kind == _ORDINARY and bool(self._said) and self._random.random() < 0.08
        message_id = snowflake(int(self._now.timestamp() * 1000))
        payload = payloads.message(message_id, author, channel_id=TAVERN, moment=self._now)
        payload |= {"content": content, "type": REPLY if is_reply else kind}
        if is_reply:
            payload["message_reference"] = {
                "type": 0,
                "message_id": self._said[-1].payload["id"],
                "channel_id": str(TAVERN),
            }
        if mentioned is not None:
            payload["mentions"] = [payloads.user(mentioned)]
        if webhook:
            payload["webhook_id"] = str(author.id)
        self._said.append(Message(payload, is_kept=False))


def history() -> list[Message]:
    """All of it, oldest first."""
    return _Talk().history()
