from __future__ import annotations

import codecs
import io
import os
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.cli import main
from training.corpora.cleaning import normalize
from training.corpora.documents import Document
from training.corpora.encodings import find_encoding, shown_name
from training.corpora.plain import read
from training.corpora.sources import Source
from training.corpus import MINIMUM_CHARACTERS, check_long_enough, read_corpus
from training.errors import (
    CorpusBinaryError,
    CorpusEmptyError,
    CorpusEncodingError,
    CorpusTooShortError,
    CorpusUnreadableError,
)

SHAKESPEARE = Path(__file__).parents[3] / "shared" / "data" / "tinyshakespeare.txt"

clean_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n") | st.just("\t"))


def source_of(content: bytes) -> Source:
    return Source(name="This file", opener=lambda: io.BytesIO(content))


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding."""
    source = source_of(content)
    encoding = find_encoding(source)
    return "".join(read(Document(source=source, encoding=encoding))), shown_name(encoding)


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


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", CorpusEmptyError),
        (codecs.BOM_UTF8, CorpusEmptyError),
        (b"\r\x07\x08"[1:], CorpusEmptyError),
        ("Grüße".encode("cp1252"), CorpusEncodingError),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", CorpusBinaryError),
        (b"text\0text", CorpusBinaryError),
        (codecs.BOM_UTF16_LE + b"a\0\0", CorpusBinaryError),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, error: type) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)

    with pytest.raises(error, match=r"^This file .*\.$"):
        read_corpus([path])
    with pytest.raises(error, match=r"^a\.txt .*\.$"):
        read_corpus([path, path])


def test_files_are_joined_by_a_line_end(tmp_path: Path) -> None:
    for name, text in {"a": "one\r\n", "b": "zwei", "c": "trois"}.items():
        (tmp_path / name).write_text(text, newline="")

    corpus = read_corpus([tmp_path / name for name in "abc"])

    assert corpus.text == "one\n\nzwei\ntrois"
    assert corpus.summary.description == "3 plain texts (UTF-8): 15 characters, 10 different ones"


@pytest.mark.parametrize("kind", ["missing", "directory", "unreadable"])
def test_a_file_that_cannot_be_read_is_named_with_its_reason(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "corpus.txt"
    if kind == "directory":
        path.mkdir()
    if kind == "unreadable":
        path.write_text("secret")
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("the superuser reads everything")

    with pytest.raises(CorpusUnreadableError, match=r"corpus\.txt could not be read: [^.]+\.$"):
        read_corpus([path])


def test_a_short_text_is_refused_with_the_number_it_needs() -> None:
    check_long_enough(MINIMUM_CHARACTERS)
    check_long_enough(2_000)

    with pytest.raises(CorpusTooShortError, match=r"999 characters.* at least 1,000\."):
        check_long_enough(999)


def test_tinyshakespeare_comes_out_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    if not SHAKESPEARE.exists():
        pytest.skip(f"{SHAKESPEARE.name} is not beside this checkout")

    assert main(["corpus", str(SHAKESPEARE)]) == 0

    assert capfdbinary.readouterr().out == SHAKESPEARE.read_bytes()


def test_corpus_prints_even_one_character(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "a.txt").write_bytes("é".encode())

    assert main(["corpus", str(tmp_path / "a.txt")]) == 0
    assert capfdbinary.readouterr().out == "é".encode()

    assert main(["corpus", "--describe", str(tmp_path / "a.txt")]) == 0
    assert b"Plain text (UTF-8): 1 character, 1 different one" in capfdbinary.readouterr().out
