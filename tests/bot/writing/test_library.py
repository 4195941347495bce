from __future__ import annotations

import asyncio
import hashlib
import threading
from typing import TYPE_CHECKING

import pytest

from bot.errors import CheckpointBrokenError, StoppingError, TooSlowError
from bot.writing import thread
from bot.writing.library import Library, Volume
from bot.writing.thread import Draft, Order, WritingThread, draft
from model.checkpoint import load, to_bytes
from model.generation import Writer
from tests.bot.uploads import small_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

ORDER = Order(prompt="The", seed=1, temperature=0.8, length=50)


def text(writer: Writer) -> Draft:
    return draft(writer, ORDER)


def volume(folder: Path, name: str, *, hidden_size: int = 8) -> Volume:
    """A checkpoint in a file."""
    content = to_bytes(small_checkpoint(hidden_size=hidden_size, seed=ord(name[0])))
    path = folder / name
    path.write_bytes(content)
    return Volume(id=name, path=path, sha256=hashlib.sha256(content).hexdigest())


def test_a_checkpoint_is_read_once_while_it_is_held(tmp_path: Path) -> None:
    library, one = Library(10**6), volume(tmp_path, "a")
    first = library.writer(one)
    one.path.unlink()

    assert library.writer(one) is first


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    a, b, c = (volume(tmp_path, name) for name in "abc")
    library = Library(2 * Writer(load(a.path)).nbytes)

    for wanted in (a, b, a, c):
        library.writer(wanted)

    assert ["a" in library, "b" in library, "c" in library] == [True, False, True]


def test_the_last_one_stays_however_large(tmp_path: Path) -> None:
    library = Library(1)
    a, b = volume(tmp_path, "a"), volume(tmp_path, "b", hidden_size=64)

    library.writer(a)
    library.writer(b)

    assert ["a" in library, "b" in library] == [False, True]


def test_a_forgotten_checkpoint_is_read_again(tmp_path: Path) -> None:
    library, one = Library(10**6), volume(tmp_path, "a")
    library.writer(one)

    library.forget("a")
    library.forget("never seen")
    one.path.unlink()

    with pytest.raises(CheckpointBrokenError):
        library.writer(one)


def test_a_file_with_another_hash_is_never_written_with(tmp_path: Path) -> None:
    a, b = volume(tmp_path, "a"), volume(tmp_path, "b")
    b.path.replace(a.path)

    with pytest.raises(CheckpointBrokenError):
        Library(10**6).writer(a)


def test_a_file_with_the_right_hash_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"text")
    wrong = Volume(id="a", path=path, sha256=hashlib.sha256(b"text").hexdigest())

    with pytest.raises(CheckpointBrokenError):
        Library(10**6).writer(wrong)


class SlowLibrary(Library):
    """A library whose first loading waits until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__(10**6)
        self.entered, self.go = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def writer(self, volume: Volume) -> Writer:
        self.asked.append(volume.id)
        self.entered.set()
        assert self.go.wait(5)
        return super().writer(volume)


async def test_texts_are_written_in_turn_beside_the_loop(tmp_path: Path) -> None:
    library, one = SlowLibrary(), volume(tmp_path, "a")
    expected = draft(Writer(load(one.path)), ORDER)

    async with WritingThread(library) as writing:
        texts = [asyncio.create_task(writing.use(one, text)) for _ in range(3)]
        await asyncio.to_thread(library.entered.wait, 5)
        assert library.asked == ["a"]  # the loop runs while the others wait
        library.go.set()

        assert await asyncio.gather(*texts) == [expected] * 3


async def test_who_goes_away_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    library = SlowLibrary()
    a, b, c = (volume(tmp_path, name) for name in "abc")

    async with WritingThread(library) as writing:
        first = asyncio.create_task(writing.use(a, text))
        await asyncio.to_thread(library.entered.wait, 5)
        second, third = (asyncio.create_task(writing.use(v, text)) for v in (b, c))
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        await asyncio.sleep(0)  # in its next turn the loop takes what is canceled out of the queue
        library.go.set()

        assert (await third).text == draft(Writer(load(c.path)), ORDER).text
    assert library.asked == ["a", "c"]
    assert first.cancelled()
    assert second.cancelled()


def for_ever(writer: Writer) -> Draft:
    """A text that has no end."""
    while True:
        draft(writer, ORDER)


async def test_a_text_that_nobody_waits_for_is_not_written_to_its_end(tmp_path: Path) -> None:
    async with WritingThread(Library(10**6)) as writing, asyncio.timeout(5):
        endless = asyncio.create_task(writing.use(volume(tmp_path, "a"), for_ever))
        await asyncio.sleep(0.1)
        endless.cancel()

        assert (await writing.use(volume(tmp_path, "a"), text)).text


async def test_a_text_that_keeps_the_others_waiting_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread, "LONGEST_SECONDS", 0.1)
    async with WritingThread(Library(10**6)) as writing, asyncio.timeout(5):
        with pytest.raises(TooSlowError):
            await writing.use(volume(tmp_path, "a"), for_ever)

        assert (await writing.use(volume(tmp_path, "a"), text)).text


async def test_no_text_keeps_the_bot_from_ending(tmp_path: Path) -> None:
    async with WritingThread(Library(10**6)) as writing:
        endless = asyncio.create_task(writing.use(volume(tmp_path, "a"), for_ever))
        await asyncio.sleep(0.1)

    with pytest.raises(StoppingError):
        await asyncio.wait_for(endless, 5)


async def test_a_checkpoint_is_forgotten_after_what_waits_and_nobody_waits_for_that(
    tmp_path: Path,
) -> None:
    library = Library(10**6)
    async with WritingThread(library) as writing, asyncio.timeout(5):
        endless = asyncio.create_task(writing.use(volume(tmp_path, "a"), for_ever))
        await asyncio.sleep(0.1)
        writing.forget("a", "never here")
        assert "a" in library
        endless.cancel()
        await writing.use(volume(tmp_path, "b"), text)

        assert "a" not in library


async def test_nothing_is_written_after_the_end(tmp_path: Path) -> None:
    async with WritingThread(Library(10**6)) as writing:
        pass

    with pytest.raises(StoppingError) as refused:
        await writing.use(volume(tmp_path, "a"), text)

    assert str(refused.value) == "The bot is about to restart; please try again in a minute."


def test_a_continuation_is_never_empty() -> None:
    """One character more may not end a grapheme cluster; then it goes on until one ends."""
    writer = Writer(small_checkpoint("e\N{COMBINING ACUTE ACCENT}\N{COMBINING CEDILLA}"))
    order = Order(prompt="", seed=1, temperature=2, length=1)

    drafts = [draft(writer, order)]
    for _ in range(20):
        drafts.append(draft(writer, order, drafts[-1].bookmark))

    assert all(each.text for each in drafts)
    assert max(len(each.text) for each in drafts) > 1
