"""Where somebody is in /models, as the end of a custom_id.

    listing : PAGE ORDER SEARCH          `0n`, or `3bpoe`: page 4, best first, with "poe" in it
    place   : MODEL_ID:LISTING           a model's card, and the list that it was chosen from

So the way back from a card leads to the page, the order and the search that one came from,
after a restart of the bot too. All of it comes back from Discord and is not believed: a page
that does not exist is the last one, and a model is looked for in the guild alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.requests import Listing
from storage.records import ModelOrder

LONGEST_SEARCH = 20
"""Characters: with them a custom_id still has at most 100, however they are counted."""

LETTERS = {
    ModelOrder.NEWEST: "n",
    ModelOrder.NAME: "a",
    ModelOrder.BEST: "b",
    ModelOrder.LAST_USED: "u",
}
_ORDERS = {letter: order for order, letter in LETTERS.items()}

LISTING_PATTERN = rf"\d{{1,4}}[{''.join(_ORDERS)}].{{0,{LONGEST_SEARCH}}}"
PLACE_PATTERN = rf"[0-9a-f]{{32}}(?::{LISTING_PATTERN})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A model's card."""

    model_id: str
    listing: Listing = field(default_factory=Listing)

    @classmethod
    def from_target(cls, target: str) -> Place:
        """The place that a custom_id ends with."""
        model_id, _, listing = target.partition(":")
        return cls(model_id=model_id, listing=listing_from(listing))

    @property
    def target(self) -> str:
        """The place as the end of a custom_id."""
        return f"{self.model_id}:{target_of(self.listing)}"


def target_of(listing: Listing) -> str:
    """The listing as the end of a custom_id."""
    return f"{listing.page}{LETTERS[listing.order]}{listing.search[:LONGEST_SEARCH]}"


def listing_from(target: str) -> Listing:
    """The listing that a custom_id ends with; the beginning of all models without one."""
    match = re.match(rf"(\d{{1,4}})([{''.join(_ORDERS)}])", target)
    if match is None:
        return Listing()
    return Listing(page=int(match[1]), order=_ORDERS[match[2]], search=target[match.end() :])
