"""What a person reads when something cannot be done: one sentence, and what to do next."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

import bot.channel_errors
import bot.errors
import bot.file_errors
import bot.limit_errors
import model.errors
import storage.errors
import training.errors
from bot.errors import RefusedError
from bot.rendering import CONTENT_LIMIT, plain, size
from bot.words import speaking

FACTS: dict[str, Any] = {
    "action": "rename",
    "advice": "save it as plain text",
    "allowed": "between 0 and 2",
    "channels": (1, 2),
    "characters": 9,
    "cooldown": 600,
    "detail": "page 3",
    "direction": "hotter",
    "file": 2,
    "flaw": "long",
    "found": "2 messages of bots",
    "kind": "a PDF",
    "high": 8000,
    "highest": 9,
    "limit": 2**20,
    "low": 1,
    "lowest": 1,
    "most": 60,
    "name": "notes",
    "nearest": ["Ann"],
    "newest": 2,
    "option": "length",
    "path": Path("file"),
    "reason": "it is damaged",
    "permissions": ["read_message_history"],
    "required": 1000,
    "roles": (1, 2),
    "run_id": "0",
    "seconds": 65.5,
    "size": 2**30,
    "status": "failed",
    "temperature": 2,
    "value": 7,
    "variable": "CHARWGU_DATA",
    "version": 3,
    "wanted": "Bop",
    "what": "model",
    "whole_guild": True,
    "wish": "nobody can be chosen",
    "word": "delete",
}
"""One example of each fact that an error carries."""

NEXT = (
    *("please", "choose", "make one", "try", "must", "press", "start", "restore", "check"),
    *("wait", "shows those", "write a new one", "update", "lists those", "leave it out", "nearest"),
    *("let it send", "ask the person"),
)
"""Words of which one stands where a sentence says what to do."""

NEXT_IN_GERMAN = (
    *("bitte", "wähl", "mach eine", "starte", "drück", "nimm", "frag", "schick", "schreib"),
    *("lass", "zeigt alle", "brich"),
)
"""Their like in German."""

REASONS = {
    "CatalogError",
    "CorpusRefusedError",
    "CorpusArchiveError",
    "WorkerLostError",
    "RunFailedError",
    "SettingError",
}
"""Their whole sentence, and what to do, is said where they are raised."""

ROOTS = {"RefusedError"}
"""Raised with a sentence of somebody else's."""


def with_sentences() -> list[type[Exception]]:
    """The errors that make their own sentence."""
    return [
        kind
        for module in (
            bot.channel_errors,
            bot.errors,
            bot.file_errors,
            bot.limit_errors,
            model.errors,
            storage.errors,
            training.errors,
        )
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
        if kind.__name__ not in REASONS
        if "__init__" in vars(kind)
        or (issubclass(kind, RefusedError) and kind.__name__ not in ROOTS)
    ]


def example(kind: type[Exception]) -> Exception:
    own = "__init__" in vars(kind)
    wanted = [*inspect.signature(kind.__init__).parameters][1:] if own else []
    return kind(**{name: FACTS[name] for name in wanted})


@pytest.mark.parametrize("kind", with_sentences(), ids=lambda kind: kind.__name__)
def test_an_error_is_one_sentence_that_says_what_to_do(kind: type[Exception]) -> None:
    text = str(example(kind))

    assert text.endswith(".")
    assert ". " not in text
    assert any(word in text.lower() for word in NEXT), text
    assert size(plain(text)) <= CONTENT_LIMIT


@pytest.mark.parametrize(
    "kind", [k for k in with_sentences() if issubclass(k, RefusedError)], ids=lambda k: k.__name__
)
def test_in_german_too(kind: type[Exception]) -> None:
    with speaking("de"):
        text = str(example(kind))

    assert text.endswith(".")
    assert ". " not in text
    assert any(word in text.lower() for word in NEXT_IN_GERMAN), text
    assert size(plain(text)) <= CONTENT_LIMIT
