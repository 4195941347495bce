"""What a run's progress message says, from waiting to its end: a card, as a value.

    run_card : News -> RunCard

A card is a heading, parts below each other, and buttons. `bot.views.run_cards` makes a layout of
it; here is decided what is said, in the language of the task, and nothing of what others wrote
leaves its rendering.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from bot.rendering import fence, plain, plain_within
from bot.runs.remarks import remarks
from bot.statements import said
from bot.words import say
from storage.records import RunStatus
from training.novelty import recites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.requests import ReadingProgress
    from bot.writing.forbidden import ForbiddenWords
    from storage.records import RunRecord
    from training.events import Finished, Progress, Sample, Started

BAR_CELLS: Final = 20
SAMPLE_CHARACTERS: Final = 400
"""Of one text that the network wrote; with all others it always fits into a card."""

SAMPLE_LINES: Final = 7
"""Of a text that stands alone; verses would make a wall of it."""

LINES_OF_SEVERAL: Final = 4
"""Of one among several."""

REASON_CHARACTERS: Final = 500
FOUND_CHARACTERS: Final = 300


class Action(Enum):
    """What a card's button does."""

    FINISH = auto()
    CANCEL = auto()
    GENERATE = auto()
    TRAIN_LONGER = auto()


class Curve(NamedTuple):
    """The place of the loss curve's picture."""

    checkpoint_id: str


class Color(Enum):
    """What a card's edge says at a glance."""

    QUIET = 0x4E5058
    LEARNING = 0x5865F2
    DONE = 0x23A55A
    WARNING = 0xF0B232
    FAILED = 0xDA373C


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """One form of a progress message."""

    run: RunRecord
    color: Color
    parts: tuple[str | Curve, ...]
    """From top to bottom; texts are Discord's Markdown."""
    actions: tuple[Action, ...] = ()

    @property
    def without_curve(self) -> RunCard:
        """The same card for where no pictures may be sent."""
        return replace(self, parts=tuple(part for part in self.parts if isinstance(part, str)))

    @property
    def text(self) -> str:
        """All that is to be read."""
        return "\n".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All that is known about a run."""

    run: RunRecord
    position: int | None = None
    """Runs that come before it, while it waits."""
    reading: ReadingProgress | None = None
    """How far it has read a channel, while it does."""
    started: Started | None = None
    progress: Progress | None = None
    sample: Sample | None = None
    finished: Finished | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing can follow."""
        return not self.run.status.is_active


def without(words: ForbiddenWords | None, news: News) -> News:
    """The news as they may be told: with these words masked in what the network wrote.

    Where nobody knows the words (None), nothing of it is told.
    """
    sample, finished = news.sample, news.finished
    if words is None:
        told = None if finished is None else replace(finished, sample="", samples={})
        return replace(news, sample=None, finished=told)
    if sample is not None:
        sample = replace(sample, text=words.mask(sample.text))
    if finished is not None:
        masked = {heat: words.mask(text) for heat, text in finished.samples.items()}
        finished = replace(finished, sample=words.mask(finished.sample), samples=masked)
    return replace(news, sample=sample, finished=finished)


def run_card(news: News) -> RunCard:
    """The progress message as it should be now."""
    match news.run.status:
        case RunStatus.FINISHED:
            return _finished(news.run, news.finished)
        case RunStatus.FAILED:
            return _failed(news.run)
        case RunStatus.CANCELED:
            parts = (_heading(news.run, "card-canceled"), say("card-canceled.why"))
            return RunCard(run=news.run, color=Color.QUIET, parts=parts)
    if news.reading is not None:
        return _reading(news.run, news.reading)
    if news.started is None and news.progress is None:
        return _waiting(news)
    return _learning(news)


def directly(card: RunCard) -> RunCard:
    """A card for the person who started the run, outside of the server: nothing to press there."""
    why = _small(say("card-told-directly", channel=f"<#{card.run.channel_id}>"))
    return replace(card, parts=(*card.parts, why), actions=())


def duration(seconds: float) -> str:
    """A length of time in words as short as they can be: 45 s, 2 min 05 s, 1 h 10 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return say("duration-seconds", seconds=whole)
    if whole < 3600:
        return say("duration-minutes", minutes=whole // 60, seconds=whole % 60)
    return say("duration-hours", hours=whole // 3600, minutes=whole % 3600 // 60)


def _heading(run: RunRecord, message: str, **facts: str) -> str:
    return f"### {say(message, name=plain(run.model_name), **facts)}"


def _small(text: str) -> str:
    return f"-# {text}"


def _reading(run: RunRecord, reading: ReadingProgress) -> RunCard:
    channel = f"#{plain(reading.channel_name)}"
    if reading.back_to is None:
        parts = [_heading(run, "card-about-to-read", channel=channel)]
    else:
        far = say("card-read-so-far", messages=reading.messages, back_to=reading.back_to)
        parts = [_heading(run, "card-reads", channel=channel), far]
    if reading.is_delayed:
        parts.append(_small(say("card-reading-delayed")))
    return RunCard(run=run, color=Color.QUIET, parts=tuple(parts), actions=(Action.CANCEL,))


def _found(run: RunRecord) -> Iterator[str]:
    """What was found in the files, if that is known."""
    if run.found:
        yield _small(plain_within(said(run.found), FOUND_CHARACTERS))


def _waiting(news: News) -> RunCard:
    run, before = news.run, news.position
    if before:
        parts = [_heading(run, "card-waits"), say("card-waits.why", before=before)]
    elif run.status is RunStatus.RUNNING:
        parts = [_heading(run, "card-goes-on"), say("card-goes-on.why")]
    else:
        parts = [_heading(run, "card-begins")]
    return RunCard(
        run=run, color=Color.QUIET, parts=(*parts, *_found(run)), actions=(Action.CANCEL,)
    )


def _learning(news: News) -> RunCard:
    longer = news.run.trained_model_id is not None
    heading = _heading(news.run, "card-learns-on" if longer else "card-learns")
    parts = [heading, _state(news.progress)]
    if news.sample is not None and news.sample.text.strip():
        above = _small(say("card-sample", time=duration(news.sample.seconds)))
        parts.append(f"{above}\n{_shown(news.sample.text)}")
    return RunCard(
        run=news.run,
        color=Color.LEARNING,
        parts=(*parts, *_found(news.run)),
        actions=(Action.FINISH, Action.CANCEL) if news.progress else (Action.CANCEL,),
    )


def _state(progress: Progress | None) -> str:
    if progress is None:
        return _done(0, say("card-gets-ready"))
    left = say("card-time-left", time=duration(progress.seconds_left))
    bar = _done(progress.fraction, left if progress.fraction < 1 else say("card-nearly-done"))
    if progress.bits_per_character is None:
        return bar
    first = progress.first_bits_per_character
    return f"{bar}\n{_figure(progress.bits_per_character, first)}"


def _done(fraction: float, what_is_left: str) -> str:
    share = say("share", percent=_percent(fraction))
    return f"`{_bar(fraction)}` **{share}** · {what_is_left}"


def _figure(now: float, first: float | None) -> str:
    """The one figure, against where it began if it has come down from there."""
    if first is not None and round(first, 2) > round(now, 2):
        return say("card-figure-falls", bits=now, first=first)
    return say("card-figure", bits=now)


def _bar(fraction: float) -> str:
    filled = int(min(max(fraction, 0.0), 1.0) * BAR_CELLS)
    return "█" * filled + "░" * (BAR_CELLS - filled)


def _percent(fraction: float) -> int:
    """100 only once nothing is left."""
    return int(min(max(fraction, 0.0), 1.0) * 100)


def _failed(run: RunRecord) -> RunCard:
    known = said(run.reason) if run.reason else say("card-failed.unknown")
    reason = plain_within(known, REASON_CHARACTERS)
    parts = (_heading(run, "card-failed"), reason, _small(say("card-failed.next")))
    return RunCard(run=run, color=Color.FAILED, parts=parts)


def _finished(run: RunRecord, finished: Finished | None) -> RunCard:
    parts: list[str | Curve] = [_heading(run, "card-finished")]
    color = Color.DONE
    if finished is not None:
        parts.append(_figures(finished))
        if finished.novelty is not None and recites(finished.novelty):
            color = Color.WARNING
    if run.checkpoint_id is not None:
        parts.append(Curve(run.checkpoint_id))
    parts += _samples(finished)
    parts.append(_small(say("card-finished.next")))
    return RunCard(run=run, color=color, parts=tuple(parts), actions=_next(run))


def _next(run: RunRecord) -> tuple[Action, ...]:
    """What can be done with what came of a run; a channel's text is not kept to go on from."""
    if run.model_id is None:
        return ()
    return (Action.GENERATE,) if run.reads_channel else (Action.GENERATE, Action.TRAIN_LONGER)


def _figures(finished: Finished) -> str:
    """The one figure; below it, more quietly, the others; and a warning that is not quiet."""
    figure = _figure(finished.bits_per_character, finished.first_bits_per_character)
    work = say("card-work", passes=finished.epochs, time=duration(finished.seconds))
    *said, last = [work, *remarks(finished)]
    loud = finished.novelty is not None and recites(finished.novelty)
    return "\n".join([figure, *(f"-# {line}" for line in said), f"{'⚠️' if loud else '-#'} {last}"])


def _samples(finished: Finished | None) -> Iterator[str]:
    """The texts with their temperatures, or the one there is."""
    if finished is None:
        return
    written = {
        say("card-temperature", temperature=float(t)): s for t, s in finished.samples.items()
    }
    shown = written or {say("card-first-sample"): finished.sample}
    most = LINES_OF_SEVERAL if written else SAMPLE_LINES
    texts = [
        f"{_small(above)}\n{_shown(text, most)}" for above, text in shown.items() if text.strip()
    ]
    if texts:
        yield "\n".join(texts)


def _shown(text: str, most: int = SAMPLE_LINES) -> str:
    """A few lines of what a network wrote, in a code fence."""
    lines = _beginning(text).strip("\n").split("\n")
    return fence("\n".join(lines[:most]).rstrip("\n"))


def _beginning(text: str) -> str:
    """The first characters, never half of a grapheme cluster."""
    if len(text) <= SAMPLE_CHARACTERS:
        return text
    kept = ""
    for match in regex.finditer(r"\X", text):
        if match.end() > SAMPLE_CHARACTERS:
            break
        kept = text[: match.end()]
    return kept
