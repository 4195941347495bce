"""Every button, menu and form, with ids of another guild in its custom_id: nothing comes of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.requests import Listing
from bot.views import CONTROLS, FORMS, submit_form
from bot.views.forms import NAME, PROMPT, SEARCH
from bot.views.places import Place, target_of

if TYPE_CHECKING:
    from bot.views.base import Control
    from tests.bot.conftest import Core

WITHOUT_ID = {"ListModels", "ChooseModel", "ChooseOrder", "SearchModels", "LeaveOut", "TakeIn"}
"""What acts on no id, but on the guild's own list or on whoever presses it."""


class Stranger:
    """An interaction of somebody who manages guild 2; keeps whatever would reach Discord."""

    def __init__(self, core: Core, custom_id: str, *values: str) -> None:
        self.client = SimpleNamespace(service=core.service)
        self.guild_id, self.channel_id = 2, 20
        self.user = discord.Object(100)
        self.permissions = self.app_permissions = discord.Permissions(administrator=True)
        self.channel = None
        self.custom_id = custom_id
        self.filesize_limit = 10**9
        self.data = {
            "custom_id": custom_id,
            "values": list(values),
            "components": [
                {"component": {"custom_id": entry, "value": "Mine"}}
                for entry in (NAME, PROMPT, SEARCH)
            ],
        }
        self.said: list[str] = []
        self.response = self.followup = self
        self.type: discord.InteractionResponseType | None = None

    def is_done(self) -> bool:
        return self.type is not None

    async def defer(self, **_: object) -> None:
        self.type = discord.InteractionResponseType.deferred_channel_message

    async def send_message(self, text: str, *, ephemeral: bool = False) -> None:
        assert ephemeral
        self.said.append(text)

    send = send_message

    async def delete_original_response(self) -> None:
        pass

    async def edit_message(self, **fields: object) -> None:
        pytest.fail(f"something was shown: {fields}")

    edit_original_response = send_modal = edit_message


def press(kind: type[Control[Any]], target: str, *values: str) -> Control[Any]:
    """The control as a press on it brings it back."""
    item: Any = SimpleNamespace(values=list(values), custom_id=kind.id_for(target))
    control = kind.__new__(kind)
    control.item, control.target = item, target
    return control


@pytest.mark.parametrize("kind", CONTROLS, ids=lambda kind: kind.__name__)
async def test_a_control_reaches_nothing_of_another_guild(
    core: Core, kind: type[Control[Any]]
) -> None:
    model = await core.trained("Poems")
    written = await core.write(length=5)
    await core.trained("Own", by=core.stranger)
    run_id = await core.queued("later")
    await core.reporter.first("training", run_id)
    state = (await core.catalog.models(1), await core.catalog.run(1, run_id), core.files())
    listing = target_of(Listing())
    targets = [model.id, written.generation.id, run_id, Place(model_id=model.id).target]
    targets = [target for target in targets if kind.acts_on(kind.id_for(target))]
    values = [model.id, model.checkpoint.id]
    if kind.__name__ in WITHOUT_ID:
        targets, values = ([listing] if kind.__name__ == "ChooseModel" else []), values[:1]

    for target in targets:
        stranger: Any = Stranger(core, kind.id_for(target), *values)
        await press(kind, target, *values).callback(stranger)

        assert len(stranger.said) == 1
        assert "Something went wrong" not in stranger.said[0]
        assert "Poems" not in stranger.said[0]
    assert targets or kind.__name__ in WITHOUT_ID
    assert state == (
        await core.catalog.models(1),
        await core.catalog.run(1, run_id),
        core.files(),
    )


@pytest.mark.parametrize("form", [form for form, _ in FORMS if "search" not in form])
async def test_a_form_reaches_nothing_of_another_guild(core: Core, form: str) -> None:
    model = await core.trained("Poems")
    written = await core.write(length=5)
    prefix = form.partition("(")[0]
    target = Place(model_id=model.id).target if "models" in form else written.generation.id

    stranger: Any = Stranger(core, prefix + target)
    await submit_form(stranger)

    assert len(stranger.said) == 1
    assert "Something went wrong" not in stranger.said[0]
    assert await core.catalog.models(1) == [model]
