"""The bot's connection to Discord.

The client knows the commands, the buttons and the one path that errors take; what they do is
`bot.service`'s. It asks for servers and for their messages, whose content it sees where it is
spoken to, and everywhere only where the operator states that channels may be read. It keeps
neither members nor messages, and mentions nobody. Where a stand-in for Discord is to be used,
`stand_in` says so to discord.py, whose constants are otherwise left as they were found.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from bot.channels.messages import ChannelMessages
from bot.commands import commands
from bot.commands.tree import CommandHashes, Tree
from bot.commands.wording import Wording
from bot.errors import StartError
from bot.patience import be_patient
from bot.runs.progress import EDIT_SECONDS, Ends, ProgressReporter
from bot.views import CONTROLS, answer_unknown, submit_form
from bot.views.mentions import answer_mention, speaks_to
from bot.views.posts import ChannelPosts
from bot.words import ENGLISH, closest
from storage.errors import StorageError
from storage.files import DataDirectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.service import Service
    from bot.settings import Settings
    from bot.views.answers import Interaction
    from bot.writing.forbidden import ForbiddenWords

log = logging.getLogger(__name__)

SCOPES = ("bot", "applications.commands")

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
)
"""To post progress messages, in threads too, with pictures; commands need nothing more, and
reading channels needs their history besides."""

SANDBOX_TOKEN = "sandbox"  # noqa: S105  # no secret: stand-ins accept any token
"""What a stand-in is told where no token is set."""

ANSWER_TASKS = (
    *("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction"),
    "discord.py: on_message",
)
"""How the names of those tasks begin in which an interaction or a mention is answered."""

ANSWER_SECONDS = 5.0
"""How long answers under way may take when the bot stops."""

AGAIN_SECONDS = 5.0
"""Until the bot asks again to be let in, when it starts on a bad day."""

LOGIN_REFUSED = (
    "Discord does not accept the token in DISCORD_TOKEN; copy it again from the page Bot of "
    "your application at https://discord.com/developers/applications."
)


class Memory(CommandHashes, Ends, Protocol):
    """What the client has the catalog remember."""


class Client(discord.Client):
    """The bot on Discord. `reporter` may be used from the start; it speaks once connected."""

    service: Service
    """Set by `serve`."""

    def __init__(
        self, settings: Settings, memory: Memory, *, edit_seconds: float = EDIT_SECONDS
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks
        super().__init__(
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                message_content=settings.channel_history_permitted,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.settings = settings
        self.hashes: CommandHashes = memory
        self.reporter = ProgressReporter(
            ChannelPosts(self, DataDirectory(settings.data).curve),
            memory,
            self.language_in,
            self.forbidden_in,
            edit_seconds=edit_seconds,
        )
        self.channels = ChannelMessages(self)
        self.connected = asyncio.Event()
        """Set when Discord has sent the servers for the first time."""
        self.tree = Tree(self)
        for command in commands(settings):
            self.tree.add_command(command)

    async def serve(self, service: Service) -> None:
        """Log in and answer until `close` is called.

        Raises:
            StartError: Discord refuses the bot or cannot be reached.
        """
        self.service = service
        with stand_in(self.settings.discord_url):
            try:
                await self._log_in()
                await self._listen()
            finally:
                await self.close()

    async def setup_hook(self) -> None:
        """Between the login and the first event: everything that events need."""
        be_patient(self)
        self.add_dynamic_items(*CONTROLS)
        await self.tree.set_translator(Wording())
        await self.tree.sync_if_changed(self.hashes, self._own_id())
        self.reporter.open()
        if self.settings.discord_url is None:
            reads = self.settings.channel_history_permitted
            url = invite_url(self._own_id(), reads_channels=reads)
            log.info("To add the bot to a server, open %s", url)

    async def on_ready(self) -> None:
        """Discord calls this after every new session."""
        log.info("Connected as %s to %d servers", self.user, len(self.guilds))
        try:
            guilds = {guild.id for guild in self.guilds}  # those with an outage among them
            await self.service.memberships.connected(self._own_id(), guilds)
        finally:
            self.connected.set()

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Discord calls this when somebody has added the bot to a server."""
        await self.service.memberships.joined(self._own_id(), guild.id)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Discord calls this when the bot has left a server for good, not for an outage."""
        await self.service.memberships.left(self._own_id(), guild.id)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Discord calls this when a server has changed, maybe its language."""
        if before.preferred_locale is not after.preferred_locale:
            self.reporter.say_again(after.id)

    async def on_interaction(self, interaction: Interaction) -> None:
        """A form comes back here, whoever opened it and however long ago."""
        if interaction.type is discord.InteractionType.modal_submit:
            await submit_form(interaction)
        elif interaction.type is discord.InteractionType.component:
            await answer_unknown(interaction)

    async def on_message(self, message: discord.Message) -> None:
        """Answer whoever speaks to the bot; nearly all messages end here."""
        if self.user is not None and speaks_to(self.user.id, message):
            await answer_mention(self, message)

    async def language_in(self, guild_id: int | None, locale: str | None = None) -> str:
        """The language to speak in a server: its own choice, or what it has at Discord.

        Args:
            guild_id: The server.
            locale: What Discord has just said about it; None: what it said last.
        """
        if locale is None:
            guild = self.get_guild(guild_id or 0)
            locale = str(guild.preferred_locale) if guild else ENGLISH
        try:
            chosen = await self.service.language(guild_id or 0)
        except StorageError as error:
            log.info("A server's language is not known: %s", error)
            chosen = None
        return chosen or closest(locale)

    async def forbidden_in(self, guild_id: int) -> ForbiddenWords | None:
        """The words that a server does not want to read; None if they are not known now."""
        try:
            return await self.service.forbidden(guild_id)
        except StorageError as error:
            log.info("A server's forbidden words are not known: %s", error)
            return None

    async def close(self) -> None:
        """Write what has to be written and leave; may be called more than once."""
        await _end_answers()
        await self.reporter.close()
        await super().close()

    async def _log_in(self) -> None:
        try:
            await self.login(self._token())
        except discord.LoginFailure as error:
            raise StartError(LOGIN_REFUSED) from error
        except (aiohttp.ClientError, OSError, discord.DiscordServerError) as error:
            raise StartError(
                f"Discord cannot be reached: {_line(error)}; check the connection."
            ) from error
        except discord.DiscordException as error:
            raise StartError(
                f"Discord refuses the bot: {_line(error)}; check its application."
            ) from error

    def _token(self) -> str:
        secret = self.settings.discord_token
        token = SANDBOX_TOKEN if secret is None else secret.get_secret_value().strip()
        if not (token.isascii() and token.isprintable()):
            raise StartError(LOGIN_REFUSED)  # it could not even be sent
        return token

    async def _listen(self) -> None:
        try:
            await self._connect()
        except discord.PrivilegedIntentsRequired as error:
            raise StartError(
                "Discord refuses an intent that the bot asks for; switch on Message Content "
                "Intent on the page Bot of your application, or switch off the setting "
                "CHARWGU_CHANNEL_HISTORY_PERMITTED that needs it."
            ) from error
        except discord.ConnectionClosed as error:
            raise StartError(
                f"Discord has ended the connection with code {error.code}; please start again."
            ) from error

    async def _connect(self) -> None:
        """Stay connected. discord.py comes back whenever it was connected before."""
        while True:
            try:
                return await self.connect()
            except AttributeError:  # it looks for the sequence of a connection that never was
                if self.ws is not None:
                    raise
            log.info("Discord's gateway did not let the bot in; it is asked again")
            await asyncio.sleep(AGAIN_SECONDS)

    def _own_id(self) -> int:
        if self.application_id is None:
            raise RuntimeError("the application's id is known after the login only")
        return self.application_id


async def _end_answers() -> None:
    """Let the answers under way come to their end; one that takes longer is broken off.

    After this none of them asks the catalog, which may close.
    """
    tasks = [task for task in asyncio.all_tasks() if task.get_name().startswith(ANSWER_TASKS)]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=ANSWER_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def invite_url(application_id: int, *, reads_channels: bool = False) -> str:
    """The address that an administrator of a server opens to add the bot."""
    permissions = discord.Permissions(PERMISSIONS.value)
    permissions.read_message_history = reads_channels
    return discord.utils.oauth_url(application_id, permissions=permissions, scopes=SCOPES)


@contextmanager
def stand_in(url: str | None) -> Iterator[None]:
    """Within the body, discord.py speaks to the stand-in at `url`; None changes nothing."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    if url is not None:
        place = URL(url)
        socket = place.with_scheme("wss" if place.scheme == "https" else "ws")
        Route.BASE = str(place / "api" / "v10")
        DiscordWebSocket.DEFAULT_GATEWAY = socket / "gateway"
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__
