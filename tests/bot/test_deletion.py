"""The question before what somebody gave is deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.rendering import plain
from bot.sandbox.component_limits import check_layout
from bot.sandbox.problems import Problems
from bot.views.deletion import ConfirmGiven, KeepGiven, everything_form, question
from bot.views.pages import Page
from bot.words import languages, speaking
from storage.records import Given


def text_of(given: Given, *, again: bool = False) -> str:
    """All text, after Discord's limits were checked."""
    buttons = [ConfirmGiven.on(given.mark), KeepGiven.on()]
    page: Any = Page(parts=question(given, again=again), rows=[buttons])
    payload = page.view().to_components()
    problems = Problems()
    check_layout(payload, set(), problems)
    problems.raise_found()
    return "\n".join(part.get("content", "") for part in payload[-1]["components"])


@pytest.mark.parametrize("language", languages())
def test_any_number_of_models_fits_and_those_left_out_are_counted(language: str) -> None:
    models = {str(number): f"*{number:039}" for number in range(500)}

    with speaking(language):
        shown = text_of(Given(models=models, runs=9999, texts=9999, conversations=200), again=True)

    named = sum(plain(name) in shown for name in models.values())
    assert 20 < named < 500
    assert str(500 - named) in shown


def test_all_models_are_named_where_there_is_room() -> None:
    shown = text_of(Given(models={"a": "@everyone", "b": "po*ems", "c": "Verse"}, runs=0, texts=1))

    assert "**3 models**" in shown
    assert all(f"**{plain(name)}**" in shown for name in ("@everyone", "po*ems", "Verse"))
    assert "@everyone" not in shown
    assert "training" not in shown
    assert "one text" in shown


def test_whoever_only_talked_can_have_what_they_said_deleted() -> None:
    given = Given(models={}, runs=0, texts=0, conversations=2)

    assert not given.is_nothing
    assert "**What the bot remembers of 2 conversations**" in text_of(given)


def test_a_confirmation_holds_to_what_was_named() -> None:
    """Conversations aside, which others begin all the time."""
    given = Given(models={"a": "poems"}, runs=1, texts=1)

    assert replace(given, models={"b": "poems"}).mark != given.mark
    assert replace(given, models={}).mark != given.mark
    assert replace(given, runs=2).mark != given.mark
    assert replace(given, texts=2).mark != given.mark
    assert replace(given, conversations=1).mark == given.mark


@pytest.mark.parametrize("language", languages())
def test_the_form_fits_into_discord_s_limits(language: str) -> None:
    with speaking(language):
        form = everything_form()

    [label] = form.children
    assert len(form.title) <= 45
    assert len(getattr(label, "text", "")) <= 45
    assert len(getattr(label, "description", "")) <= 100
