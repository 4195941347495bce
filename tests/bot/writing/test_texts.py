"""Several texts, stop texts, and texts that are written once more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.errors.limits import WritesElsewhereError
from bot.rendering import written as render
from bot.requests import GenerateRequest
from bot.writing.forbidden import ForbiddenWords
from bot.writing.orders import MAXIMUM_SEED
from bot.writing.texts import Heat
from bot.writing.thread import Order, draft
from model.errors import StopTextError
from model.generation import Writer
from tests.bot.uploads import small_checkpoint

if TYPE_CHECKING:
    from tests.bot.core import Core

WRITER = Writer(small_checkpoint())
ORDER = Order(prompt="The fox", seed=1, temperature=0.8, length=60)


async def test_each_of_several_texts_can_be_written_again_by_its_seed(core: Core) -> None:
    await core.trained()

    texts = await core.write_all(GenerateRequest(seed=7, count=4, prompt="The", length=80))

    assert [each.generation.seed for each in texts] == [7, 8, 9, 10]
    assert len({each.text for each in texts}) == 4
    for each in texts:
        alone = await core.write(seed=each.generation.seed, prompt="The", length=80)
        assert alone.text == each.text


@pytest.mark.parametrize("seed", [MAXIMUM_SEED, -MAXIMUM_SEED, MAXIMUM_SEED - 2])
async def test_the_seeds_of_several_texts_can_all_be_typed(core: Core, seed: int) -> None:
    await core.trained()

    texts = await core.write_all(GenerateRequest(seed=seed, count=4, length=1))

    seeds = {each.generation.seed for each in texts}
    assert len(seeds) == 4
    assert all(abs(each) <= MAXIMUM_SEED for each in seeds)


async def test_a_text_that_is_written_again_keeps_all_its_options(core: Core) -> None:
    await core.trained()
    request = GenerateRequest(
        prompt="The", length=30, temperature=1.0, top_k=9, top_p=0.9, stop="x", count=2
    )
    first, second = await core.write_all(request)
    service, kim = core.service, core.kim

    continued = await service.continue_text(kim, second.generation.id)
    again = await service.again(kim, first.generation.id)
    hotter = await service.again(kim, first.generation.id, Heat.HOTTER)
    edited = await service.edit(kim, first.generation.id, "A dog")

    assert continued.generation.seed == second.generation.seed
    assert [len(texts) for texts in (again, hotter, edited)] == [2, 2, 2]
    kept = {
        (each.top_k, each.top_p, each.stop, each.length)
        for texts in ([continued], again, hotter, edited)
        for each in (written.generation for written in texts)
    }
    assert kept == {(9, 0.9, "x", 30)}
    assert {each.generation.prompt for each in edited} == {"A dog"}
    assert {each.generation.temperature for each in hotter} == {1.2}
    assert {each.generation.temperature for each in (*again, *edited)} == {1.0}


@pytest.mark.parametrize(
    ("temperature", "heat", "becomes"),
    [
        (0.8, Heat.HOTTER, 1.0),
        (0.8, Heat.COLDER, 0.6),
        (0.0, Heat.HOTTER, 0.2),
        (1.95, Heat.HOTTER, 2.0),
        (0.3, Heat.COLDER, 0.2),
    ],
)
async def test_hotter_and_colder_are_a_step_within_the_range(
    core: Core, temperature: float, heat: Heat, becomes: float
) -> None:
    await core.trained()
    first = await core.write(temperature=temperature, prompt="The", length=40)

    [second] = await core.service.again(core.kim, first.generation.id, heat)

    assert second.generation.temperature == becomes
    assert second.generation.seed != first.generation.seed


@pytest.mark.parametrize(
    ("options", "heat", "sentence"),
    [
        (
            {"temperature": 2.0},
            Heat.HOTTER,
            "This text cannot get any hotter than temperature 2; press Again for another one.",
        ),
        (
            {"temperature": 0.1},
            Heat.COLDER,
            "This text cannot get any colder than temperature 0.1; press Again for another one.",
        ),
        ({"temperature": 0.0}, Heat.SAME, str(errors.AlwaysTheSameError())),
        ({"top_k": 1}, Heat.HOTTER, str(errors.AlwaysTheSameError())),
    ],
)
async def test_what_could_not_be_another_text_is_refused(
    core: Core, options: dict[str, float], heat: Heat, sentence: str
) -> None:
    await core.trained()
    first = await core.write(GenerateRequest(length=5, **options))  # type: ignore[arg-type]  # by name

    with pytest.raises(errors.RefusedError) as refused:
        await core.service.check_again(core.kim, first.generation.id, heat)

    assert str(refused.value) == sentence


async def test_a_prompt_is_edited_within_its_length(core: Core) -> None:
    await core.trained()
    first = await core.write(prompt="The", length=5)

    [emptied] = await core.service.edit(core.kim, first.generation.id, "")
    with pytest.raises(errors.PromptTooLongError):
        await core.service.edit(core.kim, first.generation.id, "a" * 2001)

    assert emptied.generation.prompt == ""


async def test_a_stop_text_may_be_a_line_break_that_is_typed(core: Core) -> None:
    await core.trained()

    written = await core.write(stop=r"\n", seed=1, length=400)

    assert written.generation.stop == "\n"
    assert "\n" not in written.text.lstrip("\n")
    assert len(written.text) < 400


@pytest.mark.parametrize(
    ("stop", "error"), [("", StopTextError), ("a" * 101, errors.OutOfRangeError)]
)
async def test_a_stop_text_of_a_wrong_length_is_refused(
    core: Core, stop: str, error: type[Exception]
) -> None:
    await core.trained()

    with pytest.raises(error):
        await core.write(stop=stop)


async def test_a_stop_text_that_the_model_does_not_know_is_told(core: Core) -> None:
    await core.trained()

    written = await core.write(stop="e☃", length=20)

    assert (written.never, len(written.text)) == ("☃", 20)


async def test_characters_that_are_named_spell_no_forbidden_word(core: Core) -> None:
    """What the model does not know of the prompt and of the stop text is named, one by one."""
    await core.trained()
    await core.choose(forbidden_words=("damn",))

    written = await core.write(prompt="The ☃DAMN", stop="The DAMNZ", length=20)

    shown = render([written], whole=False).content
    assert "☃" in shown
    assert "Z" in shown
    assert not ForbiddenWords(["damn"]).find(shown)


@pytest.mark.slow
@given(st.text("The quickbrownfx.\n", min_size=1, max_size=2), st.integers(0, 2**32))
def test_what_continues_after_a_stop_text_is_the_text_without_one(stop: str, seed: int) -> None:
    """Put together with the stop texts between them, the parts are what one would have read."""
    order = replace(ORDER, seed=seed, stop=stop, length=500)
    part = draft(WRITER, order)
    read = part.text
    while len(read) < 150:
        part = draft(WRITER, order, part.bookmark)
        read += stop + part.text

    whole = draft(WRITER, replace(order, stop=None, length=len(read) + 40)).text

    assert whole.startswith(read)


@given(st.sampled_from("The quickbrownfx.\n"), st.integers(0, 2**32))
def test_a_text_is_never_empty_though_its_stop_text_comes_first(stop: str, seed: int) -> None:
    order = replace(ORDER, seed=seed, stop=stop, length=5)

    written = draft(WRITER, order).text

    assert written
    assert stop not in written.removeprefix(stop * (len(written) - len(written.lstrip(stop))))


async def test_what_others_wrote_is_read_but_not_kept(core: Core) -> None:
    """It goes on from there all the same, with Continue too; anew it cannot be written."""
    await core.trained()
    [whole] = await core.write_all(GenerateRequest(prompt="The lazy", seed=1, length=30))
    checked = await core.service.check_foreign_text(core.max, "The lazy")
    order = replace(checked.order, seed=1, length=10)

    [written] = await core.service.generate(core.max, replace(checked, order=order))
    first = await core.service.continue_text(core.kim, written.generation.id)
    second = await core.service.continue_text(core.kim, first.generation.id)

    assert written.text + first.text + second.text == whole.text
    for text in (written, first, second):
        assert (text.generation.prompt, text.generation.prompt_kept) == ("", False)
        with pytest.raises(errors.PromptNotKeptError):
            await core.service.again(core.kim, text.generation.id)
    [edited] = await core.service.edit(core.kim, second.generation.id, "The")
    assert (edited.generation.prompt, edited.generation.prompt_kept) == ("The", True)


async def test_what_others_wrote_is_written_on_as_the_server_has_chosen(core: Core) -> None:
    await core.trained()
    await core.choose(length=7, temperature=0.5, write_channels=(10,))

    order = (await core.service.check_foreign_text(core.max, "The")).order
    with pytest.raises(WritesElsewhereError):
        await core.service.check_foreign_text(replace(core.max, channel_id=11), "The")

    assert (order.length, order.temperature) == (7, 0.5)
