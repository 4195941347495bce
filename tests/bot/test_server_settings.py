"""What a server chooses, who may choose it, and what it cannot be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors.choices import (
    CooldownInvalidError,
    ManagersOnlyError,
    NumberNeededError,
    WordInvalidError,
    WordsTooLongError,
)
from bot.rendering import size
from bot.server_settings import LONGEST_TYPED, MOST_CHARACTERS, checked_words, typed_duration
from bot.views.setting_forms import (
    FIELDS,
    cooldowns_form,
    defaults_form,
    typed_words,
    words_form,
)
from bot.words import languages, speaking
from storage.records import GuildSettings

if TYPE_CHECKING:
    from tests.bot.core import Core


async def test_only_whoever_manages_the_server_sees_and_chooses(core: Core) -> None:
    settings, max_ = core.service.server_settings, core.max
    before = await core.catalog.guild_settings(1)

    attempts = [
        settings.read(max_),
        settings.choose_writing(max_, [1]),
        settings.choose_talking(max_, [1]),
        settings.choose_trainers(max_, [1]),
        settings.choose_language(max_, "de"),
        settings.choose_cooldowns(max_, write="1", train="1"),
        settings.choose_cooldowns(max_, write="nonsense", train=""),
        settings.choose_defaults(max_, length="1", temperature="1"),
        settings.choose_words(max_, ["word"]),
    ]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [ManagersOnlyError] * len(attempts)
    assert await core.catalog.guild_settings(1) == before


async def test_what_is_chosen_is_kept_for_this_server_alone(core: Core) -> None:
    settings, ada = core.service.server_settings, core.ada

    await settings.choose_writing(ada, [1, 2])
    await settings.choose_talking(ada, [2])
    await settings.choose_trainers(ada, [3])
    await settings.choose_language(ada, "de")
    await settings.choose_cooldowns(ada, write="30", train="2 h")
    await settings.choose_defaults(ada, length="200", temperature="1,1")
    await settings.choose_words(ada, ["one", " two ", "", "one"])

    assert await settings.read(ada) == GuildSettings(
        guild_id=1,
        write_channels=(1, 2),
        talk_channels=(2,),
        train_roles=(3,),
        language="de",
        write_cooldown=30,
        train_cooldown=7200,
        length=200,
        temperature=1.1,
        forbidden_words=("one", "two"),
    )
    assert await settings.read(core.stranger) == GuildSettings(guild_id=2)


async def test_everything_can_be_taken_back(core: Core) -> None:
    settings, ada = core.service.server_settings, core.ada
    await settings.choose_defaults(ada, length="200", temperature="0")
    await settings.choose_language(ada, "de")
    await settings.choose_words(ada, ["word"])

    await settings.choose_defaults(ada, length=" ", temperature="")
    await settings.choose_language(ada, None)

    assert await settings.choose_words(ada, []) == GuildSettings(guild_id=1)


async def test_a_language_that_the_bot_does_not_speak_is_none(core: Core) -> None:
    chosen = await core.service.server_settings.choose_language(core.ada, "../de")

    assert chosen.language is None


@pytest.mark.parametrize(
    ("length", "temperature", "refusal"),
    [
        ("long", "", NumberNeededError),
        ("", "hot", NumberNeededError),
        ("0", "", errors.OutOfRangeError),
        ("8001", "", errors.OutOfRangeError),
        ("", "2.1", errors.OutOfRangeError),
        ("", "-1", errors.OutOfRangeError),
        ("9,000", "", errors.OutOfRangeError),
        ("-5", "", errors.OutOfRangeError),
        ("nan", "", NumberNeededError),
        ("inf", "", NumberNeededError),
        ("1.5", "", NumberNeededError),
        ("1,20", "", NumberNeededError),
        ("", "nan", errors.OutOfRangeError),
        ("", "1,200.5", NumberNeededError),
    ],
)
async def test_a_default_that_no_text_could_have_is_refused(
    core: Core, length: str, temperature: str, refusal: type[errors.RefusedError]
) -> None:
    with pytest.raises(refusal):
        await core.service.server_settings.choose_defaults(
            core.ada, length=length, temperature=temperature
        )

    assert await core.catalog.guild_settings(1) == GuildSettings(guild_id=1)


@pytest.mark.parametrize("typed", ["1200", "1,200", "1.200", "1 200"])
async def test_a_length_is_typed_as_the_bot_writes_it(core: Core, typed: str) -> None:
    chosen = await core.service.server_settings.choose_defaults(
        core.ada, length=typed, temperature=""
    )

    assert chosen.length == 1200


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("", 0),
        ("0", 0),
        ("90", 90),
        ("90 s", 90),
        ("1,5min", 90),
        ("0,1 h", 360),
        ("1.25 min.", 75),
        ("2 H", 7200),
        ("0.2", 1),
        ("24 h", 86_400),
    ],
)
def test_a_waiting_time_is_typed_with_or_without_its_unit(typed: str, seconds: int) -> None:
    assert typed_duration(typed) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        *("soon", "-1", "1 day", "25 h", "1e9", "9999999", "١٢", "nan"),
        *("3,600", "3.600 s", "1 800", "1,5,0", ",5", "1..5"),
    ],
)
def test_what_is_no_waiting_time_is_refused(typed: str) -> None:
    if typed == "١٢":
        assert typed_duration(typed) == 12, "digits of any script are digits"
        return
    with pytest.raises(CooldownInvalidError):
        typed_duration(typed)


@pytest.mark.parametrize(
    "word",
    [
        *("*", "**", "a*b", "█", "\N{ZERO WIDTH SPACE}", "x" * 51, "* *"),
        "a" + "\N{ZERO WIDTH SPACE}" * LONGEST_TYPED,
    ],
)
def test_what_cannot_be_looked_for_is_refused(word: str) -> None:
    with pytest.raises(WordInvalidError):
        checked_words(["fine", word])


def test_more_words_than_a_form_can_show_are_refused() -> None:
    most = [f"word{number:05}" for number in range(MOST_CHARACTERS // 10)]

    assert len(checked_words(most)) == len(most)
    with pytest.raises(WordsTooLongError):
        checked_words([*most, "another"])


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=50)))
def test_a_form_shows_every_word_that_is_kept(typed: list[str]) -> None:
    """And gives back the same, however long the list is."""
    try:
        words = checked_words(each.replace("*", "") for each in typed * 20)
    except errors.RefusedError:
        return
    form = words_form(GuildSettings(guild_id=1, forbidden_words=words))

    fields = [label.component for label in form.walk_children() if hasattr(label, "component")]
    shown = {field.custom_id: field.default or "" for field in fields}
    assert 1 <= len(fields) <= FIELDS
    assert all(size(text) <= 4000 for text in shown.values())
    assert checked_words(typed_words(shown)) == words


@pytest.mark.parametrize("length", [49, LONGEST_TYPED])
def test_the_longest_list_fits_into_its_form(length: int) -> None:
    """Also where most of each word cannot be seen."""
    typed = [f"{number:049}" for number in range(MOST_CHARACTERS // (length + 1))]
    words = checked_words(word.ljust(length, "\N{SOFT HYPHEN}") for word in typed)
    form = words_form(GuildSettings(guild_id=1, forbidden_words=words))

    shown = {
        label.component.custom_id: label.component.default or ""
        for label in form.walk_children()
        if hasattr(label, "component")
    }
    assert checked_words(typed_words(shown)) == words


@pytest.mark.parametrize("language", languages())
def test_every_form_has_what_discord_takes(language: str) -> None:
    chosen = GuildSettings(guild_id=1, write_cooldown=7200, length=8000, temperature=0.25)
    with speaking(language):
        forms = [make(chosen) for make in (cooldowns_form, defaults_form, words_form)]

    for form in forms:
        payload = form.to_dict()
        assert 1 <= len(payload["title"]) <= 45
