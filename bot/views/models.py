"""The private message of /models: a list with a menu, a card with buttons.

Every press replaces the message by what it is now: list, card, or the question before a model
is deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.errors import NoModelError, NotAllowedError, RefusedError
from bot.rendering import plain
from bot.views.answers import caller
from bot.views.base import Control, PressButton, view_of
from bot.views.cards import MENU_LIMIT, checkpoint_option, list_card, model_card, model_option
from bot.views.forms import NAME, entries, rename_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.requests import Export
    from bot.views.answers import Interaction
    from storage.records import CheckpointRecord, ModelRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One state of the message."""

    content: str | None
    embed: discord.Embed | None
    view: discord.ui.View | None

    async def show(self, interaction: Interaction) -> None:
        """Put it in the place of the message that was pressed."""
        if interaction.response.is_done():
            await interaction.edit_original_response(**self._fields())
        else:
            await interaction.response.edit_message(**self._fields())

    async def send(self, interaction: Interaction) -> None:
        """Answer a command with it, privately."""
        fields = {name: value for name, value in self._fields().items() if value is not None}
        await interaction.response.send_message(**fields, ephemeral=True)

    def _fields(self) -> dict[str, Any]:
        return {"content": self.content, "embed": self.embed, "view": self.view}


async def list_page(interaction: Interaction, *, note: str | None = None) -> Page:
    """The server's models with the menu to choose one."""
    models = await interaction.client.service.models(caller(interaction))
    if not models and note is None:
        raise NoModelError
    if not models:
        return Page(content=note, embed=None, view=None)
    return Page(content=note, embed=list_card(models), view=view_of(ChooseModel.among(models)))


async def card_page(interaction: Interaction, model_id: str, *, note: str | None = None) -> Page:
    """One model with its buttons."""
    service, asker = interaction.client.service, caller(interaction)
    model = await service.model(asker, model_id)
    checkpoints = await service.checkpoints(asker, model_id)
    controls: list[Control[Any]] = [
        kind.on(model_id) for kind in (UseModel, RenameModel, DeleteModel, ExportModel, ListModels)
    ]
    if len(checkpoints) > 1:
        controls.insert(0, ChooseCheckpoint.among(model, checkpoints))
    return Page(content=note, embed=model_card(model, checkpoints), view=view_of(*controls))


class ChooseModel(Control["discord.ui.Select[discord.ui.View]"], prefix="models:choose"):
    """The menu of the list."""

    @classmethod
    def among(cls, models: Sequence[ModelRecord]) -> Self:
        """The menu with these models' newest ones."""
        options = [model_option(model) for model in models[:MENU_LIMIT]]
        return cls(
            discord.ui.Select(custom_id=cls.id_for(), placeholder="Choose a model", options=options)
        )

    async def press(self, interaction: Interaction) -> None:
        """Show the chosen model's card."""
        await (await card_page(interaction, self.item.values[0])).show(interaction)


class ChooseCheckpoint(Control["discord.ui.Select[discord.ui.View]"], prefix="models:checkpoint"):
    """The menu of a card whose model has several checkpoints."""

    @classmethod
    def among(cls, model: ModelRecord, checkpoints: Sequence[CheckpointRecord]) -> Self:
        """The menu with a model's newest checkpoints."""
        options = [checkpoint_option(checkpoint) for checkpoint in checkpoints[:MENU_LIMIT]]
        menu = discord.ui.Select["discord.ui.View"](
            custom_id=cls.id_for(model.id),
            placeholder="Write with another checkpoint",
            options=options,
        )
        return cls(menu, model.id)

    async def press(self, interaction: Interaction) -> None:
        """Let the model write with the chosen checkpoint."""
        service = interaction.client.service
        await service.use_checkpoint(caller(interaction), self.target, self.item.values[0])
        note = "The model writes with this checkpoint now."
        await (await card_page(interaction, self.target, note=note)).show(interaction)


class ListModels(PressButton, prefix="models:list"):
    """Goes back to the list."""

    label = "All models"

    async def press(self, interaction: Interaction) -> None:
        """Show the list."""
        await (await list_page(interaction)).show(interaction)


class UseModel(PressButton, prefix="models:use"):
    """Makes a model the server's current one."""

    label = "Use"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Switch and say so."""
        model = await interaction.client.service.use(caller(interaction), self.target)
        note = used_note(model)
        await (await card_page(interaction, self.target, note=note)).show(interaction)


class RenameModel(PressButton, prefix="models:rename"):
    """Opens a form for the new name."""

    label = "Rename"

    async def press(self, interaction: Interaction) -> None:
        """Ask for the name."""
        model = await changeable(interaction, self.target, action="rename it")
        await interaction.response.send_modal(rename_form(model))


class DeleteModel(PressButton, prefix="models:delete"):
    """Asks before a model is deleted."""

    label = "Delete"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Ask."""
        model = await changeable(interaction, self.target, action="delete it")
        question = f"Delete **{plain(model.name)}** with all its checkpoints? It cannot be undone."
        view = view_of(ConfirmDeletion.on(model.id), KeepModel.on(model.id))
        await Page(content=question, embed=None, view=view).show(interaction)


class ConfirmDeletion(PressButton, prefix="models:confirm"):
    """Deletes a model."""

    label = "Yes, delete"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Delete it and show what is left."""
        await interaction.response.defer()
        model = await interaction.client.service.delete(caller(interaction), self.target)
        note = f"**{plain(model.name)}** is deleted."
        await (await list_page(interaction, note=note)).show(interaction)


class KeepModel(PressButton, prefix="models:keep"):
    """Goes back from the question to the card."""

    label = "Keep"

    async def press(self, interaction: Interaction) -> None:
        """Show the card again."""
        await (await card_page(interaction, self.target)).show(interaction)


class ExportModel(PressButton, prefix="models:export"):
    """Sends a model's checkpoint as a file."""

    label = "Export"

    async def press(self, interaction: Interaction) -> None:
        """Send it, privately, if a file of this size may be sent here."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        export = await interaction.client.service.export(caller(interaction), self.target)
        if export.size > interaction.filesize_limit:
            raise _too_large(export, interaction.filesize_limit)
        file = discord.File(export.path, filename=export.file_name)
        await interaction.edit_original_response(attachments=[file])


async def rename(interaction: Interaction, model_id: str) -> None:
    """Give a model the name that was typed into the form."""
    name = entries(interaction).get(NAME, "")
    model = await interaction.client.service.rename(caller(interaction), model_id, name)
    note = f"The model is called **{plain(model.name)}** now."
    await (await card_page(interaction, model_id, note=note)).show(interaction)


async def changeable(interaction: Interaction, model_id: str, *, action: str) -> ModelRecord:
    """The model, if the caller may change it.

    Raises:
        RefusedError: There is no such model here, or it is somebody else's.
    """
    service, asker = interaction.client.service, caller(interaction)
    model = await service.model(asker, model_id)
    if not service.may_change(asker, model):
        raise NotAllowedError(action)
    return model


def used_note(model: ModelRecord) -> str:
    """What is said once a model has become the current one."""
    return f"This server writes with **{plain(model.name)}** now."


def _too_large(export: Export, limit: int) -> RefusedError:
    return RefusedError(
        f"This checkpoint has {export.size / 2**20:.1f} MiB, and only files of up to "
        f"{limit / 2**20:.0f} MiB can be sent here; ask the person who runs this bot for it."
    )
