"""What a person reads when something cannot be done: one sentence, and what to do next."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any, cast

import pytest

import bot.errors
import bot.errors.channels
import bot.errors.choices
import bot.errors.files
import bot.errors.limits
import model.errors
import storage.errors
import training.errors
import training.run_errors
from bot.errors import SaidError
from bot.rendering import CONTENT_LIMIT, plain, size
from bot.statements import Statement, said, statement_of
from bot.words import languages, speaking
from model.errors import CheckpointError
from training.run_errors import WorkerEnd
from training.telling import Known, restored, told

FACTS: dict[str, Any] = {
    "action": "rename",
    "advice": "save it as plain text",
    "allowed": "between 0 and 2",
    "channels": (1, 2),
    "cause": CheckpointError("its header is damaged"),
    "characters": 9,
    "columns": 3,
    "cooldown": 600,
    "detail": "page 3",
    "direction": "hotter",
    "file": 2,
    "flaw": "has another shape or type than it should",
    "found": "Plain text (UTF-8): 15 characters, 10 different ones",
    "how": WorkerEnd("signal", 9, "Killed"),
    "key": "content",
    "kind": "a PDF",
    "high": 8000,
    "highest": 9,
    "left": 12.5,
    "limit": 2**20,
    "low": 1,
    "lowest": 1,
    "most": 60,
    "name": "notes",
    "nearest": ["Ann"],
    "newest": 2,
    "option": "length",
    "parts": [
        {
            "format": "Plain text",
            "documents": 1,
            "encodings": "UTF-8",
            "characters": 15,
            "distinct": 10,
        }
    ],
    "path": Path("file"),
    "reason": "it is damaged",
    "permissions": ["read_message_history"],
    "required": 1000,
    "roles": (1, 2),
    "row": 1200,
    "run_id": "0",
    "seconds": 65.5,
    "size": 2**30,
    "status": "failed",
    "temperature": 2,
    "tensor": "embedding",
    "times": 4,
    "typed": "soon",
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
    *("lass", "zeigt alle", "brich", "am nächsten"),
)
"""Their like in German."""

REASONS = {
    "CatalogError",
    "ChannelUnavailableError",
    "CorpusArchiveError",
    "RunFailedError",
    "RunLostError",
    "SettingError",
    "WorkerLostError",
}
"""Their whole sentence, and what to do, is said where they are raised or shown."""

FOR_OPERATORS = {"RunDirectoryInUseError"}
"""Shown to people as they are, in English, with a few words around them."""

ROOTS = {"RefusedError", "SaidError", "ReadingError"}
"""Raised with a sentence of somebody else's."""


def with_sentences() -> list[type[Exception]]:
    """The errors that make their own sentence."""
    return [
        kind
        for module in (
            bot.errors.channels,
            bot.errors.choices,
            bot.errors,
            bot.errors.files,
            bot.errors.limits,
            model.errors,
            storage.errors,
            training.errors,
            training.run_errors,
        )
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
        if kind.__name__ not in REASONS
        if "__init__" in vars(kind) or (issubclass(kind, SaidError) and kind.__name__ not in ROOTS)
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


def on_discord() -> list[type[Exception]]:
    """The errors that people on Discord can read, of training and models too."""
    return [
        kind
        for kind in with_sentences()
        if issubclass(kind, SaidError | Known) and kind.__name__ not in FOR_OPERATORS
    ]


def statement(error: Exception) -> Statement:
    return error.statement if isinstance(error, SaidError) else statement_of(cast("Known", error))


@pytest.mark.parametrize("kind", on_discord(), ids=lambda kind: kind.__name__)
def test_in_german_too(kind: type[Exception]) -> None:
    english = str(example(kind))
    with speaking("de"):
        text = str(statement(example(kind)))

    assert text != english
    assert text.endswith(".")
    assert ". " not in text
    assert any(word in text.lower() for word in NEXT_IN_GERMAN), text
    assert size(plain(text)) <= CONTENT_LIMIT


@pytest.mark.parametrize("kind", on_discord(), ids=lambda kind: kind.__name__)
def test_the_bot_says_in_english_what_the_command_line_says(kind: type[Exception]) -> None:
    assert str(statement(example(kind))) == str(example(kind))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", on_discord(), ids=lambda kind: kind.__name__)
def test_what_the_catalog_keeps_of_a_sentence_says_it_again(
    kind: type[Exception], language: str
) -> None:
    with speaking(language):
        assert said(statement(example(kind)).encode()) == str(statement(example(kind)))


@pytest.mark.parametrize(
    "kind", [kind for kind in with_sentences() if issubclass(kind, Known)], ids=lambda k: k.__name__
)
def test_an_error_is_the_same_in_another_process(kind: type[Known]) -> None:
    error = example(kind)

    again = restored(json.loads(json.dumps(told(cast("Known", error)))))

    assert type(again) is kind
    assert str(again) == str(error)
    assert vars(again).keys() == vars(error).keys()
