from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports import ANN, BOB, FIRST_ID, ROBOT, exporter_csv, exporter_json, message
from training.corpora import identities
from training.corpora.identities import Identities
from training.corpora.messages import Author, Message
from training.corpora.selection import LeftOut, Selection
from training.corpus import join_authors, split_authors
from training.errors import CorpusAuthorError, CorpusNamelessError, CorpusNothingLeftError

if TYPE_CHECKING:
    from tests.training.corpora.conftest import Reads

TALK = [
    message("hello", 1, ANN),
    message("hi", 2, BOB),
    message("beep", 3, ROBOT),
    message("two\nlines", 4, ANN),
]

words = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1)


@given(st.lists(st.tuples(st.sampled_from("ab"), words)))
def test_whatever_people_write_stays_in_its_order(said: list[tuple[str, str]]) -> None:
    """Unless somebody says the same thing twice in a row."""
    selection = Selection()

    judged = [selection.judge(Message(content, Author(author))) for author, content in said]

    assert [text for text in judged if isinstance(text, str)] == [
        content
        for (author, content), before in zip(said, [None, *said], strict=False)
        if (author, content) != before
    ]


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        (message("x", author=ROBOT), LeftOut.BOTS),
        (message("x", type="GuildMemberJoin"), LeftOut.SYSTEM),
        (message("x", type="20"), LeftOut.SYSTEM),
        (message(" \n"), LeftOut.TEXTLESS),
        (message("<@5> https://cdn.discordapp.com/attachments/1/2/a.png"), LeftOut.TEXTLESS),
        (message("", forwardedMessage={"content": "somebody else's"}), LeftOut.TEXTLESS),
        (message("kept", 99), LeftOut.REPEATS),
        (message("again", 1), LeftOut.TWICE),
    ],
)
def test_what_no_person_wrote_is_left_out_and_counted(
    left_out: dict[str, object], why: LeftOut, reads: Reads
) -> None:
    corpus = reads(exporter_json([message("kept", 1), left_out, message("kept too", 2)]))

    assert corpus.text == "kept\nkept too\n"
    assert corpus.summary.description.endswith(f"2 messages by 1 person, 1 left out: {why.value}")


def test_a_reply_is_what_its_author_wrote(reads: Reads) -> None:
    reply = message("sure", type="Reply", reference={"messageId": "1"}, author=BOB)

    assert reads(exporter_json([reply])).text == "sure\n"


def test_two_people_may_say_the_same(reads: Reads) -> None:
    talk = [message("lol", 1, ANN), message("lol", 2, BOB), message("lol", 3, ANN)]

    assert reads(exporter_json(talk)).text == "lol\nlol\nlol\n"


def test_a_mention_is_named_where_the_export_names_it(reads: Reads) -> None:
    asked = message("<@22>, <@!44>? <:wave:7>", mentions=[BOB])

    assert reads(exporter_json([asked])).text == "@Bob,? :wave:\n"


def test_overlapping_partitions_are_read_once(reads: Reads) -> None:
    corpus = reads(exporter_json(TALK[:3]), exporter_json(TALK[1:]))

    assert corpus.text == "hello\nhi\ntwo\nlines\n"
    assert "(2 files): 3 messages by 2 people, 3 left out" in corpus.summary.description


def test_the_latest_message_comes_last_however_the_export_turns_them(reads: Reads) -> None:
    assert reads(exporter_json(TALK[::-1])).text == reads(exporter_json(TALK)).text


@pytest.mark.parametrize("wanted", ["11", "ann", "ANN", "Ann ✨", "@ann", " ann "])
def test_a_person_is_chosen_by_any_of_their_names(wanted: str, reads: Reads) -> None:
    corpus = reads(exporter_json(TALK), authors=[wanted])

    assert corpus.text == "hello\ntwo\nlines\n"
    assert corpus.summary.description.endswith("by 1 person, 2 left out: bots and other people's")


def test_a_discriminator_may_be_left_away(reads: Reads) -> None:
    content = exporter_csv([("1", "ann#1234", "hello"), ("2", "bob#5678", "hi")])

    assert reads(content, authors=["ann"]).text == "hello\n"
    assert reads(content, authors=["bob#5678"]).text == "hi\n"
    assert reads(content, names=True).text == "ann: hello\nbob: hi\n"


def test_several_people_may_be_chosen_from_several_files(reads: Reads) -> None:
    files = exporter_json(TALK[:1]), exporter_json(TALK[1:])

    assert reads(*files, authors=["ann", "22"]).text == reads(*files).text


def test_an_unknown_author_is_told_the_nearest(reads: Reads) -> None:
    with pytest.raises(CorpusAuthorError) as refused:
        reads(exporter_json(TALK), authors=["ann", "Bop"])

    assert str(refused.value) == "Nobody called Bop wrote in it; the nearest: Bob."


def test_an_author_unlike_anybody_is_told_who_wrote(reads: Reads) -> None:
    with pytest.raises(CorpusAuthorError, match=r"the nearest: Ann ✨ and Bob\.$"):
        reads(exporter_json(TALK), authors=["zyxw"])


def test_bots_are_nobodys_nearest(reads: Reads) -> None:
    """Choosing one would leave nothing."""
    with pytest.raises(CorpusAuthorError) as refused:
        reads(exporter_json(TALK), authors=["Robo"])

    assert str(refused.value) == "Nobody called Robo wrote in it; the nearest: Ann ✨ and Bob."


def test_a_name_in_a_sentence_has_no_tricks(reads: Reads) -> None:
    odd = {**ANN, "name": "x" * 900, "nickname": "ann\x1b[2J\n\u202e"}

    with pytest.raises(CorpusAuthorError) as refused:
        reads(exporter_json([message("hi", author=odd)]), authors=["anne\n"])

    assert str(refused.value) == "Nobody called anne? wrote in it; the nearest: ann?[2J??."


def test_an_author_with_nothing_but_what_is_left_out_leaves_nothing(reads: Reads) -> None:
    with pytest.raises(CorpusNothingLeftError, match="0 messages, 4 left out: bots and other"):
        reads(exporter_json(TALK), authors=["Robot"])


def test_names_stand_before_each_message(reads: Reads) -> None:
    assert (
        reads(exporter_json(TALK), names=True).text
        == "Ann ✨: hello\nBob: hi\nAnn ✨: two\nlines\n"
    )


def test_a_name_is_one_line_whatever_is_in_it(reads: Reads) -> None:
    odd = {**ANN, "nickname": "  A\r\n\x1b[2J  nn  "}

    assert reads(exporter_json([message("hi", author=odd)]), names=True).text == "A [2J nn: hi\n"


@pytest.mark.parametrize("content", [b"just text\n", b'[{"message": "x"}]'])
def test_where_nobody_is_named_nobody_can_be_chosen(content: bytes, reads: Reads) -> None:
    with pytest.raises(
        CorpusNamelessError, match=r"^This (file|text) does not tell who wrote what, so nobody can"
    ):
        reads(content, authors=["ann"])


def test_where_nobody_is_named_names_cannot_be_kept(reads: Reads) -> None:
    with pytest.raises(CorpusNamelessError, match="names cannot be kept"):
        reads(b'[{"message": "x"}]', names=True)
    with pytest.raises(CorpusNamelessError, match="names cannot be kept"):
        reads(b"just text\n", names=True)


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)))
def test_a_list_of_authors_survives_the_command_line(authors: list[str]) -> None:
    assert split_authors(join_authors(authors)) == tuple(authors)


def test_a_list_of_authors_is_read_as_people_type_it() -> None:
    assert split_authors('Ann,  Bob ,"Smith, John",, 42') == ("Ann", "Bob", "Smith, John", "42")
    assert split_authors("") == ()


@given(st.lists(st.integers(0, 60)), st.integers(1, 8))
def test_ids_are_a_set(numbers: list[int], block: int) -> None:
    known, seen = Identities(), set[int]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identities, "BLOCK", block)
        for number in numbers:
            assert known.add(FIRST_ID + number) == (number not in seen)
            seen.add(number)


def test_ids_in_no_order_are_a_set_too() -> None:
    known = Identities()
    ids = random.Random(0).sample(range(FIRST_ID, FIRST_ID + 10**6), 120_000)

    assert all(known.add(identity) for identity in ids)
    assert not any(known.add(identity) for identity in ids[::50])
