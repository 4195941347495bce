from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.config import NetworkConfig
from model.conversation import ELLIPSIS, Question, respond
from model.errors import BookmarkError
from model.forward import zero_state
from model.generation import Writer, begin
from model.sampling import Sampling
from model.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from model.checkpoint import Checkpoint
    from model.forward import Array, State

SEEDS = st.integers(0, 2**32)
CHAT = "Ann: hi, Bob.\nBob: no!\n"
TEXTS = st.sampled_from([CHAT, "abc", "\n", " \n", "a b. c,\n", "👨‍👩‍👧‍👦🇩🇪 é.\n"])
QUESTIONS = st.builds(Question, st.text(max_size=20), st.sampled_from(["Ann", "Zoë"]))
HELLO = Question("hi", "Ann")
WRAPPED_LINE = "It was the best of times and it was, alas, the worst"


@pytest.fixture(scope="session")
def make_speaker(make_checkpoint: Callable[..., Checkpoint]) -> Callable[..., Writer]:
    """A network that has learned names; what it writes is noise all the same."""

    def make(text: str = CHAT, **options: int) -> Writer:
        checkpoint = make_checkpoint(text, **options)
        return Writer(replace(checkpoint, training=replace(checkpoint.training, names=True)))

    return make


@settings(max_examples=40)
@given(TEXTS, QUESTIONS, st.booleans(), st.integers(1, 60), SEEDS)
def test_an_answer_is_never_blank_and_never_too_long(  # noqa: PLR0917 - drawn by hypothesis
    make_writer: Callable[..., Writer],
    make_speaker: Callable[..., Writer],
    text: str,
    question: Question,
    names: bool,
    length: int,
    seed: int,
) -> None:
    """Whole grapheme clusters of one code point or more; a first one is never cut."""
    writer = make_speaker(text) if names else make_writer(text)

    answer = respond(
        writer, None, question, seed=seed, sampling=Sampling(temperature=1.5), length=length
    )

    assert answer.text.strip()
    assert answer.text == answer.text.strip()
    assert len(answer.text) <= max(length, 32)
    assert names or answer.speaker is None


@pytest.mark.slow
@settings(max_examples=30)
@given(QUESTIONS, st.booleans(), SEEDS)
def test_what_is_shown_is_what_was_read(
    make_writer: Callable[..., Writer],
    make_speaker: Callable[..., Writer],
    question: Question,
    names: bool,
    seed: int,
) -> None:
    """The state after an answer is that of the conversation as one sees it, read at once."""
    writer = make_speaker() if names else make_writer(CHAT)
    said, bookmark = "", None
    for turn in range(3):
        answer = respond(
            writer, bookmark, question, seed=seed + turn, sampling=Sampling(), length=30
        )
        bookmark = answer.bookmark
        asked = f"{question.speaker}: {question.text}\n" if names else f"{question.text}\n"
        shown = f"{answer.speaker}: {answer.text}\n" if answer.speaker else f"{answer.text}\n"
        said += (asked if question.text else "") + shown

    whole, _ = begin(writer, prompt=said, seed=seed + 2)
    assert bookmark is not None
    assert bookmark.to_bytes() == whole.to_bytes()


@pytest.mark.slow
@settings(max_examples=20)
@given(SEEDS)
def test_the_same_seed_answers_the_same(make_speaker: Callable[..., Writer], seed: int) -> None:
    writer = make_speaker()

    first, second = [
        respond(writer, None, HELLO, seed=seed, sampling=Sampling(), length=50) for _ in range(2)
    ]

    assert first[:2] == second[:2]
    assert first.bookmark.to_bytes() == second.bookmark.to_bytes()


class Memory:
    """A stepper that knows one text by heart: its state is how far it has come."""

    def __init__(self, text: str) -> None:
        self.vocabulary = Vocabulary.of(text)
        self.config = NetworkConfig(
            vocabulary_size=len(self.vocabulary), layers=1, hidden_size=1, embedding_size=1
        )
        self._ids = self.vocabulary.encode(text)
        self.state: State = ()
        self.forget()

    def forget(self) -> None:
        self.state = zero_state(self.config)

    def advance(self, _: int) -> None:
        [layer] = self.state
        self.state = (layer._replace(hidden=layer.hidden + 1),)

    def logits(self) -> Array:
        place = int(self.state[0].hidden[0]) % len(self._ids)
        scores = np.zeros(len(self.vocabulary), np.float32)
        scores[self._ids[place]] = 1
        return scores


def remembering(text: str, *, names: bool) -> Writer:
    """A network that goes on as this text does, after as many characters of anything."""
    writer = object.__new__(Writer)
    memory = Memory("\n" + text)
    writer.vocabulary, writer.names = memory.vocabulary, names
    writer.stepper = memory  # type: ignore[assignment]  # as much of a stepper as is used
    return writer


def answer_of(script: str, *, names: bool = False, length: int = 100) -> tuple[str | None, str]:
    question = Question("hi", "Ann")
    answer = respond(
        remembering(script, names=names),
        None,
        question,
        seed=1,
        sampling=Sampling(temperature=0),
        length=length,
    )
    return answer.speaker, answer.text


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("hi\nhello.\nbye\n", "hello."),
        ("hi\n\n\nhello\nbye\n", "hello"),
        ("hi\nROMEO:\nI dreamt a dream,\nto-night.\nbye", "ROMEO:\nI dreamt a dream,\nto-night."),
        (f"hi\n{WRAPPED_LINE}\nof times. Then\nit rained\n", f"{WRAPPED_LINE}\nof times. Then"),
        (f"hi\n{WRAPPED_LINE}.\nof times. Then\nit rained\n", f"{WRAPPED_LINE}."),
        ("hi\nno line\nROMEO: ends\n", "no line"),
        ("hi\nOne. Two! (Three.) four five\n" * 2, "One. Two! (Three.) four five"),
    ],
)
def test_an_answer_is_a_line_or_as_many_as_belong_together(script: str, text: str) -> None:
    assert answer_of(script) == (None, text)


@pytest.mark.parametrize(
    ("script", "speaker", "text"),
    [
        ("Ann: hi\nBob: hello\nCem: bye\n", "Bob", "hello"),
        ("Ann: hi\nBob: hello\nto all,\nof you\nCem: bye\n", "Bob", "hello\nto all,\nof you"),
        ("Ann: hi\nDr. Bob 2: see: this\nCem: bye\n", "Dr. Bob 2", "see: this"),
        ("Ann: hi\nhello\nCem: bye\n", None, "hello"),
        ("Ann: hi\nBob: at 12:30 https://a.b\nCem: bye\n", "Bob", "at 12:30 https://a.b"),
    ],
)
def test_where_names_were_learned_an_answer_is_a_turn(
    script: str, speaker: str | None, text: str
) -> None:
    assert answer_of(script, names=True) == (speaker, text)


@pytest.mark.parametrize(
    ("line", "length", "text"),
    [
        ("One two. Three four", 15, "One two."),
        ("A. One two three four", 15, f"A. One two{ELLIPSIS}"),
        ("One two three", 12, f"One two{ELLIPSIS}"),
        ("abcdefghij", 4, "abcd"),
        ("Is it? “Yes!” and no", 17, "Is it? “Yes!”"),
        ("3.14 is no end", 8, f"3.14 is{ELLIPSIS}"),
    ],
)
def test_too_long_an_answer_ends_with_a_sentence_or_a_word(
    line: str, length: int, text: str
) -> None:
    assert answer_of(f"hi\n{line}\n" * 4, length=length) == (None, text)


def test_somebody_else_answers_than_whoever_asked(make_speaker: Callable[..., Writer]) -> None:
    """As long as the network lets anybody speak at all; it is drawn again until one does."""
    writer = make_speaker("a: b\n", seed=3)

    answers = [
        respond(writer, None, HELLO, seed=seed, sampling=Sampling(), length=100)
        for seed in range(0, 200, 20)
    ]

    speakers = [answer.speaker for answer in answers if answer.speaker]
    assert speakers
    for seed, speaker in zip(range(0, 200, 20), speakers, strict=False):
        asked = Question("hi", speaker)
        again = respond(writer, None, asked, seed=seed, sampling=Sampling(), length=100)
        assert again.speaker != speaker


def test_what_may_not_be_said_is_drawn_again(writer: Writer) -> None:
    def answer(seed: int, word: str) -> str:
        return respond(
            writer,
            None,
            HELLO,
            seed=seed,
            sampling=Sampling(),
            length=9,
            shown=lambda text: text.replace(word, "█") if word else "█" * len(text),
        ).text

    assert all("q" not in answer(seed, "q") for seed in range(10))
    assert answer(0, ""), "one that may not be said is better than none"


def test_what_is_not_shown_is_not_read(writer: Writer) -> None:
    """What was masked leaves no trace in the state: it is as if it had been said so."""
    heard, _ = begin(writer, prompt="hi\n", seed=3)

    answer = respond(
        writer,
        None,
        HELLO,
        seed=3,
        sampling=Sampling(),
        length=9,
        shown=lambda text: "a" * len(text),
    )

    said, _ = begin(writer, prompt=f"{answer.text}\n", seed=3, after=heard)
    assert {*answer.text} == {"a"}
    assert answer.bookmark.to_bytes() == said.to_bytes()


def test_a_bookmark_of_another_network_is_refused(
    writer: Writer, make_writer: Callable[..., Writer]
) -> None:
    other = respond(make_writer(CHAT, layers=3), None, HELLO, seed=1, sampling=Sampling(), length=9)

    with pytest.raises(BookmarkError, match="does not fit the model"):
        respond(writer, other.bookmark, HELLO, seed=1, sampling=Sampling(), length=9)
