"""Lists of models: every order, every page, and what a search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.files import new_id
from storage.records import ModelOrder

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import ModelRecord
    from tests.storage.conftest import House


async def import_model(
    house: House, name: str, *, loss: float | None = 1.5, guild_id: int = 1, sha256: str = "cd" * 32
) -> ModelRecord:
    return await house.catalog.import_model(
        guild_id,
        checkpoint_id=new_id(),
        user_id=8,
        name=name,
        name_is_default=True,
        sha256=sha256,
        file_size=4096,
        step=500,
        validation_loss=loss,
        parameters=1_000_000,
        corpus_characters=0,
        novelty=None,
    )


async def names(house: House, order: ModelOrder) -> list[str]:
    return [model.name for model in await house.catalog.models(1, order=order)]


async def test_models_are_ordered_by_age_name_and_quality(house: House) -> None:
    for name, loss in (("b", 2.0), ("C", None), ("a", 1.0), ("ß", 2.0)):
        await import_model(house, name, loss=loss)

    assert await names(house, ModelOrder.NEWEST) == ["ß", "a", "C", "b"]
    assert await names(house, ModelOrder.NAME) == ["a", "b", "C", "ß"]
    assert await names(house, ModelOrder.BEST) == ["a", "ß", "b", "C"]


async def test_models_are_ordered_by_their_last_text(
    house: House, set_clock: Callable[[float], None]
) -> None:
    models = [await import_model(house, name) for name in "abcd"]
    for second, number in enumerate((2, 0, 2, 1, 0)):
        set_clock(1_700_000_000 + second)
        await house.generation(models[number])

    assert await names(house, ModelOrder.LAST_USED) == ["a", "b", "c", "d"]


async def test_pages_put_together_are_the_list(house: House) -> None:
    for number in range(7):
        await import_model(house, f"m{number}")
    await import_model(house, "m of another guild", guild_id=2)

    pages = [
        model.name
        for offset in range(0, 9, 3)
        for model in await house.catalog.models(1, limit=3, offset=offset)
    ]

    assert pages == await names(house, ModelOrder.NEWEST)
    assert await house.catalog.count_models(1) == len(pages) == 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Straße", "50%_off", "Poems"]),
        ("STRASSE", ["Straße"]),
        ("%", ["50%_off"]),
        ("e", ["Straße", "Poems"]),
        ("x", []),
        ("\ud800", []),
    ],
)
async def test_a_search_finds_what_a_name_contains_in_any_case(
    house: House, text: str, found: list[str]
) -> None:
    for name in ("Poems", "50%_off", "Straße"):
        await import_model(house, name)

    assert [model.name for model in await house.catalog.models(1, search=text)] == found
    assert await house.catalog.count_models(1, text) == len(found)


async def test_the_last_use_is_one_step_in_the_index(house: House) -> None:
    """Not as many as there are texts, which are many more than models."""
    rows = await house.database.read(
        "EXPLAIN QUERY PLAN SELECT max(created_at) FROM generations WHERE checkpoint_id = ?", ("c",)
    )

    [detail] = [row["detail"] for row in rows]
    assert "COVERING INDEX generations_of_checkpoint (checkpoint_id=?)" in detail


async def test_an_imported_model_is_known_by_its_file(house: House) -> None:
    first = await import_model(house, "first", sha256="01" * 32)
    await import_model(house, "again", sha256="01" * 32)
    await import_model(house, "theirs", guild_id=2, sha256="02" * 32)

    assert await house.catalog.model_of_file(1, "01" * 32) == first
    assert await house.catalog.model_of_file(1, "02" * 32) is None
    assert (first.imported, first.is_current) == (True, True)
    assert not (await house.model("trained")).imported
