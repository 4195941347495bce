from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import Cell
from model.errors import BookmarkError
from model.forward import advance, zero_state
from model.generation import LONGEST_CLUSTER, Bookmark, begin, write
from model.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.checkpoint import Checkpoint

SEEDS = st.integers(-(2**63), 2**64 - 1)
LENGTHS = st.integers(0, 40)

PLAIN = "the quick brown fox jumps over the lazy dog.\n"
DEVANAGARI = "क्षत्रिय की कविता हिन्दी में। "
EMOJI = "👨‍👩‍👧‍👦🇩🇪🇫🇷👍🏽❤️ é"
MARKS_ONLY = "\u0301\u0302\u0303"
VOCABULARIES = st.sampled_from([PLAIN, DEVANAGARI, EMOJI, MARKS_ONLY, "x"])


@given(VOCABULARIES, LENGTHS, LENGTHS, SEEDS)
def test_text_can_stop_anywhere_and_go_on(
    make_checkpoint: Callable[..., Checkpoint], text: str, first: int, second: int, seed: int
) -> None:
    """Writing n characters and then m more is the same as writing n + m at once."""
    checkpoint, sampling = make_checkpoint(text), Sampling(temperature=seed % 5 / 2)
    start, _ = begin(checkpoint, prompt="the ", seed=seed)

    head, bookmark = write(checkpoint, start, length=first, sampling=sampling)
    tail, _ = write(
        checkpoint, Bookmark.from_bytes(bookmark.to_bytes()), length=second, sampling=sampling
    )

    whole, _ = write(checkpoint, start, length=first + second, sampling=sampling)
    assert head + tail == whole


@given(st.sampled_from([PLAIN, "x"]), st.integers(0, 60), SEEDS)
def test_length_counts_code_points(
    make_checkpoint: Callable[..., Checkpoint], text: str, length: int, seed: int
) -> None:
    """Where every character is a grapheme cluster, the text has exactly that many."""
    checkpoint = make_checkpoint(text)
    start, _ = begin(checkpoint, seed=seed)

    assert len(write(checkpoint, start, length=length, sampling=Sampling()).text) == length


@given(st.sampled_from([DEVANAGARI, EMOJI]), st.integers(1, 40), st.integers(1, 40), SEEDS)
def test_no_text_begins_or_ends_inside_a_grapheme_cluster(
    make_checkpoint: Callable[..., Checkpoint], text: str, first: int, second: int, seed: int
) -> None:
    """A text and its continuation have together the clusters that each has alone."""
    checkpoint = make_checkpoint(text, seed=seed % 7)
    sampling = Sampling(temperature=1.5)
    start, _ = begin(checkpoint, prompt="क", seed=seed)

    head, bookmark = write(checkpoint, start, length=first, sampling=sampling)
    tail, _ = write(checkpoint, bookmark, length=second, sampling=sampling)

    assert head
    assert len(head) <= max(first, LONGEST_CLUSTER)
    assert len(head + tail) <= max(first + second, LONGEST_CLUSTER)
    if max(map(len, regex.findall(r"\X", "क" + head + tail))) < LONGEST_CLUSTER:
        assert clusters("क" + head + tail) == ["क", *clusters(head), *clusters(tail)]
    first_cluster = clusters(head)[0]
    assert len(clusters("a" + first_cluster)) == 2


@given(SEEDS)
def test_a_cluster_that_never_ends_is_cut(
    make_checkpoint: Callable[..., Checkpoint], seed: int
) -> None:
    """A vocabulary of combining marks alone writes one endless cluster."""
    checkpoint = make_checkpoint(MARKS_ONLY)
    start, _ = begin(checkpoint, seed=seed)

    text = write(checkpoint, start, length=100, sampling=Sampling()).text

    assert len(text) == 100 // LONGEST_CLUSTER * LONGEST_CLUSTER


@pytest.mark.parametrize("cell", Cell)
def test_a_seed_fixes_the_text_and_another_one_changes_it(
    make_checkpoint: Callable[..., Checkpoint], cell: Cell
) -> None:
    checkpoint = make_checkpoint(PLAIN, cell=cell)

    def text(seed: int) -> str:
        start, _ = begin(checkpoint, prompt="fox", seed=seed)
        return write(checkpoint, start, length=100, sampling=Sampling()).text

    assert text(1) == text(1)
    assert text(1) != text(2)


@given(st.text(st.characters(), max_size=20), SEEDS)
@settings(max_examples=50)
def test_any_prompt_is_read_and_what_it_skips_is_reported(
    checkpoint: Checkpoint, prompt: str, seed: int
) -> None:
    """Lone surrogates too: a prompt never crashes, and the known part alone counts."""
    known = "".join(c for c in prompt if c in PLAIN)

    bookmark, skipped = begin(checkpoint, prompt=prompt, seed=seed)

    assert set(skipped) == set(prompt) - set(PLAIN)
    expected, _ = begin(checkpoint, prompt=known, seed=seed)
    assert bookmark.to_bytes() == expected.to_bytes()


@given(st.sampled_from([PLAIN, EMOJI]), SEEDS)
def test_only_known_characters_are_written(
    make_checkpoint: Callable[..., Checkpoint], text: str, seed: int
) -> None:
    checkpoint = make_checkpoint(text)
    start, _ = begin(checkpoint, seed=seed)

    written = write(checkpoint, start, length=50, sampling=Sampling(temperature=2)).text

    assert set(written) <= set(text)


def test_a_text_begins_as_a_line_does(make_checkpoint: Callable[..., Checkpoint]) -> None:
    """A line break is read before everything, where the vocabulary has one."""
    lines, one_line = make_checkpoint("ab\n"), make_checkpoint("ab")

    for prompt in ("", "ab"):
        begun, _ = begin(lines, prompt=prompt, seed=1)
        expected = zero_state(lines.config)
        for character_id in lines.vocabulary.encode("\n" + prompt):
            expected = advance(lines.weights, int(character_id), expected)
        np.testing.assert_allclose(begun.state[-1].hidden, expected[-1].hidden, rtol=1e-5)
    begun, _ = begin(one_line, seed=1)
    assert not begun.state[-1].hidden.any()


def test_a_prompt_changes_what_follows(checkpoint: Checkpoint) -> None:
    def text(prompt: str) -> str:
        start, _ = begin(checkpoint, prompt=prompt, seed=1)
        return write(checkpoint, start, length=100, sampling=Sampling()).text

    assert text("fox") != text("dog")


def test_a_bookmark_of_another_network_is_refused(
    checkpoint: Checkpoint, make_checkpoint: Callable[..., Checkpoint]
) -> None:
    start, _ = begin(make_checkpoint(PLAIN, layers=3), seed=1)

    with pytest.raises(BookmarkError, match="does not fit the model"):
        write(checkpoint, start, length=10, sampling=Sampling())


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_bookmark_is_refused(data: bytes) -> None:
    with pytest.raises(BookmarkError, match="cannot be continued"):
        Bookmark.from_bytes(data)


def clusters(text: str) -> list[str]:
    return regex.findall(r"\X", text)
