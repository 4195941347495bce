"""What /runs shows, and that Discord takes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import RunGoneError
from bot.rendering import plain
from bot.requests import ListedRuns, RunDetails
from bot.sandbox.component_limits import check_layout
from bot.sandbox.problems import Problems
from bot.views.layouts import TEXT_LIMIT
from bot.views.pages import Page
from bot.views.run_lines import run_list_parts, run_parts
from bot.views.run_list import ChooseRun
from bot.words import languages, speaking
from storage.records import RunRecord, RunStatus
from tests.bot.test_commands import ID, model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.views.layouts import Part
    from tests.bot.core import Core

RUN = RunRecord(
    id=ID,
    guild_id=2**63 - 1,
    channel_id=2**63 - 1,
    message_id=2**63 - 1,
    user_id=2**63 - 1,
    model_name="poems",
    minutes=3,
    corpus_characters=1000,
    created_at=1_700_000_000,
    started_at=1_700_000_100,
    ended_at=1_700_000_280,
    status=RunStatus.FINISHED,
    reason=None,
    model_id=ID,
)


def text_of(parts: Iterable[Part], *, menu: list[RunDetails] | None = None) -> str:
    """All text, after Discord's limits were checked."""
    rows: list[Any] = [] if menu is None else [[ChooseRun.among(menu, 9999)]]
    view: Any = Page(parts=parts, rows=rows).view()
    payload = view.to_components()
    problems = Problems()
    check_layout(payload, set(), problems)
    problems.raise_found()
    return "\n".join(part.get("content", "") for part in payload[-1]["components"])


def details(**changes: Any) -> RunDetails:
    found = model("poems")
    return RunDetails(run=replace(RUN, **changes), checkpoint=found.checkpoint, model=found)


@pytest.mark.parametrize("language", languages())
def test_the_longest_list_fits(language: str) -> None:
    """Ten runs whose names are as long as can be, and need escaping."""
    with speaking(language):
        each = details(model_name="*" * 40)
        listed = ListedRuns(runs=[each] * 10, page=9998, pages=9999, count=99_990)

        shown = text_of(run_list_parts(listed), menu=[each])

    assert len(shown) <= TEXT_LIMIT
    assert shown.count("https://discord.com/channels/") == 10


@pytest.mark.parametrize("language", languages())
def test_the_longest_list_of_readings_fits(language: str) -> None:
    """Ten channels whose names are as long as can be, and need escaping."""
    run = replace(RUN, status=RunStatus.QUEUED, model_name="*" * 40)
    with speaking(language):
        each = RunDetails(run=run, channel="_" * 100)
        listed = ListedRuns(runs=[each] * 10, page=9998, pages=9999, count=99_990)

        shown = text_of(run_list_parts(listed), menu=[each])

    assert len(shown) <= TEXT_LIMIT
    assert shown.count("https://discord.com/channels/") == 10


def test_a_run_says_how_it_ended_and_where_its_message_is() -> None:
    shown = text_of(run_parts(details()))

    assert "### poems\nfinished · 2.16 bits per character" in shown
    assert "Its model: **poems**" in shown
    assert "took 3 min 00 s" in shown
    assert f"<@{RUN.user_id}>" in shown
    assert f"https://discord.com/channels/{RUN.guild_id}/{RUN.channel_id}/{RUN.message_id}" in shown


def test_nothing_that_others_wrote_is_alive() -> None:
    hostile = "**@everyone** [x](https://evil.example) " + "<@1>" * 200
    failed = RunDetails(
        run=replace(
            RUN, status=RunStatus.FAILED, reason=hostile, found=hostile, model_name="_@here_"
        ),
        channel="[general](https://evil.example)",
    )

    shown = text_of(run_parts(failed))

    assert plain("_@here_") in shown
    assert "](https://evil" not in shown
    assert "@everyone" not in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": RunStatus.QUEUED, "ended_at": None, "started_at": None}, "waits for its turn"),
        ({"status": RunStatus.RUNNING, "ended_at": None}, "trains"),
        ({"status": RunStatus.CANCELED}, "canceled"),
        ({"status": RunStatus.FINISHED}, "Its model is deleted."),
    ],
)
def test_every_state_has_its_words(changes: Any, words: str) -> None:
    assert words in text_of(run_parts(RunDetails(run=replace(RUN, **changes))))


async def test_runs_are_listed_in_pages(core: Core) -> None:
    trained = await core.trained("first")
    run_id = await core.queued("second")
    for _ in range(11):
        begun = await core.begin()
        await core.catalog.cancel_run(begun.run.id)
    runs = core.service.runs

    first, second = [await runs.list_runs(core.max, page) for page in (0, 999)]

    assert [first.count, first.pages, second.page] == [13, 2, 1]
    assert first.runs[0].run.id == run_id
    assert second.runs[-1].model == trained
    assert second.runs[-1].checkpoint == trained.checkpoint
    with pytest.raises(RunGoneError):
        await runs.details(core.stranger, run_id)
    assert (await runs.list_runs(core.stranger, 0)).count == 0
