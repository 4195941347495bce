"""What a run's card says, in each of its states, and that nothing escapes from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors.channels import ChannelGoneError
from bot.rendering import size
from bot.runs.card import Action, Color, Curve, News, duration, run_card
from bot.runs.ends import DISK_FAILS
from bot.sandbox.message_limits import MessageFlag, check_message
from bot.statements import Statement, statement_of, unknown
from bot.views import CONTROLS
from bot.views.layouts import TEXT_LIMIT
from bot.views.run_cards import CURVE_NAME, layout_of
from bot.words import languages, say, speaking
from storage.records import RunStatus
from tests.bot.a_run import DONE, FAR, FINISHED, RUN, RUNNING, STARTED, TAVERN, step
from training.errors import CorpusTooShortError
from training.events import Sample
from training.novelty import describe_novelty
from training.run_errors import RunLostError, WorkerEnd

if TYPE_CHECKING:
    from bot.requests import ReadingProgress
    from bot.runs.card import RunCard

FOUND = "Plain text (UTF-8): 3,000 characters, 32 different ones"
PROGRESS = replace(step(425), bits_per_character=2.31, first_bits_per_character=6.021)
SAMPLE = Sample(text="Tyger\n", step=400, seconds=65.0)
RICH = replace(
    FINISHED,
    samples={"0.5": "careful", "0.8": "usual", "1.1": "daring"},
    first_bits_per_character=6.02,
)
LONGER = replace(RUNNING, trained_model_id="b" * 32)


LOST = RunLostError(4, WorkerEnd("memory", 2048))


@pytest.mark.parametrize(
    ("reason", "in_german"),
    [
        (unknown("It ran out of luck."), "unerwartet fehlgeschlagen: It ran out of luck."),
        (statement_of(CorpusTooShortError(9, 1000)), "braucht mindestens 1.000, also"),
        (statement_of(LOST), "zuletzt brauchte es mehr als die 2.048 MiB"),
        (ChannelGoneError().statement, "Der Kanal wurde gelöscht"),
        (DISK_FAILS, "Die Festplatte des Bots"),
    ],
)
def test_why_a_run_failed_is_said_in_the_language_of_whoever_reads_it(
    reason: Statement, in_german: str
) -> None:
    news = News(run=replace(RUN, status=RunStatus.FAILED, reason=reason.encode()))

    with speaking("de"):
        assert in_german in run_card(news).text
    assert str(reason) in run_card(news).text


def test_what_was_found_is_said_in_the_language_of_whoever_reads_it() -> None:
    facts = {"format": Statement("phrase-plain-text"), "documents": 1, "encodings": "UTF-8"}
    line = Statement("found-characters", {**facts, "characters": 3000, "distinct": 32}).encode()
    news = News(run=replace(RUN, found=line), position=0)

    with speaking("de"):
        assert run_card(news).text.endswith(
            "-# Reiner Text (UTF-8): 3.000 Zeichen, 32 verschiedene"
        )
    assert run_card(news).text.endswith(f"-# {FOUND}")


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (News(run=RUN), "### Ann is about to learn"),
        (
            News(run=replace(RUN, found=FOUND), position=1),
            f"### Ann waits for its turn\nOne training comes first.\n-# {FOUND}",
        ),
        (News(run=RUN, position=3), "### Ann waits for its turn\n3 trainings come first."),
        (
            News(run=RUNNING),
            "### Ann goes on\nThe bot was restarted; it goes on from where it last saved.",
        ),
        (
            News(run=RUNNING, started=STARTED),
            "### Ann is learning\n`░░░░░░░░░░░░░░░░░░░░` **0 %** · getting ready",
        ),
        (
            News(run=LONGER, started=STARTED, progress=replace(PROGRESS, bits_per_character=None)),
            "### Ann learns on\n`████████░░░░░░░░░░░░` **42 %** · 2 min 05 s left",
        ),
        (
            News(run=replace(RUNNING, found=FOUND), progress=PROGRESS, sample=SAMPLE),
            (
                "### Ann is learning\n"
                "`████████░░░░░░░░░░░░` **42 %** · 2 min 05 s left\n"
                "**2.31** bits per character, down from 6.02\n"
                "-# What it writes after 1 min 05 s\n```\nTyger\n```\n"
                f"-# {FOUND}"
            ),
        ),
        (
            News(run=replace(RUN, status=RunStatus.FAILED, reason="It ran out of *memory*.")),
            (
                "### Ann could not be trained\nIt ran out of \\*memory\\*.\n"
                "-# Start it again with `/train`; if that fails too, tell the person who runs "
                "this bot."
            ),
        ),
        (
            News(run=replace(RUN, status=RunStatus.CANCELED)),
            "### Ann was canceled\nNothing of it was kept.",
        ),
        (
            News(run=DONE, finished=RICH),
            (
                "### Ann has learned to write\n"
                "**2.16** bits per character, down from 6.02\n"
                "-# 3.2 passes over the text in 3 min 00 s.\n"
                "-# 97 % of what it writes is new.\n"
                "-# Temperature 0.5\n```\ncareful\n```\n"
                "-# Temperature 0.8\n```\nusual\n```\n"
                "-# Temperature 1.1\n```\ndaring\n```\n"
                "-# This server writes with it now: `/generate`. All its models: `/models`."
            ),
        ),
    ],
)
def test_the_card_says(news: News, expected: str) -> None:
    assert run_card(news).text == expected


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (News(run=RUN, position=1), "### Ann wartet, bis es dran ist\nEin Training kommt vorher."),
        (News(run=RUN, reading=FAR), "12.300 Nachrichten, zurück bis März 2024."),
        (News(run=RUNNING, progress=PROGRESS), "**42 %** · noch 2 min 05 s\n**2,31** Bit pro Zei"),
        (News(run=DONE, finished=RICH), "-# Temperatur 0,5\n```\ncareful\n```\n-# Temperatur 0,8"),
    ],
)
def test_on_a_german_server_the_card_is_german(news: News, expected: str) -> None:
    with speaking("de"):
        assert expected in run_card(news).text


@pytest.mark.parametrize(
    ("news", "actions", "color"),
    [
        (News(run=RUN), (Action.CANCEL,), Color.QUIET),
        (News(run=RUNNING, started=STARTED), (Action.CANCEL,), Color.LEARNING),
        (News(run=RUNNING, progress=PROGRESS), (Action.FINISH, Action.CANCEL), Color.LEARNING),
        (News(run=DONE, finished=RICH), (Action.GENERATE, Action.TRAIN_LONGER), Color.DONE),
        (News(run=replace(DONE, model_id=None), finished=RICH), (), Color.DONE),
        (News(run=replace(RUN, status=RunStatus.FAILED, reason="No.")), (), Color.FAILED),
        (News(run=replace(RUN, status=RunStatus.CANCELED)), (), Color.QUIET),
    ],
)
def test_the_card_offers_what_can_be_done(
    news: News, actions: tuple[Action, ...], color: Color
) -> None:
    card = run_card(news)

    assert (card.actions, card.color) == (actions, color)


def test_a_reading_says_how_far_it_is() -> None:
    def text(reading: ReadingProgress) -> str:
        return run_card(News(run=RUN, reading=reading)).text

    assert text(TAVERN) == r"### Ann is about to read #ta\*vern"
    assert text(FAR) == (
        "### Ann is reading #ta\\*vern\n12,300 messages so far, back to March 2024."
    )
    assert text(replace(FAR, is_delayed=True)) == (f"{text(FAR)}\n-# {say('card-reading-delayed')}")


def test_the_last_seconds_are_not_counted() -> None:
    text = run_card(News(run=RUNNING, progress=replace(PROGRESS, fraction=1.0))).text

    assert "**100 %** · nearly done\n" in text


def test_a_figure_that_has_not_fallen_is_not_said_to_have() -> None:
    news = News(run=RUNNING, progress=replace(PROGRESS, first_bits_per_character=2.31))

    assert "down from" not in run_card(news).text


def test_the_end_warns_of_a_model_that_recites() -> None:
    card = run_card(News(run=DONE, finished=replace(RICH, novelty=0.414)))

    assert f"\n⚠️ {describe_novelty(0.414)}\n" in card.text
    assert card.color is Color.WARNING


def test_the_end_says_nothing_of_a_novelty_that_is_not_known() -> None:
    text = run_card(News(run=DONE, finished=replace(RICH, novelty=None))).text

    assert " is new" not in text


def test_a_run_that_was_ended_early_says_so() -> None:
    text = run_card(News(run=DONE, finished=replace(RICH, asked=True))).text

    assert "Somebody ended it early; this is the best that it had come to." in text


def test_an_end_without_texts_of_its_own_shows_the_one_there_is() -> None:
    text = run_card(News(run=DONE, finished=FINISHED)).text

    assert "-# A first sample\n```\nTo be, or not to be\n```" in text


def cards(text: str, name: str = "Ann") -> list[RunCard]:
    """Cards in which a text stands wherever others' words do."""
    run, done = replace(RUNNING, model_name=name, found=text), replace(DONE, model_name=name)
    failed = replace(RUN, status=RunStatus.FAILED, reason=text or "-", model_name=name)
    samples = dict.fromkeys(("0.5", "0.8", "1.1"), text)
    return [
        run_card(News(run=run, progress=PROGRESS, sample=replace(SAMPLE, text=text))),
        run_card(News(run=done, finished=replace(RICH, sample=text, samples=samples, novelty=0))),
        run_card(News(run=replace(run, status=RunStatus.QUEUED), position=2)),
        run_card(News(run=failed)),
    ]


def components_of(card: RunCard, *, with_curve: bool) -> Any:
    view: Any = layout_of(card, with_curve=with_curve)
    return view.to_components()


def payload(card: RunCard) -> dict[str, Any]:
    """The message that the card becomes."""
    return {
        "content": "",
        "embeds": [],
        "components": components_of(card, with_curve=True),
        "attachments": [],
        "flags": int(MessageFlag.COMPONENTS_V2),
    }


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("character", ["`", "*", "😀", "e\u0301", "\n", "\n`", "@everyone "])
async def test_the_longest_card_fits_into_a_message(character: str, language: str) -> None:
    with speaking(language):
        longest = cards(character * 10_000, name="*" * 40)

    for card in longest:
        assert size(card.text) <= TEXT_LIMIT
        check_message(payload(card), {CURVE_NAME})


@given(st.text(st.sampled_from("`\n@#<>*_[]()a ") | st.characters(), max_size=80))
def test_no_text_leaves_its_code_block(text: str) -> None:
    """Fences open and close in pairs, each at the beginning of a line, whatever is in them."""
    for card in cards(text):
        for part in card.parts:
            if isinstance(part, str):
                fences = [line for line in part.split("\n") if "```" in line]
                assert fences == ["```"] * len(fences)
                assert len(fences) % 2 == 0
                outside = "\n".join(part.split("```")[::2])
                assert "@everyone" not in outside


async def test_every_button_of_a_card_is_registered() -> None:
    """Else it would be dead after a restart of the bot."""
    for card in (*cards("a"), run_card(News(run=DONE, finished=RICH))):
        for part in layout_of(card, with_curve=False).walk_children():
            custom_id = getattr(part, "custom_id", None)
            assert custom_id is None or any(kind.acts_on(custom_id) for kind in CONTROLS)


async def test_without_its_file_a_card_has_no_picture() -> None:
    card = run_card(News(run=DONE, finished=RICH))

    assert Curve(DONE.checkpoint_id or "") in card.parts
    assert "attachment://" in str(components_of(card, with_curve=True))
    assert "attachment://" not in str(components_of(card, with_curve=False))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (3599, "59 min 59 s"),
        (4260, "1 h 11 min"),
    ],
)
def test_durations_are_short(seconds: float, words: str) -> None:
    assert duration(seconds) == words
