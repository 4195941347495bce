"""What the log holds of an error that names an address, and what it does not."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from discord.http import HTTPClient
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from bot.discretion import DiscreetFormatter

ROOT = Path(__file__).parents[2]
TOKEN = "aW50ZXJhY3Rpb24-_x.y"  # noqa: S105 - any will do
NAME = "my-secret-diary.txt"
SIGNATURE = "ex=1&is=2&hm=5ec2e7"
BOTS_OWN = "MTIz.Gabcde.f-_g"

API = "https://discord.com/api/v10"
CALLBACK = f"{API}/interactions/42/{TOKEN}/callback"
ORIGINAL = f"{API}/webhooks/7/{TOKEN}/messages/@original"
FOLLOW_UP = f"{API}/webhooks/7/{TOKEN}?wait=true"
FILE = f"https://cdn.discordapp.com/ephemeral-attachments/1/2/{NAME}?{SIGNATURE}"
ADDRESSES = [CALLBACK, ORIGINAL, FOLLOW_UP, FILE]


def fault(address: str, status: int = 503) -> aiohttp.ClientResponseError:
    """As aiohttp raises it where the bot has asked."""
    headers = CIMultiDictProxy(CIMultiDict({"Authorization": f"Bot {BOTS_OWN}", "Host": "there"}))
    asked = aiohttp.RequestInfo(URL(address), "POST", headers, URL(address))
    return aiohttp.ClientResponseError(asked, (), status=status, message="Bad day")


def written(message: str, *facts: object, error: BaseException | None = None) -> str:
    """What stands in the log."""
    caught = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord("any", logging.ERROR, "any.py", 1, message, facts, caught)
    return DiscreetFormatter("%(levelname)s %(name)s: %(message)s").format(record)


def told(text: str) -> list[str]:
    return [secret for secret in (TOKEN, NAME, "hm=", "5ec2e7", BOTS_OWN) if secret in text]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_error_is_logged_without_the_secrets_of_its_address(address: str) -> None:
    error = fault(address)

    text = written("Discord is asked once more: %s", error)

    assert told(str(error))
    assert told(text) == []
    assert text.startswith("ERROR any: Discord is asked once more: 503, message='Bad day', url='")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_traceback_is_logged_without_the_secrets_of_any_of_its_errors(address: str) -> None:
    text = ""
    try:
        try:
            raise fault(address)
        except aiohttp.ClientError as error:
            raise ConnectionError(str(error)) from error
    except ConnectionError as error:
        text = written("Ignoring exception in %s", "on_interaction", error=error)

    assert told(text) == []
    assert text.count("Bad day") == 2
    assert "direct cause" in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_error_that_nobody_has_asked_for_does_not_show_the_bots_token(address: str) -> None:
    """As asyncio says it of a task whose error was never retrieved."""
    text = written("Task exception was never retrieved\nfuture: <exception=%r>", fault(address))

    assert BOTS_OWN in repr(fault(address))
    assert told(text) == []


def test_a_rate_limit_is_logged_without_the_token() -> None:
    """In the words of discord.py, which names the address."""
    words = "We are being rate limited. %s %s responded with 429. Retrying in %.2f seconds."
    assert words in HTTPClient.request.__code__.co_consts

    text = written(words, "PATCH", ORIGINAL, 0.5)

    assert text.endswith(
        "PATCH https://discord.com/api/v10/webhooks/7/…/messages/@original "
        "responded with 429. Retrying in 0.50 seconds."
    )


def test_what_is_no_secret_is_logged_as_it_is() -> None:
    line = f"PATCH {API}/channels/1/messages/2 'Content-Type': 'Bot', interactions/attachments"

    assert written("%s", line) == f"ERROR any: {line}"


def test_the_log_of_the_process_is_discreet_whoever_writes_to_it() -> None:
    program = (
        "import logging, sys; from bot.discretion import begin_log; begin_log()\n"
        "logging.getLogger('discord.http').warning('limited: %s', sys.argv[1])\n"
        "try: raise ValueError(sys.argv[1])\n"
        "except ValueError: logging.getLogger('discord.client').exception('ignored')\n"
    )
    arguments = [sys.executable, "-c", program, CALLBACK]

    text = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True).stderr

    assert text.count("/interactions/42/…/callback") == 2
    assert "WARNING discord.http: limited" in text
    assert "Traceback" in text
    assert told(text) == []
