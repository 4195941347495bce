"""Every text has its place in every language, and none is there that nobody says."""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest
from fluent.syntax import ast as fluent
from fluent.syntax import parse
from fluent.syntax.visitor import Visitor

import bot.errors
import bot.words
from bot.errors import NoNumberError
from bot.views import CONTROLS
from bot.views.base import PressButton
from bot.views.longer import typed_minutes
from bot.views.runs import CancelRun
from bot.words import ENGLISH, closest, languages, say, speak, speaking

ROOT = Path(__file__).parent.parent.parent


class Facts(Visitor):
    """Collects the facts that a pattern needs."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def texts(language: str) -> dict[str, set[str]]:
    """The facts of every message and attribute of a language."""
    resource = parse((files("bot.words") / f"{language}.ftl").read_text("utf-8"))
    junk = [entry.content for entry in resource.body if isinstance(entry, fluent.Junk)]
    assert not junk
    messages = [entry for entry in resource.body if isinstance(entry, fluent.Message)]
    found: dict[str, set[str]] = {}
    for message in messages:
        patterns = {message.id.name: message.value}
        patterns |= {f"{message.id.name}.{each.id.name}": each.value for each in message.attributes}
        for name, pattern in patterns.items():
            if pattern is None:
                continue
            assert name not in found, f"{name} is there twice"
            facts = Facts()
            facts.visit(pattern)
            found[name] = facts.names
    return found


def literals(path: Path) -> set[str]:
    """The strings that stand in a module."""
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def said() -> set[str]:
    """The ids of messages that stand in the code: whatever begins as one of them does."""
    beginnings = {name.partition("-")[0] for name in texts(ENGLISH)}
    is_id = re.compile(rf"(?:{'|'.join(beginnings)})-[a-z-]+(?:\.[a-z-]+)?")
    modules = [path for path in (ROOT / "bot").rglob("*.py") if "sandbox" not in path.parts]
    return {each for path in modules for each in literals(path) if is_id.fullmatch(each)}


def test_there_are_several_languages() -> None:
    assert languages()[0] == ENGLISH
    assert "de" in languages()


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything_with_the_same_facts(language: str) -> None:
    assert texts(language) == texts(ENGLISH)


def test_everything_that_is_said_is_written_down() -> None:
    assert not said() - texts(ENGLISH).keys()


@pytest.mark.parametrize("language", languages())
def test_every_button_has_a_label(language: str) -> None:
    buttons = [control for control in CONTROLS if issubclass(control, PressButton)]

    with speaking(language):
        assert all(say(button.label) for button in buttons)


def test_a_button_is_labeled_when_it_is_made() -> None:
    with speaking("de"):
        assert CancelRun.on("0" * 32).item.label == "Abbrechen"
    assert CancelRun.on("0" * 32).item.label == "Cancel"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("ids", "limit"),
    [
        ("button-[a-z-]+", 80),
        (r"form-[a-z-]+(\.(?!description)[a-z-]+)?", 45),
        (r"form-[a-z-]+\.description", 100),
        (r"command-[a-z-]+(\.[a-z0-9_]+)?", 100),
        ("menu-[a-z-]+", 32),
    ],
    ids=lambda value: value,
)
def test_what_discord_limits_is_short_enough(language: str, ids: str, limit: int) -> None:
    with speaking(language):
        long = {
            name: say(name, **dict.fromkeys(facts, "x" * 10))
            for name, facts in texts(language).items()
            if re.fullmatch(ids, name)
        }
    assert long

    assert not {name: text for name, text in long.items() if len(text) > limit}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("minutes", [0.1, 3, 1440])
def test_the_minutes_that_a_form_proposes_can_be_sent_back(language: str, minutes: float) -> None:
    with speaking(language):
        assert typed_minutes(say("form-longer.given", minutes=minutes), 1440) == minutes


@pytest.mark.parametrize("language", languages())
def test_minutes_with_many_digits_are_proposed_with_two(language: str) -> None:
    """Three could be meant as thousands, and are refused."""
    with speaking(language):
        proposed = typed_minutes(say("form-longer.given", minutes=1.23456), 1440)

    assert proposed == 1.23


@pytest.mark.parametrize(
    "typed", ["1,440", "1.440", "1 440", "nan", "inf", "-3", "1e2", "", "soon"]
)
def test_minutes_that_are_no_number_or_may_be_two_are_refused(typed: str) -> None:
    with pytest.raises(NoNumberError, match="a number, up to 1440"):
        typed_minutes(typed, 1440)


@pytest.mark.parametrize(
    ("message", "facts", "shown"),
    [
        ("error-too-many-models", {"limit": 1}, {"en": "has one model,", "de": "hat ein Modell,"}),
        ("error-too-many-checkpoints", {"limit": 1}, {"en": "trained once", "de": "wurde einmal"}),
        (
            "error-minutes-used",
            {"whose": "person", "left": 0, "limit": 1, "wait": "1 h"},
            {"en": "0 of 1 minute of", "de": "0 von 1 Minute Training"},
        ),
        (
            "training-corpus-row",
            {"name": "x", "kind": "CSV", "row": 3, "columns": 1, "required": 4},
            {"en": "has 1 column, not 4", "de": "hat 1 Spalte statt 4"},
        ),
        (
            "privacy-kept.talk",
            {"days": 1},
            {"en": "**What is said to the bot** is kept nowhere", "de": "1 Tag lang niemand"},
        ),
        ("privacy-kept.talk", {"days": 30}, {"en": "for 30 days.", "de": "30 Tage lang"}),
    ],
)
@pytest.mark.parametrize("language", languages())
def test_one_is_no_plural(
    language: str, message: str, facts: dict[str, str | float], shown: dict[str, str]
) -> None:
    with speaking(language):
        assert shown[language] in say(message, **facts)


def test_english_has_one_kind_of_apostrophe() -> None:
    assert "\N{RIGHT SINGLE QUOTATION MARK}" not in (
        files("bot.words") / f"{ENGLISH}.ftl"
    ).read_text("utf-8")


def test_a_task_speaks_the_language_that_it_was_told() -> None:
    with speaking("de"):
        german = say("error-not-in-server")
        with speaking(ENGLISH):
            english = say("error-not-in-server")
        assert say("error-not-in-server") == german
        speak(ENGLISH)
        assert say("error-not-in-server") == english

    assert german != english


def test_a_refusal_is_said_in_the_language_of_whoever_reads_it() -> None:
    refusal = bot.errors.NotInServerError()

    english = str(refusal)

    with speaking("de"):
        assert str(refusal) != english


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_a_locale_of_discord_finds_the_closest_language(locale: str, language: str) -> None:
    assert closest(locale) == language


def test_what_no_language_has_cannot_be_said() -> None:
    with pytest.raises(KeyError):
        say("nothing-like-it")
    with pytest.raises(KeyError):
        say("error-not-in-server.nothing")


@pytest.mark.parametrize("language", languages())
def test_no_fact_that_a_text_needs_is_missing_silently(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A text with a gap is better than no answer, and the log says so."""
    name = next(name for name, facts in texts(language).items() if facts)

    with speaking(language):
        say(name)

    assert "cannot be said" in caplog.text
