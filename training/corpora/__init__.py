r"""Readers for whatever file somebody has: exports of chats, texts, subtitles, archives of them.

    files -> sources -> documents -> messages or lines -> one text

    `sources`      files, and the members of archives, as streams of counted bytes
    `encodings`    which encoding a source is in
    `formats`      which format a document has, by its content, never by its name
    `messages`     what every reader of a chat yields, and the channel's history too
    `selection`    which messages stay, and what is left of their content
    `findings`     what was found, for people

Everything is a stream: nothing is held but the record that is being read, so that a file of
any size costs the same memory. The parsers are libraries and are imported when their format
is met, never before.
"""

from __future__ import annotations
