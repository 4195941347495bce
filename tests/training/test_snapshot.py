from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config import Dropout, NetworkConfig
from model.forward import from_named, to_named
from training.errors import SnapshotError
from training.history import History, Measurement
from training.recipe import Plan
from training.snapshot import Position, Snapshot, fingerprint, from_bytes, history_in, to_bytes
from training.spec import RunSpec

CONFIG = NetworkConfig(vocabulary_size=5, layers=1, hidden_size=3, embedding_size=2)
PLAN = Plan(CONFIG, batch_size=4, sequence_length=8, learning_rate=1e-3, dropout=Dropout(0.1, 0.2))
SPEC = RunSpec(epochs=1, seed=1)
RUN = fingerprint(SPEC, "text", None)
MEASURED = Measurement(step=3, fraction=0.5, seconds=1.5, loss=2.0)
HISTORY = History().trained(MEASURED).validated(MEASURED)


def some_snapshot(position: Position) -> Snapshot:
    random = np.random.default_rng(0)
    named = {name: random.normal(size=s).astype(np.float32) for name, s in CONFIG.shapes().items()}
    learner = {"weight.0": random.normal(size=(2, 3)).astype(np.float32)}
    return Snapshot(PLAN, position, learner, from_named(named, 1), HISTORY)


positions = st.builds(
    Position,
    step=st.integers(0, 2**40),
    fraction=st.floats(0, 1),
    seconds=st.floats(0, 1e9),
    validation_loss=st.floats(0),
    next_validation=st.floats(0, 2),
    best_loss=st.floats(0),
    best_step=st.integers(0, 2**40),
)


@given(positions)
def test_a_snapshot_comes_back_from_its_bytes(position: Position) -> None:
    snapshot = some_snapshot(position)

    back = from_bytes(to_bytes(snapshot, RUN), RUN)

    assert back.plan == PLAN
    assert back.position == position
    assert back.history == history_in(to_bytes(snapshot, RUN)) == HISTORY
    assert back.learner.keys() == snapshot.learner.keys()
    assert (back.learner["weight.0"] == snapshot.learner["weight.0"]).all()
    for name, tensor in to_named(snapshot.best).items():
        assert (to_named(back.best)[name] == tensor).all()


@given(st.data())
def test_a_flipped_byte_or_a_cut_is_noticed(data: st.DataObject) -> None:
    content = bytearray(to_bytes(some_snapshot(Position(step=3)), RUN))
    place = data.draw(st.integers(0, len(content) - 1))
    flipped = content.copy()
    flipped[place] ^= data.draw(st.integers(1, 255))

    for damaged in (bytes(flipped), bytes(content[:place])):
        with pytest.raises(SnapshotError):
            from_bytes(damaged, RUN)


@pytest.mark.parametrize(
    "other",
    [
        fingerprint(replace(SPEC, seed=2), "text", None),
        fingerprint(replace(SPEC, layers=2), "text", None),
        fingerprint(SPEC, "Text", None),
        fingerprint(SPEC, "text", "the hash of a base"),
    ],
)
def test_the_snapshot_of_another_run_is_refused(other: str) -> None:
    content = to_bytes(some_snapshot(Position()), RUN)

    with pytest.raises(SnapshotError, match="another run"):
        from_bytes(content, other)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x02" + bytes(7) + b"{}"])
def test_what_is_no_snapshot_has_no_history(content: bytes) -> None:
    assert history_in(content) == History()
