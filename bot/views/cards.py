"""How a server's models look: a list of them, and a card for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.rendering import plain
from training.novelty import describe_novelty, percent, recites

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import CheckpointRecord, ModelRecord

MENU_LIMIT = 25
"""Options of a menu, and lines of a list."""

OPTION_CHARACTERS = 100
COLOR = discord.Color(0x5865F2)


def list_card(models: Sequence[ModelRecord]) -> discord.Embed:
    """The newest models, one a line."""
    lines = [_line(model) for model in models[:MENU_LIMIT]]
    card = discord.Embed(title="This server's models", description="\n".join(lines), color=COLOR)
    if len(models) > MENU_LIMIT:
        card.set_footer(
            text=f"The {MENU_LIMIT} newest of {len(models)} models; "
            "/models use: reaches the others by their names."
        )
    return card


def model_card(model: ModelRecord, checkpoints: Sequence[CheckpointRecord]) -> discord.Embed:
    """All there is to know about a model."""
    notes = ["This server writes with it."] if model.is_current else []
    novelty = model.checkpoint.novelty
    if novelty is not None and recites(novelty):
        notes.append(describe_novelty(novelty))
    card = discord.Embed(description="\n".join([f"**{plain(model.name)}**", *notes]), color=COLOR)
    card.add_field(name="Bits per character", value=_bits(model.checkpoint))
    card.add_field(name="Learned from", value=_characters(model.checkpoint))
    card.add_field(name="Parameters", value=f"{model.checkpoint.parameters:,}")
    card.add_field(name="Novelty", value=_novelty(model.checkpoint))
    card.add_field(name="Trained", value=f"<t:{model.created_at}:R> by <@{model.user_id}>")
    shown = [_checkpoint_line(model, checkpoint) for checkpoint in checkpoints[: MENU_LIMIT // 2]]
    card.add_field(name="Checkpoints", value="\n".join(shown) or "none", inline=False)
    return card


def model_option(model: ModelRecord) -> discord.SelectOption:
    """A model in a menu; a menu shows plain text, so nothing needs escaping."""
    current = "current · " if model.is_current else ""
    return discord.SelectOption(
        label=model.name[:OPTION_CHARACTERS],
        value=model.id,
        description=f"{current}{figures(model.checkpoint)}",
    )


def checkpoint_option(checkpoint: CheckpointRecord) -> discord.SelectOption:
    """A checkpoint in a menu."""
    return discord.SelectOption(
        label=f"Step {checkpoint.step:,}",
        value=checkpoint.id,
        description=figures(checkpoint),
    )


def figures(checkpoint: CheckpointRecord) -> str:
    """The numbers that tell one model from another, in a few words."""
    return f"{_bits(checkpoint)} bits per character · {_characters(checkpoint)}"


def _line(model: ModelRecord) -> str:
    current = " (current)" if model.is_current else ""
    return (
        f"**{plain(model.name)}**{current} · {figures(model.checkpoint)} · <t:{model.created_at}:R>"
    )


def _checkpoint_line(model: ModelRecord, checkpoint: CheckpointRecord) -> str:
    used = " · in use" if checkpoint.id == model.checkpoint.id else ""
    return (
        f"Step {checkpoint.step:,} · {_bits(checkpoint)} bits per character"
        f" · <t:{checkpoint.created_at}:R>{used}"
    )


def _bits(checkpoint: CheckpointRecord) -> str:
    bits = checkpoint.bits_per_character
    return "?" if bits is None else f"{bits:.2f}"


def _novelty(checkpoint: CheckpointRecord) -> str:
    return "?" if checkpoint.novelty is None else f"{percent(checkpoint.novelty)} is new"


def _characters(checkpoint: CheckpointRecord) -> str:
    return f"{checkpoint.corpus_characters:,} characters"
