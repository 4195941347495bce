"""How fast a network is trained, by us and by others, beside the floor of arithmetic.

Each trainer of `benchmarks.trainers` runs in a process of its own; all of them take turns for
several rounds, and each figure is the best of its rounds. The work is the same: a network without
dropout reads 64 streams and takes a step of Adam with clipped gradients.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.networks import Size
from model.config import Cell

if TYPE_CHECKING:
    import argparse

SIZES = (Size(3, 128), Size(2, 256), Size(2, 512))
TRAINERS = {
    "ours": "ours",
    "ours, float32": "ours_float32",
    "Keras's layers, as on a GPU": "keras_layers",
    "PyTorch, bfloat16 autocast, one-hot input": "torch_bfloat16",
    "PyTorch, float32": "torch_float32",
}


class Entry(NamedTuple):
    """A line of the table."""

    label: str
    cell: Cell
    size: Size


ENTRIES = [
    Entry(label, cell, size)
    for cell, sizes in ((Cell.LSTM, SIZES), (Cell.GRU, SIZES[1:2]))
    for size in sizes
    for label in TRAINERS
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of this subject."""
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--ours", action="store_true", help="without PyTorch")
    parser.set_defaults(subject=run)


def run(options: argparse.Namespace) -> None:
    """Measure everything and print the table."""
    entries = [e for e in ENTRIES if not (options.ours and "PyTorch" in e.label)]
    found: dict[Entry, list[dict[str, float]]] = {entry: [] for entry in entries}
    for _ in range(options.rounds):
        for entry in entries:
            found[entry].append(measure(entry))
    best = {e: max(f["characters_per_second"] for f in each) for e, each in found.items()}
    print("| trainer | network | characters/s | ours is | of the floor |")
    print("|---|---|---|---|---|")
    for entry, figures in found.items():
        ours = best[entry._replace(label="ours")]
        floor = max(figure.get("floor_per_second", 0) for figure in figures)
        cells = (
            entry.label,
            f"{entry.size.layers}x{entry.size.units} {entry.cell.upper()}",
            f"{best[entry]:,.0f}",
            "" if entry.label == "ours" else f"{ours / best[entry]:.2f} x",
            f"{best[entry] / floor:.0%}" if floor else "",
        )
        print(f"| {' | '.join(cells)} |")


def measure(entry: Entry) -> dict[str, float]:
    """Run one trainer in a process of its own."""
    arguments = (TRAINERS[entry.label], entry.cell, *map(str, entry.size))
    command = [sys.executable, "-m", "benchmarks.trainers", *arguments]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    figures: dict[str, float] = json.loads(output.splitlines()[-1])
    return figures
