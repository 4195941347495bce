"""Checkpoints that somebody made to do harm, sent with /models: one sentence, bounded memory."""

from __future__ import annotations

import json
import struct
import tracemalloc
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import safetensors.numpy

from bot.importing import LARGEST_CHECKPOINT
from bot.sandbox.people import ADA, WRITING_GROUP
from model.checkpoint import to_bytes
from model.forward import to_named
from model.header import METADATA_KEY
from tests.bot.uploads import small_checkpoint
from tests.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import Settings

pytestmark = pytest.mark.slow  # opens a sandbox

BOTS = WRITING_GROUP + 12
LARGE = 100_000_000
"""Bytes of metadata."""


def made(tensors: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """A checkpoint with other tensors, or with other values in its header."""
    checkpoint = small_checkpoint()
    content = to_bytes(checkpoint)
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    values = json.loads(header["__metadata__"][METADATA_KEY]) | changes
    named = to_named(checkpoint.weights) | (tensors or {})
    return safetensors.numpy.save(named, metadata={METADATA_KEY: json.dumps(values)})


def table(**changes: Any) -> bytes:
    """A checkpoint whose table of tensors says something else of the output's bias."""
    content = made()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header["output.bias"] |= changes
    changed = json.dumps(header).encode()
    return struct.pack("<Q", len(changed)) + changed + content[8 + length :]


HOSTILE = {
    "a shape that no memory holds": table(shape=[10**12]),
    "offsets beyond the file": table(data_offsets=[0, 10**12]),
    "another type": table(dtype="BOOL"),
    "sizes that no memory holds": made(
        config={
            "vocabulary_size": 29,
            "cell": "lstm",
            "layers": 16,
            "hidden_size": 8192,
            "embedding_size": 8192,
        }
    ),
    "not a number": made({"output.bias": np.full(30, np.nan, np.float32)}),
    "infinity": made({"output.bias": np.full(30, np.inf, np.float32)}),
    "a wrong name": made({"../output.bias": np.zeros(3, np.float32)}),
    "an extra tensor": made({"extra": np.zeros(3, np.float32)}),
    "a character twice": made(vocabulary="a" * 29),
    "a vocabulary that is no text": made(vocabulary=["a"]),
    "another version": made(version=99),
    "a length that lies": struct.pack("<Q", 2**63) + b"{}",
    "a pickle": b"\x80\x04cos\nsystem\n(S'touch pwned'\ntR.",
}


async def test_a_hostile_checkpoint_is_a_sentence_and_leaves_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    async with Stage.open(tmp_path, settings) as stage:
        endless = struct.pack("<Q", 60_000_000) + b'{"__metadata__":' + b"[" * 60_000_000
        for what, content in (*HOSTILE.items(), ("metadata without end", endless)):
            file = await stage.attach("model.safetensors", content)
            tracemalloc.start()

            seen = await stage.use(ADA, BOTS, "models", **{"import": file})

            assert "cannot be imported" in seen.messages[-1]["content"], what
            assert tracemalloc.get_traced_memory()[1] < len(content) + 10_000_000, what
            tracemalloc.stop()
        assert stage.core.files() == []
        assert await stage.core.catalog.models(WRITING_GROUP) == []


async def test_more_bytes_than_were_stated_end_the_download(
    settings: Settings, tmp_path: Path
) -> None:
    """A hundred megabytes of metadata, of which the command states a thousand bytes."""
    content = struct.pack("<Q", LARGE) + b'{"__metadata__":' + b"x" * LARGE
    assert len(content) > LARGEST_CHECKPOINT
    async with Stage.open(tmp_path, settings) as stage:
        file = await stage.attach("model.safetensors", content)
        tracemalloc.start()

        seen = await stage.use(ADA, BOTS, "models", **{"import": file | {"size": 1000}})

        assert "64" in seen.messages[-1]["content"]
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
        tracemalloc.stop()
        assert stage.core.files() == []


async def test_a_checkpoint_that_is_none_of_these_is_taken(
    settings: Settings, tmp_path: Path
) -> None:
    """Else the laws above would hold of a bot that takes nothing."""
    async with Stage.open(tmp_path, settings) as stage:
        file = await stage.attach("model.safetensors", made())

        seen = await stage.use(ADA, BOTS, "models", **{"import": file})

        assert "is imported" in repr(seen.messages)
