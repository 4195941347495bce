"""Which channels may be read, and by whom: all of it is known before anything starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.errors import channels as channel_errors
from bot.requests import ChannelChoice, TrainRequest
from tests.bot.uploads import train_request

if TYPE_CHECKING:
    from tests.bot.core import Core

CHANNEL = ChannelChoice(id=5, name="tavern", caller_may_read=True)
REQUEST = TrainRequest(channel=CHANNEL)


@pytest.fixture
async def permitted(core: Core) -> Core:
    """A bot whose operator lets channels be read."""
    return await core.again(channel_history_permitted=True)


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (replace(REQUEST, files=train_request().files), channel_errors.OneSourceError),
        (TrainRequest(), channel_errors.OneSourceError),
        (
            replace(REQUEST, channel=replace(CHANNEL, caller_may_read=False)),
            channel_errors.ChannelHiddenError,
        ),
        (
            replace(REQUEST, channel=replace(CHANNEL, bot_lacks=("view_channel",))),
            channel_errors.BotLacksError,
        ),
        (replace(REQUEST, authors=" , "), errors.AuthorsInvalidError),
    ],
)
async def test_what_may_not_be_read_is_refused_before_anything_starts(
    permitted: Core, request_: TrainRequest, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await permitted.service.check_training(permitted.ada, request_)


async def test_only_members_with_manage_server_let_a_channel_be_read(permitted: Core) -> None:
    with pytest.raises(
        channel_errors.NotAllowedToReadError, match="Only members with Manage Server"
    ):
        await permitted.service.check_training(permitted.max, REQUEST)


async def test_without_the_operators_statement_no_channel_is_read(core: Core) -> None:
    """Not even where an old command still offers it."""
    with pytest.raises(channel_errors.ChannelsOffError, match="does not read channels"):
        await core.service.check_training(core.ada, REQUEST)


def test_missing_permissions_are_named() -> None:
    assert str(channel_errors.BotLacksError(("view_channel", "send_messages"))) == (
        "In this channel the bot lacks View Channel and Send Messages; please give it these "
        "permissions there, or choose another channel."
    )
