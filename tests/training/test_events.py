from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.events import (
    Event,
    Failed,
    Finished,
    Progress,
    Recovered,
    Sample,
    Started,
    bits,
    decode,
    encode,
)

number = st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(0, 2**53)
events = st.one_of(
    st.builds(
        Started,
        characters=whole,
        training_characters=whole,
        vocabulary_size=whole,
        parameters=whole,
        cell=st.text(),
        layers=whole,
        hidden_size=whole,
        device=st.text(),
    ),
    st.builds(
        Progress,
        fraction=number,
        step=whole,
        epoch=number,
        loss=number,
        validation_loss=st.none() | number,
        bits_per_character=st.none() | number,
        characters_per_second=number,
        seconds=number,
        seconds_left=number,
        first_bits_per_character=st.none() | number,
    ),
    st.builds(Sample, text=st.text(), step=whole, seconds=number),
    st.builds(
        Finished,
        checkpoint=st.text(),
        step=whole,
        epochs=number,
        validation_loss=number,
        bits_per_character=number,
        seconds=number,
        sample=st.text(),
        samples=st.dictionaries(st.text(), st.text(), max_size=3),
        first_bits_per_character=st.none() | number,
        asked=st.booleans(),
        novelty=st.none() | number,
        early=st.booleans(),
        recoveries=whole,
        curve=st.none() | st.text(),
    ),
    st.builds(Recovered, step=whole, learning_rate=number),
    st.builds(
        Failed,
        reason=st.text(),
        error=st.text(),
        facts=st.dictionaries(st.text(), st.text() | whole | st.lists(st.text()), max_size=3),
    ),
)


@given(events)
def test_every_event_comes_back_from_its_line(event: Event) -> None:
    line = encode(event)

    assert decode(line) == event
    assert decode(line.encode()) == event


@given(events)
def test_an_event_is_one_line_however_many_its_text_has(event: Event) -> None:
    assert len(encode(event).splitlines()) == 1


@given(st.text())
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not an event"):
        decode(line)


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{}",
        '{"event": "unheard"}',
        '{"event": []}',
        '{"event": "failed"}',
        b"\xff{",
        "[" * 9999,
    ],
)
def test_almost_events_are_refused(line: str | bytes) -> None:
    with pytest.raises(ValueError, match="not an event"):
        decode(line)


def test_a_field_that_a_later_version_adds_is_ignored() -> None:
    line = json.dumps({"event": "failed", "reason": "No.", "color": "red"})

    assert decode(line) == Failed(reason="No.")


def test_a_loss_of_ln_2_is_one_bit() -> None:
    assert bits(math.log(2)) == 1
