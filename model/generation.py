"""Writing a text, character by character, so that it can stop anywhere and go on.

    begin : (writer, prompt, seed, bookmark) -> bookmark
    write : (writer, bookmark, length, sampling, stop texts) -> (text, bookmark)

The n-th draw of a seed is a function of n alone, so 200 characters and 200 more are the
same text as 400 at once, in this process or in another one.

Length counts code points, but people see grapheme clusters: a family emoji is seven
code points, a Devanagari syllable often three. A text therefore begins with a
character that begins a cluster, and ends where one ends, a few code points before the
length asked for if need be. The next text then aims at the sum of both lengths. It is
empty where that adds no whole cluster.

A stop text counts where it stands as whole clusters within one text. Writing ends before
the one that is complete first; the next text begins after it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from itertools import chain, count
from math import inf
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import regex

from model.bookmark import Bookmark
from model.errors import BookmarkError, StopTextError
from model.forward import State, zero_state
from model.sampling import Sampler, Sampling, uniforms
from model.stepper import Stepper
from model.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from model.checkpoint import Checkpoint

LONGEST_CLUSTER = 32
"""Code points after which a cluster is cut all the same: a little more than the 30
marks on one base that the Stream-Safe Text Format (UAX #15) allows."""

SAMPLE_LENGTH = 300
SHORT = 160
"""Characters of a text among several."""

TEMPERATURES = (0.5, 0.8, 1.1)
"""Careful, as people use it, and daring."""

BLOCK = 256
"""Random numbers drawn at a time."""


class Writer:
    """A checkpoint made ready to write. The checkpoint itself may go.

    Making one takes some milliseconds, so whoever writes often keeps it. It works in
    place: two threads must not use one.
    """

    check: Callable[[], object] = staticmethod(bool)
    """Called before each character is read; what it raises ends reading and writing."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self.vocabulary = checkpoint.vocabulary
        self.names = checkpoint.training.names
        """Whether it learned a chat with its authors' names."""
        self.stepper = Stepper(checkpoint.config, checkpoint.weights)

    def read(self, character_id: int) -> None:
        """Read one character."""
        self.check()
        self.stepper.advance(character_id)

    @property
    def nbytes(self) -> int:
        """The memory that it holds, in bytes."""
        return self.stepper.nbytes


class Passage(NamedTuple):
    """A piece of text and where it stopped."""

    text: str
    bookmark: Bookmark
    stopped: bool
    """Whether a stop text ended it."""


def begin(
    writer: Writer, *, prompt: str = "", seed: int, after: Bookmark | None = None
) -> tuple[Bookmark, str]:
    """Read a prompt, after a line break where the vocabulary has one, or after another text.

    So a text, and a prompt, begins as a line of the corpus does, and not in the middle
    of a word. A prompt in two parts, the second one read after the first, is the same as
    the whole one.

    Args:
        writer: The network that reads.
        prompt: Text to go on from; may be empty.
        seed: Fixes every draw; any integer, of which 64 bits count.
        after: Where another text stopped, from `begin` or `write`, that comes before.

    Returns:
        Where writing begins, and the prompt's characters that the vocabulary lacks,
        each once: they were skipped.

    Raises:
        BookmarkError: `after` belongs to a network of other dimensions.
    """
    vocabulary, stepper = writer.vocabulary, writer.stepper
    skipped = vocabulary.unknown_in(prompt)
    known = prompt.translate(dict.fromkeys(map(ord, skipped)))
    if after is None:
        stepper.forget()
        opening, before = ("\n" if "\n" in vocabulary.characters else ""), ""
    else:
        _check_fits(writer, after)
        stepper.state = after.state
        opening, before = "", after.last
    for character_id in vocabulary.encode(opening + known).tolist():
        writer.read(character_id)
    [*_, last] = ["", *regex.findall(r"\X", before + known)]
    bookmark = Bookmark(state=stepper.state, seed=seed % 2**64, last=last[-LONGEST_CLUSTER:])
    return bookmark, skipped


def write(
    writer: Writer,
    bookmark: Bookmark,
    *,
    length: int,
    sampling: Sampling,
    stop: Sequence[str] = (),
) -> Passage:
    """Write about `length` characters, ending where a grapheme cluster ends.

    Args:
        writer: The network that writes.
        bookmark: Where the text stopped, from `begin` or an earlier `write`.
        length: Characters to add, in code points.
        sampling: How each character is drawn.
        stop: Texts before which writing ends.

    Returns:
        The new characters and where they stopped.

    Raises:
        BookmarkError: The bookmark belongs to a network of other dimensions.
        StopTextError: A stop text is empty.
    """
    if "" in stop:
        raise StopTextError
    _check_fits(writer, bookmark)
    requested = bookmark.requested + length
    with np.errstate(over="ignore", invalid="ignore"):
        drawn = _draw(writer, bookmark, requested - bookmark.written, sampling, tuple(stop))
    written = bookmark.written + drawn.passed
    after = replace(
        bookmark,
        state=drawn.state,
        written=written,
        requested=written if drawn.stopped else requested,
        last="" if drawn.passed else bookmark.last,
    )
    return Passage(drawn.text, after, drawn.stopped)


def first_sample(checkpoint: Checkpoint) -> str:
    """A text of 300 characters to show what a new checkpoint has learned."""
    writer = Writer(checkpoint)
    bookmark, _ = begin(writer, seed=checkpoint.training.seed)
    return write(writer, bookmark, length=SAMPLE_LENGTH, sampling=Sampling()).text


def samples(checkpoint: Checkpoint, temperatures: Sequence[float] = TEMPERATURES) -> dict[str, str]:
    """Short texts of a checkpoint, by the temperatures at which they were drawn."""
    writer = Writer(checkpoint)
    bookmark, _ = begin(writer, seed=checkpoint.training.seed)
    return {
        f"{temperature:g}": write(
            writer, bookmark, length=SHORT, sampling=Sampling(temperature=temperature)
        ).text
        for temperature in temperatures
    }


class _Drawn(NamedTuple):
    text: str
    state: State
    passed: int
    """Characters drawn up to this state: those of the text and of a stop text after it."""
    stopped: bool


def _draw(
    writer: Writer, bookmark: Bookmark, aim: int, sampling: Sampling, stop: tuple[str, ...]
) -> _Drawn:
    """Draw up to `aim` characters, cut where the last whole cluster ends.

    Whether a cluster is whole, and whether a stop text has begun, shows only in what
    follows, so more may be drawn than is written; the next text draws it again, from the
    same numbers. Only a text's very first cluster may go beyond `aim`, so that no text
    stays empty for ever.
    """
    if aim <= 0:
        return _Drawn("", bookmark.state, 0, stopped=False)
    text, end, at_end = "", 0, bookmark.state
    beginnings: deque[int] = deque(maxlen=max(map(len, stop), default=0))
    for cluster in _clusters(_characters(writer, bookmark, sampling)):
        beginnings.append(len(text))
        text += cluster
        if len(text) <= aim or not (end or bookmark.written):
            end = len(text)
            if end > aim - LONGEST_CLUSTER:  # an earlier one is not the last
                at_end = writer.stepper.state
        begins = _stop_begins(text, stop, beginnings)
        if begins is not None and begins < end:
            return _Drawn(text[:begins], writer.stepper.state, len(text), stopped=True)
        if len(text) >= aim and (begins is not None or not _may_stop(text, stop, end)):
            break
    return _Drawn(text[:end], at_end, end, stopped=False)


def _stop_begins(text: str, stop: tuple[str, ...], beginnings: deque[int]) -> int | None:
    """Where the longest stop text begins that ends a text, at the beginning of a cluster."""
    if not (stop and text.endswith(stop)):
        return None
    found = {len(text) - len(each) for each in stop if text.endswith(each)}
    return min(found.intersection(beginnings), default=None)


def _may_stop(text: str, stop: tuple[str, ...], end: int) -> bool:
    """Whether what follows may complete a stop text that has begun before `end`."""
    return any(
        each.startswith(text[begun:])
        for each in stop
        for begun in range(max(0, len(text) - len(each) + 1), end)
    )


def _clusters(characters: Iterator[str]) -> Iterator[str]:
    """Whole grapheme clusters, each as soon as the next character is there."""
    cluster = next(characters)
    for character in characters:
        if _extends(cluster, character):
            cluster += character
        else:
            yield cluster
            cluster = character


def _characters(writer: Writer, bookmark: Bookmark, sampling: Sampling) -> Iterator[str]:
    """The seed's characters from a bookmark on, each one drawn, but not yet read."""
    characters, stepper = writer.vocabulary.characters, writer.stepper
    sampler = Sampler(sampling, len(writer.vocabulary))
    marks = [] if bookmark.written else _marks(characters, bookmark.last)
    stepper.state = bookmark.state
    blocks = (uniforms(bookmark.seed, n, BLOCK) for n in count(bookmark.written, BLOCK))
    for uniform in chain.from_iterable(blocks):
        scores = stepper.logits()
        scores[UNKNOWN] = -inf
        if marks:
            scores[marks] = -inf
            marks = []
        character_id = sampler.draw(scores, uniform)
        yield characters[character_id - 1]
        writer.read(character_id)


def _marks(characters: str, last: str) -> list[int]:
    """Ids that may not begin a text: marks that need a base.

    Where the vocabulary has nothing but such marks, they may.
    """
    marks = [i for i, c in enumerate(characters, start=1) if _extends(last or "a", c)]
    return [] if len(marks) == len(characters) else marks


def _extends(cluster: str, character: str) -> bool:
    """Whether a character belongs to the grapheme cluster before it."""
    if cluster.isascii() and character.isascii():
        return False  # no line of a corpus holds a carriage return
    whole = cluster + character
    return len(whole) <= LONGEST_CLUSTER and regex.fullmatch(r"\X", whole) is not None


def _check_fits(writer: Writer, bookmark: Bookmark) -> None:
    wanted = zero_state(writer.stepper.config)
    if [[x.shape for x in layer] for layer in bookmark.state] != [
        [x.shape for x in layer] for layer in wanted
    ]:
        raise BookmarkError
