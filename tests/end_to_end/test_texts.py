"""/generate over the sandbox: several texts, stop texts, hotter, colder, another prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.house import BUTTONS, fenced, is_private, labels, posted
from tests.sandbox_driver import RefusedByPageError, button, text_of

if TYPE_CHECKING:
    from tests.house import House

pytestmark = pytest.mark.slow


async def generate(house: House, **options: Any) -> dict[str, Any]:
    return await posted(house.max, await house.max.command("bots", "generate", **options))


async def pressed(house: House, message: dict[str, Any], label: str) -> dict[str, Any]:
    return await posted(house.max, await house.max.press(message, label))


async def test_several_texts_stand_in_one_message_and_each_goes_on(library: House) -> None:
    message = await generate(library, count=3, seed=7, length=100, prompt="The")

    assert labels(message) == ["Continue 1", "Continue 2", "Continue 3", *BUTTONS[1:]]
    assert "seeds 7, 8, 9" in text_of(message)
    second = await generate(library, seed=8, length=200, prompt="The")
    tail = await pressed(library, message, "Continue 2")
    assert labels(tail) == BUTTONS
    head = text_of(message).split("```\n")[3].rpartition("\n")[0]
    assert head + fenced(tail) == fenced(second)
    again = await pressed(library, message, "Again")
    assert labels(again) == labels(message)


async def test_texts_too_long_for_a_message_come_as_files(library: House) -> None:
    message = await generate(library, count=4, seed=7, length=1000)

    files = [await library.max.download(file) for file in message["attachments"]]
    assert [file["filename"] for file in message["attachments"]] == [
        f"text-{number}.txt" for number in (1, 2, 3, 4)
    ]
    assert all(len(file.decode()) == 1000 for file in files)
    assert len(set(files)) == 4


async def test_hotter_and_colder_change_the_temperature_alone(library: House) -> None:
    first = await generate(library, prompt="The", length=50, temperature=1.8, top_k=9)

    hotter = await pressed(library, first, "Hotter")
    assert "temperature 2 · top k 9" in text_of(hotter)
    assert fenced(hotter).startswith("The")
    assert button(hotter, "Hotter")["disabled"]
    colder = await pressed(library, hotter, "Colder")
    assert "temperature 1.8 · top k 9" in text_of(colder)
    assert labels(colder) == BUTTONS


async def test_the_likeliest_text_has_no_other(library: House) -> None:
    message = await generate(library, temperature=0, length=20)

    for label in ("Again", "Colder"):
        assert button(message, label)["disabled"]
    warmer = await pressed(library, message, "Hotter")
    assert "temperature 0.2" in text_of(warmer)


async def test_a_prompt_is_edited_in_a_form_also_after_a_restart(library: House) -> None:
    first = await generate(library, prompt="The", length=50, temperature=1.2)
    await library.restart()

    form = await library.mo.press(first, "Edit prompt")
    edited = await posted(library.mo, await library.mo.submit(form, {"Prompt": "A fox\nand"}))

    assert fenced(edited).startswith("A fox\nand")
    assert "temperature 1.2" in text_of(edited)


async def test_a_text_ends_before_its_stop_text_and_goes_on_after_it(library: House) -> None:
    whole = fenced(await generate(library, seed=5, length=1500))
    stop = next(letter for letter in whole[40:] if letter.isalpha() and letter not in whole[:40])

    message = await generate(library, seed=5, length=1500, stop=stop)
    head = fenced(message)
    assert head == whole.partition(stop)[0]
    assert f"until “{stop}”" in text_of(message)

    tail = fenced(await pressed(library, message, "Continue"))
    assert whole.startswith(head + stop + tail)
    assert stop not in tail.lstrip(stop)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"temperature": 0, "top_k": 5}, "please leave out top\\_k"),
        ({"temperature": 0, "top_p": 0.5}, "please leave out top\\_p"),
        ({"temperature": 0, "count": 2}, "all texts would be the same"),
        ({"top_k": 1, "count": 2}, "all texts would be the same"),
    ],
)
async def test_options_that_contradict_each_other_are_refused(
    library: House, options: dict[str, Any], part: str
) -> None:
    answer = await library.max.command("bots", "generate", **options)

    assert is_private(answer.message)
    assert part in text_of(answer.message or {})


@pytest.mark.parametrize(
    "options", [{"count": 5}, {"top_k": 0}, {"top_p": 0.001}, {"top_p": 1.1}, {"stop": "a" * 101}]
)
async def test_options_out_of_range_never_reach_the_bot(
    library: House, options: dict[str, Any]
) -> None:
    with pytest.raises(RefusedByPageError):
        await library.max.command("bots", "generate", **options)
