"""Buttons, menus and forms: what people press, and what happens then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.errors import ButtonOutdatedError, FormOutdatedError
from bot.views import deletion, models, run_list, setting_forms, settings
from bot.views.answers import answer_error, speak_language_of
from bot.views.help import ShowPrivacy, ShowSettings
from bot.views.longer import FORM, TrainLonger, train_longer
from bot.views.places import LISTING_PATTERN, PLACE_PATTERN
from bot.views.privacy import LeaveOut, TakeIn
from bot.views.runs import CancelRun, FinishRun, WriteWithModel
from bot.views.texts import (
    ContinueText,
    EditPrompt,
    WriteAgain,
    WriteColder,
    WriteHotter,
    edit_prompt,
)

if TYPE_CHECKING:
    from bot.views.answers import Interaction
    from bot.views.base import Control

CONTROLS: tuple[type[Control[Any]], ...] = (
    CancelRun,
    FinishRun,
    WriteWithModel,
    TrainLonger,
    ContinueText,
    WriteAgain,
    WriteHotter,
    WriteColder,
    EditPrompt,
    models.ChooseModel,
    models.ChooseCheckpoint,
    models.ListModels,
    models.ChooseOrder,
    models.SearchModels,
    models.UseModel,
    models.RenameModel,
    models.DeleteModel,
    models.ConfirmDeletion,
    models.KeepModel,
    models.ExportModel,
    LeaveOut,
    TakeIn,
    run_list.ListRuns,
    run_list.ChooseRun,
    run_list.CancelListed,
    run_list.FinishListed,
    deletion.DeleteGiven,
    deletion.ConfirmGiven,
    deletion.KeepGiven,
    deletion.DeleteEverything,
    settings.ChooseWriting,
    settings.ChooseTalking,
    settings.ChooseTrainers,
    settings.ChooseLanguage,
    settings.ChangeCooldowns,
    settings.ChangeDefaults,
    settings.ChangeWords,
    ShowPrivacy,
    ShowSettings,
)
"""All that may be pressed. The client registers them, so that old messages stay usable."""

FORMS = (
    ("generate:edit:([0-9a-f]{32})", edit_prompt),
    (f"models:rename:({PLACE_PATTERN})", models.rename),
    (f"models:search:({LISTING_PATTERN})", models.search),
    (f"{FORM}:([0-9a-f]{{32}})", train_longer),
    (f"({deletion.FORM})", deletion.delete_everything),
    (f"({setting_forms.COOLDOWNS})", settings.change_cooldowns),
    (f"({setting_forms.DEFAULTS})", settings.change_defaults),
    (f"({setting_forms.WORDS})", settings.change_words),
)
"""What is done with the form that has this custom_id."""


async def answer_unknown(interaction: Interaction) -> None:
    """Answer a press on what an older version of the bot has left in a message."""
    pressed = interaction.custom_id or ""
    if not any(control.acts_on(pressed) for control in CONTROLS):
        await speak_language_of(interaction)
        await answer_error(interaction, ButtonOutdatedError())


async def submit_form(interaction: Interaction) -> None:
    """Do what a form was for; every error is answered."""
    await speak_language_of(interaction)
    try:
        await _submit(interaction)
    except Exception as error:  # noqa: BLE001  # the one error path
        await answer_error(interaction, error)


async def _submit(interaction: Interaction) -> None:
    for pattern, submit in FORMS:
        match = re.fullmatch(pattern, interaction.custom_id or "")
        if match is not None:
            await submit(interaction, match[1])
            return
    raise FormOutdatedError
