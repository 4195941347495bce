"""What a guild has chosen stays as it was chosen, and is nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.records import GuildSettings

if TYPE_CHECKING:
    from storage.catalog import Catalog
    from tests.storage.conftest import House


async def test_a_guild_that_chose_nothing_has_the_defaults(catalog: Catalog) -> None:
    assert await catalog.guild_settings(1) == GuildSettings(guild_id=1)


async def test_what_was_chosen_is_kept_and_the_rest_stays(catalog: Catalog) -> None:
    await catalog.change_guild_settings(1, language="de", forbidden_words=("Öl", "a' b"))

    changed = await catalog.change_guild_settings(1, train_roles=(2**62, 5), temperature=0.5)

    expected = GuildSettings(
        guild_id=1,
        language="de",
        forbidden_words=("Öl", "a' b"),
        train_roles=(2**62, 5),
        temperature=0.5,
    )
    assert changed == expected == await catalog.guild_settings(1)
    assert await catalog.guild_settings(2) == GuildSettings(guild_id=2)


async def test_choices_leave_the_current_model_alone(house: House) -> None:
    model = await house.model()

    await house.catalog.change_guild_settings(model.guild_id, length=100)
    await house.catalog.change_guild_settings(model.guild_id, length=None)

    settings = await house.catalog.guild_settings(model.guild_id)
    assert settings == GuildSettings(guild_id=model.guild_id, current_model_id=model.id)


async def test_what_cannot_be_chosen_changes_nothing(catalog: Catalog) -> None:
    with pytest.raises(TypeError):
        await catalog.change_guild_settings(1, colour="blue")

    assert await catalog.guild_settings(1) == GuildSettings(guild_id=1)
