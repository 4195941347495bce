"""Files that somebody made, or broke, to do harm: each is refused with its sentence."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports import exporter_csv, exporter_json, message, zipped
from training.corpora import json_exports, json_outline
from training.corpora.documents import Document
from training.corpora.json_outline import DEEPEST, LONGEST_NAME, Outline
from training.corpora.sources import Budget, Source
from training.corpora.text_exports import RULE
from training.corpus import read_corpus
from training.errors import (
    CorpusArchiveError,
    CorpusDamagedError,
    CorpusError,
    CorpusTooDeepError,
    CorpusUnreadableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.training.corpora.conftest import Reads

ROOT = Path(__file__).parents[3]

MIB = 2**20


def patched(archive: bytes, offset: int, format_: str, value: int, local: int = -1) -> bytes:
    """An archive with a field of each member's directory entry set, and of its local header."""
    content = bytearray(archive)
    for signature, where in ((b"PK\x01\x02", offset), (b"PK\x03\x04", local)):
        start = content.find(signature)
        while start >= 0 and where >= 0:
            struct.pack_into(format_, content, start + where, value)
            start = content.find(signature, start + 4)
    return bytes(content)


def with_name(name: str) -> bytes:
    return zipped({name: b"some text\n"})


def encrypted() -> bytes:
    return patched(with_name("a.txt"), 8, "<H", 1, local=6)


def declaring(size: int) -> bytes:
    return patched(with_name("a.txt"), 24, "<I", size, local=22)


def nameless() -> bytes:
    """An archive with a member whose name is empty."""
    return patched(patched(with_name("a"), 28, "<H", 0), 30, "<H", 1)


def many_members(count: int) -> bytes:
    """An archive whose directory has one small member again and again."""
    archive = with_name("a")
    start, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    directory = archive[start:end] * count
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), start, 0)
    return archive[:start] + directory + tail


def within_a_message(levels: int, opening: bytes = b"[", closing: bytes = b"]") -> bytes:
    """An export with a message, beyond its head, in which something is so many levels deep."""
    talk = [
        *(message(f"{number}", number) for number in range(99)),
        message("x", 99, embeds="DEEP"),
    ]
    return exporter_json(talk).replace(b'"DEEP"', opening * levels + b"1" + closing * levels)


def long_name_in_the_head() -> bytes:
    """An export with thousands of names below one of 32,000 characters."""
    below = {chr(0x4E00 + number): 1 for number in range(5_400)}
    export = {"guild": {}, "messages": [], "🙂" + "a" * 32_000: below}
    return json.dumps(export, separators=(",", ":"), ensure_ascii=False).encode()


def text_export() -> bytes:
    return f"{RULE}\nGuild: A\nChannel: B\n{RULE}\n\n[1/1/2024 1:00 PM] ann\nx\n".encode()


def raw_json(content: str) -> bytes:
    """An export with a message whose content is this piece of JSON."""
    return exporter_json([message("CONTENT")]).replace(b'"CONTENT"', content.encode())


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a nested ZIP": (
        lambda: zipped({"a.zip": with_name("b.txt")}),
        "is an archive within an archive",
    ),
    "a gzip in a ZIP": (
        lambda: zipped({"a.gz": gzip.compress(b"x")}),
        "is an archive within an archive",
    ),
    "a ZIP in gzip": (lambda: gzip.compress(with_name("a")), "is an archive within an archive"),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(b"x")), "is an archive within an archive"),
    "an absolute name": (lambda: with_name("/etc/passwd"), "name leads out of the archive"),
    "a name with ..": (lambda: with_name("a/../../b.txt"), "name leads out of the archive"),
    "a name with ..\\": (lambda: with_name("a\\..\\..\\b.txt"), "name leads out of the archive"),
    "a name with a drive": (lambda: with_name("C:\\b.txt"), "name leads out of the archive"),
    "an encrypted ZIP": (encrypted, "is encrypted; please make one without a password"),
    "a truncated ZIP": (lambda: with_name("a.txt")[:-30], "damaged or truncated ZIP archive"),
    "a ZIP cut in its member": (
        lambda: (
            with_name("a.txt")
            .replace(b"PK\x03\x04", b"PK\x03\x05", 1)
            .replace(b"PK\x03\x05", b"PK\x03\x04", 1)[:40]
        ),
        "damaged or truncated ZIP archive",
    ),
    "a ZIP with wrong bytes": (
        lambda: zipped({"a.txt": b"some text\n"}, zipfile.ZIP_STORED).replace(b"some", b"SOME"),
        "a.txt in this file is damaged or cut off",
    ),
    "a truncated gzip": (lambda: gzip.compress(b"some text\n" * 999)[:-9], "is damaged or cut off"),
    "a broken gzip": (lambda: b"\x1f\x8b\x08\x00 no more", "is damaged or cut off"),
    "an uncommon compression": (
        lambda: zipped({"a.txt": b"text"}, zipfile.ZIP_BZIP2),
        "packed in an uncommon way",
    ),
    "a ZIP that says it is a bomb": (lambda: declaring(2**31), "more than 1,024 MiB"),
    "a ZIP that lies": (lambda: declaring(4), "is damaged or cut off"),
    "a million tiny members": (lambda: many_members(1_000_000), "has too many files in it"),
    "sixty thousand tiny members": (lambda: many_members(60_000), "has too many files in it"),
    "an empty ZIP": (lambda: zipped({}), "Nothing is left to learn from (nothing was found)"),
    "a ZIP of pictures": (
        lambda: zipped({"a": b"\x89PNG\r\n\x1a\n\0", "b": b""}),
        "(2 files passed over: no text)",
    ),
    "a member without a name": (nameless, "Nothing is left to learn from (nothing was found)"),
    "a Word document": (
        lambda: zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}),
        "is an Office document; please save it as plain text",
    ),
    "a PDF": (lambda: b"%PDF-1.4\nabc", "is a PDF; please save it as plain text"),
    "a 7z archive": (lambda: b"7z\xbc\xaf\x27\x1c\0\4", "is a 7z archive; please make a ZIP of it"),
    "JSON 10,000 levels deep": (
        lambda: b"[" * 10_000 + b"]" * 10_000,
        "is nested more than 100 levels deep",
    ),
    "JSON 10,000 objects deep": (
        lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "is nested more than 100 levels deep",
    ),
    "a message 100,000 levels deep": (
        lambda: within_a_message(100_000),
        "is nested more than 100 levels deep",
    ),
    "a message 100,000 objects deep": (
        lambda: within_a_message(100_000, b'{"a":', b"}"),
        "is nested more than 100 levels deep",
    ),
    "a long name with objects in it": (
        lambda: within_a_message(1, b'{"' + "🙂".encode() + b"a" * (8 * MIB) + b'":', b"}").replace(
            b'":1', b'":' + b'{"a":' * 90 + b"1" + b"}" * 90
        ),
        "it breaks off or is damaged",
    ),
    "a long name in the head": (long_name_in_the_head, "Nothing is left to learn from"),
    "JSON of another kind": (
        lambda: b'{"name": "x", "messages": [{"text": "hi"}]}',
        "is JSON, but no export of messages",
    ),
    "JSON that breaks off": (
        lambda: exporter_json([message("x")] * 300)[:-2000],
        "it breaks off or is damaged",
    ),
    "JSON with something after it": (
        lambda: exporter_json([message("x")] * 300) + b"{",
        "it breaks off or is damaged",
    ),
    "half a character in JSON": (lambda: raw_json('"a \\ud83d b"'), "lone surrogate"),
    "the other half in JSON": (lambda: raw_json('"a \\ude42 b"'), "breaks off or is damaged"),
    "two first halves in JSON": (lambda: raw_json('"\\ud83d\\ud83d\\ude42"'), "lone surrogate"),
    "a content that is a number": (lambda: raw_json("5"), '"content" of the wrong type'),
    "a content that is a list": (lambda: raw_json("[1]"), '"content" of the wrong type'),
    "a message that is a number": (
        lambda: b'{"messages": [{"author": {}, "content": "a"}, 5]}',
        "something in it is no message",
    ),
    "an id that is none": (
        lambda: exporter_json([message("x", id="../7")]),
        '"id" of the wrong type',
    ),
    "a number of 5,000 digits": (
        lambda: exporter_json([message("x", isPinned=0)]).replace(b": 0", b": " + b"9" * 5_000),
        "breaks off or is damaged",
    ),
    "a message of 17 MiB": (
        lambda: exporter_json([message("x" * (17 * MIB))]),
        "a single message of more than 16 MiB",
    ),
    "a line of 10 MB": (lambda: b"word " * 2_000_000, "a line of more than 2,000,000 characters"),
    "a line of 10 MB in an export": (
        lambda: exporter_csv([("1", "ann", "x" * 10_000_000)]),
        "is never closed",
    ),
    "half a character in UTF-8": (lambda: b"half: \xed\xa0\xbd\n" * 99, "please save it as UTF-8"),
    "one character repeated": (lambda: b"a" * 50_000, "a single character, again and again"),
    "one character a line": (lambda: b"a\n" * 50_000, "a single character, again and again"),
    "binary called a text": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a text file"),
    "binary without a NUL": (lambda: bytes(range(1, 256)) * 50, "please save it as UTF-8"),
    "a text export that is a single message": (
        lambda: gzip.compress(text_export() + b"\n" * (80 * MIB), 1),
        "a single message of more than 16 MiB",
    ),
    "a quote that never closes": (
        lambda: exporter_csv([("1", "ann", "x")]) + b'"2","bob","","never',
        "is never closed",
    ),
    "a long quote that never closes": (
        lambda: exporter_csv([("1", "a", "x")]) + b'"' + b"word\n" * 99_999,
        "is never closed",
    ),
    "a row with a column more": (
        lambda: exporter_csv([("1", "ann", "x")]) + b'"1","2","3","4","5","6","7"\n',
        "row 3 has 7 columns, not 6",
    ),
    "a web page": (
        lambda: b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
        "is a web page, but no export of messages",
    ),
    "a web page with an endless tag": (
        lambda: b"<html><p a='" + b"x" * (20 * MIB),
        "a single message of more than 16 MiB",
    ),
    "a deep web page": (lambda: b"<html>" + b"<div>" * 99_999, "nested more than 10,000 levels"),
}


COSTLY = {
    "a message of 17 MiB",
    "a line of 10 MB in an export",
    "a text export that is a single message",
}
"""Those that take a second."""


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in COSTLY])
def test_a_hostile_file_is_refused_with_its_reason(name: str, reads: Reads) -> None:
    make, sentence = HOSTILE[name]

    with pytest.raises(CorpusError) as refused:
        reads(make())

    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 300
    assert str(refused.value).endswith(".")
    assert str(refused.value).isprintable()


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_little_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    """The address space of the process that reads it is bounded, and so is its time."""
    file, out = tmp_path / "file", tmp_path / "corpus.txt"
    file.write_bytes(HOSTILE[name][0]())

    result = read_bounded(file, out)

    assert result.returncode == 2, result.stderr
    assert HOSTILE[name][1] in result.stderr
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.slow
def test_a_gzip_bomb_costs_little_and_leaves_nothing(tmp_path: Path) -> None:
    """1.1 GiB of lines in 4 MB."""
    file, out = tmp_path / "file", tmp_path / "corpus.txt"
    file.write_bytes(gzip.compress(b"a line of text\n" * MIB) * 75)

    result = read_bounded(file, out)

    assert (
        result.stderr
        == "This is more than 1,024 MiB when it is unpacked; please choose less of it.\n"
    )
    assert [*tmp_path.iterdir()] == [file]


def read_bounded(file: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    arguments = shlex.join([sys.executable, "-m", "training", "corpus", *options])
    command = f"ulimit -v {600 * 1024}; exec {arguments} --out {out} {file}"
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: zipped({"a": text, "b": b"c\n"})])
def test_a_bomb_is_counted_while_it_unpacks(pack: Callable[[bytes], bytes], reads: Reads) -> None:
    text = b"a line\n" * (MIB // 7)

    assert reads(pack(text[:-7]), unpacked_limit=MIB).text.startswith("a line\na line\n")
    with pytest.raises(CorpusError, match=r"^This is more than 1 MiB when it is unpacked; please"):
        reads(pack(text + b"a line\n" * 9), unpacked_limit=MIB)


def test_all_files_share_one_budget(reads: Reads) -> None:
    half = b"a line\n" * (MIB // 13)

    assert reads(half, unpacked_limit=MIB).text
    with pytest.raises(CorpusError, match="more than 1 MiB"):
        reads(half, half, unpacked_limit=MIB)


def test_a_message_is_read_as_deep_as_a_file_may_be(reads: Reads) -> None:
    """The file, its messages and the message are three levels."""
    assert reads(within_a_message(97)).text.endswith("98\nx\n")
    with pytest.raises(CorpusTooDeepError):
        reads(within_a_message(98))


NESTED = st.recursive(
    st.text('"\\[]{}: a\n'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('"\\[{: '), inner),
)


@given(NESTED, st.integers(1, 9), st.integers(1, 99))
def test_depth_is_that_of_the_brackets_outside_of_strings(
    content: object, piece: int, surplus: int
) -> None:
    text = b"[" * (DEEPEST - depth_of(content)) + json.dumps(content).encode()
    outline, deeper = Outline("This file", "JSON"), Outline("This file", "JSON")

    for first in range(0, len(text), piece):
        outline.take(text[first : first + piece])

    with pytest.raises(CorpusTooDeepError):
        deeper.take(b"[" * surplus + text)


def depth_of(content: object) -> int:
    """How many lists and objects are within each other."""
    if not isinstance(content, list | dict):
        return 0
    inner = content.values() if isinstance(content, dict) else content
    return 1 + max(map(depth_of, inner), default=0)


@pytest.mark.parametrize("blanks", [0, 1, 99, 70_000])
@pytest.mark.parametrize("piece", [1_000, 65_536, 10**6])
def test_only_a_name_may_not_be_long(blanks: int, piece: int) -> None:
    long = b'{"a": "' + b'\\"' * LONGEST_NAME + b'"' + b" " * blanks
    value, name = Outline("This file", "JSON"), Outline("This file", "JSON")

    for first in range(0, len(long), piece):
        value.take(long[first : first + piece])
        name.take(long[first : first + piece])

    value.take(b', "b": 1}')
    if piece < len(long):
        with pytest.raises(CorpusDamagedError, match="breaks off or is damaged"):
            name.take(b": [[[1]]]")


@pytest.mark.slow
def test_people_s_names_take_no_memory(tmp_path: Path) -> None:
    """130,000 characters each, of four bytes in memory."""
    file, out = tmp_path / "file", tmp_path / "corpus.txt"
    rows = "".join(f'"{n}🙂{"x" * 130_000}","","","{n}","",""\n' for n in range(1_300))
    file.write_bytes(gzip.compress(exporter_csv([]) + rows.encode(), 1))

    for options in ((), ("--authors", "nobody")):
        assert "Memory" not in read_bounded(file, out, *options).stderr


def test_a_member_s_name_is_shown_without_its_tricks(reads: Reads) -> None:
    with pytest.raises(CorpusArchiveError) as refused:
        reads(zipped({"\x1b[2J" + "a" * 900 + "\u202e\n.gz": gzip.compress(b"x")}))

    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 160


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(CorpusUnreadableError, match="it is no regular file"):
        read_corpus([tmp_path / "pipe"])


@given(st.text(), st.integers(1, 40))
def test_an_escaped_text_is_whole_wherever_it_is_cut(text: str, piece: int) -> None:
    """Pairs of surrogates pass, though a chunk may end between them; single ones do not."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    content = json.dumps([{"message": text}]).encode()
    chunks = (content[first : first + piece] for first in range(0, len(content), piece))

    read = b"".join(json_outline.without_lone_surrogates(chunks, "This file", "JSON"))

    assert read == content


def test_half_a_character_is_found_wherever_a_chunk_ends() -> None:
    content = b'[{"message": "' + b"a" * 40 + rb"\ud83d" + b'b"}]'
    for size in range(1, len(content)):
        chunks = (content[first : first + size] for first in range(0, len(content), size))
        with pytest.raises(CorpusError, match="lone surrogate"):
            [*json_outline.without_lone_surrogates(chunks, "This file", "JSON")]


def test_a_source_is_closed_however_it_ends(tmp_path: Path) -> None:
    """A reader that is left in the middle lets go of its file."""
    file = (tmp_path / "a").open("wb+")
    file.write(exporter_json([message("x")] * 9))
    file.seek(0)
    source = Source(name="This file", opener=lambda: file, budget=Budget(MIB))
    messages = json_exports.read_exporter(Document(source=source, encoding="utf-8"))

    next(messages)
    messages.close()  # type: ignore[attr-defined]

    assert file.closed
