"""What people on Discord read: every text in one place, in each language that the bot speaks.

    say : (a message's id, its facts) -> the text, in the language of this task

The texts are in `en.ftl` and `de.ftl`, in Project Fluent's format; another language is one more
file. A server has one language, its own choice or Discord's: whoever answers an interaction
lets the task `speak` it, and news of runs are said while `speaking` it. The default is English.

`tests/bot/test_words.py` finds messages that are missing, differ in their facts, or are said
nowhere.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_skeleton
from babel.lists import format_list
from fluent.runtime import FluentBundle, FluentResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from fluent.syntax.ast import Resource

log = logging.getLogger(__name__)

ENGLISH: Final = "en"

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def say(message: str, /, **facts: str | float | datetime) -> str:
    """The message's text, with the facts in it.

    Args:
        message: The message's id, or `id.attribute`.
        facts: By their names in the text. Numbers are written, and their plural is chosen, as
            the language has it; where a number is a name, as a seed is, give it as a string.
            Of a moment `MONTH` writes the month and the year. What others wrote is to be
            rendered before (`bot.rendering.plain`).
    """
    bundle = _bundle(_language.get())
    name, _, attribute = message.partition(".")
    found = bundle.get_message(name)
    pattern = found.attributes[attribute] if attribute else found.value
    if pattern is None:
        raise KeyError(message)
    text, errors = bundle.format_pattern(pattern, facts)
    for error in errors:
        log.error("The message %s cannot be said as it is written: %s", message, error)
    return str(text)


def attributes(message: str) -> tuple[str, ...]:
    """The names of the attributes that a message has, in every language."""
    return tuple(_bundle(ENGLISH).get_message(message).attributes)


def listed(things: Sequence[str]) -> str:
    """Several things in a sentence: `Ann, Max, and Kim`."""
    return format_list(things, locale=_language.get())


def speak(language: str) -> None:
    """Let this task speak a language from now on, and the tasks that it starts."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within the body, speak a language."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


@cache
def languages() -> tuple[str, ...]:
    """The languages that the bot speaks, as two letters each, English first."""
    names = (entry.name for entry in files(__name__).iterdir())
    known = {name.removesuffix(".ftl") for name in names if name.endswith(".ftl")}
    return (ENGLISH, *sorted(known - {ENGLISH}))


def closest(locale: str) -> str:
    """The language to speak where Discord has this locale: `de` or `en-GB`."""
    language = locale.partition("-")[0]
    return language if language in languages() else ENGLISH


@cache
def messages() -> frozenset[str]:
    """The ids of all messages."""
    entries = _resource(ENGLISH).body
    return frozenset(entry.id.name for entry in entries if hasattr(entry, "id"))


@cache
def _resource(language: str) -> Resource:
    return FluentResource((files(__name__) / f"{language}.ftl").read_text("utf-8"))


@cache
def _bundle(language: str) -> FluentBundle:
    month: Any = partial(format_skeleton, "yMMMM", locale=language)
    bundle = FluentBundle([language], functions={"MONTH": month}, use_isolating=False)
    bundle.add_resource(_resource(language))
    return bundle
