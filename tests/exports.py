"""Files as people bring them, made for tests and benchmarks."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FIRST_ID = 1_200_000_000_000_000_000

ANN = {"id": "11", "name": "ann", "nickname": "Ann ✨", "discriminator": "0000", "isBot": False}
BOB = {"id": "22", "name": "bob", "nickname": "Bob", "discriminator": "0000", "isBot": False}
ROBOT = {"id": "33", "name": "Robot", "discriminator": "3861", "isBot": True}


def message(
    content: str, number: int = 0, author: Mapping[str, object] = ANN, **more: object
) -> dict[str, Any]:
    """A message as DiscordChatExporter's JSON has it, with all that a person did not write."""
    return {
        "id": str(FIRST_ID + number),
        "type": "Default",
        "timestamp": "2024-01-31T22:15:04.123+00:00",
        "timestampEdited": None,
        "isPinned": False,
        "content": content,
        "author": {**author, "roles": [{"id": "5", "name": "Mods", "position": 3}]},
        "attachments": [{"id": "4", "url": "https://example.org/cat.png", "fileName": "cat.png"}],
        "embeds": [{"title": "EMBED", "fields": [{"name": "EMBED", "value": "EMBED"}]}],
        "reactions": [{"emoji": {"name": "REACTION"}, "count": 2, "users": [{"name": "bob"}]}],
        "mentions": [],
        **more,
    }


def exporter_json(messages: Iterable[Mapping[str, object]]) -> bytes:
    """An export in JSON."""
    every = [*messages]
    export = {
        "guild": {"id": "9", "name": "Server"},
        "channel": {"id": "10", "type": "GuildTextChat", "name": "general", "topic": None},
        "dateRange": {"after": None, "before": None},
        "messages": every,
        "messageCount": len(every),
    }
    return json.dumps(export, indent=2, ensure_ascii=False).encode()


def exporter_csv(rows: Iterable[tuple[str, str, str]], line_end: str = "\n") -> bytes:
    """An export in CSV; a row is an author's id, an author and a content."""
    out = io.StringIO()
    out.write(f"AuthorID,Author,Date,Content,Attachments,Reactions{line_end}")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=line_end)
    writer.writerows(
        (author_id, author, "2024-01-31", content, "https://example.org/cat.png", "x (2)")
        for author_id, author, content in rows
    )
    return out.getvalue().encode()


def exporter_text(blocks: Iterable[str]) -> bytes:
    """An export in TXT."""
    rule = "=" * 62
    page = f"{rule}\nGuild: Server\nChannel: Text / general\n{rule}\n\n"
    return (
        page + "".join(f"{block}\n\n" for block in blocks) + f"{rule}\nExported\n{rule}\n"
    ).encode()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def large_json(size: int) -> Iterator[bytes]:
    """The pieces of an export in JSON of about so many bytes."""
    head, _, tail = exporter_json([message("CONTENT")]).partition(b'    {\n      "id"')
    pattern = b'    {\n      "id"' + tail[: tail.rindex(b"\n  ]")]
    yield head
    for number in range(size // (len(pattern) + 90)):
        written = pattern.replace(b"%d" % FIRST_ID, b"%d" % (FIRST_ID + number))
        yield b",\n" * (number > 0) + written.replace(b"CONTENT", sentence(number))
    yield tail[tail.rindex(b"\n  ]") :]


def large_csv(size: int) -> Iterator[bytes]:
    """The pieces of an export in CSV of about so many bytes."""
    head, pattern = exporter_csv([("11", "ann", "CONTENT")]).splitlines(keepends=True)
    yield head
    for number in range(size // (len(pattern) + 90)):
        yield pattern.replace(b"CONTENT", sentence(number))


def large_page(size: int) -> Iterator[bytes]:
    """The pieces of an export in HTML of about so many bytes."""
    pattern = (
        b"<div class=chatlog__message-group><div class=chatlog__message-container "
        b"data-message-id=ID><div class=chatlog__message><div class=chatlog__message-aside>"
        b'<img class=chatlog__avatar src="https://cdn.example.org/avatars/1.png" loading=lazy>'
        b"</div><div class=chatlog__message-primary><div class=chatlog__header>"
        b"<span class=chatlog__author title=ann data-user-id=11>Ann</span>"
        b'<span class=chatlog__timestamp title="Wednesday, January 31, 2024 10:15 PM">'
        b"<a href=#chatlog__message-container-ID>1/31/2024 10:15 PM</a></span></div>"
        b'<div class="chatlog__content chatlog__markdown">'
        b"<span class=chatlog__markdown-preserve>CONTENT</span></div></div></div></div></div>\n"
    )
    yield b"<!DOCTYPE html><html><head><title>Server</title></head><body><div class=chatlog>\n"
    for number in range(size // (len(pattern) + 110)):
        written = pattern.replace(b"CONTENT", sentence(number))
        yield written.replace(b"ID", b"%d" % (FIRST_ID + number))
    yield b"</div></body></html>"


def large_text(size: int) -> Iterator[bytes]:
    """The pieces of a plain text of about so many bytes."""
    for number in range(size // 97):
        yield sentence(number) + b"\n"


def sentence(number: int) -> bytes:
    """Some hundred bytes that differ from one number to the next."""
    words = SAYING.split()
    chosen = (words[(number * 7 + place * place) % len(words)] for place in range(14))
    return f"{' '.join(chosen)} {number}".encode()


SAYING = """although the naïve captain of our smallest ship had never seen a single whale he knew
exactly how they sing and 🐋 when they sleep below déjà vu moonlight"""
