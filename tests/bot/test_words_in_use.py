"""Each message is said by somebody, and nobody says what is no message."""

from __future__ import annotations

import ast
import errno
import importlib
import os
import pkgutil
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fluent.syntax import ast as fluent
from fluent.syntax import parse
from fluent.syntax.visitor import Visitor

import bot
import model
import training
from bot.statements import PHRASES, kebab_case
from bot.words import ENGLISH, attributes, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parent.parent.parent

FOR_OPERATORS = {"client.py", "downloads.py", "sandbox_process.py", "settings.py", "startup.py"}
"""Modules whose sentences go to stderr and to the log, in English as all of the log."""

TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")


class References(Visitor):
    """Collects the messages that others refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_MessageReference(self, node: fluent.MessageReference) -> None:  # noqa: N802
        self.names.add(f"{node.id.name}.{node.attribute.name}" if node.attribute else node.id.name)


def english() -> fluent.Resource:
    return parse((files("bot.words") / f"{ENGLISH}.ftl").read_text("utf-8"))


def all_messages() -> set[str]:
    """The ids of all messages and their attributes."""
    found = set()
    for entry in english().body:
        if isinstance(entry, fluent.Message):
            own = {entry.id.name} if entry.value else set()
            found |= own | {f"{entry.id.name}.{each.id.name}" for each in entry.attributes}
    return found


def trees(package: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules of a package, but for the sandbox, which is another program."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if "sandbox" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def strings(tree: ast.AST) -> set[str]:
    nodes = ast.walk(tree)
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "errors" in each.name and "sandbox" not in each.name:
            yield importlib.import_module(each.name)


def said_by_errors() -> set[str]:
    """The messages that classes of errors are named after."""
    kinds = {
        (package.__name__.replace("bot", "error"), kind)
        for package in (bot, model, training)
        for module in modules(package)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    }
    return {f"{beginning}-{kebab_case(kind)}" for beginning, kind in kinds}


def said_as_phrases() -> set[str]:
    """The messages that stand in training and models as they do in English."""
    literals = {
        each for package in ("training", "model") for _, t in trees(package) for each in strings(t)
    }
    literals |= {os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EIO)}
    ids = {name for name in all_messages() if name.startswith(PHRASES)}
    return {name for name in ids if say(name) in literals}


def said_in_code() -> set[str]:
    """The ids in the code, those among them that are made of `id.` or `.attribute` and the rest."""
    literals = {each for _, tree in trees("bot") for each in strings(tree)}
    whole = literals & all_messages()
    made = {
        name
        for name in all_messages()
        for message, dot, attribute in [name.partition(".")]
        if (message in whole and dot + attribute in literals)
        or (message + dot in literals and attribute in literals)
    }
    options = {f"{n}.{a}" for n in whole if n.startswith("command-") for a in attributes(n)}
    return whole | made | options


def test_every_message_is_said_by_somebody() -> None:
    """By its id, by an error of its name, as a phrase of training, or by another message."""
    references = References()
    references.visit(english())

    dead = all_messages() - said_in_code() - said_by_errors() - said_as_phrases()

    assert not dead - references.names


def not_for_people(tree: ast.AST) -> set[ast.AST]:
    """Docstrings, patterns, names of types, what goes into the log or ends the program."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Expr(value=ast.Constant())
                | ast.Call(func=ast.Attribute(value=ast.Name(id="log")))
                | ast.Call(func=ast.Attribute(attr="compile"))
                | ast.Call(func=ast.Name(id="cast"))
                | ast.ClassDef(name="SettingError")
            ):
                found |= set(ast.walk(node))
    return found


def test_no_sentence_stands_in_the_code() -> None:
    """Two words in a row are one, unless they explain the code or go into the log."""
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for path, tree in trees("bot")
        if path.name not in FOR_OPERATORS
        for node in set(ast.walk(tree)) - not_for_people(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if TWO_WORDS.search(node.value)
    }

    assert not found
