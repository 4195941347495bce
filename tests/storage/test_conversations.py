"""A conversation goes on where it stopped, for as long as the same checkpoint holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage import conversations
from storage.files import new_id
from storage.records import Purge

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storage.records import ModelRecord
    from tests.storage.conftest import House

GUILD, CHANNEL, THREAD = 1, 3, 4


async def talking(house: House, *, channels: tuple[int, ...] = (CHANNEL,)) -> ModelRecord:
    """A guild with a model that may talk, and has talked, in a channel and a thread of it."""
    model = await house.model()
    await house.catalog.change_guild_settings(GUILD, talk_channels=channels)
    for place in (CHANNEL, THREAD):
        await house.talk(model, b"state", channel_id=place)
    return model


async def kept(house: House) -> list[tuple[int, bytes]]:
    rows = await house.database.read("SELECT channel_id, bookmark FROM conversations")
    return [(row["channel_id"], row["bookmark"]) for row in rows]


async def test_a_conversation_goes_on_where_it_stopped_last(house: House) -> None:
    model = await talking(house)

    await house.talk(model, b"later")

    catalog, checkpoint = house.catalog, model.checkpoint.id
    assert await catalog.conversation(GUILD, CHANNEL, checkpoint) == b"later"
    assert await catalog.conversation(GUILD, THREAD, checkpoint) == b"state"
    assert await catalog.conversation(GUILD, CHANNEL, new_id()) is None
    assert await catalog.conversation(GUILD, 5, checkpoint) is None


async def other_model(house: House, _: ModelRecord) -> None:
    await house.model("verse")


async def longer(house: House, model: ModelRecord) -> None:
    await house.finish(await house.longer(model))


async def deleted(house: House, model: ModelRecord) -> None:
    await house.catalog.delete_model(GUILD, model.id)


async def turned_off(house: House, _: ModelRecord) -> None:
    await house.catalog.change_guild_settings(GUILD, talk_channels=(5,))


@pytest.mark.parametrize("change", [other_model, longer, deleted, turned_off])
async def test_a_conversation_ends_with_what_it_was_held_with(
    house: House, change: Callable[[House, ModelRecord], Awaitable[None]]
) -> None:
    """And a text that was on its way does not bring it back."""
    model = await talking(house)

    await change(house, model)
    await house.catalog.keep_conversation(GUILD, CHANNEL, model.checkpoint.id, b"late")

    assert await kept(house) == []


async def test_whoever_deletes_what_they_gave_ends_the_conversations_of_the_guild(
    house: House,
) -> None:
    """What they said is in the states, and cannot be told from what others said."""
    await talking(house)

    await house.catalog.purge_rows(Purge(guild_id=2, user_id=99))
    assert len(await kept(house)) == 2
    await house.catalog.purge_rows(Purge(guild_id=GUILD, user_id=99))

    assert await kept(house) == []


async def test_an_answer_on_its_way_brings_back_nothing_that_was_deleted(house: House) -> None:
    """Neither what it went on from, nor itself where it is the first one."""
    model = await talking(house)
    catalog, checkpoint = house.catalog, model.checkpoint.id
    await catalog.begin_conversation(GUILD, 5, talk_channel_id=CHANNEL, checkpoint_id=checkpoint)
    assert await catalog.conversation(GUILD, 5, checkpoint) is None

    await catalog.purge_rows(Purge(guild_id=GUILD, user_id=99))
    await catalog.keep_conversation(GUILD, CHANNEL, checkpoint, b"old state and more")
    await catalog.keep_conversation(GUILD, 5, checkpoint, b"what was just said")

    assert await kept(house) == []
    await house.talk(model, b"new")
    assert await kept(house) == [(CHANNEL, b"new")]


async def test_conversations_that_have_begun_count_as_given(house: House) -> None:
    model = await talking(house)
    await house.catalog.begin_conversation(
        GUILD, 5, talk_channel_id=CHANNEL, checkpoint_id=model.checkpoint.id
    )

    given = await house.catalog.given(GUILD, 99)

    assert given.conversations == 2
    assert not given.is_nothing
    assert (await house.catalog.given(2, 99)).is_nothing


async def test_other_settings_leave_conversations_alone(house: House) -> None:
    model = await talking(house)

    await house.catalog.change_guild_settings(GUILD, length=5, talk_channels=(5, CHANNEL))
    await house.catalog.use_model(GUILD, model.id)
    await house.catalog.rename_model(GUILD, model.id, "verses")

    assert len(await kept(house)) == 2


async def test_a_conversation_in_which_nobody_speaks_is_forgotten(
    house: House, set_clock: Callable[[float], None]
) -> None:
    set_clock(100)
    model = await talking(house)
    set_clock(200)
    await house.talk(model, b"later")

    await house.catalog.forget_conversations_before(200)

    assert await kept(house) == [(CHANNEL, b"later")]


async def test_those_that_rested_longest_are_forgotten(
    house: House, monkeypatch: pytest.MonkeyPatch, set_clock: Callable[[float], None]
) -> None:
    monkeypatch.setattr(conversations, "CONVERSATIONS_KEPT", 2)
    set_clock(100)
    model = await talking(house)

    set_clock(200)
    await house.talk(model, b"again", channel_id=THREAD)
    await house.talk(model, b"new", channel_id=5)
    await house.talk(model, b"newer", channel_id=1)

    assert {channel for channel, _ in await kept(house)} & {1, 5, THREAD} >= {1}
    assert len(await kept(house)) == 2
