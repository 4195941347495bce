from __future__ import annotations

import codecs
import io
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.corpora.documents import Document
from training.corpora.encodings import find_encoding, shown_name
from training.corpora.plain import read
from training.corpora.sources import Budget, Source
from training.errors import CorpusBinaryError, CorpusEmptyError, CorpusEncodingError

PROSE = Path(__file__).with_name("prose")

ENCODINGS = [
    ("french", "cp1252"),
    ("german", "cp1252"),
    ("polish", "cp1250"),
    ("russian", "cp1251"),
    ("russian", "koi8_r"),
    ("japanese", "cp932"),
    ("japanese", "euc_jp"),
]

PAGE = 1_500
"""Characters."""

clean_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n") | st.just("\t"))


def source_of(content: bytes) -> Source:
    return Source(name="This file", opener=lambda: io.BytesIO(content), budget=Budget(2**20))


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding."""
    source = source_of(content)
    encoding = find_encoding(source)
    return "".join(read(Document(source=source, encoding=encoding))), shown_name(encoding)


def prose(language: str, encoding: str) -> str:
    """A page or more of natural prose that the encoding has all characters of."""
    text = (PROSE / f"{language}.txt").read_text("utf-8")
    if encoding == "koi8_r":
        text = text.translate(str.maketrans("«»—", '""-'))
    return text


@given(clean_text.filter(lambda text: text and not text.startswith("\ufeff")))
def test_a_marked_text_is_read_in_each_of_its_encodings(text: str) -> None:
    text = unicodedata.normalize("NFC", text)

    assert decode(text.encode()) == (text, "UTF-8")
    assert decode(codecs.BOM_UTF8 + text.encode()) == (text, "UTF-8")
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le")) == (text, "UTF-16")
    assert decode(codecs.BOM_UTF16_BE + text.encode("utf-16-be")) == (text, "UTF-16")


@given(st.binary())
def test_any_bytes_are_a_text_or_one_sentence(content: bytes) -> None:
    with suppress(CorpusBinaryError, CorpusEncodingError, CorpusEmptyError):
        text, _ = decode(content)
        assert "\0" not in text


@given(st.data())
@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_a_page_of_prose_is_read_in_the_encodings_of_its_language(
    language: str, encoding: str, data: st.DataObject
) -> None:
    """Wherever the page begins."""
    text = prose(language, encoding)
    page = min(PAGE, len(text) * 2 // 3)
    first = data.draw(st.integers(0, len(text) - page))

    assert decode(text[first : first + page].encode(encoding))[0] == text[first : first + page]


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_a_whole_text_is_described_with_its_encoding(language: str, encoding: str) -> None:
    names = {"cp932": "Shift_JIS", "koi8_r": "KOI8-R", "euc_jp": "EUC-JP"}

    shown = decode(prose(language, encoding).encode(encoding))[1]

    assert shown == names.get(encoding, encoding.replace("cp", "Windows-"))


@pytest.mark.parametrize("encoding", ["cp1257", "iso8859_15", "cp1254"])
def test_where_two_encodings_fit_the_common_one_is_taken(encoding: str) -> None:
    """German looks the same in all of these, apart from its quotation marks."""
    text = prose("german", "").translate(str.maketrans("»«", '""'))

    assert decode(text.encode(encoding)) == (text, "Windows-1252")


def test_a_few_accents_in_a_long_english_text_are_enough() -> None:
    text = "A sentence without anything odd in it.\n" * 50
    text += "The café at the corner has a naïve façade.\n" + text

    assert decode(text.encode("cp1252")) == (text, "Windows-1252")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["french", "german", "polish", "russian", "japanese"])
def test_utf_16_without_a_mark_is_read(language: str, encoding: str) -> None:
    text = prose(language, encoding)

    assert decode(text.encode(encoding)) == (text, "UTF-16")


@pytest.mark.parametrize(
    "content",
    [
        "Grüße".encode("cp1252"),
        b"\x80\x04K\x01." * 500,
        bytes(range(1, 256)) * 20,
        "half a character: \ud83d\n".encode("utf-8", "surrogatepass") * 50,
        codecs.BOM_UTF16_LE + "half a character: \ud83d\n".encode("utf-16-le", "surrogatepass"),
        codecs.BOM_UTF8 + b"broken \xff",
        prose("french", "utf-8").encode() + b"a broken byte: \xff",
    ],
)
def test_what_is_not_clear_is_refused_with_a_plea_for_utf_8(content: bytes) -> None:
    with pytest.raises(
        (CorpusEncodingError, CorpusBinaryError), match=r"UTF-8|not a text"
    ) as error:
        decode(content)
    if b"\0" not in content:
        assert "please save it as UTF-8" in str(error.value)
