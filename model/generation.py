"""Writing a text, character by character, so that it can stop anywhere and go on.

    begin : (checkpoint, prompt, seed) -> bookmark
    write : (checkpoint, bookmark, length, sampling) -> (text, bookmark)

A bookmark is a value of a few kilobytes that holds all there is to know about a text's
past: the network's state, the seed, and how many characters were drawn. The n-th draw
of a seed is a function of n alone, so 200 characters and 200 more are the same text as
400 at once, in this process or in another one.

Length counts code points, but people see grapheme clusters: a family emoji is seven
code points, a Devanagari syllable often three. A text therefore begins with a
character that begins a cluster, and ends where one ends, a few code points before the
length asked for if need be. The next text then aims at the sum of both lengths. It is
empty where that adds no whole cluster.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import regex
import safetensors
import safetensors.numpy

from model.errors import BookmarkError
from model.forward import LayerState, State, advance, logits, read, zero_state
from model.sampling import Sampling, sample
from model.vocabulary import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from model.checkpoint import Checkpoint

LONGEST_CLUSTER = 32
"""Code points after which a cluster is cut all the same: a little more than the 30
marks on one base that the Stream-Safe Text Format (UAX #15) allows."""

SAMPLE_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """Where a text stopped: everything needed to go on from there."""

    state: State
    seed: int
    written: int = 0
    """Characters written so far; the next one takes the seed's draw of this number."""
    requested: int = 0
    """Characters asked for so far."""
    last: str = ""
    """The prompt's last grapheme cluster while nothing is written, then empty."""

    def to_bytes(self) -> bytes:
        """The bookmark as the bytes of a safetensors file."""
        tensors = {
            f"{n}.{name}": np.ascontiguousarray(tensor)
            for n, layer in enumerate(self.state)
            for name, tensor in layer._asdict().items()
        }
        numbers = np.array([self.seed, self.written, self.requested], np.uint64)
        last = np.frombuffer(self.last.encode(), np.uint8)
        return safetensors.numpy.save(tensors | {"numbers": numbers, "last": last})

    @classmethod
    def from_bytes(cls, data: bytes) -> Bookmark:
        """The bookmark that `to_bytes` wrote.

        Raises:
            BookmarkError: The bytes are something else.
        """
        try:
            tensors = safetensors.numpy.load(data)
            seed, written, requested = map(int, tensors.pop("numbers"))
            last = tensors.pop("last").tobytes().decode()
            state = tuple(
                LayerState(tensors[f"{n}.hidden"], tensors[f"{n}.cell"])
                for n in range(len(tensors) // 2)
            )
        except (safetensors.SafetensorError, KeyError, ValueError) as error:
            raise BookmarkError from error
        return cls(state=state, seed=seed, written=written, requested=requested, last=last)


class Passage(NamedTuple):
    """A piece of text and where it stopped."""

    text: str
    bookmark: Bookmark


def begin(checkpoint: Checkpoint, *, prompt: str = "", seed: int) -> tuple[Bookmark, str]:
    """Read a prompt, after a line break where the vocabulary has one.

    So a text, and a prompt, begins as a line of the corpus does, and not in the middle
    of a word.

    Args:
        checkpoint: The network that reads.
        prompt: Text to go on from; may be empty.
        seed: Fixes every draw; any integer, of which 64 bits count.

    Returns:
        Where writing begins, and the prompt's characters that the vocabulary lacks,
        each once: they were skipped.
    """
    skipped = checkpoint.vocabulary.unknown_in(prompt)
    known = prompt.translate(dict.fromkeys(map(ord, skipped)))
    opening = "\n" if "\n" in checkpoint.vocabulary.characters else ""
    ids = checkpoint.vocabulary.encode(opening + known)
    _, state = read(checkpoint.weights, ids, zero_state(checkpoint.config))
    last = regex.findall(r"\X", known)[-1] if known else ""
    return Bookmark(state=state, seed=seed % 2**64, last=last[-LONGEST_CLUSTER:]), skipped


def write(
    checkpoint: Checkpoint, bookmark: Bookmark, *, length: int, sampling: Sampling
) -> Passage:
    """Write about `length` characters, ending where a grapheme cluster ends.

    Args:
        checkpoint: The network that writes.
        bookmark: Where the text stopped, from `begin` or an earlier `write`.
        length: Characters to add, in code points.
        sampling: How each character is drawn.

    Returns:
        The new characters and where they stopped.

    Raises:
        BookmarkError: The bookmark belongs to a network of other dimensions.
    """
    _check_fits(checkpoint, bookmark)
    requested = bookmark.requested + length
    text, state = _draw(checkpoint, bookmark, requested - bookmark.written, sampling)
    after = replace(
        bookmark,
        state=state,
        written=bookmark.written + len(text),
        requested=requested,
        last="" if text else bookmark.last,
    )
    return Passage(text, after)


def first_sample(checkpoint: Checkpoint) -> str:
    """A text of 300 characters to show what a new checkpoint has learned."""
    bookmark, _ = begin(checkpoint, seed=checkpoint.training.seed)
    return write(checkpoint, bookmark, length=SAMPLE_LENGTH, sampling=Sampling()).text


def _draw(
    checkpoint: Checkpoint, bookmark: Bookmark, aim: int, sampling: Sampling
) -> tuple[str, State]:
    """Draw up to `aim` characters, cut where the last whole cluster ends.

    Whether a cluster is whole shows only in the character after it, so one more is
    drawn than is written; the next text draws it again, from the same number. Only a
    text's very first cluster may go beyond `aim`, so that no text stays empty for ever.
    """
    if aim <= 0:
        return "", bookmark.state
    text, cluster = "", ""
    end, at_end, state = 0, bookmark.state, bookmark.state
    for character, following in _characters(checkpoint, bookmark, sampling):
        if cluster and not _extends(cluster, character):
            end, at_end, cluster = len(text), state, ""
        if len(text) >= aim and (end or bookmark.written):
            break
        text, cluster, state = text + character, cluster + character, following
    return text[:end], at_end


def _characters(
    checkpoint: Checkpoint, bookmark: Bookmark, sampling: Sampling
) -> Iterator[tuple[str, State]]:
    """The seed's characters from a bookmark on, each with the state after it."""
    state = bookmark.state
    generator = np.random.Generator(np.random.PCG64(bookmark.seed).advance(bookmark.written))
    forbidden = [UNKNOWN] if bookmark.written else _forbidden_first(checkpoint, bookmark.last)
    while True:
        scores = logits(checkpoint.weights, state)
        scores[forbidden] = -np.inf
        character_id = sample(scores, sampling, generator.random())
        state = advance(checkpoint.weights, character_id, state)
        yield checkpoint.vocabulary.characters[character_id - 1], state
        forbidden = [UNKNOWN]


def _forbidden_first(checkpoint: Checkpoint, last: str) -> list[int]:
    """Ids that may not begin a text: the unknown one, and marks that need a base.

    Where the vocabulary has nothing but such marks, they may.
    """
    characters = checkpoint.vocabulary.characters
    marks = [i for i, c in enumerate(characters, start=1) if _extends(last or "a", c)]
    return [UNKNOWN] if len(marks) == len(characters) else [UNKNOWN, *marks]


def _extends(cluster: str, character: str) -> bool:
    """Whether a character belongs to the grapheme cluster before it."""
    if cluster.isascii() and character.isascii():
        return False  # no line of a corpus holds a carriage return
    whole = cluster + character
    return len(whole) <= LONGEST_CLUSTER and regex.fullmatch(r"\X", whole) is not None


def _check_fits(checkpoint: Checkpoint, bookmark: Bookmark) -> None:
    wanted = zero_state(checkpoint.config)
    if [[x.shape for x in layer] for layer in bookmark.state] != [
        [x.shape for x in layer] for layer in wanted
    ]:
        raise BookmarkError
