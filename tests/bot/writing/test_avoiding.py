"""Words never written, in whatever the bot writes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.runs.card import News, run_card, without
from bot.writing.avoiding import REDRAWS, TAIL_CHARACTERS, Beginning, write_without
from bot.writing.forbidden import MASK, ForbiddenWords
from bot.writing.thread import Order, draft
from model.generation import Writer
from tests.bot.a_run import DONE, RUNNING, step
from tests.bot.fakes import FINISHED
from tests.bot.uploads import small_checkpoint
from training.events import Sample

if TYPE_CHECKING:
    from tests.bot.core import Core

WRITER = Writer(small_checkpoint())
ORDER = Order(prompt="The fox ", seed=1, temperature=0.8, length=120)
LETTERS = st.lists(st.text("aeiounrstl", min_size=1, max_size=2), max_size=8)


def first_word(text: str) -> str:
    found = re.search("[a-z]{2,}", text)
    assert found is not None
    return found[0]


@given(LETTERS, st.integers(0, 1000), st.integers(0, REDRAWS), st.sampled_from(["", "*"]))
def test_nothing_forbidden_is_written_nor_made_with_the_prompt(
    letters: list[str], seed: int, redraws: int, star: str
) -> None:
    words = ForbiddenWords([star + each + star for each in letters])
    order = replace(ORDER, seed=seed, length=30)

    shown = write_without(words, WRITER, order, Beginning(order.prompt, redraws=redraws))

    assert not words.stand_in(shown.before + shown.draft.text)
    assert len(shown.before + shown.draft.text) == len(order.prompt) + 30


def test_a_text_is_drawn_again_and_its_seed_writes_it_again() -> None:
    """What is shown can be had once more: the seed is the one that was taken in the end."""
    plain = draft(WRITER, ORDER)
    words = ForbiddenWords([first_word(plain.text)])

    shown = write_without(words, WRITER, ORDER, Beginning(ORDER.prompt, redraws=REDRAWS))

    assert MASK not in shown.draft.text
    assert shown.order.seed != ORDER.seed
    assert shown.draft == draft(WRITER, shown.order)


def test_what_can_only_be_the_same_is_masked_at_once() -> None:
    for order in (replace(ORDER, temperature=0.0), replace(ORDER, top_k=1)):
        plain = draft(WRITER, order)
        words = ForbiddenWords([f"*{first_word(plain.text)[:2]}*"])

        shown = write_without(words, WRITER, order, Beginning(redraws=REDRAWS))

        assert shown.order == order
        assert shown.draft.text == words.mask(plain.text) != plain.text
        assert shown.draft.bookmark == plain.bookmark


def test_a_word_that_the_prompt_begins_is_masked_whole() -> None:
    order = replace(ORDER, prompt="A tiger, th", seed=3)
    text = draft(WRITER, order).text
    rest = re.match("[A-Za-z]*", text)
    assert rest is not None
    words = ForbiddenWords([f"th{rest[0]}"])

    shown = write_without(words, WRITER, order, Beginning(order.prompt))

    assert shown.before == f"A tiger, {MASK * 2}"
    assert shown.draft.text.startswith(MASK * len(rest[0]))


def test_without_forbidden_words_nothing_is_changed_or_kept() -> None:
    shown = write_without(ForbiddenWords(), WRITER, ORDER, Beginning(ORDER.prompt, redraws=REDRAWS))

    assert shown.draft == draft(WRITER, ORDER)
    assert (shown.before, shown.tail) == (ORDER.prompt, "")


# Through the service


async def test_a_seed_that_somebody_gave_writes_the_same_text_with_words_masked(
    core: Core,
) -> None:
    await core.trained()
    plain = await core.write(seed=7)
    words = (f"*{first_word(plain.text)}*",)
    await core.choose(forbidden_words=words)

    masked = await core.write(seed=7)

    assert masked.generation.seed == 7
    assert masked.text == ForbiddenWords(words).mask(plain.text) != plain.text
    assert masked.generation.bookmark == plain.generation.bookmark


async def test_no_text_of_a_server_has_its_forbidden_words(core: Core) -> None:
    """In its prompt as it is shown, its text, and what its buttons write."""
    await core.trained()
    words = ("*o*", "the", "q")
    forbidden = ForbiddenWords(words)
    await core.choose(forbidden_words=words)
    service, kim = core.service, core.kim

    first = await core.write(prompt="The fox ", count=2)
    others = [
        await service.continue_text(kim, first.generation.id),
        *await service.again(kim, first.generation.id),
        *await service.edit(kim, first.generation.id, "over the "),
    ]

    for each in (first, *others):
        assert not forbidden.stand_in(each.text)
        assert not forbidden.stand_in(each.prompt + each.text)
    assert first.prompt == "███ ███ "
    assert first.generation.prompt == "The fox ", "which is what the network has read"


async def test_a_stop_text_is_obeyed_as_it_is_and_shown_masked(core: Core) -> None:
    await core.trained()
    await core.choose(forbidden_words=("fox",))

    answer = await core.write(stop="the fox")

    assert answer.stop == "the ███"
    assert answer.generation.stop == "the fox"


async def test_a_word_is_not_written_letter_by_letter(core: Core) -> None:
    """Continue has no border across which a word could come."""
    await core.trained()
    whole = (await core.write(seed=7, length=60, prompt="The fox ")).text
    words = [word for word in re.findall("[a-z]+", whole) if len(word) > 2]
    await core.choose(forbidden_words=words)

    piece = await core.write(seed=7, length=1, prompt="The fox ")
    shown = piece.text
    for _ in range(59):
        piece = await core.service.continue_text(core.max, piece.generation.id)
        shown += piece.text

    assert MASK in shown
    assert not ForbiddenWords(words).stand_in("The fox " + shown)
    assert len(piece.generation.tail) <= TAIL_CHARACTERS


async def test_without_forbidden_words_no_text_is_kept(core: Core) -> None:
    await core.trained()

    assert (await core.write()).generation.tail == ""


async def test_one_servers_words_are_written_in_another(core: Core) -> None:
    await core.trained(by=core.stranger)
    await core.choose(forbidden_words=("*o*",))

    assert MASK not in (await core.write(by=core.stranger)).text


# While it learns


def test_a_card_shows_no_forbidden_word_of_what_the_network_writes() -> None:
    words = ForbiddenWords(["tyger", "fox"])
    sample = Sample(text="Tyger tyger", step=1, seconds=60)
    finished = replace(FINISHED, samples={"0.5": "a fox", "1.1": "a fax"})

    learning = without(words, News(run=RUNNING, progress=step(1), sample=sample))
    ended = without(words, News(run=DONE, finished=finished))

    assert "█████ █████" in run_card(learning).text
    assert "a ███" in run_card(ended).text
    assert "a fax" in run_card(ended).text


def test_where_nobody_knows_the_words_a_card_shows_nothing_that_was_written() -> None:
    sample = Sample(text="Tyger tyger", step=1, seconds=60)
    finished = replace(FINISHED, samples={"0.5": "a fox"})

    assert (
        "Tyger"
        not in run_card(without(None, News(run=RUNNING, progress=step(1), sample=sample))).text
    )
    assert "fox" not in run_card(without(None, News(run=DONE, finished=finished))).text
