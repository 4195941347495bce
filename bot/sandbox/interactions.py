"""Interactions: what a person asks of the bot, and how the bot may answer.

    waiting ──(answer within 3 s)──▶ answered ──(15 min)──▶ expired
       └──────(3 s pass)──▶ failed: "The application did not respond"

One first answer is allowed. After it the interaction's token lets the bot edit that
answer and follow it up, until the token dies. While the first answer is a deferred one,
the first follow-up takes its place, as it does on Discord.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from bot.sandbox import payloads
from bot.sandbox.attachments import BOT_FILE_LIMIT
from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.people import APPLICATION, PEOPLE, place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.payloads import Payload
    from bot.sandbox.world import Message


class InteractionType(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Status(StrEnum):
    """How far an interaction has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long the bot may take."""

    answer_seconds: float = 3.0
    token_seconds: float = 15 * 60.0


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    """One thing that a person asked of the bot."""

    id: int
    kind: InteractionType
    person_id: int
    channel_id: int
    data: Payload
    source: Message | None = None
    """The message whose component was used."""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    status: Status = Status.WAITING
    original: Message | None = None
    """The first answer, while it exists."""
    choices: list[Payload] | None = None
    """What autocomplete answered."""
    modal: Payload | None = None
    """The modal that was answered, until it is submitted."""
    opened: float = 0.0
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the interaction is answered or has failed."""

    @property
    def metadata(self) -> Payload:
        """What a message tells about the interaction that it answers."""
        metadata: Payload = {
            "id": str(self.id),
            "type": int(self.kind),
            "user": payloads.user(PEOPLE[self.person_id]),
            "authorizing_integration_owners": {"0": str(place(self.channel_id)[0].id)},
        }
        if self.kind is InteractionType.COMMAND:
            metadata["name"] = self.data["name"]
        if "target_id" in self.data:
            metadata["target_message_id"] = self.data["target_id"]
        if self.source is not None:
            metadata["interacted_message_id"] = str(self.source.id)
        return metadata


class Interactions:
    """The interactions whose tokens still live."""

    def __init__(
        self,
        *,
        timing: Timing,
        deliver: Callable[[Interaction], bool],
    ) -> None:
        self._timing = timing
        self._deliver = deliver
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}

    def begin(self, interaction: Interaction) -> None:
        """Hand an interaction to the bot, and give it its seconds to answer."""
        loop = asyncio.get_running_loop()
        self._drop_the_dead(loop.time())
        interaction.opened = loop.time()
        self._by_id[interaction.id] = self._by_token[interaction.token] = interaction
        if self._deliver(interaction):
            loop.call_later(self._timing.answer_seconds, self._give_up, interaction)
        else:
            self._give_up(interaction)

    @contextmanager
    def answering(self, interaction_id: int, token: str) -> Iterator[Interaction]:
        """The interaction that the bot answers for the first time.

        Nobody else can answer it while the body runs. If the body refuses the answer, the
        bot may try again, as long as its seconds last.

        Raises:
            RefusedError: It is unknown, too old, or has been answered.
        """
        interaction = self._to_answer(interaction_id, token)
        interaction.status = Status.ANSWERED
        try:
            yield interaction
        except BaseException:
            interaction.status = Status.WAITING
            now = asyncio.get_running_loop().time()
            if now - interaction.opened > self._timing.answer_seconds:
                self._give_up(interaction)
            raise
        interaction.settled.set()

    def _to_answer(self, interaction_id: int, token: str) -> Interaction:
        interaction = self._by_id.get(interaction_id)
        if interaction is None or not secrets.compare_digest(interaction.token, token):
            raise RefusedError(Fault.UNKNOWN_INTERACTION)
        if interaction.status is Status.ANSWERED:
            raise RefusedError(Fault.ALREADY_ACKNOWLEDGED)
        if interaction.status is Status.FAILED:
            raise RefusedError(Fault.UNKNOWN_INTERACTION)
        return interaction

    def to_follow_up(self, token: str) -> Interaction:
        """The interaction that the bot has answered and goes on with.

        Raises:
            RefusedError: It was never answered, or its token has died.
        """
        interaction = self._by_token.get(token)
        if interaction is None or interaction.status is not Status.ANSWERED:
            raise RefusedError(Fault.UNKNOWN_WEBHOOK)
        if self._is_dead(interaction, asyncio.get_running_loop().time()):
            raise RefusedError(Fault.INVALID_TOKEN)
        return interaction

    def open_modal(self, interaction_id: int, person_id: int) -> Interaction | None:
        """The interaction that showed a person a modal; each modal is submitted once."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.person_id != person_id:
            return None
        return interaction if interaction.modal is not None else None

    def _give_up(self, interaction: Interaction) -> None:
        if interaction.status is Status.WAITING:
            interaction.status = Status.FAILED
            interaction.settled.set()

    def _is_dead(self, interaction: Interaction, now: float) -> bool:
        return now - interaction.opened > self._timing.token_seconds

    def _drop_the_dead(self, now: float) -> None:
        """Forget interactions for good, long after their tokens died."""
        for interaction in list(self._by_id.values()):
            if now - interaction.opened <= 2 * self._timing.token_seconds:
                return
            del self._by_id[interaction.id], self._by_token[interaction.token]


def interaction_payload(interaction: Interaction, source: Payload | None) -> Payload:
    """INTERACTION_CREATE; source is the rendered message whose component was used."""
    guild, channel = place(interaction.channel_id)
    of_bot = payloads.member_in(guild, channel, APPLICATION)
    payload: Payload = {
        "id": str(interaction.id),
        "application_id": str(APPLICATION),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "locale": guild.locale,
        "channel_id": str(channel.id),
        "channel": payloads.channel_for(guild, channel, interaction.person_id),
        "member": payloads.member_in(guild, channel, interaction.person_id),
        "app_permissions": of_bot["permissions"],
        "context": 0,
        "authorizing_integration_owners": {"0": str(guild.id)},
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": BOT_FILE_LIMIT,
    }
    return payload | {"message": source} if source is not None else payload
