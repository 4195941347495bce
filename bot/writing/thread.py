"""The one thread that writes, with a queue before it.

Texts are written one by one. Two sampler threads would only fight for the interpreter's lock
and stall the event loop, and rows of a batched product differ from single products in the last
bits and flip draws, so a seed could not promise its text. Checkpoints are loaded in the same
thread, which therefore owns the library.
"""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from bot.errors import StoppingError, TooSlowError
from model.bookmark import Bookmark
from model.generation import begin, write
from model.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from bot.writing.library import Library, Volume
    from model.generation import Writer

T = TypeVar("T")

LONGEST_SECONDS = 60.0
"""For one text: the next one waits as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be written."""

    prompt: str
    seed: int
    temperature: float
    length: int
    """Characters to write."""
    top_k: int | None = None
    top_p: float | None = None
    stop: str | None = None
    """A text before which writing ends, once there is something before it."""
    prompt_kept: bool = True
    """Whether the catalog may keep the prompt."""
    former_id: str | None = None
    """The text that this one comes of."""
    prompt_user_ids: tuple[int, ...] = ()
    """Whose words prompt and stop text are, where they are that one's."""

    @property
    def sampling(self) -> Sampling:
        """How each character is drawn."""
        return Sampling(temperature=self.temperature, top_k=self.top_k, top_p=self.top_p)

    @property
    def is_drawn(self) -> bool:
        """Whether another seed could give another text."""
        return self.temperature > 0 and self.top_k != 1


class Draft(NamedTuple):
    """What came from the writing thread."""

    text: str
    skipped: str
    """The prompt's characters that the vocabulary lacks."""
    bookmark: bytes
    """Where the text stopped."""
    never: str
    """The stop text's characters that the vocabulary lacks: with any, it cannot occur."""


class WritingThread:
    """Writes texts in a thread of its own; requests wait in order.

    A caller that is canceled takes its request out of the queue, or ends the text that is being
    written; so does the end of the bot.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writing")
        self._closed = threading.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closed.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def use(self, volume: Volume, job: Callable[[Writer], T]) -> T:
        """Let the thread do something with a checkpoint.

        Raises:
            CheckpointBrokenError: The file is missing or damaged.
            StoppingError: The bot stops.
            TooSlowError: It takes longer than a minute.
        """
        if self._closed.is_set():
            raise StoppingError
        gone = threading.Event()

        def work() -> T:
            due = time.monotonic() + LONGEST_SECONDS

            def check() -> None:
                if gone.is_set() or self._closed.is_set():
                    raise StoppingError
                if time.monotonic() > due:
                    raise TooSlowError

            writer = self._library.writer(volume)
            writer.check = check
            return job(writer)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            gone.set()

    def forget(self, *checkpoint_ids: str) -> None:
        """Give up checkpoints that were deleted, as soon as the thread has written what waits."""
        if not self._closed.is_set():
            for checkpoint_id in checkpoint_ids:
                self._thread.submit(self._library.forget, checkpoint_id)


def draft(writer: Writer, order: Order, bookmark: bytes | None = None) -> Draft:
    """Write a text; all of it in the calling thread."""
    if bookmark is None:
        start, skipped = begin(writer, prompt=order.prompt, seed=order.seed)
    else:
        start, skipped = Bookmark.from_bytes(bookmark), ""
    text, end = _passages(writer, start, order)
    never = writer.vocabulary.unknown_in(order.stop or "")
    return Draft(text, skipped, end.to_bytes(), never)


def _passages(writer: Writer, start: Bookmark, order: Order) -> tuple[str, Bookmark]:
    """Write until there is something to read.

    A passage is empty where the next grapheme cluster is longer than what was asked for, and
    where a stop text comes first. That one is then a part of the text: so a text goes on where
    it was stopped, and a prompt that is followed by a line break may have one as its stop text.
    """
    text, stop = "", [order.stop] if order.stop else []
    while True:
        passage = write(writer, start, length=order.length, sampling=order.sampling, stop=stop)
        text, start = text + passage.text, passage.bookmark
        if passage.text or len(text) >= order.length:
            return text, start
        if passage.stopped:
            text += order.stop or ""
