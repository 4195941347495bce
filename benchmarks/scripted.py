"""A writer for PyTorch's compiler."""

from __future__ import annotations

import torch


class CellWriter(torch.nn.Module):  # type: ignore[misc]  # PyTorch is no dependency of ours
    """Embedding, one LSTMCell a layer, and a linear output."""

    def __init__(self, vocabulary_size: int, layers: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.embedding = torch.nn.Embedding(vocabulary_size, units)
        self.cells = torch.nn.ModuleList(torch.nn.LSTMCell(units, units) for _ in range(layers))
        self.linear = torch.nn.Linear(units, vocabulary_size)

    def forward(self, length: int, temperature: float) -> list[int]:
        """Write so many characters."""
        hidden = [torch.zeros(1, self.units) for _ in self.cells]
        cell = [torch.zeros(1, self.units) for _ in self.cells]
        ids = torch.ones(1, dtype=torch.long)
        written: list[int] = []
        for _ in range(length):
            x = self.embedding(ids)
            for n, layer in enumerate(self.cells):
                hidden[n], cell[n] = layer(x, (hidden[n], cell[n]))
                x = hidden[n]
            ids = torch.multinomial(torch.softmax(self.linear(x) / temperature, -1), 1)[0]
            written.append(int(ids.item()))
        return written
