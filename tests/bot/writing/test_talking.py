"""Who is answered, in which order, and where a conversation goes on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import CheckpointBrokenError, NoModelError, NotListeningError
from bot.errors.limits import WriteCooldownError, WritesElsewhereError
from bot.writing.forbidden import ForbiddenWords
from bot.writing.talking import (
    COMPLAINT_SECONDS,
    COOLDOWN_SECONDS,
    LONGEST_ANSWER,
    MOST_WAITING,
    Talking,
)
from model.checkpoint import to_bytes
from model.conversation import Question
from tests.bot.uploads import small_checkpoint
from tests.clock import Clock

if TYPE_CHECKING:
    from bot.requests import Caller
    from model.conversation import Answer
    from tests.bot.core import Core

HELLO = Question("The dog.", "Ann")


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def talking(core: Core, clock: Clock) -> Talking:
    """Talking is on in the callers' channel, and there is a model."""
    await core.choose(talk_channels=(10,))
    return opened(core, clock)


def opened(core: Core, clock: Clock) -> Talking:
    return Talking(
        catalog=core.catalog,
        directory=core.directory,
        writing=core.service._writing,  # noqa: SLF001 - the core's own thread
        rules=core.service.rules,
        clock=clock,
    )


async def answered(talking: Talking, caller: Caller, question: Question = HELLO) -> Answer:
    async with talking.turn(caller) as turn:
        return await turn.answer(question)


async def state_of(core: Core, caller: Caller) -> bytes | None:
    model = await core.catalog.current_model(caller.guild_id)
    assert model is not None
    return await core.catalog.conversation(caller.guild_id, caller.channel_id, model.checkpoint.id)


async def test_a_conversation_goes_on_where_it_stopped_after_a_restart_too(
    core: Core, talking: Talking, clock: Clock
) -> None:
    await core.trained()
    first = await answered(talking, core.ada)
    assert await state_of(core, core.ada) == first.bookmark.to_bytes()
    begun = await state_of(core, core.ada)

    core = await core.again()
    second = await answered(opened(core, clock), core.max)

    assert await state_of(core, core.max) == second.bookmark.to_bytes() != begun


@pytest.mark.parametrize("has_begun", [True, False])
async def test_what_is_said_while_it_is_deleted_does_not_bring_the_conversation_back(
    core: Core, talking: Talking, has_begun: bool
) -> None:
    await core.trained(by=core.kim)
    if has_begun:
        await answered(talking, core.max)

    async with talking.turn(core.ada) as turn:
        await turn.answer(HELLO)
        await core.service.privacy.delete_given(core.ada)

    assert await state_of(core, core.ada) is None


async def test_each_channel_and_thread_has_a_conversation_of_its_own(
    core: Core, talking: Talking
) -> None:
    """A thread of a channel in which talking is on is a part of it."""
    await core.trained()
    thread = replace(core.max, channel_id=11, parent_id=10)

    await answered(talking, core.ada)
    before = await state_of(core, core.ada)
    await answered(talking, thread)

    assert await state_of(core, core.ada) == before
    assert await state_of(core, thread) not in {None, before}


async def test_where_talking_is_off_nobody_is_heard(core: Core, talking: Talking) -> None:
    await core.trained()
    elsewhere = [
        replace(core.ada, channel_id=12),
        replace(core.ada, channel_id=12, parent_id=13),
        core.stranger,
    ]

    for caller in elsewhere:
        with pytest.raises(NotListeningError):
            await answered(talking, caller)


async def test_what_the_server_has_chosen_holds_for_talking_too(
    core: Core, talking: Talking, clock: Clock
) -> None:
    await core.trained()

    await core.choose(write_channels=(99,))
    with pytest.raises(WritesElsewhereError):
        await answered(talking, core.ada)
    await core.choose(write_channels=(), write_cooldown=600)
    await answered(talking, core.ada)
    clock.now += COOLDOWN_SECONDS + 1
    with pytest.raises(WriteCooldownError):
        await answered(talking, core.ada)
    await core.choose(write_cooldown=0, length=10)

    assert len((await answered(talking, core.kim)).text) <= 10


async def test_nobody_is_answered_twice_within_seconds(
    core: Core, talking: Talking, clock: Clock
) -> None:
    await core.trained()
    await answered(talking, core.ada)

    with pytest.raises(NotListeningError):
        await answered(talking, core.ada)
    await answered(talking, core.max)
    clock.now += COOLDOWN_SECONDS

    assert await answered(talking, core.ada)


async def test_a_person_has_one_answer_under_way_wherever_they_ask(
    core: Core, talking: Talking, clock: Clock
) -> None:
    """However long it takes; then the time between two answers begins."""
    await core.trained()
    threads = [replace(core.ada, channel_id=number, parent_id=10) for number in (11, 12)]

    async with talking.turn(core.ada) as turn:
        clock.now += COOLDOWN_SECONDS
        for caller in (core.ada, *threads):
            with pytest.raises(NotListeningError):
                await answered(talking, caller)
        await turn.answer(HELLO)
    for caller in threads:
        with pytest.raises(NotListeningError):
            await answered(talking, caller)
    clock.now += COOLDOWN_SECONDS

    assert await answered(talking, threads[0])


async def test_of_mentions_at_once_in_several_threads_one_is_answered(
    core: Core, talking: Talking
) -> None:
    await core.trained()
    threads = [replace(core.ada, channel_id=number, parent_id=10) for number in range(11, 16)]

    outcomes = await asyncio.gather(
        *(answered(talking, caller) for caller in threads), return_exceptions=True
    )

    refused = [isinstance(outcome, NotListeningError) for outcome in outcomes]
    assert refused == [False, True, True, True, True]


async def test_whoever_no_longer_waits_may_ask_elsewhere(core: Core, talking: Talking) -> None:
    await core.trained()
    async with talking.turn(core.max):
        waiting = asyncio.create_task(answered(talking, core.ada))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])

        assert await answered(talking, replace(core.ada, channel_id=11, parent_id=10))


async def test_whoever_comes_first_is_answered_first_and_the_next_from_there(
    core: Core, talking: Talking
) -> None:
    await core.trained()
    begun, first_spoke, order = asyncio.Event(), asyncio.Event(), list[str]()

    async def speak(caller: Caller, name: str) -> None:
        async with talking.turn(caller) as turn:
            order.append(f"{name} begins")
            begun.set()
            await turn.answer(HELLO)
            if name == "ada":
                await first_spoke.wait()
            order.append(f"{name} ends")

    speaking = [
        asyncio.create_task(speak(caller, name))
        for caller, name in ((core.ada, "ada"), (core.max, "max"), (core.kim, "kim"))
    ]
    await begun.wait()
    elsewhere = replace(core.kim, user_id=500, channel_id=11, parent_id=10)
    await answered(talking, elsewhere)  # another channel does not wait
    first_spoke.set()
    await asyncio.gather(*speaking)

    assert order == [
        f"{name} {what}" for name in ("ada", "max", "kim") for what in ("begins", "ends")
    ]


async def test_too_many_who_wait_are_not_answered(core: Core, talking: Talking) -> None:
    await core.trained()
    people = [replace(core.max, user_id=number) for number in range(MOST_WAITING + 3)]

    outcomes = await asyncio.gather(
        *(answered(talking, person) for person in people), return_exceptions=True
    )

    refused = [isinstance(outcome, NotListeningError) for outcome in outcomes]
    assert refused == [False] * MOST_WAITING + [True] * 3
    assert await answered(talking, core.ada)


async def test_nobody_has_two_places_in_a_line(core: Core, talking: Talking) -> None:
    """Whoever asks again and again takes nobody else's place."""
    await core.trained()
    others = [replace(core.max, user_id=number) for number in range(MOST_WAITING - 1)]

    outcomes = await asyncio.gather(
        *(answered(talking, person) for person in [core.ada] * MOST_WAITING + others),
        return_exceptions=True,
    )

    refused = [isinstance(outcome, NotListeningError) for outcome in outcomes]
    assert refused == [False, *[True] * (MOST_WAITING - 1), *[False] * len(others)]


async def test_whoever_has_just_been_answered_does_not_wait(core: Core, talking: Talking) -> None:
    await core.trained()
    await answered(talking, core.ada)

    async with talking.turn(core.max):
        with pytest.raises(NotListeningError):
            async with asyncio.timeout(5):
                await answered(talking, core.ada)


async def test_an_answer_that_was_not_given_was_not_said(core: Core, talking: Talking) -> None:
    """The message could not be posted, or the bot stopped: nobody loses their turn by it."""
    await core.trained()

    async def fail(failure: type[BaseException]) -> None:
        async with talking.turn(core.ada) as turn:
            await turn.answer(HELLO)
            raise failure

    for failure in (OSError, asyncio.CancelledError):
        with pytest.raises(failure):
            await fail(failure)

    assert await state_of(core, core.ada) is None
    assert await answered(talking, core.ada)


async def test_a_bot_that_stops_answers_nobody_and_loses_nothing(
    core: Core, talking: Talking
) -> None:
    """Whoever is being answered is answered; whoever waits is not."""
    await core.trained()
    began, may_end = asyncio.Event(), asyncio.Event()

    async def speak() -> None:
        async with talking.turn(core.ada) as turn:
            began.set()
            await may_end.wait()
            await turn.answer(HELLO)

    speaking = asyncio.create_task(speak())
    await began.wait()
    waiting = asyncio.create_task(answered(talking, core.max))
    await asyncio.sleep(0)
    talking.stop()
    may_end.set()

    await speaking
    with pytest.raises(NotListeningError):
        await waiting
    assert await state_of(core, core.ada) is not None


async def test_another_model_begins_another_conversation(core: Core, talking: Talking) -> None:
    first = await core.trained()
    await answered(talking, core.ada)
    core.launcher.checkpoint = to_bytes(small_checkpoint(hidden_size=6))
    await core.trained("other")

    assert await state_of(core, core.ada) is None
    await answered(talking, core.max)
    assert await state_of(core, core.max) is not None
    await core.catalog.use_model(1, first.id)
    assert await state_of(core, core.max) is None


async def test_a_state_that_does_not_fit_begins_the_conversation_anew(
    core: Core, talking: Talking
) -> None:
    model = await core.trained()
    await answered(talking, core.max)
    await core.catalog.keep_conversation(1, 10, model.checkpoint.id, b"damaged")

    answer = await answered(talking, core.ada)

    assert await state_of(core, core.ada) == answer.bookmark.to_bytes()


async def test_without_a_model_there_is_a_sentence_once_in_a_while(
    core: Core, talking: Talking, clock: Clock
) -> None:
    with pytest.raises(NoModelError):
        await answered(talking, core.ada)

    assert talking.may_complain(core.ada)
    assert not talking.may_complain(core.max)
    assert talking.may_complain(replace(core.max, channel_id=11))
    clock.now += COMPLAINT_SECONDS
    assert talking.may_complain(core.max)


async def test_a_model_whose_file_is_damaged_says_so(core: Core, talking: Talking) -> None:
    model = await core.trained()
    core.directory.checkpoint(model.checkpoint.id).write_bytes(b"damaged")

    with pytest.raises(CheckpointBrokenError):
        await answered(talking, core.ada)


async def test_an_answer_is_short_enough_for_one_message(core: Core, talking: Talking) -> None:
    core.launcher.checkpoint = to_bytes(small_checkpoint("abcdefghij " * 300))
    await core.trained()
    await core.choose(length=8000, temperature=2)

    assert 0 < len((await answered(talking, core.ada)).text) <= LONGEST_ANSWER


async def test_what_was_said_is_nowhere_in_the_data_directory(core: Core, talking: Talking) -> None:
    """Only the state is kept, and no character can be read off it."""
    await core.trained()
    said = "xylophone lazy wombat quiz"

    await answered(talking, core.ada, Question(said, "Zebedee Flanagan"))

    kept = b"".join(path.read_bytes() for path in core.settings.data.rglob("*") if path.is_file())
    for hidden in (said, said[:9], "Zebedee", said.encode("utf-16-le").decode("latin-1")):
        assert hidden.encode() not in kept


async def test_no_answer_has_a_word_that_the_server_forbids(core: Core, talking: Talking) -> None:
    await core.trained()
    words = tuple(f"*{letter}*" for letter in "aeioug")
    await core.choose(forbidden_words=words)
    forbidden = ForbiddenWords(words)

    for caller in (core.ada, core.max, core.kim):
        answer = await answered(talking, caller)

        assert answer.text
        assert not forbidden.find(answer.text)
