"""How a server's models look: a list of them, and a card for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.rendering import plain
from bot.runs.remarks import remark_on_novelty
from bot.views.layouts import picture, text
from bot.words import say
from storage.records import ModelOrder
from training.novelty import recites

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
    ModelOrder.NEWEST: "order-newest",
    ModelOrder.NAME: "order-name",
    ModelOrder.BEST: "order-best",
    ModelOrder.LAST_USED: "order-last-used",
}
"""The messages that name an order; their attribute `within` does inside of a line."""


def list_parts(listed: Listed, listing: Listing) -> Iterator[Part]:
    """A page of models, one a line."""
    yield text(f"### {say('models-title')}\n-# {_summary(listed, listing)}")
    if listed.models:
        yield text("\n".join(_line(model) for model in listed.models))


def card_parts(details: Details) -> Iterator[Part]:
    """All there is to know about a model."""
    model = details.model
    current = f"\n-# {say('model-writes')}" if model.is_current else ""
    yield text(f"### {plain(model.name)}{current}")
    if details.curve is not None:
        yield picture(CURVE, say("model-curve", name=model.name))
    yield text("\n".join(_facts(details)))
    novelty = model.checkpoint.novelty
    if novelty is not None and recites(novelty):
        yield text(f"\N{WARNING SIGN} {remark_on_novelty(novelty)}")


def model_option(model: ModelRecord) -> discord.SelectOption:
    """A model in a menu; a menu shows plain text, so nothing needs escaping."""
    current = f"{say('model-in-use')} · " if model.is_current else ""
    return discord.SelectOption(
        label=model.name[:OPTION_CHARACTERS],
        value=model.id,
        description=f"{current}{figures(model.checkpoint)}",
    )


def checkpoint_option(checkpoint: CheckpointRecord, *, in_use: bool) -> discord.SelectOption:
    """A checkpoint in a menu."""
    used = f" · {say('model-in-use')}" if in_use else ""
    return discord.SelectOption(
        label=f"{say('model-step', step=checkpoint.step)}{used}",
        value=checkpoint.id,
        description=figures(checkpoint),
    )


def order_option(order: ModelOrder, *, chosen: bool) -> discord.SelectOption:
    """An order in the menu of orders."""
    return discord.SelectOption(label=say(ORDERS[order]), value=order.value, default=chosen)


def figures(checkpoint: CheckpointRecord) -> str:
    """The numbers that tell one model from another, in a few words."""
    return f"{_bits(checkpoint)} · {say('model-source', characters=checkpoint.corpus_characters)}"


def _summary(listed: Listed, listing: Listing) -> str:
    found = [say("models-count", count=listed.count)]
    if listing.search:
        found = [say("models-found", count=listed.count, search=plain(listing.search))]
    if listed.count > 1:
        found.append(say(f"{ORDERS[listing.order]}.within"))
    if listed.pages > 1:
        found.append(say("models-page", page=listed.page + 1, pages=listed.pages))
    return " · ".join(found)


def _line(model: ModelRecord) -> str:
    current = f" · {say('model-in-use')}" if model.is_current else ""
    return (
        f"**{plain(model.name)}**{current}\n"
        f"-# {figures(model.checkpoint)} · <t:{model.created_at}:R>"
    )


def _facts(details: Details) -> Iterator[str]:
    model, checkpoint = details.model, details.model.checkpoint
    quality = f"**{_bits(checkpoint)}**"
    if checkpoint.bits_per_character is not None:
        quality += f" ({say('model-fewer-is-better')})"
    if checkpoint.novelty is not None:
        quality += f" · {say('model-novelty', percent=round(100 * checkpoint.novelty))}"
    yield quality
    yield _source(checkpoint, details.header)
    yield f"{_network(details)} · {_size(checkpoint)}"
    if details.header is not None and details.header.base is not None:
        yield _base(details.base, model)
    yield _origin(model)


def _origin(model: ModelRecord) -> str:
    """Who made it, and when; a mention pings nobody, since the client allows none."""
    who, when = f"<@{model.user_id}>", f"<t:{model.created_at}:R>"
    if model.imported:
        return say("model-imported-by", who=who, when=when)
    return say("model-trained-by", who=who, when=when)


def _base(base: ModelRecord | None, model: ModelRecord) -> str:
    if base is None:
        return say("model-base-elsewhere")
    if base.id == model.id:
        return say("model-base-own")
    return say("model-base", name=plain(base.name))


def _source(checkpoint: CheckpointRecord, header: Header | None) -> str:
    characters = checkpoint.corpus_characters
    passes = 0.0 if header is None else header.training.epochs
    if passes:
        return say("model-learned-often", characters=characters, passes=passes)
    return say("model-learned", characters=characters)


def _network(details: Details) -> str:
    parameters = say("model-parameters", parameters=details.model.checkpoint.parameters)
    if details.header is None:
        return parameters
    config = details.header.config
    layers = f"{config.layers} \N{MULTIPLICATION SIGN} {config.hidden_size}"
    return f"{layers} {config.cell.upper()} · {parameters}"


def _size(checkpoint: CheckpointRecord) -> str:
    mebibytes = checkpoint.file_size / 2**20
    if mebibytes >= 1:
        return say("size-mebibytes", size=mebibytes)
    return say("size-kibibytes", size=1024 * mebibytes)


def _bits(checkpoint: CheckpointRecord) -> str:
    bits = checkpoint.bits_per_character
    return say("model-not-measured") if bits is None else say("bits-per-character", bits=bits)
