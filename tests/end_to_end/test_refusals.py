"""What people get wrong, over the sandbox: one private sentence, and nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.house import POEM, refusal
from tests.sandbox_driver import RefusedByPageError

if TYPE_CHECKING:
    from tests.house import House

pytestmark = pytest.mark.slow

TEXT = POEM.encode()


async def test_a_file_that_cannot_be_learned_from_is_refused(house: House) -> None:
    files = [
        (b"", "This file is empty"),
        (b"a" * 999, "has 999 characters; training needs at least 1,000"),
        (b"some text\0" * 200, "text"),
        (bytes(range(1, 256)) * 20, "UTF-8"),
        (b"\xff" * 2000, "single character"),
        (b" \n" * 2000, "is empty"),
        (b"\x80\x04K\x01." * 500, "UTF-8"),
    ]

    for content, part in files:
        assert part in await refused(house, "train", content)

    await nothing_is_left(house)


async def test_a_file_larger_than_the_limit_is_refused(house: House) -> None:
    await house.restart(CHARWGU_FILE_MEBIBYTES="1", CHARWGU_CORPUS_CHARACTERS="10000")

    assert "at most 1 MiB" in await refused(house, "train", b"x" * (2**20 + 1))
    assert "10,000" in await refused(house, "train", TEXT * 4)

    await nothing_is_left(house)


@pytest.mark.parametrize("name", [" ", "x" * 41, "\u200b", "a\0b", "\u202eabc", "two\nlines"])
async def test_a_name_that_none_can_read_is_refused(house: House, name: str) -> None:
    assert "1 to 40 visible characters" in await refused(house, "train", TEXT, name=name)

    await nothing_is_left(house)


async def test_a_name_that_is_taken_is_refused_in_any_case(library: House) -> None:
    sentence = await refused(library, "train", TEXT, name="VERSE")

    assert "already has a model called" in sentence


async def test_where_the_bot_may_not_speak_it_says_so_before_it_starts(house: House) -> None:
    sentence = await refused(house, "train", TEXT, channel_without_bot(house))

    assert "may not post in this channel" in sentence
    await nothing_is_left(house)


async def test_without_a_model_the_bot_says_how_to_make_one(house: House) -> None:
    for command in ("generate", "models"):
        sentence = await refused(house, command)
        assert "no model yet; make one with /train" in sentence


async def test_a_model_that_does_not_exist_is_refused(library: House) -> None:
    assert "no such model" in await refused(library, "generate", model="prose")
    assert "no such model" in await refused(library, "models", use="prose")
    assert "no such model" in await refused(library, "generate", model="0" * 32)


async def test_options_out_of_range_never_reach_the_bot(library: House) -> None:
    """Discord itself refuses them, as the commands ask it to."""
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("generate", {"length": 0}),
        ("generate", {"length": 8001}),
        ("generate", {"temperature": -0.1}),
        ("generate", {"temperature": 2.1}),
        ("generate", {"seed": 2**53 + 1}),
        ("train", {"minutes": 0.05}),
        ("train", {"minutes": 60.5}),
    ]
    for command, options in wrong:
        files = {"file": ("poem.txt", TEXT)} if command == "train" else None
        with pytest.raises(RefusedByPageError):
            await library.ada.command("bots", command, files=files, **options)
    with pytest.raises(RefusedByPageError):
        await library.ada.command("bots", "train")


async def refused(
    house: House, command: str, content: bytes | None = None, where: str = "bots", **options: Any
) -> str:
    """The sentence with which Max is refused, and which nobody else sees."""
    public = set(house.mo.messages)
    files = {} if content is None else {"file": ("poem.txt", content)}
    sentence = await refusal(house.max, command, where, files=files, **options)
    assert set(house.mo.messages) == public, "nobody else sees anything"
    return sentence


async def nothing_is_left(house: House) -> None:
    assert list((house.data / "runs").iterdir()) == []
    assert "no model yet" in await refused(house, "models")


def channel_without_bot(house: House) -> str:
    [name] = {
        channel["name"]
        for guild in house.ada.state["guilds"]
        for channel in guild["channels"]
        if not channel["bot_can_send"]
    }
    return str(name)
