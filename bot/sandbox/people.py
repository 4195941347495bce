"""Who and what exists in the sandbox: three guilds, one of them German, three people, one bot.

Every id is fixed, so that the models of a former session stay usable. Ada administers
all guilds, Mo moderates them (Manage Server), Max is a member. In #no-bots the bot may
read but not speak; #tavern has a history (`bot.sandbox.tavern`). Direct messages stand in a
place of their own for each person, which is written as a guild with two members, but which the
bot does not take for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.sandbox.errors import Fault, RefusedError
from bot.sandbox.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account; the bot has one too."""

    id: int
    name: str
    display_name: str
    part: str
    """What the person is there for, said in the page's switcher."""
    bot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A named set of permissions; the role of @everyone has the guild's id."""

    id: int
    name: str
    permissions: Permission
    position: int = 0
    color: int = 0
    managed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """What a channel allows or denies a role, whatever the guild says."""

    role_id: int
    allow: Permission = Permission.NONE
    deny: Permission = Permission.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A text channel."""

    id: int
    name: str
    topic: str
    position: int
    overwrites: tuple[Overwrite, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guild:
    """A server, as people call it."""

    id: int
    name: str
    owner_id: int
    roles: tuple[Role, ...]
    channels: tuple[Channel, ...]
    members: Mapping[int, tuple[int, ...]]
    """The roles of each member besides @everyone, by the member's id."""
    locale: str = "en-US"
    """Its language, as Discord writes it; in the sandbox people read the commands in it, too."""


ADA: Final = 1_100_000_000_000_000_011
MO: Final = 1_100_000_000_000_000_012
MAX: Final = 1_100_000_000_000_000_013
BOT: Final = 1_100_000_000_000_000_001
APPLICATION: Final = BOT
"""The application has the id of its bot, as every new one on Discord has."""

WRITING_GROUP: Final = 1_100_000_000_000_000_100
TAVERN: Final = WRITING_GROUP + 14
FANDOM: Final = 1_100_000_000_000_000_200
WORKSHOP: Final = 1_100_000_000_000_000_300

PEOPLE: Final[Mapping[int, Person]] = {
    person.id: person
    for person in (
        Person(id=ADA, name="ada", display_name="Ada", part="Administrator"),
        Person(id=MO, name="mo", display_name="Mo", part="Moderator"),
        Person(id=MAX, name="max", display_name="Max", part="Member"),
        Person(id=BOT, name="char-wgu", display_name="char-wgu", part="Application", bot=True),
    )
}

_MEMBER = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.ADD_REACTIONS
    | Permission.USE_APPLICATION_COMMANDS
)
_MODERATOR = (
    Permission.MANAGE_GUILD
    | Permission.MANAGE_MESSAGES
    | Permission.KICK_MEMBERS
    | Permission.MENTION_EVERYONE
)


def _guild(
    guild_id: int, name: str, channels: tuple[Channel, ...], *, locale: str = "en-US"
) -> Guild:
    administrator, moderator, bot_role = guild_id + 1, guild_id + 2, guild_id + 3
    return Guild(
        id=guild_id,
        name=name,
        owner_id=ADA,
        roles=(
            Role(id=guild_id, name="@everyone", permissions=_MEMBER),
            Role(id=bot_role, name="char-wgu", permissions=_MEMBER, position=1, managed=True),
            Role(
                id=moderator, name="Moderator", permissions=_MODERATOR, position=2, color=0x2ECC71
            ),
            Role(
                id=administrator,
                name="Administrator",
                permissions=Permission.ADMINISTRATOR,
                position=3,
                color=0xF1C40F,
            ),
        ),
        channels=channels,
        members={ADA: (administrator,), MO: (moderator,), MAX: (), BOT: (bot_role,)},
        locale=locale,
    )


GUILDS: Final[Mapping[int, Guild]] = {
    guild.id: guild
    for guild in (
        _guild(
            WRITING_GROUP,
            "Writing Group",
            (
                Channel(
                    id=WRITING_GROUP + 11,
                    name="general",
                    topic="Drafts, critique and tea",
                    position=0,
                ),
                Channel(
                    id=WRITING_GROUP + 12,
                    name="bots",
                    topic="Train a voice, then let it write",
                    position=1,
                ),
                Channel(
                    id=WRITING_GROUP + 13,
                    name="no-bots",
                    topic="The bot may read here, but not speak",
                    position=2,
                    overwrites=(
                        Overwrite(role_id=WRITING_GROUP + 3, deny=Permission.SEND_MESSAGES),
                    ),
                ),
                Channel(
                    id=TAVERN,
                    name="tavern",
                    topic="Half a year of adventures; let the bot learn from them",
                    position=3,
                ),
            ),
        ),
        _guild(
            FANDOM,
            "Fandom",
            (
                Channel(
                    id=FANDOM + 11, name="general", topic="Everything about the canon", position=0
                ),
                Channel(id=FANDOM + 12, name="bots", topic="Voices of the characters", position=1),
            ),
        ),
        _guild(
            WORKSHOP,
            "Schreibwerkstatt",
            (
                Channel(id=WORKSHOP + 11, name="allgemein", topic="Texte und Tee", position=0),
                Channel(id=WORKSHOP + 12, name="bots", topic="Der Bot spricht Deutsch", position=1),
            ),
            locale="de",
        ),
    )
}


def _direct(person_id: int) -> Guild:
    guild_id = person_id + 1_000
    channel = Channel(
        id=guild_id + 1, name="char-wgu", topic="What the bot tells only you", position=0
    )
    return Guild(
        id=guild_id,
        name="Direct Messages",
        owner_id=person_id,
        roles=(Role(id=guild_id, name="@everyone", permissions=_MEMBER),),
        channels=(channel,),
        members={person_id: (), BOT: ()},
    )


DIRECT: Final[Mapping[int, Guild]] = {person: _direct(person) for person in (ADA, MO, MAX)}
"""Where each person reads direct messages."""


def is_direct(guild_id: int) -> bool:
    """Whether it is the place of somebody's direct messages."""
    return any(guild.id == guild_id for guild in DIRECT.values())


def place(channel_id: int) -> tuple[Guild, Channel]:
    """The channel with this id, and the guild that it is in."""
    for guild in (*GUILDS.values(), *DIRECT.values()):
        for channel in guild.channels:
            if channel.id == channel_id:
                return guild, channel
    raise RefusedError(Fault.UNKNOWN_CHANNEL)
