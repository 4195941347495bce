from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import MessageWithoutTextError
from bot.rendering import fence
from bot.views.continuing import end_of, prompt_in
from bot.writing.orders import LONGEST_PROMPT

ME = 1


def read(content: str, *, author: int = 2, forwarded: str | None = None, **mentioned: int) -> str:
    people = [SimpleNamespace(id=n, display_name=name) for name, n in mentioned.items()]
    message: Any = SimpleNamespace(
        content=content,
        author=SimpleNamespace(id=author),
        mentions=people,
        message_snapshots=[] if forwarded is None else [snapshot(forwarded)],
    )
    interaction: Any = SimpleNamespace(client=SimpleNamespace(user=SimpleNamespace(id=ME)))
    return prompt_in(interaction, message)


def snapshot(content: str) -> discord.MessageSnapshot:
    """As Discord sends it with a message that forwards another."""
    moment = "2026-01-01T00:00:00.000000+00:00"
    data: Any = {"type": 0, "content": content, "embeds": [], "attachments": [], "flags": 0}
    data |= {"timestamp": moment, "edited_timestamp": None}
    return discord.MessageSnapshot(None, data)  # type: ignore[arg-type]  # nothing is asked of it


def test_a_message_is_read_as_people_read_it() -> None:
    assert read("<@7> look: <:owl:12> <#3>", Ann=7) == "@Ann look: :owl:"


def test_a_text_of_the_bots_own_is_read_without_what_stands_below_it() -> None:
    text = "To be\n```or"

    assert read(fence(text) + "\n-# Ann · seed 7", author=ME) == text
    assert read("-# Ann", author=2) == "-# Ann"


def test_of_a_forwarded_message_its_text_is_read() -> None:
    assert read("", forwarded="<@9> look: <:owl:12>") == "look: :owl:"
    assert read("mine", forwarded="theirs") == "mine"
    with pytest.raises(MessageWithoutTextError):
        read("", forwarded="")


@pytest.mark.parametrize(("content", "author"), [("", 2), (" <@9> <#3>", 2), ("-# Ann", ME)])
def test_a_message_without_text_is_refused(content: str, author: int) -> None:
    """Only a picture, only mentions, or a text that is in a file."""
    with pytest.raises(MessageWithoutTextError):
        read(content, author=author)


def test_of_too_long_a_message_the_end_is_read() -> None:
    prompt = read("word " * 800 + "end")

    assert len(prompt) <= LONGEST_PROMPT
    assert prompt.startswith("word word")
    assert prompt.endswith("word end")


@given(st.text(), st.integers(1, 30))
def test_an_end_is_the_end_and_fits(text: str, length: int) -> None:
    end = end_of(text, length)

    assert text.endswith(end)
    assert len(end) <= length
    assert end or not text
