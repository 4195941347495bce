"""What was found in files is said in English as the command line says it, and translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.statements import Statement, found, found_in, said, statement_of
from bot.words import speaking
from tests.exports import exporter_json, message, zipped
from tests.training.corpora.test_samples import EXPECTED, sample
from training.corpora import findings
from training.corpora.selection import PEOPLE_LIMIT
from training.corpus import CorpusSummary, read_corpus
from training.errors import (
    CorpusEmptyError,
    CorpusNothingLeftError,
    CorpusRowError,
    CorpusTooShortError,
    SpecError,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", EXPECTED)
def test_findings_are_the_same_as_on_the_command_line(name: str) -> None:
    summary = read_corpus([sample(name)]).summary

    assert str(found_in(summary.parts)) == summary.description
    with speaking("de"):
        assert str(found_in(summary.parts)) != summary.description


def test_findings_in_several_files_are_all_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(exporter_json([message("hi")]))
    (tmp_path / "b").write_bytes(zipped({"one": b"hello", "two": b"world", "three": b"\0"}))

    summary = read_corpus([tmp_path / "a", tmp_path / "b"]).summary

    assert said(found(summary)) == summary.description
    with speaking("de"):
        assert said(found(summary)) == (
            "JSON von DiscordChatExporter: 1 Nachricht von 1 Person; "
            "2 reine Texte (UTF-8): 11 Zeichen, 8 verschiedene; 1 Datei übergangen: kein Text"
        )


def test_more_people_than_are_counted_are_told_as_that_many_or_more() -> None:
    part = {
        "format": "DiscordChatExporter JSON",
        "documents": 2,
        "messages": 5,
        "people": PEOPLE_LIMIT,
        "left_out": 0,
        "reasons": [],
    }

    assert findings._people(PEOPLE_LIMIT) in str(found_in([part]))  # noqa: SLF001  # its words


def test_what_an_older_version_has_kept_is_shown_as_it_is() -> None:
    for line in ("The disk is full.", "5", '{"a": 1}', '{"message": "gone", "facts": {}}', ""):
        assert said(line) == line
    assert found(CorpusSummary(characters=1, distinct=1, description="As it was.")) == "As it was."


@pytest.mark.parametrize(
    ("name", "german"),
    [
        ("This file", "Diese Datei"),
        ("File 2", "Datei 2"),
        ("a/b.txt in this file", "a/b.txt in dieser Datei"),
        ("File 3 in File 2", "File 3 in Datei 2"),
        ("poem.txt", "poem.txt"),
    ],
)
def test_a_file_is_called_as_people_call_it(name: str, german: str) -> None:
    error = CorpusEmptyError(name)

    assert str(statement_of(error)) == str(error)
    with speaking("de"):
        assert str(statement_of(error)).startswith(f"{german} ist leer")


@pytest.mark.parametrize("count", [1, 2, 1_000])
def test_one_and_many_are_counted_as_on_the_command_line(count: int) -> None:
    row = CorpusRowError("File 2", "Subtitles", 3, count, 4)
    short = CorpusTooShortError(count, 5_000)

    assert str(statement_of(row)) == str(row)
    assert str(statement_of(short)) == str(short)
    assert (" 1 column," in str(row)) == (" 1 character;" in str(short)) == (count == 1)


def test_nothing_at_all_is_said_in_german_too() -> None:
    with speaking("de"):
        text = str(statement_of(CorpusNothingLeftError("nothing was found")))

    assert "(nichts gefunden)" in text


def test_a_sentence_for_operators_is_shown_with_a_few_words_around_it() -> None:
    assert str(statement_of(SpecError("No such option."))) == "No such option."
    with speaking("de"):
        assert str(statement_of(SpecError("No such option."))).endswith(": No such option.")


def test_a_name_that_looks_like_a_phrase_stays_a_name() -> None:
    statement = Statement("error-name-taken", {"name": "bots"})

    with speaking("de"):
        assert "bots" in said(statement.encode())
