"""Several files at once, and the choice among their messages."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest

from bot.errors import files as file_errors
from bot.errors.files import CorpusRefusedError
from bot.requests import Upload
from bot.words import speaking
from tests.bot.uploads import TEXT, train_request, uploading
from tests.exports import ANN, BOB, exporter_json, message
from training.curve_words import CurveWords

if TYPE_CHECKING:
    from tests.bot.core import Core

FILES = (Upload(name="chat.json", size=1), Upload(name="more.json", size=1, number=3))
"""The second option for a file stayed empty."""

SAID = [message(f"this is what I say {n}", n, (ANN, BOB)[n % 2]) for n in range(90)]
EARLY, LATE = exporter_json(SAID[:60]), exporter_json(SAID[30:])


async def test_several_files_make_one_corpus_and_none_of_them_stays(core: Core) -> None:
    """What two of them have is read once; the model is called after the first."""
    begun = await core.service.begin_training(
        core.max, train_request(*FILES), uploading(EARLY, LATE)
    )

    folder = core.folder(begun.run.id)
    assert folder.read_corpus() == "".join(f"this is what I say {n}\n" for n in range(90))
    assert {path.name for path in folder.path.iterdir()} == {"corpus.txt", "spec.json"}
    assert begun.run.model_name == "chat"
    assert begun.corpus is not None
    assert begun.corpus.description == (
        "DiscordChatExporter JSON (2 files): 90 messages by 2 people, "
        "30 left out: those that another export has too"
    )


async def test_authors_and_names_choose_among_messages(core: Core) -> None:
    request = train_request(*FILES, authors="<@22>", names=True)

    begun = await core.service.begin_training(core.max, request, uploading(EARLY, LATE))

    expected = "".join(f"Bob: this is what I say {n}\n" for n in range(1, 90, 2))
    assert core.folder(begun.run.id).read_corpus() == expected
    assert core.folder(begun.run.id).read_spec().names, "so that the checkpoint will tell"


async def test_an_unknown_author_leaves_nothing(core: Core) -> None:
    request = train_request(*FILES, authors="Bob, An")

    with pytest.raises(file_errors.CorpusRefusedError) as refused:
        await core.service.begin_training(core.max, request, uploading(EARLY, LATE))

    assert str(refused.value) == "Nobody called An wrote in it; the nearest: Ann ✨."
    assert core.files() == []
    assert await core.catalog.runs_of(1) == []


@pytest.mark.parametrize("options", [{"authors": "Ann"}, {"names": True}])
async def test_a_text_without_names_has_nobody_to_choose(
    core: Core, options: dict[str, object]
) -> None:
    with pytest.raises(file_errors.CorpusRefusedError, match="does not tell who wrote what"):
        await core.service.begin_training(core.max, train_request(**options), uploading(TEXT))

    assert core.files() == []


async def test_a_refusal_tells_which_file_it_is_about(core: Core) -> None:
    """By its option's number: what its owner calls it never becomes a path."""
    files = (FILES[0], Upload(name="../../evil\0.txt", size=1, number=3))

    with pytest.raises(file_errors.CorpusRefusedError) as refused:
        await core.service.begin_training(
            core.max, train_request(*files), uploading(EARLY, b"\0" * 5000)
        )

    assert str(refused.value) == (
        "File 3 is not a text file; please choose a text, or an export of a chat."
    )
    assert core.files() == []


async def test_a_canceled_upload_of_several_files_leaves_nothing(core: Core) -> None:
    core.launcher.may_read.clear()
    upload = asyncio.create_task(
        core.service.begin_training(core.max, train_request(*FILES), uploading(EARLY, LATE))
    )
    await core.launcher.reading.wait()

    upload.cancel()

    with pytest.raises(asyncio.CancelledError):
        await upload
    assert core.files() == []


async def test_the_operator_says_how_much_may_be_unpacked(core: Core) -> None:
    core = await core.again(unpacked_mebibytes=1)
    packed = gzip.compress(b"a line\n" * 200_000)

    with pytest.raises(CorpusRefusedError, match="more than 1 MiB when it is unpacked"):
        await core.service.begin_training(core.max, train_request(), uploading(packed))

    assert core.files() == []


async def test_the_picture_of_the_loss_speaks_the_language_of_whoever_asks(core: Core) -> None:
    with speaking("de"):
        german = await core.begin("Lamm")
    english = await core.begin("Lamb")

    assert core.folder(german.run.id).read_spec().curve_words.bits == "Bit pro Zeichen"
    assert core.folder(english.run.id).read_spec().curve_words == CurveWords()
