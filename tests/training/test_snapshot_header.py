"""What a snapshot's header says is as safe as its numbers."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import safetensors.numpy

from model.forward import to_named
from tests.training.test_snapshot import RUN, some_snapshot
from training.errors import SnapshotError
from training.snapshot import Position, from_bytes, to_bytes

if TYPE_CHECKING:
    from training.snapshot import Snapshot

CONTENT = to_bytes(some_snapshot(Position(step=3)), RUN)
LENGTH = 8 + int.from_bytes(CONTENT[:8], "little")

FLIPS = [*(1 << bit for bit in range(8)), ord("F") ^ ord("I"), ord("F") ^ ord("U")]
"""Every bit of a byte, and what makes other numbers of F32."""


def parts(snapshot: Snapshot) -> list[Any]:
    """All of a snapshot, so that two can be compared."""
    tensors = {**snapshot.learner, **to_named(snapshot.best)}
    named = {name: (t.dtype.str, t.shape, t.tobytes()) for name, t in tensors.items()}
    return [snapshot.plan, snapshot.position, snapshot.history, named]


def as_before(content: bytes) -> bytes:
    """The same snapshot with the hash of an older version, over names and numbers alone."""
    with_hash = content[8:LENGTH].decode()
    metadata = metadata_of(content)
    digest = hashlib.sha256(
        (metadata["plan"] + metadata["position"] + metadata["history"]).encode()
    )
    for name, tensor in sorted(safetensors.numpy.load(content).items()):
        digest.update(name.encode())
        digest.update(tensor.tobytes())
    header = with_hash.replace(metadata["hash"], digest.hexdigest())
    assert header != with_hash
    return content[:8] + header.encode() + content[LENGTH:]


def metadata_of(content: bytes) -> dict[str, str]:
    metadata: dict[str, str] = json.loads(content[8:LENGTH])["__metadata__"]
    return metadata


@pytest.mark.slow
@pytest.mark.parametrize("content", [CONTENT, as_before(CONTENT)], ids=["now", "before"])
def test_a_flip_in_the_header_is_noticed_or_changes_nothing(content: bytes) -> None:
    """Such as a space that becomes a tab; weights never come back as integers."""
    whole = parts(from_bytes(content, RUN))
    refused = 0

    for place in range(LENGTH):
        for flip in FLIPS:
            damaged = bytearray(content)
            damaged[place] ^= flip
            try:
                assert parts(from_bytes(bytes(damaged), RUN)) == whole, (place, flip)
            except SnapshotError:
                refused += 1

    assert refused > (LENGTH - 64) * len(FLIPS)


def test_other_shapes_of_the_same_numbers_are_noticed() -> None:
    transposed = CONTENT.replace(b"[2,3]", b"[3,2]")
    assert transposed != CONTENT

    with pytest.raises(SnapshotError, match="damaged"):
        from_bytes(transposed, RUN)


def test_a_run_that_an_older_version_interrupted_goes_on() -> None:
    assert parts(from_bytes(as_before(CONTENT), RUN)) == parts(from_bytes(CONTENT, RUN))
