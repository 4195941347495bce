"""How answers get through on Discord's bad days.

    a first answer     three seconds, and it counts once
    what follows it    fifteen minutes, until the interaction's token dies
    all else           ten seconds; whoever asked knows what to do then

Where Discord says nothing at all, a try is given up long before that, so that there is another.

discord.py itself waits a second and then three where Discord says that it has a fault, which is
too long for a first answer, and asks no more where the connection breaks. An answer may have been
received all the same; asked once more, Discord then says that the interaction has been answered,
which is what was wanted. A follow-up has nothing that would make a second one harmless. So it is
asked again only where the first one never left, has a minute instead, and is lost on some bad days
rather than said twice; `bot.views.answers` does without it where it can. All else may be asked as
often as need be: it puts one thing in the place of another, or has a nonce that counts once.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

import aiohttp
import discord
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from discord.http import Route

log = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 3.0
TOKEN_SECONDS: Final = 15 * 60.0
REQUEST_SECONDS: Final = 10.0
FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 30.0

ANSWER_TIMEOUT: Final = aiohttp.ClientTimeout(total=1.25)
"""For one try of a first answer: a second one has to be whole within the three seconds."""

REQUEST_TIMEOUT: Final = aiohttp.ClientTimeout(total=4)
"""For one try of anything else; what Discord makes the bot wait for its rate comes on top."""

FILES_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
"""For one try with files, which take as long as the line does."""

FOLLOW_UP_TIMEOUT: Final = aiohttp.ClientTimeout(total=60)
"""For a follow-up, as there is no other try."""

ALREADY_ANSWERED: Final = 40060
SUGGESTIONS: Final = 8
"""The kind of answer that autocomplete gets."""

FAILURES: Final = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Whatever a request to Discord can end with."""

BROKEN: Final = (aiohttp.ClientError, ConnectionError, TimeoutError)
UNSENT: Final = (aiohttp.ClientConnectorError,)
"""What a request ends with that Discord cannot have received."""


class AnswerUnheardError(ConnectionError):
    """Nothing was heard of a first answer in its three seconds; Discord may have received it."""

    def __init__(self, kind: int, fault: Exception) -> None:
        super().__init__(str(fault))
        self.kind = kind
        """As `discord.InteractionResponseType`; 0 for an answer with files."""


def is_bad_day(error: BaseException) -> bool:
    """Whether it is Discord's fault, or the network's, and neither ours nor anybody's."""
    return isinstance(error, (discord.DiscordServerError, discord.RateLimited, *BROKEN))


def be_patient(client: discord.Client) -> None:
    """Let what this task and those that it starts ask of Discord be asked as above."""
    async_context.set(PatientAdapter())  # type: ignore[no-untyped-call]  # discord.py's
    ask = client.http.request

    async def request(route: Route, **body: Any) -> Any:  # noqa: ANN401  # what discord.py sends
        timeout = _timeout(body, REQUEST_TIMEOUT)
        once = partial(ask, route, timeout=timeout, raise_for_status=_tell_faults, **body)
        return await _insist(once, REQUEST_SECONDS, body)

    client.http.request = request  # type: ignore[method-assign]  # for this one client


class PatientAdapter(AsyncWebhookAdapter):
    """discord.py's way to answer interactions, but it does not give up early."""

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        **body: Any,  # noqa: ANN401  # what discord.py sends
    ) -> Any:  # noqa: ANN401  # whatever Discord answers
        """Ask until there is an answer, or none can come any more."""
        if route.path.endswith("/callback"):
            return await self._answer(route, session, body)
        if route.method == "POST":  # a follow-up
            counting = _Counting(session, _timeout(body, FOLLOW_UP_TIMEOUT))
            return await self._ask(route, counting, TOKEN_SECONDS, body, again_after=UNSENT)
        counting = _Counting(session, _timeout(body, REQUEST_TIMEOUT))
        return await self._ask(route, counting, TOKEN_SECONDS, body)

    async def _answer(
        self, route: Route, session: aiohttp.ClientSession, body: dict[str, Any]
    ) -> Any:  # noqa: ANN401  # as above
        counting = _Counting(session, _timeout(body, ANSWER_TIMEOUT))
        try:
            return await self._ask(route, counting, ANSWER_SECONDS, body)
        except (discord.HTTPException, *BROKEN) as error:
            kind = (body.get("payload") or {}).get("type", 0)
            if kind == SUGGESTIONS or (_code(error) == ALREADY_ANSWERED and counting.count > 1):
                log.info("Interaction %s is left as it is: %s", route.webhook_id, error)
                return {"interaction": {"id": str(route.webhook_id)}}  # all that discord.py needs
            if isinstance(error, BROKEN):
                raise AnswerUnheardError(kind, error) from error
            raise

    async def _ask(
        self,
        route: Route,
        session: _Counting,
        seconds: float,
        body: dict[str, Any],
        *,
        again_after: tuple[type[Exception], ...] = BROKEN,
    ) -> Any:  # noqa: ANN401  # as above
        like_a_session = cast("aiohttp.ClientSession", session)
        ask = partial(super().request, route, like_a_session, **body)
        return await _insist(ask, seconds, body, again_after=again_after)


def _timeout(body: dict[str, Any], timeout: aiohttp.ClientTimeout) -> aiohttp.ClientTimeout:
    """How long one try may take, files or not."""
    return FILES_TIMEOUT if body.get("files") else timeout


async def _insist(
    ask: Callable[[], Awaitable[Any]],
    seconds: float,
    body: dict[str, Any],
    *,
    again_after: tuple[type[Exception], ...] = BROKEN,
) -> Any:  # noqa: ANN401  # whatever is asked for
    """Ask again for so many seconds while Discord has a bad day; the body's files are sent anew."""
    clock, pause = asyncio.get_running_loop().time, FIRST_PAUSE
    end = clock() + seconds
    while True:
        try:
            return await ask()
        except again_after as error:
            if clock() + pause > end:
                raise
            log.info("Discord is asked once more: %s", error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
        for file in body.get("files") or ():
            file.reset(seek=True)


class _Counting:
    """A session that counts how often it is asked, and leaves it to `_insist` to ask again."""

    def __init__(self, session: aiohttp.ClientSession, timeout: aiohttp.ClientTimeout) -> None:
        self._session, self._timeout = session, timeout
        self.count = 0

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: str,
        **rest: Any,  # noqa: ANN401  # as the session's
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask as the session does."""
        self.count += 1
        options = {"timeout": self._timeout, "raise_for_status": _tell_faults, **rest}
        try:
            async with self._session.request(method, url, **options) as response:
                yield response
        except UNSENT:
            raise
        except (aiohttp.ClientOSError, ConnectionError) as error:
            # By macOS's and Windows' numbers discord.py knows a reset, and would ask again itself.
            raise aiohttp.ServerDisconnectedError(str(error)) from error


async def _tell_faults(response: aiohttp.ClientResponse) -> None:
    """Raise what is a fault of Discord's own, before discord.py waits in its own way."""
    if response.status >= 500:
        response.raise_for_status()


def _code(error: Exception) -> int:
    """Discord's code of an error; 0 for any other."""
    return error.code if isinstance(error, discord.HTTPException) else 0
