"""One name, one model: in every case and script, under concurrency, for runs too."""

from __future__ import annotations

import asyncio
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import NameTakenError
from storage.names import LONGEST_NAME, name_key, new_name

if TYPE_CHECKING:
    from tests.storage.conftest import House

SAME = [
    ("poems", "POEMS"),
    ("Straße", "STRASSE"),
    ("café", "cafe\u0301"),
    ("abc", "ＡＢＣ"),  # noqa: RUF001 - full width letters are the point
    ("ﬁne", "FINE"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
]

anything = st.text(st.characters(codec=None), max_size=60)


@given(anything)
def test_a_names_key_is_the_same_in_every_case_and_form(name: str) -> None:
    key = name_key(name)

    assert name_key(key) == key
    assert name_key(unicodedata.normalize("NFD", name)) == key
    key.encode()


@given(st.text(min_size=1, max_size=LONGEST_NAME), st.integers(0, 12))
def test_a_default_name_is_never_taken_and_never_too_long(name: str, given_before: int) -> None:
    taken: set[str] = set()
    for _ in range(given_before):
        taken.add(name_key(new_name(name, taken)))

    fresh = new_name(name, taken)

    assert len(taken) == given_before
    assert name_key(fresh) not in taken
    assert len(fresh) <= LONGEST_NAME


def test_a_default_name_counts_from_two() -> None:
    assert new_name("poems", set()) == "poems"
    assert new_name("poems", {"poems"}) == "poems 2"
    assert new_name("Poems", {"poems", "poems 2"}) == "Poems 3"


def test_a_long_name_gives_way_to_its_number_between_graphemes() -> None:
    family = "👨‍👩‍👧‍👦"
    name = family * 5 + "abcde"

    fresh = new_name(name, {name_key(name)})

    assert len(name) == LONGEST_NAME
    assert fresh == family * 5 + "abc 2"
    assert new_name(family * 5, {name_key(family * 5)}) == family * 5 + " 2"
    crowded = "x" + family * 5 + "y" * 4
    assert set(regex.findall(r"\X", new_name(crowded, {name_key(crowded)}))) == {
        *"xy2 ",
        family,
    }


@pytest.mark.parametrize(("name", "same"), SAME)
async def test_a_model_and_an_active_run_keep_their_name_in_whatever_case(
    house: House, name: str, same: str
) -> None:
    run = await house.queue(name)
    with pytest.raises(NameTakenError):
        await house.queue(same)

    await house.catalog.start_run(run.id)
    with pytest.raises(NameTakenError):
        await house.queue(same)

    model = await house.finish(run)
    with pytest.raises(NameTakenError):
        await house.queue(same)
    assert await house.catalog.model_by_name(1, same) == model


async def test_a_name_is_free_again_when_nobody_has_it(house: House) -> None:
    await house.catalog.cancel_run((await house.queue("poems")).id)
    await house.catalog.fail_run((await house.queue("poems")).id, "The disk is full.")
    await house.catalog.forget_run((await house.queue("poems")).id)
    model = await house.model("poems")
    await house.catalog.rename_model(1, model.id, "prose")
    model = await house.model("poems")
    await house.catalog.delete_model(1, model.id)

    assert (await house.queue("poems")).model_name == "poems"


async def test_of_many_runs_with_one_name_exactly_one_is_queued(house: House) -> None:
    outcomes = await asyncio.gather(
        *(house.queue(name) for name in ["poems", "Poems", "POEMS", "pOEMS"] * 5),
        return_exceptions=True,
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, NameTakenError)]
    assert len(refused) == len(outcomes) - 1
    assert len(await house.catalog.active_runs()) == 1


async def test_of_many_runs_with_one_default_name_each_gets_its_own(house: House) -> None:
    runs = await asyncio.gather(
        *(house.queue("poems", name_is_default=True) for _ in range(5)),
    )

    assert {run.model_name for run in runs} == {
        "poems",
        "poems 2",
        "poems 3",
        "poems 4",
        "poems 5",
    }


async def test_a_rename_and_a_run_that_want_one_name_cannot_both_have_it(house: House) -> None:
    model = await house.model("prose")

    outcomes = await asyncio.gather(
        house.catalog.rename_model(1, model.id, "poems"),
        house.queue("Poems"),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes].count(NameTakenError) == 1


async def test_a_refused_rename_changes_nothing(house: House) -> None:
    model = await house.model("prose")
    other = await house.model("poems")
    await house.queue("drama")

    for taken in ("POEMS", "Drama"):
        with pytest.raises(NameTakenError, match=taken):
            await house.catalog.rename_model(1, model.id, taken)

    assert {(each.id, each.name) for each in await house.catalog.models(1)} == {
        (model.id, "prose"),
        (other.id, "poems"),
    }


async def test_a_model_may_take_its_own_name_in_another_case(house: House) -> None:
    model = await house.model("prose")

    renamed = await house.catalog.rename_model(1, model.id, "PROSE")

    assert renamed.name == "PROSE"
    assert await house.catalog.model_by_name(1, "prose") == renamed


async def test_a_check_says_what_queueing_would(house: House) -> None:
    check = partial(house.catalog.check_run, 1, user_id=7, limits=house.unlimited)
    await house.queue("poems")

    with pytest.raises(NameTakenError):
        await check(name="Poems")
    await check(name="prose")
    await check(name=None)

    assert len(await house.catalog.active_runs()) == 1
