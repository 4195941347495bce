from __future__ import annotations

import codecs
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import shared
from training.cli import main
from training.corpus import MINIMUM_CHARACTERS, check_long_enough, read_corpus
from training.errors import (
    THIS_FILE,
    CorpusBinaryError,
    CorpusEmptyError,
    CorpusEncodingError,
    CorpusFieldError,
    CorpusTooShortError,
    CorpusUnreadableError,
)
from training.telling import restored


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


def refuse(*_: object, **__: object) -> None:
    """As the system does where a file may not be read; it refuses the superuser nothing."""
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


@pytest.mark.parametrize("kind", ["missing", "directory", "unreadable"])
def test_a_file_that_cannot_be_read_is_named_with_its_reason(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "corpus.txt"
    if kind == "directory":
        path.mkdir()
    if kind == "unreadable":
        path.write_text("secret")
        monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(
        CorpusUnreadableError,
        match=r"corpus\.txt could not be read: [^.;]+; please check the path\.$",
    ):
        read_corpus([path])


def test_a_short_text_is_refused_with_the_number_it_needs() -> None:
    check_long_enough(MINIMUM_CHARACTERS)
    check_long_enough(2_000)

    with pytest.raises(CorpusTooShortError, match=r"999 characters.* at least 1,000, so please"):
        check_long_enough(999)


def test_tinyshakespeare_comes_out_byte_for_byte(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    shakespeare = shared("data/tinyshakespeare.txt")

    assert main(["corpus", str(shakespeare)]) == 0

    assert capfdbinary.readouterr().out == shakespeare.read_bytes()


def test_corpus_prints_even_one_character(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "a.txt").write_bytes("é".encode())

    assert main(["corpus", str(tmp_path / "a.txt")]) == 0
    assert capfdbinary.readouterr().out == "é".encode()

    assert main(["corpus", "--describe", str(tmp_path / "a.txt")]) == 0
    assert b"Plain text (UTF-8): 1 character, 1 different one" in capfdbinary.readouterr().out


TALK = (
    b'{"messages": [{"id": "1", "content": "hello", "author": {"id": "1", "name": "ann"}},'
    b'{"id": "2", "content": "hi", "author": {"id": "2", "name": "Smith, John"}},'
    b'{"id": "3", "content": "bye", "author": {"id": "3", "name": "bob"}}]}'
)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "hello\nhi\nbye\n"),
        (["--authors", "ann,bob"], "hello\nbye\n"),
        (["--authors", "ann", "--authors=3"], "hello\nbye\n"),
        (["--authors", '"Smith, John"', "--names"], "Smith, John: hi\n"),
        (["--names"], "ann: hello\nSmith, John: hi\nbob: bye\n"),
    ],
)
def test_messages_are_chosen_on_the_command_line(
    options: list[str], text: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "a.json").write_bytes(TALK)

    assert main(["corpus", *options, str(tmp_path / "a.json")]) == 0

    assert capfdbinary.readouterr().out.decode() == text


def test_nothing_is_printed_or_written_of_a_file_that_is_refused(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Though most of it was read before it broke off."""
    file, out = tmp_path / "a.json", tmp_path / "out"
    file.write_bytes(TALK[:-2] + b', {"id": "4", "content": 5, "author": {}}]}')
    out.write_text("as it was")

    assert main(["corpus", str(file)]) == 2
    assert main(["corpus", "--describe", str(file)]) == 2

    printed = capfdbinary.readouterr()
    assert printed.out == b""
    assert printed.err.count(b"\n") == 2
    assert main(["corpus", "--out", str(out), str(file)]) == 2
    assert out.read_text() == "as it was"
    assert {*tmp_path.iterdir()} == {file, out}


def test_a_refusal_is_told_with_its_facts_to_whoever_speaks_another_language(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(TALK[:-2] + b', {"id": "4", "content": 5, "author": {}}]}')

    assert main(["corpus", "--out", str(tmp_path / "out"), str(file)]) == 2

    printed = capfdbinary.readouterr()
    error = restored(json.loads(printed.out))
    assert isinstance(error, CorpusFieldError)
    assert (error.name, error.key) == (THIS_FILE, "content")
    assert f"{error}\n".encode() == printed.err


def test_reading_starts_without_parsers_that_it_does_not_need(tmp_path: Path) -> None:
    """The process that reads a corpus starts in a quarter of a second."""
    (tmp_path / "a.txt").write_text("text")
    program = (
        "import sys; from training.cli import main; main(['corpus', sys.argv[1]]);"
        "print(*{'ijson', 'lxml', 'charset_normalizer', 'asyncio', 'numpy', 'tensorflow'}"
        " & set(sys.modules))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a.txt")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout == "text\n"
