from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config import Cell, NetworkConfig
from tests.clock import Clock
from training.batches import held_out
from training.budget import (
    CLOSING_SECONDS,
    ENDING_SECONDS,
    MINIMUM_STEPS,
    SHORTEST_INTERVAL,
    WRITING_SECONDS,
    StepBudget,
    TimeBudget,
)
from training.corpus import MINIMUM_CHARACTERS
from training.errors import CorpusTooShortError, SpecError
from training.recipe import Plan, choose_vocabulary, learning_rate, make_plan
from training.spec import RANGES, RunSpec, Size

specs = st.builds(
    RunSpec,
    epochs=st.integers(1, 100),
    seed=st.integers(0, 2**31 - 1),
    size=st.sampled_from(Size),
    cell=st.none() | st.sampled_from(Cell),
    layers=st.none() | st.integers(1, 4),
    units=st.none() | st.integers(1, 64),
    learning_rate=st.none() | st.floats(1e-6, 1),
    batch_size=st.none() | st.integers(1, 500),
    sequence_length=st.none() | st.integers(1, 500),
    dropout=st.none() | st.floats(0, 0.9),
)


@given(specs, st.integers(MINIMUM_CHARACTERS, 3_000_000))
def test_explicit_options_win_and_an_epoch_has_a_step(spec: RunSpec, characters: int) -> None:
    try:
        plan = make_plan(spec, corpus_characters=characters, vocabulary_size=66)
    except CorpusTooShortError as error:
        assert spec.batch_size or spec.sequence_length
        make_plan(spec, corpus_characters=error.required, vocabulary_size=66)
        return

    training = characters - held_out(characters)
    assert ((training - 1) // plan.batch_size) // plan.sequence_length >= 1
    for chosen, asked in (
        (plan.batch_size, spec.batch_size),
        (plan.sequence_length, spec.sequence_length),
        (plan.learning_rate, spec.learning_rate),
        (plan.dropout.layers, spec.dropout),
        (plan.config.layers, spec.layers),
        (plan.config.hidden_size, spec.units),
        (plan.config.cell, spec.cell),
    ):
        assert asked is None or chosen == asked


@given(st.integers(MINIMUM_CHARACTERS, 3_000_000))
def test_without_options_an_epoch_has_several_steps(characters: int) -> None:
    plan = make_plan(RunSpec(minutes=3), corpus_characters=characters, vocabulary_size=66)

    training = characters - held_out(characters)
    assert ((training - 1) // plan.batch_size) // plan.sequence_length >= 5


@pytest.mark.parametrize(
    ("size", "dimensions"), [("small", (3, 128)), ("medium", (2, 256)), ("large", (2, 512))]
)
def test_sizes_have_names(size: str, dimensions: tuple[int, int]) -> None:
    spec = RunSpec(minutes=1, size=Size(size))

    config = make_plan(spec, corpus_characters=10_000, vocabulary_size=66).config

    assert (config.layers, config.hidden_size) == dimensions


@given(st.integers(MINIMUM_CHARACTERS, 50_000_000), st.floats(0.05, 1000), st.floats(1, 1e6))
def test_a_plan_made_for_minutes_is_one_that_can_be_carried_out(
    characters: int, minutes: float, speed: float
) -> None:
    """On any machine; the more time, the larger the network and the dropout."""
    plans = [
        make_plan(
            RunSpec(minutes=share * minutes),
            corpus_characters=characters,
            vocabulary_size=66,
            speed=speed,
        )
        for share in (1, 2)
    ]

    less, more = plans
    assert less.config.hidden_size <= more.config.hidden_size
    for plan in plans:
        assert 0 <= plan.dropout.recurrent <= plan.dropout.layers <= 0.6
        assert 0 < plan.learning_rate <= 0.02
        assert plan.most_epochs >= 30
        assert Plan.from_json(plan.to_json()) == plan


@given(specs, st.integers(MINIMUM_CHARACTERS, 3_000_000))
def test_a_run_of_epochs_has_as_many_as_were_asked_for(spec: RunSpec, characters: int) -> None:
    with suppress(CorpusTooShortError):
        plan = make_plan(spec, corpus_characters=characters, vocabulary_size=66)
        assert plan.most_epochs >= (spec.epochs or 0)


def test_a_base_keeps_its_dimensions_and_has_the_rate_of_its_size() -> None:
    base = NetworkConfig(
        vocabulary_size=10, cell=Cell.GRU, layers=3, hidden_size=7, embedding_size=5
    )
    spec = RunSpec(minutes=3)

    plan = make_plan(spec, corpus_characters=10_000, vocabulary_size=66, base=base)
    fresh = make_plan(spec, corpus_characters=10_000, vocabulary_size=66)

    assert plan.config == replace(base, vocabulary_size=66)
    expected = fresh.learning_rate * (fresh.config.hidden_size / 7) ** 0.5
    assert plan.learning_rate == pytest.approx(expected)


@given(st.text(max_size=60))
def test_a_character_that_occurs_once_is_unknown_unless_all_do(text: str) -> None:
    known = set(choose_vocabulary(text).characters)

    assert known == ({c for c in text if text.count(c) > 1} or set(text))


def test_the_defaults_of_char_wgu_are_one_command_away() -> None:
    spec = RunSpec(
        epochs=1, layers=3, units=128, sequence_length=50, batch_size=128, learning_rate=1e-2
    )

    plan = make_plan(spec, corpus_characters=1_000_000, vocabulary_size=66)

    assert (plan.config.layers, plan.config.hidden_size) == (3, 128)
    assert (plan.sequence_length, plan.batch_size, plan.learning_rate) == (50, 128, 1e-2)


@given(st.floats(0, 1), st.floats(1e-6, 1))
def test_the_learning_rate_never_leaves_its_cycle(fraction: float, peak: float) -> None:
    assert 0 <= learning_rate(fraction, peak=peak) <= peak


def test_the_schedule_rises_to_its_peak_and_lands_at_zero() -> None:
    assert learning_rate(0.1, peak=4e-3) == pytest.approx(4e-3)
    assert learning_rate(0, peak=4e-3) < 4e-4
    assert learning_rate(1, peak=4e-3) == 0


@given(st.lists(st.floats(0, 5), min_size=30), st.floats(0, 3))
def test_a_run_of_minutes_ends_its_schedule_exactly_when_its_time_ends(
    steps: list[float], validation: float
) -> None:
    clock = Clock()
    budget = TimeBudget(20, clock)
    budget.validation_took(validation)

    fractions = []
    for step, seconds in enumerate([*steps, 30.0, 0.0]):
        fractions.append(budget.fraction(step))
        clock.now += seconds

    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert all(before <= after for before, after in pairwise(fractions))


def test_a_run_that_began_too_late_still_takes_its_few_steps() -> None:
    clock = Clock()
    clock.now = 100.0
    budget = TimeBudget(6, clock)

    fractions = [budget.fraction(step) for step in range(MINIMUM_STEPS + 1)]

    assert fractions == pytest.approx([step / MINIMUM_STEPS for step in range(MINIMUM_STEPS + 1)])


def test_time_for_the_last_validation_is_set_aside() -> None:
    clock = Clock()
    budget = TimeBudget(60, clock)
    budget.validation_took(10)
    clock.now = 50.0

    assert budget.fraction(step=1000) == 1


def test_how_often_is_validated_follows_from_one_that_does_not_compile() -> None:
    """The first one takes ten times as long, and says nothing of the others."""
    budget = TimeBudget(180, Clock())

    budget.validation_took(6)
    after_the_first = budget.validation_interval()
    budget.validation_took(0.6)

    assert after_the_first == SHORTEST_INTERVAL
    assert budget.validation_interval() == pytest.approx(25 * 0.6 / 180)


@given(st.floats(0, 100))
def test_what_is_written_to_be_judged_fits_into_the_time_that_is_left(now: float) -> None:
    """A slow machine has drawn its curve late, and writes less."""
    clock = Clock()
    budget = TimeBudget(60, clock)
    clock.now = now
    least, most = WRITING_SECONDS

    seconds = budget.writing_seconds()

    assert least <= seconds <= most
    assert seconds == least or now + seconds <= 60 - CLOSING_SECONDS + 1e-9
    assert StepBudget(10, 1, clock).writing_seconds() == most


def test_the_time_left_is_the_rest_of_the_time_even_right_after_the_first_step() -> None:
    """The first step, which compiles, says nothing about the speed of the others."""
    clock = Clock()
    budget = TimeBudget(180, clock, most_steps=20_000)
    budget.fraction(0)
    clock.now = 4.0
    budget.fraction(1)
    clock.now += 1e-4
    assert budget.seconds_left(1) == pytest.approx(176, abs=0.1)

    clock.now = 4.0 + 10
    assert budget.seconds_left(1001) == pytest.approx(166)
    assert budget.seconds_left(10_001) == pytest.approx(10, rel=1e-2)


def test_a_resumed_run_goes_on_at_its_fraction_and_uses_the_time_that_was_left() -> None:
    clock = Clock()
    clock.now = 60.0
    budget = TimeBudget(120, clock, first_step=500, fraction_before=0.4)

    at_once = budget.fraction(500)
    clock.now = 60 + (60 - ENDING_SECONDS) / 2
    halfway = budget.fraction(600)
    clock.now = 120.0

    assert at_once == 0.4
    assert halfway == pytest.approx(0.7)
    assert budget.fraction(700) == 1


@given(st.integers(1, 50), st.integers(1, 50))
def test_a_run_of_epochs_depends_on_the_step_alone(epochs: int, steps_per_epoch: int) -> None:
    steps = epochs * steps_per_epoch
    slow = StepBudget(steps, epochs, iter(range(10**6)).__next__)
    fast = StepBudget(steps, epochs, Clock())

    assert [slow.fraction(step) for step in range(steps + 1)] == [
        fast.fraction(step) for step in range(steps + 1)
    ]
    assert fast.fraction(steps) == 1


@given(specs)
def test_a_spec_comes_back_from_its_json(spec: RunSpec) -> None:
    assert RunSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("side", [0, 1])
def test_a_number_out_of_its_range_is_refused_in_a_sentence(name: str, side: int) -> None:
    value = RANGES[name][side] + (1 if side else -1) * 1.5
    lasts = {} if name in ("minutes", "epochs") else {"minutes": 3}

    with pytest.raises(SpecError, match=r"must be from .*\.$"):
        RunSpec(**{name: value}, **lasts)  # type: ignore[arg-type] # names are all of the spec


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_minutes_are_a_finite_number(value: float) -> None:
    with pytest.raises(SpecError, match="minutes"):
        RunSpec(minutes=value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"minutes": 3, "color": 1}', '{"minutes": "x"}'])
def test_a_damaged_spec_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SpecError):
        RunSpec.from_json(text)
