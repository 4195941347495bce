"""/models: the controls of its list and of its cards, and what they do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.errors import NoModelError, NotAllowedError
from bot.errors.files import ExportTooLargeError
from bot.rendering import plain
from bot.requests import Listing
from bot.views.answers import caller, defer_privately
from bot.views.base import Menu, PressButton
from bot.views.cards import (
    MENU_LIMIT,
    ORDERS,
    card_parts,
    checkpoint_option,
    list_parts,
    model_option,
    order_option,
)
from bot.views.forms import NAME, SEARCH, entries, rename_form, search_form
from bot.views.layouts import text
from bot.views.pages import Page
from bot.views.places import LISTING_PATTERN, PLACE_PATTERN, Place, listing_from, target_of
from bot.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.requests import Details, Listed
    from bot.views.answers import Interaction
    from bot.views.base import Control
    from storage.records import ModelRecord

FIRST = Listing()


async def list_page(
    interaction: Interaction, listing: Listing = FIRST, *, note: str | None = None
) -> Page:
    """A page of the server's models, with all that it takes to find one."""
    listed = await interaction.client.service.list_models(caller(interaction), listing)
    if not listed.count and not listing.search:
        if note is None:
            raise NoModelError
        return Page(parts=[text(say("models-none-left"))], note=note)
    shown = replace(listing, page=listed.page)
    rows: list[list[Control[Any]]] = [
        [ChooseModel.among(listed.models, shown)] if listed.models else [],
        [ChooseOrder.on(shown)] if listed.count > 1 else [],
        _browsing(listed, shown),
    ]
    return Page(parts=list_parts(listed, shown), rows=rows, note=note)


async def card_page(interaction: Interaction, place: Place, *, note: str | None = None) -> Page:
    """One model with its buttons."""
    details = await interaction.client.service.details(caller(interaction), place.model_id)
    buttons: list[Control[Any]] = [
        UseModel.on(place.target, disabled=details.model.is_current),
        *(kind.on(place.target) for kind in (RenameModel, ExportModel, DeleteModel)),
        ListModels.on(target_of(place.listing)),
    ]
    menu = [ChooseCheckpoint.among(details, place)] if len(details.checkpoints) > 1 else []
    return Page(parts=card_parts(details), rows=[menu, buttons], note=note, curve=details.curve)


def _browsing(listed: Listed, listing: Listing) -> list[Control[Any]]:
    """The buttons to leaf and to search, where there is something to leaf or to search in."""
    buttons: list[Control[Any]] = []
    is_last = listed.page + 1 >= listed.pages
    if listed.pages > 1:
        buttons += [
            ListModels.to(listing, -1, label=say("button-previous"), disabled=not listing.page),
            ListModels.to(listing, 1, label=say("button-next"), disabled=is_last),
        ]
    if listed.pages > 1 or listing.search:
        buttons.append(SearchModels.on(target_of(listing)))
    if listing.search:
        everything = target_of(replace(FIRST, order=listing.order))
        buttons.append(ListModels.on(everything, label=say("button-show-all")))
    return buttons


class ListModels(PressButton, prefix="models:list", target=LISTING_PATTERN):
    """Shows a page of the list."""

    label = "button-all-models"

    @classmethod
    def to(cls, listing: Listing, pages: int, *, label: str, disabled: bool) -> Self:
        """The button that leads so many pages further in the same list."""
        page = listing.page if disabled else listing.page + pages
        target = target_of(replace(listing, page=page))
        return cls.on(target, label=label, disabled=disabled)

    async def press(self, interaction: Interaction) -> None:
        """Show the list."""
        await (await list_page(interaction, listing_from(self.target))).show(interaction)


class ChooseModel(Menu, prefix="models:choose", target=LISTING_PATTERN):
    """The menu of the list."""

    placeholder = "models-look-at"

    @classmethod
    def among(cls, models: Sequence[ModelRecord], listing: Listing) -> Self:
        """The menu with the models of a page."""
        return cls.offering([model_option(model) for model in models], target_of(listing))

    async def press(self, interaction: Interaction) -> None:
        """Show the chosen model's card."""
        place = Place(model_id=self.chosen, listing=listing_from(self.target))
        await (await card_page(interaction, place)).show(interaction)


class ChooseOrder(Menu, prefix="models:order", target=LISTING_PATTERN):
    """The menu of orders."""

    @classmethod
    def on(cls, listing: Listing) -> Self:
        """The menu with the order that is shown chosen."""
        options = [order_option(order, chosen=order is listing.order) for order in ORDERS]
        return cls.offering(options, target_of(listing))

    async def press(self, interaction: Interaction) -> None:
        """Show the first page in this order."""
        listing = listing_from(self.target)
        chosen = (order for order in ORDERS if order.value == self.chosen)
        first = replace(listing, order=next(chosen, listing.order), page=0)
        await (await list_page(interaction, first)).show(interaction)


class SearchModels(PressButton, prefix="models:search", target=LISTING_PATTERN):
    """Opens a form for what a name contains."""

    label = "button-search"

    async def press(self, interaction: Interaction) -> None:
        """Ask for it."""
        await interaction.response.send_modal(search_form(listing_from(self.target)))


async def search(interaction: Interaction, target: str) -> None:
    """Show the models whose names contain what was typed into the form."""
    wanted = entries(interaction).get(SEARCH, "").strip()
    listing = replace(listing_from(target), search=wanted, page=0)
    await (await list_page(interaction, listing)).show(interaction)


class ModelButton(PressButton, prefix="models:button", target=PLACE_PATTERN):
    """A button of a model's card."""

    @property
    def place(self) -> Place:
        """Which card."""
        return Place.from_target(self.target)


class ChooseCheckpoint(Menu, prefix="models:checkpoint", target=PLACE_PATTERN):
    """The menu of a card whose model has several checkpoints."""

    placeholder = "models-another-checkpoint"

    @classmethod
    def among(cls, details: Details, place: Place) -> Self:
        """The menu with a model's newest checkpoints."""
        options = [
            checkpoint_option(each, in_use=each.id == details.model.checkpoint.id)
            for each in details.checkpoints[:MENU_LIMIT]
        ]
        return cls.offering(options, place.target)

    async def press(self, interaction: Interaction) -> None:
        """Let the model write with the chosen checkpoint."""
        place = Place.from_target(self.target)
        service = interaction.client.service
        model = await service.use_checkpoint(caller(interaction), place.model_id, self.chosen)
        note = say("models-checkpoint-used", step=model.checkpoint.step)
        await (await card_page(interaction, place, note=note)).show(interaction)


class UseModel(ModelButton, prefix="models:use", target=PLACE_PATTERN):
    """Makes a model the server's current one."""

    label = "button-use"
    style = discord.ButtonStyle.primary

    async def press(self, interaction: Interaction) -> None:
        """Switch and say so."""
        model = await interaction.client.service.use(caller(interaction), self.place.model_id)
        await (await card_page(interaction, self.place, note=used_note(model))).show(interaction)


class RenameModel(ModelButton, prefix="models:rename", target=PLACE_PATTERN):
    """Opens a form for the new name."""

    label = "button-rename"

    async def press(self, interaction: Interaction) -> None:
        """Ask for the name."""
        model = await changeable(interaction, self.place.model_id, action="rename")
        await interaction.response.send_modal(rename_form(model, self.place))


async def rename(interaction: Interaction, target: str) -> None:
    """Give a model the name that was typed into the form."""
    place, name = Place.from_target(target), entries(interaction).get(NAME, "")
    model = await interaction.client.service.rename(caller(interaction), place.model_id, name)
    note = say("models-renamed", name=plain(model.name))
    await (await card_page(interaction, place, note=note)).show(interaction)


class DeleteModel(ModelButton, prefix="models:delete", target=PLACE_PATTERN):
    """Asks before a model is deleted."""

    label = "button-delete"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Ask."""
        model = await changeable(interaction, self.place.model_id, action="delete")
        question = say("models-deletion-question", name=plain(model.name))
        buttons = [ConfirmDeletion.on(self.target), KeepModel.on(self.target)]
        await Page(parts=[text(question)], rows=[buttons]).show(interaction)


class ConfirmDeletion(ModelButton, prefix="models:confirm", target=PLACE_PATTERN):
    """Deletes a model."""

    label = "button-confirm-deletion"
    style = discord.ButtonStyle.danger

    async def press(self, interaction: Interaction) -> None:
        """Delete it and show what is left."""
        await interaction.response.defer()
        model = await interaction.client.service.delete(caller(interaction), self.place.model_id)
        note = say("models-deleted", name=plain(model.name))
        await (await list_page(interaction, self.place.listing, note=note)).show(interaction)


class KeepModel(ModelButton, prefix="models:keep", target=PLACE_PATTERN):
    """Goes back from the question to the card."""

    label = "button-keep"

    async def press(self, interaction: Interaction) -> None:
        """Show the card again."""
        await (await card_page(interaction, self.place)).show(interaction)


class ExportModel(ModelButton, prefix="models:export", target=PLACE_PATTERN):
    """Sends a model's checkpoint as a file."""

    label = "button-export"

    async def press(self, interaction: Interaction) -> None:
        """Send it, privately, if a file of this size may be sent here."""
        await defer_privately(interaction)
        export = await interaction.client.service.export(caller(interaction), self.place.model_id)
        if export.size > interaction.filesize_limit:
            raise ExportTooLargeError(export.size, interaction.filesize_limit)
        file = discord.File(export.path, filename=export.file_name)
        await interaction.edit_original_response(attachments=[file])


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
    return say("models-used", name=plain(model.name))
