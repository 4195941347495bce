from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.batches import Streams, characters_for, held_out, scored_batches

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn


@st.composite
def streams_of_distinct_ids(draw: DrawFn) -> Streams:
    """Streams over 0, 1, 2, ... so that an id tells its place."""
    batch_size, sequence_length = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    length = draw(st.integers(batch_size * sequence_length + 1, 400))
    ids = np.arange(length, dtype=np.int32)
    return Streams(ids, batch_size, sequence_length, draw(st.integers(0, 2**31 - 1)))


@given(streams_of_distinct_ids(), st.integers(0, 50))
def test_targets_are_the_characters_after_the_inputs(streams: Streams, step: int) -> None:
    inputs, targets, _ = streams.batch(step)

    assert inputs.shape == targets.shape == (streams.batch_size, streams.sequence_length)
    assert (targets == (inputs + 1) % len(streams.ids)).all()


@given(streams_of_distinct_ids(), st.integers(0, 3))
def test_an_epoch_sees_each_character_once_but_for_the_remainder(
    streams: Streams, epoch: int
) -> None:
    first = epoch * streams.steps_per_epoch
    steps = range(first, first + streams.steps_per_epoch)

    seen = Counter(int(i) for step in steps for i in streams.batch(step).inputs.flat)

    assert set(seen.values()) == {1}
    left_out = len(streams.ids) - len(seen)
    assert left_out <= streams.batch_size * (1 + streams.sequence_length)


@given(streams_of_distinct_ids(), st.integers(0, 50))
def test_each_stream_goes_on_in_the_next_chunk_where_it_stopped(
    streams: Streams, step: int
) -> None:
    now, then = streams.batch(step), streams.batch(step + 1)

    if not then.starts_epoch:
        assert (then.inputs[:, 0] == now.targets[:, -1]).all()


@given(streams_of_distinct_ids(), st.integers(0, 50))
def test_a_batch_is_a_function_of_seed_and_step(streams: Streams, step: int) -> None:
    again = Streams(streams.ids, streams.batch_size, streams.sequence_length, streams.seed)

    assert (streams.batch(step).inputs == again.batch(step).inputs).all()
    assert streams.batch(step).starts_epoch == (step % streams.steps_per_epoch == 0)


def test_every_epoch_begins_elsewhere() -> None:
    streams = Streams(np.arange(10_000, dtype=np.int32), 4, 10, seed=1)

    assert len({streams.offset(epoch) for epoch in range(20)}) > 15


@given(st.integers(2, 300), st.integers(1, 7), st.integers(1, 20))
def test_validation_scores_every_character_but_the_first_once(
    length: int, batch_size: int, sequence_length: int
) -> None:
    ids = np.arange(length, dtype=np.int32)

    scored = Counter[int]()
    for inputs, targets, counts in scored_batches(ids, batch_size, sequence_length):
        assert inputs.shape == targets.shape == counts.shape == (batch_size, sequence_length)
        assert (targets == inputs + 1).all()
        scored.update(targets[counts == 1].tolist())

    assert scored == Counter(range(1, length))


def test_validation_streams_go_on_from_chunk_to_chunk() -> None:
    ids = np.arange(1, 101, dtype=np.int32)

    first, second, *_ = scored_batches(ids, 3, 10)

    assert (second.inputs[:, 0] == first.targets[:, -1]).all()


@given(st.integers(1_000, 10_000_000))
def test_what_is_held_out_is_small_and_never_tiny(characters: int) -> None:
    held = held_out(characters)

    assert 300 <= held <= 20_000
    assert held <= max(300, characters / 20)


@given(st.integers(1, 5_000_000))
def test_a_text_of_the_length_asked_for_leaves_enough_to_train_on(training: int) -> None:
    characters = characters_for(training)

    assert characters - held_out(characters) >= training
    assert characters - held_out(characters) <= training * 1.01 + 301
