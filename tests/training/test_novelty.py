from __future__ import annotations

import tracemalloc
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.checkpoint import Checkpoint
from model.config import NetworkConfig
from model.forward import from_named
from model.vocabulary import Vocabulary
from training import novelty as module
from training.novelty import (
    CHARACTERS,
    PIECE,
    RECITES_BELOW,
    WINDOW,
    describe_novelty,
    measure,
    novelty,
    recites,
    write_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

POEM = "Tyger Tyger, burning bright, In the forests of the night; What immortal hand or eye?"

repetitive = st.lists(st.sampled_from(["a", "b", "aaaaa", "ababab", "🐯"]), max_size=60).map(
    "".join
)
"""Texts of which a good part stands in others of their kind."""


def windows_of(text: str) -> list[str]:
    return [text[place : place + WINDOW] for place in range(len(text) - WINDOW + 1)]


def plainly(text: str, corpus: str) -> float | None:
    """The definition, without any thought of speed."""
    new = [window not in corpus for window in windows_of(text)]
    return sum(new) / len(new) if new else None


@pytest.fixture
def _small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PART", 7)
        yield


@given(repetitive, repetitive)
def test_novelty_is_the_share_of_windows_that_the_corpus_does_not_hold(
    text: str, corpus: str
) -> None:
    assert novelty(text, corpus) == plainly(text, corpus)


@given(text=repetitive, corpus=repetitive)
@pytest.mark.usefixtures("_small_parts")
def test_a_corpus_in_parts_has_the_windows_across_their_borders_too(text: str, corpus: str) -> None:
    assert novelty(text, corpus) == plainly(text, corpus)


@given(text=repetitive, corpus=repetitive)
def test_no_hash_is_trusted(text: str, corpus: str) -> None:
    """Even if all were the same, the characters would decide."""

    def same(text: str) -> object:
        return np.zeros(len(text) - WINDOW + 1, np.uint64)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "hashes", same)

        assert novelty(text, corpus) == plainly(text, corpus)


@given(st.integers(0, len(POEM) - WINDOW))
def test_what_is_copied_is_not_new_wherever_it_stands(first: int) -> None:
    copied = POEM[first : first + WINDOW]

    assert novelty(copied, POEM) == 0
    assert novelty(copied[:-1] + "#", POEM) == 1
    assert novelty(copied[:-1], POEM) is None


def test_a_text_half_copied_is_half_new() -> None:
    text = POEM + "".join(map(chr, range(300, 300 + len(POEM))))

    assert novelty(text, POEM) == pytest.approx(0.5, abs=WINDOW / len(text))


@pytest.mark.slow
def test_the_longest_corpus_takes_seconds_and_little_memory() -> None:
    """20 million characters: hashed all at once they would take half a gigabyte."""
    random = np.random.default_rng(0)
    corpus = "".join(map(chr, random.integers(97, 117, 1_000_000))) * 20
    text = "".join(map(chr, random.integers(97, 117, CHARACTERS // 2))) + corpus[-2000:]

    tracemalloc.start()
    share = novelty(text, corpus)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert share == pytest.approx(0.5, abs=0.01)
    assert peak < 120e6


@pytest.fixture(scope="module")
def noise() -> Checkpoint:
    """An untrained network: it writes what nobody wrote before."""
    vocabulary = Vocabulary.of("abcdefghijklmnopqrstuvwxyz \n")
    config = NetworkConfig(
        vocabulary_size=len(vocabulary), layers=1, hidden_size=4, embedding_size=4
    )
    random = np.random.default_rng(0)
    named = {n: random.normal(size=s).astype(np.float32) for n, s in config.shapes().items()}
    return Checkpoint(config=config, vocabulary=vocabulary, weights=from_named(named, 1))


def test_the_text_that_is_judged_has_a_length_that_the_clock_only_shortens(
    noise: Checkpoint,
) -> None:
    ticks = count()

    whole = write_for(noise, seconds=1e9, clock=lambda: 0.0)
    shorter = write_for(noise, seconds=3, clock=lambda: float(next(ticks)))

    assert len(whole) == pytest.approx(CHARACTERS, abs=PIECE)
    assert PIECE / 2 < len(shorter) < 4 * PIECE
    assert whole.startswith(shorter)


def test_even_without_any_time_something_is_judged(noise: Checkpoint) -> None:
    assert len(write_for(noise, seconds=-1, clock=lambda: 0.0)) >= WINDOW


def test_a_checkpoint_is_judged_by_what_it_writes(noise: Checkpoint) -> None:
    written = write_for(noise, seconds=9, clock=lambda: 0.0)

    assert measure(noise, POEM, clock=lambda: 0.0) == 1
    assert measure(noise, written, clock=lambda: 0.0) == 0


def test_the_search_in_a_long_corpus_takes_its_time_from_the_writing(noise: Checkpoint) -> None:
    corpus = POEM * 100
    ticks = count()

    def clock() -> float:
        return next(ticks) * len(corpus) / module.SCANNED_PER_SECOND

    seconds = 5 * len(corpus) / module.SCANNED_PER_SECOND

    with pytest.MonkeyPatch.context() as patch:
        texts: list[str] = []
        patch.setattr(module, "novelty", lambda text, _: texts.append(text))
        measure(noise, corpus, seconds=seconds, clock=clock)

    [text] = texts
    assert len(text) == pytest.approx(4 * PIECE, abs=PIECE)


@given(st.floats(0, 1))
def test_a_novelty_is_one_sentence_and_a_warning_where_it_is_low(share: float) -> None:
    sentence = describe_novelty(share)

    assert sentence.endswith(".")
    assert sentence.count(".") == 1
    assert ("recites" in sentence) == recites(share) == (share < RECITES_BELOW)
    assert f"{round(100 * share)} %" in sentence


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_no_checkpoint_claims_an_impossible_novelty(noise: Checkpoint, share: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        replace(noise.training, novelty=share)
