"""Forms (modals). Like buttons they carry what they act on in their custom_id.

discord.py would keep every opened form in memory and forget them all with the process; a form
that is stopped before it is sent is not kept, and `bot.views.submit_form` answers it whenever
it comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

from bot.views.places import LONGEST_SEARCH, target_of
from bot.words import say
from bot.writing.orders import LONGEST_PROMPT

if TYPE_CHECKING:
    from bot.requests import Listing
    from bot.views.answers import Interaction
    from bot.views.places import Place
    from storage.records import GenerationRecord, ModelRecord

Entry = discord.ui.TextInput["discord.ui.View"]

PROMPT = "prompt"
NAME = "name"
SEARCH = "search"
NAME_CHARACTERS = 100
"""More than a name may have, so that the refusal can say what is wrong with it."""


def rename_form(model: ModelRecord, place: Place) -> discord.ui.Modal:
    """Asks for a model's new name."""
    entry = Entry(custom_id=NAME, default=model.name, min_length=1, max_length=NAME_CHARACTERS)
    label = discord.ui.Label(text=say("form-rename.name"), component=entry)
    return form(say("form-rename"), f"models:rename:{place.target}", label)


def search_form(listing: Listing) -> discord.ui.Modal:
    """Asks for what the names of the wanted models contain."""
    entry = Entry(
        custom_id=SEARCH,
        default=listing.search or None,
        required=False,
        max_length=LONGEST_SEARCH,
    )
    label = discord.ui.Label(text=say("form-search.name"), component=entry)
    return form(say("form-search"), f"models:search:{target_of(listing)}", label)


def prompt_form(generation: GenerationRecord) -> discord.ui.Modal:
    """Asks for the prompt of another text."""
    entry = Entry(
        custom_id=PROMPT,
        style=discord.TextStyle.paragraph,
        default=generation.prompt,
        required=False,
        max_length=LONGEST_PROMPT,
    )
    label = discord.ui.Label(
        text=say("form-prompt.prompt"),
        description=say("form-prompt.description"),
        component=entry,
    )
    return form(say("form-prompt"), f"generate:edit:{generation.id}", label)


def form(title: str, custom_id: str, *labels: discord.ui.Label[Any]) -> discord.ui.Modal:
    """A form with these entries, stopped before it is sent."""
    asked = discord.ui.Modal(title=title, custom_id=custom_id)
    for label in labels:
        asked.add_item(label)
    asked.stop()
    return asked


def entries(interaction: Interaction) -> dict[str, str]:
    """What was typed into a form, by the fields' custom_ids."""
    found: dict[str, str] = {}
    waiting: list[Any] = list(cast("dict[str, Any]", interaction.data).get("components", ()))
    while waiting:
        component = waiting.pop()
        waiting += component.get("components", ())
        waiting += filter(None, [component.get("component")])
        if "custom_id" in component and "value" in component:
            found[component["custom_id"]] = component["value"]
    return found
