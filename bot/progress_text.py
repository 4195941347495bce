"""What a run's progress message says, from waiting to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from bot.rendering import fence, plain, plain_within
from storage.records import RunStatus
from training.remarks import remarks

if TYPE_CHECKING:
    from bot.requests import ReadingProgress
    from storage.records import RunRecord
    from training.events import Finished, Progress, Started

BAR_CELLS = 20
SAMPLE_CHARACTERS = 600
"""Of the first sample; with the summary it always fits into a message."""

REASON_CHARACTERS = 500
FOUND_CHARACTERS = 500

DELAYED = "Discord does not answer at the moment; the reading goes on as soon as it does."


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All that is known about a run."""

    run: RunRecord
    position: int | None = None
    """Runs that come before it, while it waits."""
    reading: ReadingProgress | None = None
    """How far it has read a channel, while it does."""
    found: str | None = None
    """What was found in the channel, once it is read."""
    started: Started | None = None
    progress: Progress | None = None
    finished: Finished | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing can follow."""
        return not self.run.status.is_active


def progress_text(news: News) -> str:
    """The content of the progress message."""
    name = f"**{plain(news.run.model_name)}**"
    match news.run.status:
        case RunStatus.FINISHED:
            return _finished(name, news.finished)
        case RunStatus.FAILED:
            reason = plain((news.run.reason or "The reason is not known.")[:REASON_CHARACTERS])
            return f"{name} could not be trained. {reason}"
        case RunStatus.CANCELED:
            return f"The training of {name} was canceled; nothing of it was kept."
    if news.reading is not None:
        return _reading(name, news.reading)
    has_begun = news.started is not None or news.progress is not None
    text = _training(name, news) if has_begun else _waiting(name, news.position)
    return f"{text}\n-# {plain_within(news.found, FOUND_CHARACTERS)}" if news.found else text


def duration(seconds: float) -> str:
    """A length of time in words as short as they can be: 45 s, 2 min 05 s, 1 h 10 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def _reading(name: str, reading: ReadingProgress) -> str:
    channel = f"#{plain(reading.channel_name)}"
    if reading.back_to is None:
        text = f"{name} is about to read {channel}."
    else:
        text = (
            f"{name} is reading {channel}: {reading.messages:,} messages so far, back to "
            f"{reading.back_to:%B %Y}."
        )
    return f"{text}\n{DELAYED}" if reading.is_delayed else text


def _waiting(name: str, position: int | None) -> str:
    if not position:
        return f"{name} is about to train."
    before = "one training comes" if position == 1 else f"{position} trainings come"
    return f"{name} waits for its turn: {before} first."


def _training(name: str, news: News) -> str:
    opening = f"{name} is learning {news.run.corpus_characters:,} characters."
    progress = news.progress
    if progress is None:
        return f"{opening}\n`{_bar(0)}` 0 % · getting ready"
    bar = f"`{_bar(progress.fraction)}` {_percent(progress.fraction)} %"
    figures = [f"loss {progress.loss:.3f}"]
    if progress.bits_per_character is not None:
        figures.append(f"{progress.bits_per_character:.2f} bits per character")
    figures.append(f"{progress.characters_per_second:,.0f} characters per second")
    left = f"{duration(progress.seconds_left)} left"
    return f"{opening}\n{bar} · {left}\n{' · '.join(figures)}"


def _bar(fraction: float) -> str:
    filled = int(min(max(fraction, 0.0), 1.0) * BAR_CELLS)
    return "█" * filled + "░" * (BAR_CELLS - filled)


def _percent(fraction: float) -> int:
    """100 only once nothing is left."""
    return int(min(max(fraction, 0.0), 1.0) * 100)


def _finished(name: str, finished: Finished | None) -> str:
    opening = f"{name} is trained, and is now the model that this server writes with."
    closing = "Write with it: `/generate`. All models: `/models`."
    if finished is None:
        return f"{opening}\n{closing}"
    figures = (
        f"{finished.bits_per_character:.2f} bits per character after {finished.epochs:.1f} passes"
        f" over the text, in {duration(finished.seconds)}"
    )
    lines = [opening, figures, *remarks(finished)]
    if finished.sample.strip():
        lines += ["A first sample:", fence(_beginning(finished.sample))]
    return "\n".join([*lines, closing])


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
