"""How fast a text is written, by us and by others, beside the floor of memory.

Each writer of `benchmarks.writers` runs in a process of its own. There are several rounds of
all of them, and each figure is the best of its rounds: machines are noisy, and a neighbor only
ever makes a program slower. Times are the processor's where they are less than the clock's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.networks import Size, untrained
from model.checkpoint import to_bytes
from model.config import Cell

if TYPE_CHECKING:
    import argparse

SIZES = (Size(3, 128), Size(2, 256), Size(2, 512))
PEERS = (
    ("Keras, a window of 50 characters again for each", "windowed", SIZES[0]),
    ("TensorFlow tutorial, one-step model", "tutorial", SIZES[1]),
    ("PyTorch nn.LSTM, step by step", "torch_lstm", SIZES[0]),
    ("PyTorch nn.LSTM, step by step", "torch_lstm", SIZES[1]),
    ("PyTorch LSTMCells, scripted loop", "torch_cells", SIZES[1]),
    ("PyTorch LSTMCells, scripted loop", "torch_cells", SIZES[2]),
)


class Entry(NamedTuple):
    """A line of the table."""

    label: str
    writer: str
    cell: Cell
    size: Size


ENTRIES = (
    *(Entry("ours", "ours", cell, size) for cell in Cell for size in SIZES),
    *(Entry(label, writer, Cell.LSTM, size) for label, writer, size in PEERS),
)


class Figures(NamedTuple):
    """What one process measured."""

    characters_per_second: float
    floor_per_second: float | None
    """What reading the weights alone would allow; None for another's writer."""
    start: float
    """Seconds from the start of the process to the first character."""
    memory: float
    """Megabytes, at most."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of this subject."""
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", action="store_true", help="without PyTorch and TensorFlow")
    parser.set_defaults(subject=run)


def run(options: argparse.Namespace) -> None:
    """Measure everything and print two tables."""
    entries = [entry for entry in ENTRIES if entry.writer == "ours" or not options.ours]
    found: dict[Entry, list[Figures]] = {entry: [] for entry in entries}
    for _ in range(options.rounds):
        for entry in entries:
            found[entry].append(measure(entry))
    best = {entry: best_of(figures) for entry, figures in found.items()}
    print_speeds(best)
    print_commands(options.rounds)


def measure(entry: Entry) -> Figures:
    """Run one writer in a process of its own."""
    arguments = (entry.writer, entry.cell, *map(str, entry.size), str(time.time()))
    command = [sys.executable, "-m", "benchmarks.writers", *arguments]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Figures(**json.loads(output.splitlines()[-1]))


def best_of(figures: list[Figures]) -> Figures:
    """The highest speeds, the lowest start and memory."""
    speeds, floors, starts, memories = zip(*figures, strict=True)
    floor = None if None in floors else max(floors)
    return Figures(max(speeds), floor, min(starts), min(memories))


def print_speeds(best: dict[Entry, Figures]) -> None:
    """The table of characters a second."""
    speed = {
        (e.cell, e.size): f.characters_per_second for e, f in best.items() if e.label == "ours"
    }
    print("| writer | network | characters/s | ours is | of the floor | start, s | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for entry, figures in best.items():
        ratio = speed[entry.cell, entry.size] / figures.characters_per_second
        share = (
            figures.floor_per_second and figures.characters_per_second / figures.floor_per_second
        )
        cells = (
            entry.label,
            f"{entry.size.layers}x{entry.size.units} {entry.cell.upper()}",
            f"{figures.characters_per_second:,.0f}",
            "" if entry.label == "ours" else f"{ratio:,.1f} x",
            f"{share:.0%}" if share else "",
            f"{figures.start:.2f}",
            f"{figures.memory:.0f}",
        )
        print(f"| {' | '.join(cells)} |")


def print_commands(rounds: int) -> None:
    """The table of `python -m model generate`, the command as a person types it."""
    print("\n| `python -m model generate --length 400` | first character, s | memory, MB |")
    print("|---|---|---|")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "model.safetensors"
            file.write_bytes(to_bytes(untrained(Cell.LSTM, size)))
            starts, memories = zip(*(generate(file) for _ in range(rounds)), strict=True)
        print(f"| {size.layers}x{size.units} | {min(starts):.2f} | {min(memories):.0f} |")


def generate(file: Path) -> tuple[float, float]:
    """Seconds until the first character, and the most memory in megabytes."""
    command = [sys.executable, "-m", "model", "generate", str(file), "--length", "400"]
    watched = [sys.executable, "-m", "benchmarks.watching", *command]
    output = subprocess.run(watched, check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, megabytes = json.loads(output)
    return float(seconds), float(megabytes)
