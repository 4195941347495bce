"""What each format's reader takes out of larger and odder files than the samples."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports import (
    ANN,
    BOB,
    exporter_csv,
    exporter_json,
    exporter_text,
    message,
    zipped,
)
from training.corpora import documents, plain, web_exports
from training.corpora.documents import Document
from training.corpora.sources import Budget, Source

if TYPE_CHECKING:
    from tests.training.corpora.conftest import Reads

lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff"))


@given(st.lists(lines), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 9))
def test_a_plain_text_keeps_every_line(texts: list[str], line_end: str, chunk: int) -> None:
    """However many characters are read at a time."""
    content = line_end.join(texts).encode()
    source = Source(name="This file", opener=lambda: io.BytesIO(content), budget=Budget(2**20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "CHUNK", chunk)
        read = "".join(plain.read(Document(source=source, encoding="utf-8")))

    assert read == unicodedata.normalize("NFC", "\n".join(texts))


@pytest.mark.parametrize(
    "text",
    [
        "[Verse 1]\nA poem in brackets\n\n\n[Verse 1]\nA poem in brackets\n",
        "# Title\n\n* one\n* one\n\n```\ncode\n```\n",
        "{\n    int a;\n    int a;\n}\n",
        '{"not": json\n',
        "[1] A footnote\n",
        "<p>A snippet, no page</p>\n",
        "ID,Timestamp\n1,2\n",
        "00:01:00 --> no subtitles\n",
        "WEBVTT is a format\n",
        "नमस्ते\nবাংলা\n日本語\n👩‍👩‍👧\n",
        "=" * 62 + "\nGuild: no export\n",
        "\t tabs and blanks \t\n \n\n",
    ],
)
def test_what_only_looks_like_something_else_is_plain_text(text: str, reads: Reads) -> None:
    corpus = reads(text.encode())

    assert corpus.text == text
    assert corpus.summary.description.startswith("Plain text (UTF-8): ")


def test_messages_and_texts_are_told_apart_in_one_line(reads: Reads) -> None:
    corpus = reads(b"no line end", exporter_json([message("hello")]), b"more\n", b"even more")

    assert corpus.text == "no line end" + "\nhello\n" + "more\n" + "\neven more"
    assert corpus.summary.characters == len(corpus.text)
    assert corpus.summary.description == (
        "3 plain texts (UTF-8): 26 characters, 11 different ones; "
        "DiscordChatExporter JSON: 1 message by 1 person"
    )


def test_an_export_in_another_encoding_is_read(reads: Reads) -> None:
    """PowerShell writes UTF-16 when it copies a file."""
    content = exporter_json([message("héllo 🙂", 1), message("two", 2)])

    assert reads(codecs.BOM_UTF8 + content).text == "héllo 🙂\ntwo\n"
    assert reads(content.decode().encode("utf-16")).text == "héllo 🙂\ntwo\n"
    assert reads(exporter_csv([("1", "ann", "héllo")]).decode().encode("utf-16")).text == "héllo\n"


def test_the_smallest_export_is_what_a_channel_s_history_is_written_as(reads: Reads) -> None:
    """As `training.corpora.messages` promises."""
    history = {
        "messages": [
            {
                "id": "7",
                "type": "Default",
                "content": "<@22> <:hi:1>",
                "author": ANN,
                "mentions": [BOB],
            },
            {"id": 8, "type": "Reply", "content": "ok", "author": {"id": 22, "name": "bob"}},
            {"content": "nobody's"},
        ]
    }

    corpus = reads(
        json.dumps(history).encode(),
    )

    assert corpus.text == "@Bob :hi:\nok\nnobody's\n"
    assert corpus.summary.description == "DiscordChatExporter JSON: 3 messages by 2 people"


def test_an_empty_export_is_no_obstacle_to_others(reads: Reads) -> None:
    assert reads(exporter_json([]), exporter_json([message("x")])).text == "x\n"
    assert reads(b"one", exporter_json([]), b"two").text == "one\ntwo"


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1))
)
def test_csv_keeps_whatever_a_message_holds(contents: list[str]) -> None:
    rows = [(str(number), "ann", content) for number, content in enumerate(contents)]
    read = [*csv.reader(io.StringIO(exporter_csv(rows).decode()))][1:]

    assert [row[3] for row in read] == contents


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_csv_is_read_over_line_ends_and_quotes(line_end: str, reads: Reads) -> None:
    rows = [
        ("1", "ann", f'two{line_end}"lines", here'),
        ("2", "bob", "Joined the server."),
        ("2", "bob", "Pinned a message."),
        ("2", "bob", "Started a call that lasted 1,234 minutes."),
        ("2", "bob", "Joined the server. Hello!"),
        ("2", "bob", ""),
    ]

    corpus = reads(exporter_csv(rows, line_end))

    assert corpus.text == 'two\n"lines", here\nJoined the server. Hello!\n'
    assert "4 left out: system messages and those without text" in corpus.summary.description


def test_a_page_of_text_is_read_back_into_messages(reads: Reads) -> None:
    corpus = reads(
        exporter_text(
            [
                "[1/31/2024 10:14\u202fPM] bob\nJoined the server.\n",
                "[1/31/2024 9:15\u202fAM] ann\nfirst\n\nafter an empty line\n",
                "[1/31/2024 9:15\u202fAM] ann smith (pinned)\n[1/31/2024 9:15\u202fAM] no header\n",
                "[2/1/2024 9:16\u202fAM] bob\n[00:12] a song's line\n\n[00:15] another one\n",
                "[2/1/2024 9:17\u202fAM] bob\n\n\n{Embed}\nEMBED\n",
                "[2/1/2024 9:18\u202fAM] ann\nlook\n\n{Attachments}\nhttps://example.org/a.png\n",
                "[2/1/2024 9:19\u202fAM] ann\n\n\n{Forwarded Message}\nFORWARDED\n",
            ]
        )
    )

    assert corpus.text == (
        "first\n\nafter an empty line\n"
        "[1/31/2024 9:15\u202fAM] no header\n"
        "[00:12] a song's line\n\n[00:15] another one\n"
        "look\n"
    )
    assert corpus.summary.description == (
        "DiscordChatExporter TXT: 4 messages by 3 people, "
        "3 left out: system messages and those without text"
    )


CURRENT_PAGE = """<!DOCTYPE html><html><head><style>.chatlog__content{color:red}</style>
<script>var a = '<div class="chatlog__content">no</div>'</script></head><body>
<div class=preamble>Server</div><div class=chatlog>
<div class=chatlog__message-group>
<div class=chatlog__message-container data-message-id=1><div class=chatlog__message-primary>
<div class=chatlog__reply><div class=chatlog__reply-author>QUOTED</div>
<div class=chatlog__reply-content><span class=chatlog__reply-link>QUOTED</span></div></div>
<div class=chatlog__header>
<span class=chatlog__author title=ann data-user-id=11>Ann ✨</span></div>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve><!--x-->two
lines &lt;3 &amp; <img class=chatlog__emoji alt=🙂 title=smile><img class=chatlog__emoji alt=kek>
<div class=chatlog__markdown-quote><div class=b></div><div class=q>a saying</div></div>said <span
 class="chatlog__markdown-mention">@Bob</span></span> <span
 class=chatlog__edited-timestamp>(edited)</span></div>
<div class=chatlog__embed><div class=chatlog__content>
<span class=chatlog__markdown-preserve>EMBED</span></div></div>
<div class=chatlog__reactions><div class=chatlog__reaction>REACTION</div></div></div></div>
<div class=chatlog__message-container data-message-id=2>
<div class=chatlog__attachment><a href=x>ATTACHMENT</a></div>
<div class=chatlog__forwarded><div class=chatlog__content>
<span class=chatlog__markdown-preserve>FORWARD</span></div></div></div>
</div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id=3>
<span class=chatlog__system-notification-author data-user-id=22>Bob</span>
<span class=chatlog__system-notification-content>joined the server.</span></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id=4>
<span class=chatlog__author title=News data-user-id=33>News</span>
<span class=chatlog__author-tag>SERVER</span>
<div class=chatlog__content><span class=chatlog__markdown-preserve>WEBHOOK</span></div></div>
<div class=chatlog__message-container data-message-id=5>
<div class=chatlog__content>
<span class=chatlog__markdown-preserve>WEBHOOK AGAIN</span></div></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id=6>
<span class=chatlog__author title=bob data-user-id=22>Bob</span>
<div class=chatlog__content>
<span class=chatlog__markdown-preserve><strong>bold</strong> end</span></div></div></div>
</div><div class=postamble>Exported 6 message(s)</div></body></html>"""

OLDER_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Server - general</title></head>
<body>
<div class="chatlog">
    <div class="chatlog__message-group">
        <div class="chatlog__author-avatar-container"><img class="chatlog__author-avatar"></div>
        <div class="chatlog__messages">
            <span class="chatlog__author-name" title="ann#1234" data-user-id="11">Ann</span>
            <span class="chatlog__timestamp">31-Jan-20 10:15 PM</span>
            <div class="chatlog__message " data-message-id="1" id="message-1">
                <div class="chatlog__content">
                    <div class="markdown">
                        <span class="preserve-whitespace">hello
  <img class="emoji" alt="kek" title="kek"> there</span>
                        <span class="chatlog__edited-timestamp">(edited)</span>
                    </div>
                </div>
                <div class="chatlog__reactions"><img class="emoji emoji--small" alt="x">2</div>
            </div>
            <div class="chatlog__message " data-message-id="2" id="message-2">
                <div class="chatlog__content"><div class="markdown">
                    <span class="preserve-whitespace">more</span></div></div>
                <div class="chatlog__embed">
                    <div class="markdown preserve-whitespace">EMBED</div></div>
            </div>
        </div>
    </div>
    <div class="chatlog__message-group">
        <div class="chatlog__messages">
            <span class="chatlog__author-name" title="Robot#0001" data-user-id="33">Robot</span>
            <span class="chatlog__bot-tag">BOT</span>
            <div class="chatlog__message" data-message-id="3">
                <div class="chatlog__content"><span class="preserve-whitespace">BEEP</span></div>
            </div>
        </div>
    </div>
</div>
</body>
</html>"""


def test_a_web_page_of_today_gives_what_people_wrote(reads: Reads) -> None:
    corpus = reads(CURRENT_PAGE.encode(), names=True)

    assert corpus.text == ("Ann ✨: two\nlines <3 & 🙂:kek:\na saying\nsaid @Bob\nBob: bold end\n")
    assert corpus.summary.description == (
        "DiscordChatExporter HTML: 2 messages by 2 people, "
        "4 left out: bots, system messages, and those without text"
    )


def test_a_web_page_of_years_ago_gives_what_people_wrote(reads: Reads) -> None:
    corpus = reads(OLDER_PAGE.encode(), names=True)

    assert corpus.text == "Ann: hello\n  :kek: there\nAnn: more\n"
    assert reads(OLDER_PAGE.encode(), authors=["ann"]).text == "hello\n  :kek: there\nmore\n"
    assert corpus.summary.description.endswith("2 messages by 1 person, 1 left out: bots")


def test_a_long_web_page_reads_as_a_short_one(
    reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parser that begins anew in the middle changes nothing."""
    once = reads(CURRENT_PAGE.encode(), names=True).text
    monkeypatch.setattr(web_exports, "PART", 0)
    monkeypatch.setattr(documents, "CHUNK", 100)

    assert reads(CURRENT_PAGE.encode(), names=True).text == once


def test_partitions_of_a_web_page_are_read_once(reads: Reads) -> None:
    once, twice = reads(CURRENT_PAGE.encode()), reads(CURRENT_PAGE.encode(), CURRENT_PAGE.encode())

    assert once.text == twice.text


SUBRIP = """\ufeff1
00:00:01,000 --> 00:00:03,500
<i>Hello &amp; welcome.</i>
- Who's there?

2
00:00:04,000 --> 00:00:05,000 X1:0 X2:99
{\\an8}Nobody < 3.
Nobody < 3.

3
00:01:04,000 --> 00:01:05,000

4
00:02:04,000 --> 00:02:05,000
42
"""

WEBVTT = """WEBVTT - a film
Kind: captions

STYLE
::cue { color: red }

NOTE a remark
of two lines

intro
00:01.000 --> 00:03.500 align:start
<v Ann>Hello <b>there</b>.</v>

00:00:04.000 --> 00:00:05.000
<c.yellow>Bye.</c>

00:00:06.000 --> 00:00:07.000
Bye.
"""

ROLLING = """WEBVTT

00:00:01.000 --> 00:00:02.000
first<00:00:01.200><c> line</c>

00:00:02.000 --> 00:00:02.010
first line

00:00:02.010 --> 00:00:04.000
first line
second<00:00:03.200><c> line</c>

00:00:04.000 --> 00:00:04.010
second line
"""


def test_subtitles_give_the_spoken_lines(reads: Reads) -> None:
    subrip, webvtt = reads(SUBRIP.encode()), reads(WEBVTT.replace("\n", "\r\n").encode())

    assert subrip.text == "Hello & welcome.\n- Who's there?\nNobody < 3.\nNobody < 3.\n42\n"
    assert subrip.summary.description.startswith("Subtitles (SubRip) (UTF-8): ")
    assert webvtt.text == "Hello there.\nBye.\nBye.\n"
    assert webvtt.summary.description.startswith("Subtitles (WebVTT) (UTF-8): ")


def test_captions_that_roll_upwards_are_read_once(reads: Reads) -> None:
    assert reads(ROLLING.encode()).text == "first line\nsecond line\n"


def test_an_archive_of_anything_is_read_member_by_member(reads: Reads) -> None:
    archive = zipped(
        {
            "export [part 1].json": exporter_json([message("one", 1)]),
            "export [part 2].json": exporter_json([message("one", 1), message("two", 2, BOB)]),
            "media/cat.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "media/paper.pdf": b"%PDF-1.7 ...",
            "empty.txt": b"",
            "__MACOSX/._export.json": b"\0\5\x16\7",
            ".hidden/notes.txt": b"hidden\n",
            "poem/": b"",
            "poem/poem.md": b"roses\nroses\n",
        }
    )

    corpus = reads(archive)

    assert corpus.text == "one\ntwo\nroses\nroses\n"
    assert corpus.summary.description == (
        "DiscordChatExporter JSON (2 files): 2 messages by 2 people, "
        "1 left out: those that another export has too; "
        "Plain text (UTF-8): 12 characters, 5 different ones; 3 files passed over: no text"
    )


def data_package(messages: bytes, kind: str = "json", folder: str = "Nachrichten") -> bytes:
    return zipped(
        {
            "README.txt": b"about this package",
            "Konto/user.json": b'{"id": "11", "username": "ann", "global_name": "Ann"}',
            f"{folder}/index.json": b'{"1234567890123456789": "general"}',
            f"{folder}/c1234567890123456789/channel.json": b'{"id": "1234567890123456789"}',
            f"{folder}/c1234567890123456789/messages.{kind}": messages,
            "Aktivitaet/analytics/events.json": b'{"event": 1}\n{"event": 2}\n',
        }
    )


def test_a_data_package_gives_its_owner_s_messages_alone(reads: Reads) -> None:
    newest_first = [
        {"ID": 3, "Timestamp": "2024-01-03", "Contents": "three <@1>", "Attachments": ""},
        {"ID": "2", "Timestamp": "2024-01-02", "Contents": "two", "Attachments": ""},
    ]
    package = data_package(json.dumps(newest_first).encode())
    older = data_package(b"ID,Timestamp,Contents,Attachments\r\n1,2021,one,\r\n", "csv", "messages")

    assert reads(package).text == "two\nthree\n"
    assert reads(package, names=True).text == "Ann: two\nAnn: three\n"
    assert reads(package, authors=["ann"]).text == "two\nthree\n"
    assert reads(older, package).text == "one\ntwo\nthree\n"
    assert reads(package).summary.description == "Discord data package: 2 messages by 1 person"


def test_a_data_package_without_its_owner_is_read_all_the_same(reads: Reads) -> None:
    package = zipped(
        {
            "c1234567890123456789/channel.json": b"{}",
            "c1234567890123456789/messages.json": b'[{"ID": 1, "Contents": "one"}]',
            "user.json": b"[" * 50_000,
        }
    )

    assert reads(package).text == "one\n"
    assert reads(gzip.compress(b'[{"ID": 1, "Contents": "one"}]')).text == "one\n"


def test_what_is_not_read_of_a_data_package_may_be_as_large_as_it_likes(
    reads: Reads,
) -> None:
    package = data_package(b'[{"ID": 1, "Contents": "one"}]')

    assert reads(package, unpacked_limit=100).text == "one\n"


def test_other_bots_files_are_read(reads: Reads) -> None:
    assert reads(b'[{"message": "a", "attachments": ["u"]}, {"message": "a"}]').text == "a\na\n"
    assert (
        reads(b'author_id,content\n1,"newest,\nfirst"\n2,older\n').text == "older\nnewest,\nfirst\n"
    )
    assert reads(b"author_id,content\n1,hi\n", names=True).text == "1: hi\n"
