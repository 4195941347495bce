"""Deleting for good: the words of one person in texts that others had from theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import GenerationGoneError
from bot.writing.texts import Heat
from storage.catalog import Catalog
from tests.bot.core import Core
from tests.traces import traces

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.requests import Caller, Written

    Press = Callable[[Core, Caller, str], Awaitable[Written]]

PROMPT, STOP, EDITED = "Xylophonsecret", "Zwiebackstop", "Quittengelee"
BEN = replace(Core.max, user_id=500)


async def go_on(core: Core, by: Caller, text_id: str) -> Written:
    return await core.service.continue_text(by, text_id)


async def again(core: Core, by: Caller, text_id: str) -> Written:
    return (await core.service.again(by, text_id))[0]


async def hotter(core: Core, by: Caller, text_id: str) -> Written:
    return (await core.service.again(by, text_id, Heat.HOTTER))[0]


async def edit(core: Core, by: Caller, text_id: str) -> Written:
    return (await core.service.edit(by, text_id, f"{PROMPT} {EDITED}"))[0]


@pytest.fixture
async def text_id(core: Core) -> str:
    """What Max wrote with Kim's model, so short that its tail has the prompt."""
    await core.trained("others", by=core.kim)
    await core.choose(forbidden_words=("word",))
    return (await core.write(prompt=PROMPT, stop=STOP, length=9)).generation.id


@pytest.mark.parametrize("press", [go_on, again, hotter, edit])
async def test_words_are_deleted_from_what_another_person_had_from_a_text(
    core: Core, text_id: str, press: Press
) -> None:
    others = await press(core, core.ada, text_id)
    assert (await core.service.privacy.given(core.max)).texts == 2
    assert len(traces(core.settings.data, PROMPT, STOP)) >= 2, "or this would prove nothing"

    await core.service.privacy.delete_given(core.max)

    assert traces(core.settings.data, PROMPT, STOP) == []
    with pytest.raises(GenerationGoneError):
        await core.service.continue_text(core.ada, others.generation.id)


@pytest.mark.parametrize("first", [go_on, again, edit])
@pytest.mark.parametrize("second", [go_on, again, edit])
async def test_words_are_deleted_however_many_have_passed_them_on(
    core: Core, text_id: str, first: Press, second: Press
) -> None:
    passed_on = await first(core, core.ada, text_id)
    await second(core, BEN, passed_on.generation.id)

    await core.service.privacy.delete_given(core.max)

    assert traces(core.settings.data, PROMPT, STOP) == []


async def test_words_that_were_added_to_a_prompt_are_of_whoever_added_them(
    core: Core, text_id: str
) -> None:
    edited = await edit(core, core.ada, text_id)
    await again(core, BEN, edited.generation.id)
    assert (await core.service.privacy.given(core.ada)).texts == 2

    await core.service.privacy.delete_given(core.ada)

    assert traces(core.settings.data, EDITED) == []
    assert (await go_on(core, core.max, text_id)).generation.prompt == PROMPT


async def test_whoever_only_passed_words_on_takes_nobody_s_text_away(
    core: Core, text_id: str
) -> None:
    passed_on = await go_on(core, core.ada, text_id)
    third = await go_on(core, BEN, passed_on.generation.id)

    await core.service.privacy.delete_given(core.ada)

    assert (await go_on(core, BEN, third.generation.id)).generation.prompt == PROMPT


@pytest.mark.parametrize("press", [go_on, again, edit])
async def test_a_text_that_is_being_written_brings_no_deleted_words_back(
    core: Core, text_id: str, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = Catalog.record_generation

    async def late(self: Catalog, *args: Any, **options: Any) -> Any:
        await core.service.privacy.delete_given(core.max)
        return await record(self, *args, **options)

    monkeypatch.setattr(Catalog, "record_generation", late)

    with pytest.raises(GenerationGoneError):
        await press(core, core.ada, text_id)

    assert traces(core.settings.data, PROMPT, STOP) == []
