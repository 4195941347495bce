"""Which messages were met before, in eight bytes each.

Exports overlap, so every id counts; a Python set of a million of them takes 100 MB. Ids
ascend within an export, or descend, so full blocks of them hardly overlap, and a look at
their ends tells in most cases that an id is in none of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left

BLOCK = 50_000


class Identities:
    """A set of message ids (64 bits) that only grows."""

    def __init__(self) -> None:
        self._fresh: set[int] = set()
        self._blocks: list[array[int]] = []

    def add(self, identity: int) -> bool:
        """Add an id and return whether it is new."""
        if identity in self._fresh or any(_holds(block, identity) for block in self._blocks):
            return False
        self._fresh.add(identity)
        if len(self._fresh) >= BLOCK:
            self._blocks.append(array("Q", sorted(self._fresh)))
            self._fresh.clear()
        return True


def _holds(block: array[int], identity: int) -> bool:
    if not block[0] <= identity <= block[-1]:
        return False
    return block[bisect_left(block, identity)] == identity
