"""Forms (modals). Like buttons they carry what they act on in their custom_id.

discord.py would keep every opened form in memory and forget them all with the process; a form
that is stopped before it is sent is not kept, and `bot.views.submit_form` answers it whenever
it comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import discord

if TYPE_CHECKING:
    from bot.views.answers import Interaction
    from storage.records import ModelRecord

NAME = "name"
LONGEST_ENTRY = 100
"""More than a name may have, so that the refusal can say what is wrong with it."""


def rename_form(model: ModelRecord) -> discord.ui.Modal:
    """Asks for a model's new name."""
    form = discord.ui.Modal(title="Rename the model", custom_id=f"models:rename:{model.id}")
    entry = discord.ui.TextInput["discord.ui.View"](
        custom_id=NAME, default=model.name, min_length=1, max_length=LONGEST_ENTRY
    )
    form.add_item(discord.ui.Label(text="New name", component=entry))
    form.stop()
    return form


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
