"""A run's card as a layout: its texts, its picture, its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.runs.card import Action, Curve
from bot.views.layouts import card, picture, rows, text
from bot.views.longer import TrainLonger
from bot.views.runs import CancelRun, FinishRun, WriteWithModel
from bot.words import say

if TYPE_CHECKING:
    import discord

    from bot.runs.card import RunCard
    from bot.views.base import Control
    from bot.views.layouts import Part

CURVE_NAME = "loss.png"


def layout_of(shown: RunCard, *, with_curve: bool) -> discord.ui.LayoutView:
    """The card, with its picture where that comes along as a file."""
    parts = [_part(part) for part in shown.parts if with_curve or isinstance(part, str)]
    controls = [_control(action, shown) for action in shown.actions]
    return card(*parts, *rows(*controls), color=shown.color.value)


def _part(part: str | Curve) -> Part:
    return picture(CURVE_NAME, say("card-curve")) if isinstance(part, Curve) else text(part)


def _control(action: Action, shown: RunCard) -> Control[Any]:
    match action:
        case Action.FINISH:
            return FinishRun.on(shown.run.id)
        case Action.CANCEL:
            return CancelRun.on(shown.run.id)
        case Action.GENERATE:
            return WriteWithModel.on(shown.run.model_id or "")
        case Action.TRAIN_LONGER:
            return TrainLonger.on(shown.run.id)
