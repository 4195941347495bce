"""What /privacy, /settings and /help tell about a server, as it is now on Discord."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from bot.views.help import help_page
from bot.views.layouts import TEXT_LIMIT
from bot.views.privacy import privacy_page
from bot.views.settings import settings_page
from bot.words import languages, speaking
from tests.sandbox_driver import button, text_of

if TYPE_CHECKING:
    from bot.views.pages import Page
    from tests.bot.core import Core

GUILD, CHANNEL, ADA = 1, 10, 100

READING = "can let the bot read a channel"
"""What a bot says that reads channels."""


def asking(core: Core, *, channels: int = 9, roles: int = 3, unavailable: bool = False) -> Any:
    """An interaction of Ada's, on a server with channels and roles of the ids from 1 on."""
    guild = SimpleNamespace(
        channels=[SimpleNamespace(id=number + 1) for number in range(channels)],
        roles=[SimpleNamespace(id=number + 1) for number in range(roles)],
        unavailable=unavailable,
    )
    return SimpleNamespace(
        guild_id=GUILD,
        channel_id=CHANNEL,
        user=SimpleNamespace(id=ADA, roles=[]),
        permissions=SimpleNamespace(manage_guild=True, administrator=False),
        channel=None,
        guild=guild,
        guild_locale="en-US",
        client=SimpleNamespace(service=core.service, settings=core.settings),
    )


def shown(page: Page) -> dict[str, Any]:
    """The message, as Discord gets it."""
    components = page.view().to_components()  # type: ignore[no-untyped-call]
    return {"content": "", "embeds": [], "components": components}


# /privacy


@pytest.mark.parametrize("left_out", [False, True])
async def test_a_bot_that_reads_no_channels_never_says_that_it_does(
    core: Core, left_out: bool
) -> None:
    if left_out:
        await core.service.privacy.leave_out(core.ada)

    card = text_of(shown(await privacy_page(asking(core))))

    assert "does not read channels" in card
    assert READING not in card
    assert ("**left out**" in card) == left_out


@pytest.mark.parametrize("left_out", [False, True])
async def test_a_bot_that_reads_channels_says_so(core: Core, left_out: bool) -> None:
    core = await core.again(channel_history_permitted=True)
    if left_out:
        await core.service.privacy.leave_out(core.ada)

    card = text_of(shown(await privacy_page(asking(core))))

    assert READING in card
    assert ("**left out**" in card) == left_out


@pytest.mark.parametrize("language", languages())
async def test_what_is_kept_is_told_with_its_times_and_fits(core: Core, language: str) -> None:
    core = await core.again(record_days=7)
    await core.service.privacy.leave_out(core.ada)

    with speaking(language):
        card = text_of(shown(await privacy_page(asking(core))))

    assert len(card) <= TEXT_LIMIT / 2
    assert card.count(" 7 ") == 2
    assert " 30 " in card
    assert "/settings" in card


# /settings


@pytest.mark.parametrize(
    ("choice", "custom_id", "nothing", "gone"),
    [
        ("write_channels", "settings:writing", "Everywhere", "Nowhere: the chosen channels are"),
        ("talk_channels", "settings:talking", "Nowhere", "Nowhere: the chosen channels are"),
        ("train_roles", "settings:trainers", "Everybody", "Nobody: the chosen roles are gone"),
    ],
)
async def test_a_menu_says_what_holds_where_all_that_was_chosen_is_gone(
    core: Core, choice: str, custom_id: str, nothing: str, gone: str
) -> None:
    """And how to choose nothing: a menu that is left empty sends nothing."""
    before = shown(await settings_page(asking(core)))
    await core.choose(**{choice: (77,)})

    after = shown(await settings_page(asking(core)))

    assert button(before, custom_id)["placeholder"] == nothing
    assert "gone" not in text_of(before)
    assert button(after, custom_id)["placeholder"].startswith(gone)
    assert button(after, custom_id)["min_values"] == 0
    assert not button(after, custom_id).get("default_values")
    assert "choose one and then take it away" in text_of(after)


@pytest.mark.parametrize(
    ("chosen", "note"),
    [((2, 77), "(one that was chosen is gone)"), ((77, 2, 78), "(2 that were chosen are gone)")],
)
async def test_what_is_left_of_a_choice_is_shown_and_what_is_gone_counted(
    core: Core, chosen: tuple[int, ...], note: str
) -> None:
    await core.choose(write_channels=chosen)

    card = shown(await settings_page(asking(core)))

    assert [value["id"] for value in button(card, "settings:writing")["default_values"]] == [2]
    assert button(card, "settings:writing")["placeholder"] == "Everywhere"
    assert note in text_of(card)


async def test_nothing_is_called_gone_while_discord_does_not_tell_what_there_is(
    core: Core,
) -> None:
    await core.choose(write_channels=(2,), train_roles=(3,))

    card = shown(await settings_page(asking(core, channels=0, roles=0, unavailable=True)))

    assert "gone" not in text_of(card)


# /help


async def places(core: Core, **interaction: Any) -> list[str]:
    """The lines of /help that name channels, or say that there are none."""
    lines = text_of(shown(await help_page(asking(core, **interaction)))).splitlines()
    return [each for each in lines if "<#" in each or "nowhere" in each]


async def test_help_counts_the_channels_that_it_does_not_name(core: Core) -> None:
    await core.choose(write_channels=(1, 2, 3, 4, 5, 6, 7))

    assert await places(core) == ["It writes in <#1> <#2> <#3> <#4> <#5> and 2 more alone."]


async def test_help_names_all_channels_where_there_is_room(core: Core) -> None:
    await core.choose(write_channels=(1, 2, 3, 4, 5), talk_channels=(1,))

    assert await places(core) == [
        "Mention the bot in <#1>, and it answers.",
        "It writes in <#1> <#2> <#3> <#4> <#5> alone.",
    ]


async def test_help_sends_nobody_to_talk_where_the_bot_may_not_write(core: Core) -> None:
    await core.choose(talk_channels=(1, 2, 3))
    anywhere = await places(core)
    await core.choose(write_channels=(2, 4))

    assert anywhere == ["Mention the bot in <#1> <#2> <#3>, and it answers."]
    assert await places(core) == [
        "Mention the bot in <#2>, and it answers.",
        "It writes in <#2> <#4> alone.",
    ]


async def test_help_names_no_channel_that_is_gone(core: Core) -> None:
    await core.choose(talk_channels=(77, 2), write_channels=(2, 77, 3))

    assert await places(core) == [
        "Mention the bot in <#2>, and it answers.",
        "It writes in <#2> <#3> alone.",
    ]
    assert "<#77>" in "".join(await places(core, channels=0, unavailable=True))


async def test_help_says_that_the_bot_writes_nowhere_once_its_channels_are_gone(
    core: Core,
) -> None:
    await core.choose(talk_channels=(2,), write_channels=(77,))

    [line] = await places(core)

    assert line.startswith("It writes nowhere at the moment")
