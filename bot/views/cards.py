"""How a server's models look: a list of them, and a card for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.rendering import plain
from bot.views.layouts import picture, text
from storage.records import ModelOrder
from training.novelty import describe_novelty, percent, recites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.requests import Details, Listed, Listing
    from bot.views.layouts import Part
    from model.header import Header
    from storage.records import CheckpointRecord, ModelRecord

MENU_LIMIT = 25
"""Options of a menu."""

OPTION_CHARACTERS = 100
COLOR = discord.Color(0x5865F2)
CURVE = "curve.png"

ORDERS = {
    ModelOrder.NEWEST: "Newest first",
    ModelOrder.NAME: "By name",
    ModelOrder.BEST: "Best first",
    ModelOrder.LAST_USED: "Most recently used first",
}
"""How people are told about an order."""


def list_parts(listed: Listed, listing: Listing) -> Iterator[Part]:
    """A page of models, one a line."""
    yield text(f"### This server's models\n-# {_summary(listed, listing)}")
    if listed.models:
        yield text("\n".join(_line(model) for model in listed.models))


def card_parts(details: Details) -> Iterator[Part]:
    """All there is to know about a model."""
    model = details.model
    current = "\n-# This server writes with it." if model.is_current else ""
    yield text(f"### {plain(model.name)}{current}")
    if details.curve is not None:
        yield picture(CURVE, f"The loss curve of {model.name}")
    yield text("\n".join(_facts(details)))
    novelty = model.checkpoint.novelty
    if novelty is not None and recites(novelty):
        yield text(f"\N{WARNING SIGN} {describe_novelty(novelty)}")


def model_option(model: ModelRecord) -> discord.SelectOption:
    """A model in a menu; a menu shows plain text, so nothing needs escaping."""
    current = "current · " if model.is_current else ""
    return discord.SelectOption(
        label=model.name[:OPTION_CHARACTERS],
        value=model.id,
        description=f"{current}{figures(model.checkpoint)}",
    )


def checkpoint_option(checkpoint: CheckpointRecord, *, in_use: bool) -> discord.SelectOption:
    """A checkpoint in a menu."""
    return discord.SelectOption(
        label=f"Step {checkpoint.step:,}{' · in use' if in_use else ''}",
        value=checkpoint.id,
        description=figures(checkpoint),
    )


def order_option(order: ModelOrder, *, chosen: bool) -> discord.SelectOption:
    """An order in the menu of orders."""
    return discord.SelectOption(label=ORDERS[order], value=order.value, default=chosen)


def figures(checkpoint: CheckpointRecord) -> str:
    """The numbers that tell one model from another, in a few words."""
    return f"{_bits(checkpoint)} · from {_characters(checkpoint)}"


def _summary(listed: Listed, listing: Listing) -> str:
    models = "1 model" if listed.count == 1 else f"{listed.count:,} models"
    found = [f"{models} with “{plain(listing.search)}” in the name" if listing.search else models]
    if listed.count > 1:
        found.append(ORDERS[listing.order].lower())
    if listed.pages > 1:
        found.append(f"page {listed.page + 1} of {listed.pages}")
    return " · ".join(found)


def _line(model: ModelRecord) -> str:
    current = " · in use" if model.is_current else ""
    return (
        f"**{plain(model.name)}**{current}\n"
        f"-# {figures(model.checkpoint)} · <t:{model.created_at}:R>"
    )


def _facts(details: Details) -> Iterator[str]:
    model, checkpoint = details.model, details.model.checkpoint
    quality = f"**{_bits(checkpoint)}**"
    if checkpoint.bits_per_character is not None:
        quality += " (fewer is better)"
    if checkpoint.novelty is not None:
        quality += f" · **{percent(checkpoint.novelty)}** of what it writes is new"
    yield quality
    yield f"Learned from {_characters(checkpoint)}{_passes(details.header)}"
    yield f"{_network(details)} · {_size(checkpoint)}"
    if details.header is not None and details.header.base is not None:
        yield f"Base: {_base(details.base, model)}"
    yield _origin(model)


def _origin(model: ModelRecord) -> str:
    """Who made it, and when; a mention pings nobody, since the client allows none."""
    made = "Imported" if model.imported else "Trained"
    missing = ", without its loss curve" if model.imported else ""
    return f"{made} by <@{model.user_id}> <t:{model.created_at}:R>{missing}"


def _base(base: ModelRecord | None, model: ModelRecord) -> str:
    if base is None:
        return "a model that this server does not have"
    return "an earlier checkpoint of its own" if base.id == model.id else plain(base.name)


def _passes(header: Header | None) -> str:
    epochs = 0.0 if header is None else header.training.epochs
    return f", read {epochs:,.1f} times" if epochs else ""


def _network(details: Details) -> str:
    parameters = f"{details.model.checkpoint.parameters:,} parameters"
    if details.header is None:
        return parameters
    config = details.header.config
    layers = f"{config.layers} \N{MULTIPLICATION SIGN} {config.hidden_size}"
    return f"{layers} {config.cell.upper()} · {parameters}"


def _size(checkpoint: CheckpointRecord) -> str:
    mebibytes = checkpoint.file_size / 2**20
    return f"{mebibytes:.1f} MiB" if mebibytes >= 1 else f"{1024 * mebibytes:.0f} KiB"


def _bits(checkpoint: CheckpointRecord) -> str:
    bits = checkpoint.bits_per_character
    return "not measured" if bits is None else f"{bits:.2f} bits per character"


def _characters(checkpoint: CheckpointRecord) -> str:
    return f"{checkpoint.corpus_characters:,} characters"
