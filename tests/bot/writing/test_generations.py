"""Texts: what is written, what is refused, and what goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import errors
from bot.requests import GenerateRequest
from model.checkpoint import load
from model.generation import Writer, begin, write
from model.sampling import Sampling
from storage.files import new_id

if TYPE_CHECKING:
    from tests.bot.core import Core


async def test_the_same_seed_gives_the_same_text(core: Core) -> None:
    await core.trained()

    first = await core.write(seed=7)
    second = await core.write(seed=7, by=core.kim)
    other = await core.write(seed=8)

    assert first.text == second.text != other.text
    assert len(first.text) == 400


async def test_two_hundred_and_continue_is_four_hundred(core: Core) -> None:
    """A text can stop and go on, after a restart of the bot too, as if it never stopped."""
    await core.trained()
    whole = await core.write(seed=7, length=400, prompt="The fox")
    half = await core.write(seed=7, length=200, prompt="The fox")

    later = await core.again()
    rest = await later.service.continue_text(core.kim, half.generation.id)
    more = await later.service.continue_text(core.kim, rest.generation.id)

    assert half.text + rest.text == whole.text
    assert len(more.text) == 200
    assert rest.generation.prompt == "The fox"


async def test_a_text_is_what_the_checkpoint_writes(core: Core) -> None:
    model = await core.trained()
    writer = Writer(load(core.directory.checkpoint(model.checkpoint.id)))

    written = await core.write(seed=3, length=100, prompt="Fox", temperature=1.2)

    bookmark, _ = begin(writer, prompt="Fox", seed=3)
    passage = write(writer, bookmark, length=100, sampling=Sampling(temperature=1.2))
    assert written.text == passage.text
    assert written.generation.bookmark == passage.bookmark.to_bytes()


async def test_again_takes_the_prompt_with_another_seed(core: Core) -> None:
    await core.trained()
    first = await core.write(prompt="The", temperature=1.1, length=50)

    [second] = await core.service.again(core.kim, first.generation.id)

    before, after = first.generation, second.generation
    assert after.seed != before.seed
    assert (after.prompt, after.temperature, after.length) == ("The", 1.1, 50)


async def test_a_prompt_without_any_known_character_works(core: Core) -> None:
    await core.trained()

    written = await core.write(prompt="Ωψ Ω\ud800", length=10)

    assert written.skipped == "Ωψ?"
    assert len(written.text) == 10


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"length": 0}, "Please choose length between 1 and 8,000."),
        ({"length": 8001}, "Please choose length between 1 and 8,000."),
        ({"temperature": -0.1}, "Please choose temperature between 0 and 2."),
        ({"temperature": float("nan")}, "Please choose temperature between 0 and 2."),
        (
            {"seed": 2**64},
            "Please choose seed between -9,007,199,254,740,992 and 9,007,199,254,740,992.",
        ),
        ({"count": 5}, "Please choose count between 1 and 4."),
        ({"count": 0}, "Please choose count between 1 and 4."),
        ({"top_k": 0}, "Please choose top_k between 1 and 10,000."),
        ({"top_p": 0.0}, "Please choose top_p between 0.01 and 1."),
        ({"top_p": float("nan")}, "Please choose top_p between 0.01 and 1."),
        ({"prompt": "a" * 2001}, "A prompt has at most 2,000 characters; please shorten yours."),
        (
            {"temperature": 0.0, "top_k": 5},
            (
                "At temperature 0 the likeliest character always comes next, so top_k would change "
                "nothing; please leave out top_k or choose a higher temperature."
            ),
        ),
        (
            {"temperature": 0.0, "count": 2},
            (
                "At temperature 0 all texts would be the same; please choose a higher temperature "
                "or a count of 1."
            ),
        ),
        (
            {"top_k": 1, "count": 2},
            (
                "With top_k 1 all texts would be the same; please choose a higher top_k or a count "
                "of 1."
            ),
        ),
        (
            {"model": "nothing like it"},
            "This server has no such model (any more); /models shows those it has.",
        ),
        (
            {"model": "\ud800"},
            "This server has no such model (any more); /models shows those it has.",
        ),
    ],
)
async def test_wrong_options_of_generate_are_refused(
    core: Core, options: dict[str, object], sentence: str
) -> None:
    await core.trained()

    with pytest.raises(errors.RefusedError) as refused:
        await core.service.check_generation(core.max, replace(GenerateRequest(), **options))  # type: ignore[arg-type]  # by name

    assert str(refused.value) == sentence


async def test_without_a_model_it_says_how_to_make_one(core: Core) -> None:
    with pytest.raises(errors.NoModelError) as refused:
        await core.write()

    assert str(refused.value) == (
        "This server has no model yet; make one with /train and a text file."
    )


async def test_a_deleted_model_cannot_go_on(core: Core) -> None:
    model = await core.trained()
    written = await core.write()
    await core.service.delete(core.max, model.id)

    for press in (core.service.continue_text, core.service.again):
        with pytest.raises(errors.CheckpointGoneError) as refused:
            await press(core.max, written.generation.id)

    assert str(refused.value) == (
        "The model that this needs is gone; choose another one with /models or make one "
        "with /train."
    )


async def test_a_model_deleted_before_its_turn_is_gone_and_not_damaged(core: Core) -> None:
    model = await core.trained()
    checked = await core.service.check_generation(core.max, GenerateRequest())
    await core.service.delete(core.max, model.id)

    with pytest.raises(errors.CheckpointGoneError):
        await core.service.generate(core.max, checked)


@pytest.mark.parametrize("damage", ["missing", "flipped", "cut"])
async def test_a_missing_or_damaged_checkpoint_is_one_sentence(core: Core, damage: str) -> None:
    model = await core.trained()
    path = core.directory.checkpoint(model.checkpoint.id)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    if damage != "missing":
        path.write_bytes(content if damage == "flipped" else content[:-100])

    with pytest.raises(errors.CheckpointBrokenError) as refused:
        await core.write()

    assert str(refused.value) == (
        "This model's file is missing or damaged; choose another model with /models or train it "
        "again with /train."
    )


async def test_an_unknown_text_cannot_go_on(core: Core) -> None:
    with pytest.raises(errors.GenerationGoneError) as refused:
        await core.service.continue_text(core.max, new_id())

    assert str(refused.value) == (
        "This text can no longer be continued; write a new one with /generate."
    )


async def test_a_message_is_remembered(core: Core) -> None:
    await core.trained()
    written = await core.write()

    await core.service.remember_message(core.max, written.generation.id, 42)

    assert (await core.catalog.generation(1, written.generation.id)).message_id == 42
