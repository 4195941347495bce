"""A character LSTM in PyTorch as scripts write it: `python -m benchmarks.usual LEARN SCORE 3`.

Two layers of 256 units with dropout between them, random windows from the zero state, float32, Adam
at a constant rate, and whatever it has learned when the time is over. The scoring is that of
`python -m model evaluate`; a character that it has never seen costs one of its known ones at
random, and ln 65,536.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn

from model.evaluation import UNKNOWN_COST

UNITS, LAYERS, DROPOUT = 256, 2, 0.2
STREAMS, LENGTH, RATE = 64, 100, 2e-3
SCORED_AT_ONCE = 10_000


def network_for(vocabulary_size: int) -> Any:  # noqa: ANN401 - torch has no types here
    """Embedding, LSTM, output."""
    return nn.ModuleDict(
        {
            "embedding": nn.Embedding(vocabulary_size, UNITS),
            "layers": nn.LSTM(UNITS, UNITS, LAYERS, dropout=DROPOUT, batch_first=True),
            "output": nn.Linear(UNITS, vocabulary_size),
        }
    )


def read(network: Any, ids: Any, state: Any = None) -> tuple[Any, Any]:  # noqa: ANN401
    """Return the scores of the character after each one, and the state."""
    hidden, after = network["layers"](network["embedding"](ids), state)
    return network["output"](hidden), after


def main() -> None:
    """Learn one text, score another, and print the figure as JSON."""
    began = time.perf_counter()
    learn, score = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])
    known = {character: n for n, character in enumerate(sorted(set(learn)))}
    network = network_for(len(known))
    train(network, torch.tensor([known[c] for c in learn]), began + 60 * float(sys.argv[3]))
    print(json.dumps({"nats_per_character": scored(network, score, known)}))


def train(network: Any, ids: Any, end: float) -> None:  # noqa: ANN401
    """Take steps until the time is over."""
    torch.manual_seed(0)
    adam = torch.optim.Adam(network.parameters(), RATE)
    while time.perf_counter() < end:
        first = torch.randint(len(ids) - LENGTH - 1, (STREAMS, 1))
        window = ids[first + torch.arange(LENGTH + 1)]
        scores, _ = read(network, window[:, :-1])
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), window[:, 1:].flatten())
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        adam.step()


def scored(network: Any, text: str, known: dict[str, int]) -> float:  # noqa: ANN401
    """Return nats per character, of every character but the first."""
    network.train(mode=False)
    every = torch.tensor([known.get(c, 0) for c in text])
    new = torch.tensor([c not in known for c in text])[1:]
    total, state = 0.0, None
    for start in range(0, len(every) - 1, SCORED_AT_ONCE):
        ids = every[start : start + SCORED_AT_ONCE + 1]
        with torch.no_grad():
            scores, state = read(network, ids[None, :-1], state)
        costs = nn.functional.cross_entropy(scores[0], ids[1:], reduction="none")
        costs[new[start : start + len(costs)]] = math.log(len(known)) + UNKNOWN_COST
        total += costs.sum().item()
    return total / (len(every) - 1)


if __name__ == "__main__":
    main()
