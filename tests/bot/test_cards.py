"""What a list and a card show, and that Discord takes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import plain
from bot.requests import Details, Listed, Listing
from bot.sandbox.component_limits import check_layout
from bot.sandbox.problems import Problems
from bot.views.cards import card_parts, list_parts
from bot.views.models import ChooseCheckpoint, ChooseModel, ChooseOrder
from bot.views.pages import Page
from bot.views.places import LONGEST_SEARCH, Place, listing_from, target_of
from model.header import Header, TrainingRecord
from storage.records import ModelOrder
from tests.bot.test_commands import ID, model
from tests.bot.uploads import small_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from storage.records import ModelRecord

CONFIG = small_checkpoint().config
HEADER = Header(CONFIG, small_checkpoint().vocabulary, TrainingRecord(epochs=9.31), None)
LISTINGS = st.builds(
    Listing,
    page=st.integers(0, 9999),
    order=st.sampled_from(ModelOrder),
    search=st.text(st.characters(exclude_characters="\n"), max_size=LONGEST_SEARCH),
)


def details(shown: ModelRecord, **changes: Any) -> Details:
    facts = {"header": HEADER, "base": None, "curve": None, "checkpoints": [shown.checkpoint]}
    return Details(model=shown, **(facts | changes))


def listed(models: list[ModelRecord], **changes: int) -> Listed:
    facts = {"page": 0, "pages": 1, "count": len(models)}
    return Listed(models=models, **(facts | changes))


def text_of(page: Page) -> str:
    """All text, after Discord's limits were checked."""
    view: Any = page.view()
    payload = view.to_components()
    problems = Problems()
    check_layout(payload, {"attachment://curve.png"}, problems)
    problems.raise_found()
    return "\n".join(part.get("content", "") for part in payload[-1]["components"])


@given(LISTINGS)
def test_a_place_survives_its_custom_id(listing: Listing) -> None:
    place = Place(model_id=ID, listing=listing)

    assert listing_from(target_of(listing)) == listing
    assert Place.from_target(place.target) == place


@pytest.mark.parametrize("target", ["", ID, "n0", "-1n", "99999n", f"{ID}:x"])
def test_a_forged_place_is_the_beginning(target: str) -> None:
    assert Place.from_target(target).listing == Listing()


@pytest.mark.parametrize("name", ["Ann", "*" * 40, "@everyone", "[a](https://b)", "😀" * 40])
def test_cards_stay_within_discords_limits_and_show_no_markup(name: str, tmp_path: Path) -> None:
    shown = model(name, bits=12.345, novelty=0.0)
    all_of_it = details(
        shown, base=shown, curve=tmp_path, checkpoints=[shown.checkpoint], header=HEADER
    )
    many = [replace(shown, id=f"{number:032x}") for number in range(10)]
    listing = Listing(search=name[:LONGEST_SEARCH])

    card = Page(parts=card_parts(all_of_it), note=name[:40])
    rows: list[list[Any]] = [[ChooseModel.among(many, listing)], [ChooseOrder.on(listing)]]
    listing_page = Page(parts=list_parts(listed(many, pages=9, count=90), listing), rows=rows)

    assert plain(name) in text_of(card)
    assert text_of(listing_page).count(plain(name)) >= 10


def test_a_menu_of_checkpoints_holds_the_newest_25() -> None:
    shown = model("Ann")
    many = [replace(shown.checkpoint, id=f"{number:032x}") for number in range(60)]

    menu = ChooseCheckpoint.among(details(shown, checkpoints=many), Place(model_id=ID))

    assert len(menu.item.options) == 25


def test_a_card_tells_all_figures() -> None:
    text = text_of(Page(parts=card_parts(details(model("Ann")))))

    assert text == (
        "### Ann\n-# This server writes with it.\n"
        "**2.16 bits per character** (fewer is better) · **97 %** of what it writes is new\n"
        "Learned from 20,000,000 characters, read 9.3 times\n"
        "1 \N{MULTIPLICATION SIGN} 8 LSTM · 10,000,000 parameters · 0 KiB\n"
        "Trained by <@2> <t:1700000000:R>"
    )


def test_an_imported_model_says_so() -> None:
    text = text_of(Page(parts=card_parts(details(replace(model("Ann"), imported=True)))))

    assert "Imported by <@2> <t:1700000000:R>, without its loss curve" in text


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (None, "Base: a model that this server does not have"),
        (replace(model("B*b"), id="b" * 32), "Base: B\\*b"),
        (model("Ann"), "Base: an earlier checkpoint of its own"),
    ],
)
def test_a_card_tells_the_base(base: ModelRecord | None, said: str) -> None:
    header = HEADER._replace(base="f" * 64)

    assert said in text_of(Page(parts=card_parts(details(model("Ann"), header=header, base=base))))


@pytest.mark.parametrize(
    ("novelty", "figure", "warns"),
    [(0.97, "97 %** of what", False), (0.41, "41 %** of what", True), (None, None, False)],
)
def test_a_card_tells_a_models_novelty_and_warns_where_it_recites(
    novelty: float | None, figure: str | None, *, warns: bool
) -> None:
    text = text_of(Page(parts=card_parts(details(model("Ann", novelty=novelty)))))

    assert (figure or "character") in text
    assert ("is new" in text) == (novelty is not None)
    assert ("recites parts of its text" in text) == warns


@pytest.mark.parametrize(
    ("count", "pages", "listing", "summary"),
    [
        (1, 1, Listing(), "-# 1 model"),
        (2, 1, Listing(order=ModelOrder.BEST), "-# 2 models · best first"),
        (90, 9, Listing(), "-# 90 models · newest first · page 1 of 9"),
        (0, 1, Listing(search="x*"), "-# 0 models with “x\\*” in the name"),
    ],
)
def test_a_list_says_which_part_it_shows(
    count: int, pages: int, listing: Listing, summary: str
) -> None:
    models = [model("Ann")] * min(count, 10)

    text = text_of(Page(parts=list_parts(listed(models, pages=pages, count=count), listing)))

    assert summary in text.split("\n")
