"""How a server's runs look: a list of them, and one by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import discord

from bot.rendering import plain, plain_within
from bot.runs.card import FOUND_CHARACTERS, REASON_CHARACTERS, duration
from bot.statements import said
from bot.views.cards import OPTION_CHARACTERS, figures
from bot.views.layouts import text
from bot.words import say
from storage.records import RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.requests import ListedRuns, RunDetails
    from bot.views.layouts import Part
    from storage.records import RunRecord

CHANNEL_CHARACTERS: Final = 60
"""Of the name of a channel, so that a page of readings fits into a card."""

_STATES = {
    RunStatus.QUEUED: "run-waits",
    RunStatus.RUNNING: "run-trains",
    RunStatus.FINISHED: "run-finished",
    RunStatus.FAILED: "run-failed",
    RunStatus.CANCELED: "run-canceled",
}
"""The messages that name a state."""


def run_list_parts(listed: ListedRuns) -> Iterator[Part]:
    """A page of runs."""
    summary = [say("runs-count", count=listed.count)]
    if listed.pages > 1:
        summary.append(say("models-page", page=listed.page + 1, pages=listed.pages))
    yield text(f"### {say('runs-title')}\n-# {' · '.join(summary)}")
    yield text("\n".join(_line(each) for each in listed.runs))


def run_parts(details: RunDetails) -> Iterator[Part]:
    """All there is to know about a run."""
    yield text("\n".join(_facts(details)))


def run_option(details: RunDetails) -> discord.SelectOption:
    """A run in a menu; a menu shows plain text, so nothing needs escaping."""
    run, state = details.run, say(_STATES[details.run.status])
    return discord.SelectOption(
        label=run.model_name[:OPTION_CHARACTERS], value=run.id, description=state
    )


def _line(details: RunDetails) -> str:
    run = details.run
    about = [f"<@{run.user_id}> <t:{run.ended_at or run.created_at}:R>", *_took(run), *_link(run)]
    return f"**{plain(run.model_name)}** · {_state(details)}\n-# {' · '.join(about)}"


def _facts(details: RunDetails) -> Iterator[str]:
    run = details.run
    yield f"### {plain(run.model_name)}\n{_state(details)}"
    if run.reason is not None:
        yield plain_within(said(run.reason), REASON_CHARACTERS)
    if details.model is not None:
        yield say("run-model", name=plain(details.model.name))
    elif run.status is RunStatus.FINISHED:
        yield say("run-model-gone")
    if run.found:
        yield plain_within(said(run.found), FOUND_CHARACTERS)
    asked = say("run-asked", time=duration(60 * run.minutes))
    about = [f"<@{run.user_id}> <t:{run.created_at}:R>", asked, *_took(run), *_link(run)]
    yield f"-# {' · '.join(about)}"


def _state(details: RunDetails) -> str:
    if details.channel is not None:
        return say("run-reads", channel=f"#{plain_within(details.channel, CHANNEL_CHARACTERS)}")
    state = say(_STATES[details.run.status])
    return state if details.checkpoint is None else f"{state} · {figures(details.checkpoint)}"


def _took(run: RunRecord) -> Iterator[str]:
    """How long it trained, if it did."""
    if run.started_at is not None and run.ended_at is not None:
        yield say("run-took", time=duration(run.ended_at - run.started_at))


def _link(run: RunRecord) -> Iterator[str]:
    """The way to the run's message, if it has one."""
    if run.message_id is not None:
        place = f"{run.guild_id}/{run.channel_id}/{run.message_id}"
        yield f"[{say('run-card')}](https://discord.com/channels/{place})"
