"""Where a text stopped, as a value and as bytes.

A bookmark is a value of a few kilobytes that holds all there is to know about a text's
past: the network's state, the seed, and how many characters were drawn. The catalog
keeps one with each text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import safetensors
import safetensors.numpy

from model.errors import BookmarkError
from model.forward import LayerState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where a text stopped: everything needed to go on from there."""

    state: State
    seed: int
    written: int = 0
    """Characters drawn so far, those of stop texts included; the next one takes the
    seed's draw of this number."""
    requested: int = 0
    """How many there would be, had every text ended at the length asked for."""
    last: str = ""
    """The prompt's last grapheme cluster while nothing is drawn, then empty."""

    def to_bytes(self) -> bytes:
        """The bookmark as the bytes of a safetensors file."""
        tensors = {
            f"{n}.{name}": np.ascontiguousarray(tensor)
            for n, layer in enumerate(self.state)
            for name, tensor in layer._asdict().items()
        }
        numbers = np.array([self.seed, self.written, self.requested], np.uint64)
        last = np.frombuffer(self.last.encode(), np.uint8)
        return safetensors.numpy.save(tensors | {"numbers": numbers, "last": last})

    @classmethod
    def from_bytes(cls, data: bytes) -> Bookmark:
        """The bookmark that `to_bytes` wrote.

        Raises:
            BookmarkError: The bytes are something else.
        """
        try:
            tensors = safetensors.numpy.load(data)
            seed, written, requested = map(int, tensors.pop("numbers"))
            last = tensors.pop("last").tobytes().decode()
            state = tuple(
                LayerState(tensors[f"{n}.hidden"], tensors[f"{n}.cell"])
                for n in range(len(tensors) // 2)
            )
        except (safetensors.SafetensorError, KeyError, ValueError) as error:
            raise BookmarkError from error
        return cls(state=state, seed=seed, written=written, requested=requested, last=last)
