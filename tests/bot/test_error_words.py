"""Every error that people can read has its message, and every such message its error."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from bot import errors
from bot.errors import SaidError
from bot.statements import WORDS, kebab_case, phrase
from bot.words import messages
from tests.bot.test_words import ROOT, said
from training.corpora import (
    csv_exports,
    json_exports,
    kinds,
    plain,
    subtitles,
    text_exports,
    web_exports,
)
from training.corpora.documents import ChatFormat, TextFormat
from training.corpora.selection import LeftOut
from training.telling import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASES = {"SaidError", "RefusedError", "ReadingError", "TrainingError", "ModelError", "CorpusError"}

WITHOUT_WORDS = {"ChannelUnavailableError", "CorpusRefusedError"}
"""One that nobody reads, and one that says what another error does."""

FOR_OPERATORS = {
    "OutputError",
    "RunDirectoryError",
    "RunDirectoryInUseError",
    "RunFailedError",
    "SnapshotError",
    "SpecError",
    "WorkerLostError",
}
"""Of training: the command line's, or with a sentence of another error."""


def of_bot() -> set[str]:
    """The messages of the bot's own errors."""
    modules = ["bot.errors", *(f"bot.errors.{each.name}" for each in iter_modules(errors.__path__))]
    return {
        f"error-{kebab_case(kind)}"
        for module in map(import_module, modules)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, SaidError) and kind.__name__ not in BASES | WITHOUT_WORDS
    }


def beginning(start: str) -> set[str]:
    return {name for name in messages() if name.startswith(start)}


def test_every_error_of_the_bot_has_a_message_and_the_other_way_around() -> None:
    assert of_bot() - beginning("error-") == set()
    assert beginning("error-") - of_bot() - said() == set()


def test_every_error_of_training_and_models_has_a_message_and_the_other_way_around() -> None:
    named = {
        f"{kind.__module__.partition('.')[0]}-{kebab_case(kind)}"
        for kind in KINDS.values()
        if kind.__name__ not in BASES | FOR_OPERATORS
    }

    assert beginning("training-") | beginning("model-") >= named
    assert beginning("training-") - named == {"training-other"}


# Words among the facts, which are looked up by their English


def strings(node: ast.AST) -> Iterator[str]:
    """The strings in an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def meant(node: ast.AST, tree: ast.Module) -> Iterator[str]:
    """The strings that an argument may be: those in it, or assigned to its names somewhere."""
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    yield from strings(node)
    for each in ast.walk(tree):
        if isinstance(each, ast.Assign) and names & {ast.unparse(t) for t in each.targets}:
            yield from strings(each.value)


def raised_with(path: Path) -> Iterator[str]:
    """The words that a module's errors are made with."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        kind = KINDS.get(call.func.id)
        if kind is None or "__init__" not in vars(kind) or kind.__name__ in FOR_OPERATORS:
            continue
        parameters = [*inspect.signature(kind).parameters]
        for name, argument in zip(parameters, call.args, strict=False):
            if name in WORDS:
                yield from meant(argument, tree)


@cache
def words() -> set[str]:
    """All words that are facts of errors and findings."""
    modules = [path for name in ("training", "model") for path in (ROOT / name).rglob("*.py")]
    formats = [
        form
        for module in (csv_exports, json_exports, plain, subtitles, text_exports, web_exports)
        for form in vars(module).values()
        if isinstance(form, ChatFormat | TextFormat)
    ]
    return {
        *(word for path in modules for word in raised_with(path)),
        *(form.name for form in formats),
        *(form.plural for form in formats if isinstance(form, TextFormat)),
        *(why.value for why in LeftOut),
        *kinds.ZIP_DOCUMENTS.values(),
        *kinds._DOCUMENTS.values(),  # noqa: SLF001  # all of them
        *kinds._OTHER_ARCHIVES.values(),  # noqa: SLF001  # all of them
    }


def test_all_words_among_the_facts_are_phrases() -> None:
    assert len(words()) > 50
    assert {word for word in words() if isinstance(phrase(word), str)} == set()
