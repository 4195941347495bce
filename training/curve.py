"""A run's history as a picture: how the loss fell, on the training text and on the held-out one.

    draw : (history, its words, a note beside the figure) -> the bytes of a PNG

The picture has a background of its own, so that it reads the same on Discord's dark and light
themes, and letters that are still readable at half its size, as Discord shows it. It is drawn
by the worker, and by a notebook for itself; the bot's process never imports this module.
Matplotlib's objects are used directly: `pyplot` would keep every figure in memory.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from training.curve_words import CurveWords
from training.events import bits
from training.history import MARK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from training.history import History, Measurement, Measurements

WIDTH, HEIGHT, DOTS_PER_INCH = 8.0, 4.5, 150
"""Inches, and pixels for each: 1200 x 675 pixels."""

BACKGROUND, GRID, QUIET, TEXT = "#1f2129", "#343743", "#9aa0b4", "#eceef5"
TRAINING, VALIDATION, BEST = "#868ea8", "#8ea2ff", "#ffd479"
DIVERGED = 1.5
"""Times the first loss; what is above it has diverged, and may leave the picture."""

UNITS = ((120, 1, "seconds"), (7_200, 60, "minutes"), (float("inf"), 3_600, "hours"))
"""Up to how many seconds, seconds in one, and which of the words is the unit's name."""

ENGLISH = CurveWords()


def draw(history: History, words: CurveWords = ENGLISH, *, note: str = "") -> bytes:
    """Return the picture of a history; one without measurements gives empty axes.

    Args:
        history: What was measured.
        words: What the axes, the lines and the figure are called.
        note: What to say beside the best validation's figure.
    """
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS_PER_INCH, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.085, 0.135, 0.88, 0.68))
    prepare(axes, words)
    lines(axes, history, words)
    title(figure, history, words, note)
    file = io.BytesIO()
    figure.savefig(file, format="png", facecolor=BACKGROUND, metadata={"Software": MARK})
    return file.getvalue()


def prepare(axes: Axes, words: CurveWords) -> None:
    """Take away all that is not needed, and make the rest quiet."""
    axes.set_facecolor(BACKGROUND)
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(colors=QUIET, labelsize=13, length=0, pad=7)
    for side in ("top", "left", "right"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: written(f"{value:g}", words))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))


def lines(axes: Axes, history: History, words: CurveWords) -> None:
    """Draw both losses over the time, and a ring around the best validation."""
    last = max((m.seconds for m in history.training + history.validation), default=0.0)
    unit, name = next((size, name) for limit, size, name in UNITS if last <= limit)
    axes.set_xlabel(getattr(words, name), color=QUIET, fontsize=13, labelpad=6)
    axes.set_xlim(0, max(last, 1) / unit * 1.02)
    line(axes, history.training, unit, color=TRAINING, linewidth=2, label=words.training)
    line(axes, history.validation, unit, color=VALIDATION, linewidth=3, label=words.validation)
    if history.best is not None:
        ring(axes, history.best, unit)
    axes.set_ylim(*limits(history))


def line(
    axes: Axes, measurements: Measurements, unit: float, *, color: str, linewidth: float, label: str
) -> None:
    """Draw one of the losses."""
    x = [m.seconds / unit for m in measurements]
    y = [bits(m.loss) for m in measurements]
    axes.plot(x, y, color=color, linewidth=linewidth, label=label, solid_capstyle="round")


def ring(axes: Axes, best: Measurement, unit: float) -> None:
    """Mark the validation whose weights the checkpoint has."""
    axes.plot(
        [best.seconds / unit],
        [bits(best.loss)],
        marker="o",
        markersize=11,
        markerfacecolor=BACKGROUND,
        markeredgecolor=BEST,
        markeredgewidth=3,
        linestyle="none",
        clip_on=False,
        zorder=5,
    )


def limits(history: History) -> tuple[float, float]:
    """Return the lowest and highest bits per character that are shown."""
    losses = sorted(history.training + history.validation)
    if not losses:
        return 0.0, 1.0
    values = [bits(measurement.loss) for measurement in losses]
    low, high = min(values), min(max(values), DIVERGED * values[0])
    room = max(high - low, 0.1)
    return max(low - 0.12 * room, 0.0), high + 0.08 * room


def written(number: str, words: CurveWords) -> str:
    """The number as the language writes it."""
    return number.replace(".", words.point)


def title(figure: Figure, history: History, words: CurveWords, note: str) -> None:
    """Say what the best validation is, in the ring's color, and which line is which."""
    best = "" if history.best is None else written(f"{bits(history.best.loss):.2f}", words)
    figure.text(0.03, 0.885, best, color=BEST, fontsize=26, fontweight="bold")
    place = 0.03 + (0.028 * len(best) + 0.012 if best else 0)
    figure.text(place, 0.885, f"{words.bits} {note}", color=QUIET, fontsize=14)
    figure.legend(
        loc="upper right",
        bbox_to_anchor=(0.985, 0.968),
        ncols=2,
        frameon=False,
        labelcolor=TEXT,
        fontsize=13,
        handlelength=1.1,
        columnspacing=1.4,
    )
