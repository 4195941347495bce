"""Whatever the bytes are: a text, or one sentence. Nothing else comes out of the readers."""

from __future__ import annotations

import gzip
import importlib.util
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.exports import (
    ANN,
    BOB,
    ROBOT,
    exporter_csv,
    exporter_json,
    exporter_text,
    message,
    zipped,
)
from training.corpora.cleaning import normalize
from training.corpus import read_corpus
from training.errors import CorpusError

ROOT = Path(__file__).parents[3]

WEB_PAGE = (
    b"<html><div class=chatlog__message-group><div data-message-id=1>"
    b"<span class=chatlog__author title=ann data-user-id=11>Ann</span>"
    b"<div class=chatlog__content><span class=chatlog__markdown-preserve>hello <b>you</b><br>"
    b"<img alt=kek></span></div></div></div></html>"
)

SEEDS = [
    exporter_json([message("hello <@22>", 1, ANN, mentions=[BOB]), message("hi", 2, ROBOT)]),
    b'[{"message": "a", "attachments": ["u"]}, {"message": "b \\ud83d\\ude42"}]',
    b'[{"ID": 1, "Timestamp": "2024", "Contents": "a", "Attachments": ""}]',
    exporter_csv([("1", "ann", 'a "quoted"\nline'), ("2", "bob", "Joined the server.")]),
    b"ID,Timestamp,Contents,Attachments\r\n1,2021,one,\r\n",
    exporter_text(["[1/31/2024 10:14 PM] bob\nhello\n\n{Embed}\nx\n"]),
    WEB_PAGE,
    b"1\n00:00:01,000 --> 00:00:03,500\n<i>Hello.</i>\n\n2\n00:00:04,000 --> 00:00:05,000\nBye.\n",
    b"WEBVTT\n\n00:01.000 --> 00:03.500\n<v Ann>Hello.</v>\n",
    "Plain text, größer.\n\nTwice.\nTwice.\n".encode(),
    "Plain text, größer.\n".encode("utf-16"),
    ("Wörter, überall Wörter.\n" * 30).encode("cp1252"),
    zipped({"a.txt": b"text\n", "b.json": b'[{"message": "a"}]'}),
    gzip.compress(b"text\n" * 20),
]


def read(content: bytes, *, names: bool = False) -> None:
    """Read a file and check what the readers promise about whatever comes out."""
    sentence = ""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            corpus = read_corpus([Path(file.name)], names=names)
        except CorpusError as error:
            sentence = str(error)
    if sentence:
        assert sentence.endswith(".")
        assert sentence.isprintable()
        return
    assert corpus.text.strip()
    assert "\r" not in corpus.text
    assert "\0" not in corpus.text
    assert corpus.text.encode().decode() == corpus.text
    assert corpus.summary.characters == len(corpus.text)
    assert corpus.summary.distinct == len(set(corpus.text))
    assert corpus.summary.description.isprintable()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with some of its bytes changed, taken out, doubled or cut off."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        first = draw(st.integers(0, len(content)))
        last = draw(st.integers(first, min(len(content), first + 40)))
        piece = draw(st.binary(max_size=8) | st.just(bytes(content[first:last]) * 2))
        content[first:last] = piece
    return bytes(content[: draw(st.none() | st.integers(0, len(content)))])


@given(damaged(), st.booleans())
@settings(max_examples=150)
def test_a_damaged_file_is_a_text_or_one_sentence(content: bytes, names: bool) -> None:
    read(content, names=names)


@given(damaged(), st.sampled_from([gzip.compress, lambda content: zipped({"a": content})]))
@settings(max_examples=40)
def test_packing_changes_nothing_about_that(content: bytes, pack: object) -> None:
    assert callable(pack)
    read(pack(content))


@given(st.binary())
@example(b"\xff\xfe")
@example(b"\x1f\x8b")
@example(b"PK\x05\x06")
def test_any_bytes_are_a_text_or_one_sentence(content: bytes) -> None:
    read(content)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_as_it_is_or_as_what_it_looks_like(text: str) -> None:
    """Without a bracket in front, by chance nothing looks like an export."""
    if normalize(text).strip() and "\0" not in text and text.lstrip()[:1] not in "[{\ufeff":
        with tempfile.NamedTemporaryFile() as file:
            file.write(text.encode())
            file.flush()
            with suppress(CorpusError):
                assert read_corpus([Path(file.name)]).text == normalize(text)


@pytest.mark.slow
@given(damaged(), st.booleans())
@settings(max_examples=3_000)
def test_thousands_of_damaged_files_are_texts_or_sentences(content: bytes, names: bool) -> None:
    read(content, names=names)


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None,
    reason="atheris is not installed; it has wheels for Linux alone",
)
def test_what_a_coverage_guided_fuzzer_makes_is_a_text_or_one_sentence(tmp_path: Path) -> None:
    """`python -m tests.fuzz_corpora FOLDER` goes on for as long as one likes."""
    command = [sys.executable, "-m", "tests.fuzz_corpora", "-runs=3000", str(tmp_path)]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr[-4000:]


def test_the_seeds_are_good_files() -> None:
    for seed in SEEDS:
        with tempfile.NamedTemporaryFile() as file:
            file.write(seed)
            file.flush()
            assert read_corpus([Path(file.name)]).text.strip()
