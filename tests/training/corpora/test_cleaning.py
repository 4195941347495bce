from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpora.cleaning import clean, normalize

NOBODY: dict[str, str] = {}

clean_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n") | st.just("\t"))


@given(clean_text)
def test_a_clean_text_in_nfc_stays_as_it_is(text: str) -> None:
    text = unicodedata.normalize("NFC", text)

    assert normalize(text) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    once = normalize(text)

    assert normalize(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in once)


@given(
    st.lists(clean_text.map(lambda text: text.replace("\n", ""))), st.sampled_from(["\r\n", "\r"])
)
def test_every_line_ending_becomes_the_same(lines: list[str], ending: str) -> None:
    assert normalize(ending.join(lines)) == normalize("\n".join(lines))


@given(clean_text.filter(lambda text: "<" not in text and "attachments/" not in text))
def test_words_without_markup_stay_as_they_are(text: str) -> None:
    assert clean(text, NOBODY) == normalize(text).strip()


markup = st.sampled_from(
    ["<@1>", "<@2>", "<#3>", "<:e:4>", "e", "\u0301", "\r", "\n", " ", "<", ">"]
)


@given(st.lists(markup).map("".join), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_left_is_normal_whatever_was_taken_out(content: str, name: str) -> None:
    text = clean(content, {"1": name})

    assert text == normalize(text).strip()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("hi <:kek:123> there", "hi :kek: there"),
        ("<a:dance_2:123>", ":dance_2:"),
        ("hi <@1>!", "hi @Ann!"),
        ("<@!1> and <@2>", "@Ann and"),
        ("<@2> hello", "hello"),
        ("ask <@&5> in <#6>, please", "ask in, please"),
        ("at <t:1700000000:R> or <t:1700000000>", "at or"),
        ("try </train file:123>", "try /train file"),
        ("see <id:customize>", "see"),
        ("a < b > c <3 <b>", "a < b > c <3 <b>"),
        ("look https://cdn.discordapp.com/attachments/1/2/cat.png?ex=6&is=6& nice", "look nice"),
        ("<https://media.discordapp.net/attachments/1/2/c.png>", ""),
        ("https://cdn.discordapp.com/ephemeral-attachments/1/2/c.png", ""),
        ("https://example.org/attachments/cat.png", "https://example.org/attachments/cat.png"),
        ("**bold** ||spoiler|| `code`", "**bold** ||spoiler|| `code`"),
        ("  one\r\n\r\n  two  ", "one\n\n  two"),
        ("e\u0301\x07", "é"),
    ],
)
def test_a_message_reads_as_people_saw_it(content: str, text: str) -> None:
    assert clean(content, {"1": "Ann"}) == text
