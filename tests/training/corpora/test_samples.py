"""The samples that the project's formats were described with give exactly these texts."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.shared import shared
from training.corpus import read_corpus

if TYPE_CHECKING:
    from pathlib import Path

    from tests.training.corpora.conftest import Reads

BY_ALICE_AND_BOB = 'multi\nline "quoted", with comma\n'

EXPECTED = {
    "dce_current.json": (
        "hello @Bob :lemon_blush: 🙂 see #general [voice]\n" + BY_ALICE_AND_BOB,
        (
            "DiscordChatExporter JSON: 2 messages by 2 people, "
            "6 left out: bots, system messages, and those without text"
        ),
    ),
    "dce_legacy.json": (
        "old export, no stickers/roles/reference keys\ncontent from a deleted user\n",
        "DiscordChatExporter JSON: 2 messages by 1 person",
    ),
    "dce_current.csv": (
        "hello @Bob :lemon_blush: 🙂\n" + BY_ALICE_AND_BOB + "Pong!\n",
        (
            "DiscordChatExporter CSV: 3 messages by 3 people, "
            "2 left out: system messages and those without text"
        ),
    ),
    "dce_legacy_crlf.csv": (
        "legacy date, before 2023-02\nlegacy date, 2023-02 to 2023-09\n",
        "DiscordChatExporter CSV: 2 messages by 1 person",
    ),
    "dce_current.txt": (
        "hello @Bob :lemon_blush: 🙂\n" + BY_ALICE_AND_BOB + "Pong!\n",
        (
            "DiscordChatExporter TXT: 3 messages by 3 people, "
            "4 left out: system messages and those without text"
        ),
    ),
    "dce_structure_only.html": (
        "hello @Bob :lemon_blush: bold\nsecond message of the same group: no author element\n",
        "DiscordChatExporter HTML: 2 messages by 1 person, 1 left out: bots",
    ),
    "data_package_json.zip": (
        "my only 10/10 i've watched so far\nmulti\nline with and :kek:, ok\n",
        "Discord data package (3 files): 2 messages by 1 person, 1 left out: those without text",
    ),
    "data_package_csv_legacy.zip": (
        "my only 10/10 i've watched so far\nmulti\nline with and :kek:, ok\n",
        "Discord data package (3 files): 2 messages by 1 person, 1 left out: those without text",
    ),
    "markov_discord_import.json": (
        "Lorem ipsum dolor sit amet\nwith attachment\n",
        "JSON of another bot: 2 messages",
    ),
    "mimicbot_messages.csv": (
        "older, message\nnewest first\n",
        "CSV of another bot: 2 messages by 2 people",
    ),
}


def sample(name: str) -> Path:
    return shared("formats/samples") / name


@pytest.mark.parametrize("name", EXPECTED)
def test_a_sample_gives_exactly_its_text(name: str) -> None:
    corpus = read_corpus([sample(name)])

    assert (corpus.text, corpus.summary.description) == EXPECTED[name]
    assert corpus.summary.characters == len(corpus.text)
    assert corpus.summary.distinct == len(set(corpus.text))


@pytest.mark.parametrize("name", EXPECTED)
def test_neither_name_nor_gzip_changes_what_is_read(name: str, reads: Reads) -> None:
    content = sample(name).read_bytes()

    assert reads(content).text == EXPECTED[name][0]
    if not name.endswith(".zip"):
        assert reads(gzip.compress(content)).text == EXPECTED[name][0]


def test_every_sample_is_expected() -> None:
    assert {path.name for path in sample(".").iterdir() if path.is_file()} == set(EXPECTED)
