"""The pages of a channel on disk: nothing twice, nothing missing, nothing that need not be kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.pages import Cursor, PageFile, remove_pages
from training.corpora.messages import Author, Message
from training.corpora.selection import Selection
from training.corpus import read_corpus

if TYPE_CHECKING:
    from pathlib import Path


ANN, BEN = Author("1", "ann", "Ann"), Author("2", "ben", "Ben")
PLENTY = 10**6
FIRST = 1_200_000_000_000_000_000


def message(number: int, author: Author = ANN, **more: Any) -> Message:
    return Message(more.pop("content", f"line {number}"), author, FIRST + number, **more)


def pages(folder: Path, *, limit: int = PLENTY, **selection: Any) -> PageFile:
    return PageFile(folder, Selection(**selection), limit=limit)


def kept(folder: Path) -> str:
    return (folder / "pages.jsonl").read_text(encoding="utf-8")


def corpus(file: PageFile, *, opted_out: frozenset[str] = frozenset(), **selection: Any) -> str:
    return read_corpus([file.export(opted_out=opted_out)], **selection).text


def filled(folder: Path, *messages: Message, **options: Any) -> PageFile:
    """A file with one page, these messages, and the channel's beginning."""
    file = pages(folder, **options)
    cursor = file.append(Cursor(), messages, opted_out=())
    if not cursor.is_complete:
        assert file.append(cursor, [], opted_out=()).is_complete
    return file


def test_pages_become_a_corpus_in_the_order_of_time(tmp_path: Path) -> None:
    file = pages(tmp_path)

    cursor = file.append(Cursor(), [message(4), message(3, BEN)], opted_out=())
    cursor = file.append(cursor, [message(2), message(1, BEN)], opted_out=())
    cursor = file.append(cursor, [], opted_out=())

    assert cursor == Cursor(oldest=FIRST + 1, messages=4, characters=28, is_complete=True)
    assert corpus(file) == "line 1\nline 2\nline 3\nline 4\n"


@pytest.mark.slow
@given(st.lists(st.integers(1, 4), max_size=6), st.integers(0, 10**4))
def test_a_file_that_was_cut_off_anywhere_goes_on_without_gap_or_repetition(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], cut: int
) -> None:
    """Whatever a power cut left of the last page, its messages are asked for again."""
    folder = tmp_path_factory.mktemp("run")
    numbers = iter(range(sum(sizes), 0, -1))
    every = [[message(next(numbers)) for _ in range(size)] for size in sizes]
    file, cursor = pages(folder), Cursor()
    for page in every:
        cursor = file.append(cursor, page, opted_out=())
    path = folder / "pages.jsonl"
    if path.exists():
        content = path.read_bytes()
        path.write_bytes(content[: cut % (len(content) + 1)])

    file = pages(folder)
    cursor = file.resume()
    rest = [m for page in every for m in page if cursor.oldest is None or m.id < cursor.oldest]  # type: ignore[operator]  # these have ids
    cursor = file.append(cursor, rest, opted_out=())

    assert cursor.messages == sum(sizes)
    records = [m for line in kept(folder).splitlines() for m in json.loads(line)["messages"]]
    assert [int(record["id"]) - FIRST for record in records] == list(range(sum(sizes), 0, -1))


def test_the_newest_stay_where_there_is_too_much(tmp_path: Path) -> None:
    """And the text has exactly as many characters as were counted."""
    said = [message(number, content="x" * 9 + str(number)) for number in range(9, 0, -1)]

    file = filled(tmp_path, *said, limit=36, names=True)

    assert file.resume() == Cursor(oldest=FIRST + 8, messages=2, characters=32, is_complete=True)
    assert corpus(file, names=True) == "Ann: xxxxxxxxx8\nAnn: xxxxxxxxx9\n"


def test_only_what_is_learned_is_kept(tmp_path: Path) -> None:
    """Of bots, system messages and people who are not wanted, no word reaches the disk."""
    filled(
        tmp_path,
        message(4, BEN, content="SECRET of somebody else", mentions={"1": "SECRET"}),
        message(3, content="SECRET of a bot", is_bot=True),
        message(2, content="SECRET of Discord", is_system=True),
        message(1, content="hello"),
        authors=["Ann"],
    )

    assert "SECRET" not in kept(tmp_path)
    assert "hello" in kept(tmp_path)


def test_of_people_who_opted_out_nothing_is_kept_not_even_a_name(tmp_path: Path) -> None:
    file = pages(tmp_path)
    said = [message(2, content="ask <@2>", mentions={"2": "Ben"}), message(1, BEN)]

    cursor = file.append(Cursor(), said, opted_out={"2"})

    assert cursor.messages == 2
    assert "Ben" not in kept(tmp_path)
    assert corpus(file) == "ask\n"


def test_who_opts_out_after_they_were_read_is_left_out_of_the_corpus(tmp_path: Path) -> None:
    file = filled(tmp_path, message(2, content="ask <@2>", mentions={"2": "Ben"}), message(1, BEN))

    assert corpus(file) == "line 1\nask @Ben\n"
    assert corpus(file, opted_out=frozenset({"2"})) == "ask\n"


def test_what_no_encoding_can_hold_does_not_break_the_corpus(tmp_path: Path) -> None:
    file = filled(tmp_path, message(1, content='half \ud83d "\u2028\r\nend'))

    assert corpus(file) == 'half ? "\u2028\nend\n'


def test_the_corpus_says_what_it_was_made_of(tmp_path: Path) -> None:
    file = filled(tmp_path, message(3, BEN), message(2, is_bot=True), message(1))

    summary = read_corpus([file.export(opted_out=())]).summary

    assert summary.description == (
        "The channel's history: 2 messages by 2 people, 1 left out: bots"
    )


def test_messages_are_private_to_the_bots_user_and_can_be_deleted(tmp_path: Path) -> None:
    exported = filled(tmp_path, message(1)).export(opted_out=())
    for path in (tmp_path / "pages.jsonl", exported):
        assert path.stat().st_mode & 0o077 == 0

    for _ in range(2):
        remove_pages(tmp_path)

    assert list(tmp_path.iterdir()) == []
