from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rendering import (
    CONTENT_LIMIT,
    fence,
    plain,
    plain_within,
    read_back,
    size,
    spoken,
    written,
)
from bot.requests import Written
from bot.writing.talking import LONGEST_ANSWER
from model.conversation import LONGEST_NAME
from storage.records import CheckpointRecord, GenerationRecord, ModelRecord

FENCE = re.compile(r"```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)
"""Discord's own rule for a code block."""

ESCAPE = re.compile(r"\\[^0-9A-Za-z\s]")
"""Discord's own rule for an escaped character."""

LIVE = re.compile(
    r"@everyone|@here|<@|<#|<t:|<a?:|<id:|https?://|discord(?:app)?\.(?:gg|com)"
    r"|[*_~`|\[]|\]\(|^[#>+-]|^-#",
    re.IGNORECASE | re.MULTILINE,
)
"""What Discord would turn into something else than its characters."""

MARKUP = ["`", "``", "```", "||", "**", "__", "~~", "\\", "[a](", "](b)"]
MENTIONS = ["@everyone", "@here", "<@1>", "<@&2>", "<#3>", "<t:1:R>", "<:e:1>", "<id:home>"]
LINKS = ["https://", "http://a.b", "discord.gg/", "Discord.GG/x", "discordapp.com/invite/x"]
STARTS = ["> ", "# ", "-# ", "- "]
OTHERS = [" ", "\n", "\r\n", "\t", "\x00", "a", "é", "🐈", "\u200d", "\u200b", "\u202e"]
PIECES = st.sampled_from([*MARKUP, *MENTIONS, *LINKS, *STARTS, *OTHERS])
TEXTS = st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)).map(
    "".join
)

CHECKPOINT = CheckpointRecord(
    id="c" * 32,
    guild_id=1,
    model_id="a" * 32,
    sha256="0" * 64,
    file_size=1,
    step=1,
    validation_loss=1.5,
    parameters=1,
    corpus_characters=1,
    created_at=0,
    novelty=0.97,
)
MODEL = ModelRecord(
    id="a" * 32,
    guild_id=1,
    user_id=2,
    name="Ann",
    created_at=0,
    checkpoint=CHECKPOINT,
    imported=False,
    is_current=True,
)
GENERATION = GenerationRecord(
    id="b" * 32,
    guild_id=1,
    channel_id=3,
    message_id=None,
    user_id=2,
    checkpoint_id=CHECKPOINT.id,
    prompt="",
    seed=7,
    temperature=0.8,
    top_k=None,
    top_p=None,
    stop=None,
    length=400,
    count=1,
    bookmark=b"",
    created_at=0,
)
ANSWER = Written(
    generation=GENERATION,
    text="",
    prompt=GENERATION.prompt,
    stop=None,
    skipped="",
    never="",
    model=MODEL,
)


def is_live(line: str) -> bool:
    """Whether Discord shows anything but the line's characters."""
    return LIVE.search(ESCAPE.sub("\N{WHITE SQUARE}", line)) is not None


@given(TEXTS)
@example("")
@example("\n\n")
@example("py\nprint")
@example("`" * 7)
def test_no_text_leaves_its_fence(text: str) -> None:
    """Discord's code block begins where the fence begins and ends where it ends."""
    fenced = fence(text)

    block = FENCE.match(fenced)

    assert block is not None
    assert block.end() == len(fenced)
    assert block[1] is None


@given(TEXTS)
def test_no_invite_is_live_even_in_a_fence(text: str) -> None:
    assert not re.search(r"discord(app)?\.(gg|com)", fence(text), re.IGNORECASE)


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(lambda t: "`" not in t))
def test_a_harmless_text_is_shown_unchanged(text: str) -> None:
    if not re.search("discord", text, re.IGNORECASE):
        assert fence(text) == f"```\n{text}\n```"


@given(TEXTS, st.integers(10, 100))
@example("*" * 200, 10)
@example("😀@" * 200, 11)
def test_a_plain_line_ends_where_it_would_be_too_long(text: str, limit: int) -> None:
    line = plain_within(text, limit)

    assert size(line) <= limit
    assert not is_live(line)
    if size(plain(text)) <= limit:
        assert line == plain(text)
    else:
        assert line.endswith("…")


@pytest.mark.parametrize("piece", ["a", "*", "😀", "@", "a*😀"])
def test_a_line_that_is_cut_fills_its_room(piece: str) -> None:
    assert 1990 < size(plain_within(piece * 3000, 2000)) <= 2000


@given(TEXTS)
def test_nothing_in_a_plain_line_is_live(text: str) -> None:
    line = plain(text)

    assert not is_live(line)
    assert "\n" not in line


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_a_plain_line_shows_exactly_the_text(text: str) -> None:
    shown = ESCAPE.sub(lambda match: match[0][1], plain(text))

    assert shown.replace("\u200b", "") == text


@pytest.mark.parametrize("turning", ["\u202e", "\u202b", "\u2067"])
def test_nothing_turns_the_rest_of_a_line_around(turning: str) -> None:
    """As a name with right-to-left overrides would; Arabic and Hebrew need none."""
    assert plain(f"a{turning}b") == "ab"
    assert fence(f"a{turning}b") == "```\nab\n```"
    assert plain("שלום") == "שלום"


@given(TEXTS, st.none() | TEXTS)
@example("1. one\n7) seven\n  - a\n\t# b", None)
def test_nothing_that_is_said_is_live(text: str, speaker: str | None) -> None:
    """Neither in any line, nor by what Discord takes for a list where a line begins."""
    said = spoken(text, speaker)

    if speaker is not None:
        name = f"**{plain(speaker)}:** "
        assert said.startswith(name)
        said = said.removeprefix(name)
    assert not any(is_live(line) for line in said.split("\n"))
    assert not re.search(r"^\s*(?:\d+[.)]|[-+*#>])\s", said, re.MULTILINE)
    assert not re.search(r"^[^\S\n]", said, re.MULTILINE)
    assert said.strip()


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_what_is_said_is_shown_as_it_is(text: str) -> None:
    shown = ESCAPE.sub(lambda match: match[0][1], spoken(text, None))

    assert shown.replace("\u200b", "") == (text or "…")


@pytest.mark.parametrize("piece", ["*", "😀", "@", "discord.gg", "a\n", "1. \n"])
def test_what_is_said_fits_into_a_message(piece: str) -> None:
    text = (piece * LONGEST_ANSWER)[:LONGEST_ANSWER]

    assert size(spoken(text, "*" * LONGEST_NAME)) <= CONTENT_LIMIT


def test_what_is_said_stands_after_the_name_of_its_speaker() -> None:
    assert spoken("hello\n*you*", "Dr. Bob") == "**Dr. Bob:** hello\n\\*you\\*"


@given(TEXTS)
@example("a\n-# b")
def test_a_text_is_read_back_from_its_message(text: str) -> None:
    """Whole, but for what Discord never shows."""
    shown = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]", "", text)
    message = written([replace(ANSWER, text=text)], whole=True)

    if not message.files:
        assert read_back(message.content) == shown


@pytest.mark.parametrize(
    ("said", "speaker", "read"),
    [
        ("hello\n*you*", None, "hello\n*you*"),
        ("a_b @c https://d.e discord.gg/f", "Dr. Bob", "Dr. Bob: a_b @c https://d.e discord.gg/f"),
        ("1. one", "*Ann*", "*Ann*: 1. one"),
    ],
)
def test_what_was_said_is_read_back_from_its_message(
    said: str, speaker: str | None, read: str
) -> None:
    assert read_back(spoken(said, speaker)) == read


def test_an_ordinary_sentence_needs_no_escaping() -> None:
    sentence = "This server has no model yet; make one with /train and a text file (3.5 MiB)."

    assert plain(sentence) == sentence


@given(st.lists(TEXTS, min_size=1, max_size=4), TEXTS, TEXTS, st.integers(), st.floats(0, 2))
def test_every_message_is_one_that_discord_takes(
    texts: list[str], other: str, name: str, seed: int, temperature: float
) -> None:
    """Short texts stand in the message, long ones in files, and none is empty or too long."""
    generation = replace(
        GENERATION, seed=seed, temperature=temperature, top_k=9, top_p=0.5, stop=other[:100]
    )
    model = replace(MODEL, name=name[:40])
    answers = [
        replace(
            ANSWER,
            generation=generation,
            text=text,
            prompt=generation.prompt,
            stop=generation.stop,
            skipped=other,
            never=other[:100],
            model=model,
        )
        for text in texts
    ]

    rendered = written(answers, whole=False)

    assert 0 < size(rendered.content) <= CONTENT_LIMIT
    notes = rendered.content
    if not rendered.files:
        for number, text in enumerate(texts, 1):
            notes = notes.removeprefix(f"**{number}**\n" if len(texts) > 1 else "")
            assert notes.startswith(f"{fence(text)}\n")
            notes = notes.removeprefix(f"{fence(text)}\n")
    assert not any(is_live(line.removeprefix("-# ")) for line in notes.split("\n"))


@pytest.mark.parametrize("character", ["a", "`", "😀", "\n"])
@given(length=st.integers(0, 8000))
def test_a_long_text_comes_whole_as_a_file(character: str, length: int) -> None:
    text = character * length

    rendered = written([replace(ANSWER, text=text)], whole=True)

    if rendered.files:
        assert [file.decode() for file in rendered.files] == [text]
        assert size(fence(text)) > CONTENT_LIMIT - 100
    else:
        assert fence(text) in rendered.content


def test_texts_that_do_not_fit_together_come_as_files() -> None:
    answers = [replace(ANSWER, text=character * 600) for character in "abcd"]

    rendered = written(answers, whole=True)

    assert [file.decode() for file in rendered.files] == [answer.text for answer in answers]
    assert rendered.content.startswith("-# Ann")


def test_below_the_text_stand_model_temperature_and_seed() -> None:
    rendered = written([replace(ANSWER, text="To be")], whole=True)

    assert rendered.content == "```\nTo be\n```\n-# Ann · temperature 0.8 · seed 7"


def test_below_several_texts_stand_all_that_they_were_written_with() -> None:
    generation = replace(GENERATION, prompt="To ", top_k=40, top_p=0.9, stop="\n*")
    answers = [
        replace(
            ANSWER,
            generation=replace(generation, seed=seed),
            text=text,
            prompt=generation.prompt,
            stop=generation.stop,
        )
        for seed, text in ((7, "be"), (8, "go"))
    ]

    rendered = written(answers, whole=True)

    assert rendered.content == (
        "**1**\n```\nTo be\n```\n**2**\n```\nTo go\n```\n"
        "-# Ann · temperature 0.8 · top k 40 · top p 0.9 · until “↵\\*” · seeds 7, 8"
    )


def test_skipped_characters_are_named_so_that_they_can_be_seen() -> None:
    rendered = written([replace(ANSWER, skipped="é\n*")], whole=True)

    assert rendered.content.endswith("does not know it: é U+000A \\*")


def test_a_stop_text_that_cannot_come_up_is_said() -> None:
    rendered = written([replace(ANSWER, never="é")], whole=True)

    assert rendered.content.endswith(
        "-# The stop text cannot come up, because the model does not know it: é"
    )
