from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from model.bookmark import Bookmark
from model.config import Cell
from model.errors import BookmarkError, StopTextError
from model.generation import LONGEST_CLUSTER, Writer, begin, write
from model.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = st.integers(-(2**63), 2**64 - 1)
LENGTHS = st.integers(0, 40)

PLAIN = "the quick brown fox jumps over the lazy dog.\n"
DEVANAGARI = "क्षत्रिय की कविता हिन्दी में। "
EMOJI = "👨‍👩‍👧‍👦🇩🇪🇫🇷👍🏽❤️ é"
MARKS_ONLY = "\u0301\u0302\u0303"
STOPS = st.lists(st.text("ab\u0301", min_size=1, max_size=4), max_size=3)
VOCABULARIES = st.sampled_from([PLAIN, DEVANAGARI, EMOJI, MARKS_ONLY, "x"])


@given(VOCABULARIES, LENGTHS, LENGTHS, SEEDS)
def test_text_can_stop_anywhere_and_go_on(
    make_writer: Callable[..., Writer], text: str, first: int, second: int, seed: int
) -> None:
    """Writing n characters and then m more is the same as writing n + m at once."""
    writer, sampling = make_writer(text), Sampling(temperature=seed % 5 / 2)
    start, _ = begin(writer, prompt="the ", seed=seed)

    head, bookmark, _ = write(writer, start, length=first, sampling=sampling)
    tail, *_ = write(
        writer, Bookmark.from_bytes(bookmark.to_bytes()), length=second, sampling=sampling
    )

    whole, *_ = write(writer, start, length=first + second, sampling=sampling)
    assert head + tail == whole


@given(st.sampled_from([PLAIN, "x"]), st.integers(0, 60), SEEDS)
def test_length_counts_code_points(
    make_writer: Callable[..., Writer], text: str, length: int, seed: int
) -> None:
    """Where every character is a grapheme cluster, the text has exactly that many."""
    writer = make_writer(text)
    start, _ = begin(writer, seed=seed)

    assert len(write(writer, start, length=length, sampling=Sampling()).text) == length


@given(st.sampled_from([DEVANAGARI, EMOJI]), st.integers(1, 40), st.integers(1, 40), SEEDS)
def test_no_text_begins_or_ends_inside_a_grapheme_cluster(
    make_writer: Callable[..., Writer], text: str, first: int, second: int, seed: int
) -> None:
    """A text and its continuation have together the clusters that each has alone."""
    writer = make_writer(text, seed=seed % 7)
    sampling = Sampling(temperature=1.5)
    start, _ = begin(writer, prompt="क", seed=seed)

    head, bookmark, _ = write(writer, start, length=first, sampling=sampling)
    tail, *_ = write(writer, bookmark, length=second, sampling=sampling)

    assert head
    assert len(head) <= max(first, LONGEST_CLUSTER)
    assert len(head + tail) <= max(first + second, LONGEST_CLUSTER)
    if max(map(len, regex.findall(r"\X", "क" + head + tail))) < LONGEST_CLUSTER:
        assert clusters("क" + head + tail) == ["क", *clusters(head), *clusters(tail)]
    first_cluster = clusters(head)[0]
    assert len(clusters("a" + first_cluster)) == 2


@given(SEEDS)
def test_a_cluster_that_never_ends_is_cut(make_writer: Callable[..., Writer], seed: int) -> None:
    """A vocabulary of combining marks alone writes one endless cluster."""
    writer = make_writer(MARKS_ONLY)
    start, _ = begin(writer, seed=seed)

    text = write(writer, start, length=100, sampling=Sampling()).text

    assert len(text) == 100 // LONGEST_CLUSTER * LONGEST_CLUSTER


@pytest.mark.parametrize("cell", Cell)
def test_a_seed_fixes_the_text_and_another_one_changes_it(
    make_writer: Callable[..., Writer], cell: Cell
) -> None:
    writer = make_writer(PLAIN, cell=cell)

    def text(seed: int) -> str:
        start, _ = begin(writer, prompt="fox", seed=seed)
        return write(writer, start, length=100, sampling=Sampling()).text

    assert text(1) == text(1)
    assert text(1) != text(2)


@given(st.text(st.characters(), max_size=20), SEEDS)
@settings(max_examples=50)
def test_any_prompt_is_read_and_what_it_skips_is_reported(
    writer: Writer, prompt: str, seed: int
) -> None:
    """Lone surrogates too: a prompt never crashes, and the known part alone counts."""
    known = "".join(c for c in prompt if c in PLAIN)

    bookmark, skipped = begin(writer, prompt=prompt, seed=seed)

    assert set(skipped) == set(prompt) - set(PLAIN)
    expected, _ = begin(writer, prompt=known, seed=seed)
    assert bookmark.to_bytes() == expected.to_bytes()


@given(VOCABULARIES, st.data(), SEEDS)
def test_a_prompt_in_two_parts_is_the_prompt(
    make_writer: Callable[..., Writer], text: str, data: st.DataObject, seed: int
) -> None:
    """Reading on from where another prompt ended, or a text, is reading all at once."""
    writer, parts = make_writer(text), st.text([*text, "☃"], max_size=15)
    first, second = data.draw(parts), data.draw(parts)

    before, skipped = begin(writer, prompt=first, seed=seed)
    read, skipped_later = begin(writer, prompt=second, seed=seed, after=before)
    written = write(writer, read, length=9, sampling=Sampling())
    read_on, _ = begin(writer, prompt=second, seed=seed, after=written.bookmark)

    whole, skipped_in_whole = begin(writer, prompt=first + second, seed=seed)
    assert read.to_bytes() == whole.to_bytes()
    assert {*skipped, *skipped_later} == {*skipped_in_whole}
    with_text, _ = begin(writer, prompt=first + second + written.text + second, seed=seed)
    assert read_on.state[-1].hidden.tobytes() == with_text.state[-1].hidden.tobytes()


@given(st.sampled_from([PLAIN, EMOJI]), SEEDS)
def test_only_known_characters_are_written(
    make_writer: Callable[..., Writer], text: str, seed: int
) -> None:
    writer = make_writer(text)
    start, _ = begin(writer, seed=seed)

    written = write(writer, start, length=50, sampling=Sampling(temperature=2)).text

    assert set(written) <= set(text)


def test_a_text_begins_as_a_line_does(make_writer: Callable[..., Writer]) -> None:
    """A line break is read before everything, where the vocabulary has one."""
    lines, one_line = make_writer("ab\n"), make_writer("ab")

    for prompt in ("", "ab"):
        begun, _ = begin(lines, prompt=prompt, seed=1)
        lines.stepper.forget()
        for character_id in lines.vocabulary.encode("\n" + prompt).tolist():
            lines.stepper.advance(character_id)
        np.testing.assert_array_equal(begun.state[-1].hidden, lines.stepper.state[-1].hidden)
    begun, _ = begin(one_line, seed=1)
    assert not begun.state[-1].hidden.any()


def test_a_prompt_changes_what_follows(writer: Writer) -> None:
    def text(prompt: str) -> str:
        start, _ = begin(writer, prompt=prompt, seed=1)
        return write(writer, start, length=100, sampling=Sampling()).text

    assert text("fox") != text("dog")


def test_a_bookmark_of_another_network_is_refused(
    writer: Writer, make_writer: Callable[..., Writer]
) -> None:
    start, _ = begin(make_writer(PLAIN, layers=3), seed=1)

    with pytest.raises(BookmarkError, match="does not fit the model"):
        write(writer, start, length=10, sampling=Sampling())


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_bookmark_is_refused(data: bytes) -> None:
    with pytest.raises(BookmarkError, match="cannot be continued"):
        Bookmark.from_bytes(data)


@given(STOPS, st.integers(1, 60), SEEDS)
def test_a_text_ends_before_the_first_stop_text(
    make_writer: Callable[..., Writer], stop: list[str], length: int, seed: int
) -> None:
    """As people see it: a stop text counts where it stands as whole clusters."""
    writer, sampling = make_writer("ab\u0301"), Sampling(temperature=2)
    start, _ = begin(writer, seed=seed)
    whole = clusters(write(writer, start, length=length + 40, sampling=sampling).text)

    passage = write(writer, start, length=length, sampling=sampling, stop=stop)

    ends = [
        (last, -len(each), first)
        for last in range(1, len(whole) + 1)
        for first in range(last)
        for each in stop
        if "".join(whole[first:last]) == each
    ]
    plain = write(writer, start, length=length, sampling=sampling).text
    expected = "".join(whole[: min(ends)[2]]) if ends else plain
    if len(expected) < len(plain):
        assert (passage.text, passage.stopped) == (expected, True)
    else:
        assert (passage.text, passage.stopped) == (plain, False)


@given(STOPS, st.lists(st.integers(1, 12), min_size=2, max_size=5), SEEDS)
def test_a_text_in_pieces_ends_at_the_same_stop_text(
    make_writer: Callable[..., Writer], stop: list[str], lengths: list[int], seed: int
) -> None:
    """A stop text is found wherever a text stopped within it and went on."""
    writer, sampling = make_writer("ab\u0301"), Sampling(temperature=2)
    start, _ = begin(writer, seed=seed)
    bookmark, pieces, stopped = start, "", False

    for length in lengths:
        if not stopped:
            piece, bookmark, stopped = write(
                writer, bookmark, length=length, sampling=sampling, stop=stop
            )
            pieces += piece

    whole = write(writer, start, length=sum(lengths), sampling=sampling, stop=stop)
    assert (pieces, stopped) == (whole.text, whole.stopped)
    assert bookmark.to_bytes() == whole.bookmark.to_bytes()


@given(st.sampled_from(["a", "ab", "ba", "\n"]), st.integers(1, 40), SEEDS)
def test_a_text_goes_on_after_its_stop_text(
    make_writer: Callable[..., Writer], stop: str, length: int, seed: int
) -> None:
    """With the characters that would have come, and as many as are asked for."""
    writer, sampling = make_writer("ab\n"), Sampling(temperature=2)
    start, _ = begin(writer, seed=seed)
    whole = write(writer, start, length=200, sampling=sampling).text

    head, bookmark, stopped = write(writer, start, length=100, sampling=sampling, stop=[stop])
    tail = write(writer, bookmark, length=length, sampling=sampling).text

    assert stopped == (stop in whole[:100] or whole[: 99 + len(stop)].endswith(stop))
    assert len(tail) == length
    assert whole.startswith(head + (stop if stopped else "") + tail)


def test_an_empty_stop_text_is_refused(writer: Writer) -> None:
    start, _ = begin(writer, seed=1)

    with pytest.raises(StopTextError, match="at least one character"):
        write(writer, start, length=10, sampling=Sampling(), stop=["end", ""])


def test_texts_of_two_bookmarks_can_take_turns(writer: Writer) -> None:
    """A writer keeps nothing of a text between two calls."""
    starts = [begin(writer, prompt=prompt, seed=1)[0] for prompt in ("fox", "dog")]
    whole = [write(writer, start, length=40, sampling=Sampling()).text for start in starts]

    heads = [write(writer, start, length=20, sampling=Sampling()) for start in starts]
    tails = [write(writer, head.bookmark, length=20, sampling=Sampling()) for head in heads]

    assert [a.text + b.text for a, b in zip(heads, tails, strict=True)] == whole


def clusters(text: str) -> list[str]:
    return regex.findall(r"\X", text)
