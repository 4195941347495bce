"""A file that anybody may have made: refused in one sentence, or a model that can write."""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from model.checkpoint import LARGEST_WEIGHT, Checkpoint, from_bytes, to_bytes
from model.errors import CheckpointError
from model.forward import from_named, to_named
from model.generation import Writer, begin, write
from model.header import LONGEST_HEADER, METADATA_KEY, header_of, read_header
from model.sampling import Sampling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 2**63, 1e308, float("nan"), float("inf"), 2.0])
    | st.text(max_size=5)
    | st.sampled_from(["\ud800", "aa", "lstm", "rnn", "0" * 200]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def file_of(checkpoint: Checkpoint, values: object, **metadata: str) -> bytes:
    """A safetensors file with the checkpoint's tensors and another header."""
    given = {METADATA_KEY: json.dumps(values)} | metadata
    return safetensors.numpy.save(to_named(checkpoint.weights), metadata=given)


def values_of(checkpoint: Checkpoint) -> dict[str, Any]:
    data = to_bytes(checkpoint)
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    values: dict[str, Any] = json.loads(header["__metadata__"][METADATA_KEY])
    return values


def refused_or_usable(data: bytes) -> None:
    """No other error, and what is accepted writes a text that can be sent."""
    try:
        checkpoint = from_bytes(data)
    except CheckpointError as error:
        assert str(error).count(". ") == 0  # noqa: PT017 - it may also be accepted
        return
    writer = Writer(checkpoint)
    bookmark, _ = begin(writer, seed=0)
    for temperature in (0, 1e-6, 1):
        sampling = Sampling(temperature=temperature)
        write(writer, bookmark, length=20, sampling=sampling).text.encode()


@given(path=st.sampled_from(["version", "config", "vocabulary", "training", "base"]), value=JSON)
def test_no_value_of_a_header_does_harm(checkpoint: Checkpoint, path: str, value: object) -> None:
    refused_or_usable(file_of(checkpoint, values_of(checkpoint) | {path: value}))


@given(st.data(), JSON)
def test_no_value_within_a_header_does_harm(
    checkpoint: Checkpoint, data: st.DataObject, value: object
) -> None:
    values = values_of(checkpoint)
    part = values[data.draw(st.sampled_from(["config", "training"]))]
    part[data.draw(st.sampled_from([*part, "another"]))] = value

    refused_or_usable(file_of(checkpoint, values))


def test_a_checkpoint_from_before_names_were_told_has_none(checkpoint: Checkpoint) -> None:
    values = values_of(checkpoint)
    del values["training"]["names"]

    assert not from_bytes(file_of(checkpoint, values)).training.names


@given(st.data())
def test_no_flipped_bytes_do_harm(checkpoint: Checkpoint, data: st.DataObject) -> None:
    content = bytearray(to_bytes(checkpoint))
    ends = st.integers(0, len(content) - 1) | st.integers(0, 300)
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(ends)] = data.draw(st.integers(0, 255))

    refused_or_usable(bytes(content))


@given(st.binary(max_size=300))
def test_no_bytes_do_harm(content: bytes) -> None:
    refused_or_usable(content)
    refused_or_usable(struct.pack("<Q", len(content)) + content)


@given(JSON)
def test_no_json_does_harm(value: object) -> None:
    content = json.dumps({"__metadata__": value}).encode()

    refused_or_usable(struct.pack("<Q", len(content)) + content)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"vocabulary": ["a"] * 4}, "its header is damaged"),
        ({"vocabulary": "\ud800bc"}, "its header is damaged"),
        ({"base": 5}, "its header is damaged"),
        ({"base": "0" * 101}, "its header is damaged"),
        ({"training": {"steps": 1.5}}, "its header is damaged"),
        ({"training": {"steps": True}}, "its header is damaged"),
        ({"training": {"corpus_characters": 2**63}}, "its header is damaged"),
        ({"training": {"epochs": float("nan")}}, "its header is damaged"),
        ({"training": {"seconds": float("inf")}}, "its header is damaged"),
        ({"training": {"validation_loss": -1}}, "its header is damaged"),
    ],
)
def test_values_of_a_wrong_kind_are_refused(
    checkpoint: Checkpoint, change: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CheckpointError, match=reason):
        from_bytes(file_of(checkpoint, values_of(checkpoint) | change))


def test_a_size_that_is_no_whole_number_is_refused(checkpoint: Checkpoint) -> None:
    values = values_of(checkpoint)
    values["config"]["layers"] = float(values["config"]["layers"])

    with pytest.raises(CheckpointError, match="its header is damaged"):
        from_bytes(file_of(checkpoint, values))


def test_what_does_not_belong_into_a_header_is_refused(checkpoint: Checkpoint) -> None:
    data = file_of(checkpoint, values_of(checkpoint), format="pt")

    with pytest.raises(CheckpointError, match="more than this program writes"):
        from_bytes(data)


def test_an_extra_tensor_is_refused(checkpoint: Checkpoint) -> None:
    tensors = {**to_named(checkpoint.weights), "extra": np.zeros(3, np.float32)}
    metadata = {METADATA_KEY: json.dumps(values_of(checkpoint))}

    with pytest.raises(CheckpointError, match="its tensors are not those of its network"):
        from_bytes(safetensors.numpy.save(tensors, metadata=metadata))


@pytest.mark.parametrize("filler", ["x", "[", '{"a":'])
def test_a_hundred_megabytes_of_metadata_are_refused_unread(filler: str) -> None:
    content = b'{"__metadata__":' + filler.encode() * (100_000_000 // len(filler))
    data = struct.pack("<Q", len(content)) + content
    tracemalloc.start()
    began = time.perf_counter()

    with pytest.raises(CheckpointError, match="it has no header of this program"):
        from_bytes(data)

    assert time.perf_counter() - began < 0.5
    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


def test_sizes_that_no_memory_holds_are_refused_without_taking_any(checkpoint: Checkpoint) -> None:
    values = values_of(checkpoint)
    values["config"] |= {"hidden_size": 8192, "layers": 16, "embedding_size": 8192}
    tracemalloc.start()

    with pytest.raises(CheckpointError, match="its tensors are not those of its network"):
        from_bytes(file_of(checkpoint, values))

    assert tracemalloc.get_traced_memory()[1] < 1e6
    tracemalloc.stop()


@pytest.mark.parametrize("where", ["shape", "data_offsets"])
def test_a_table_of_tensors_that_lies_is_refused(checkpoint: Checkpoint, where: str) -> None:
    data = to_bytes(checkpoint)
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header["output.bias"][where] = [10**12] if where == "shape" else [0, 10**12]
    changed = json.dumps(header).encode()

    with pytest.raises(CheckpointError, match="its tensors are damaged"):
        from_bytes(struct.pack("<Q", len(changed)) + changed + data[8 + length :])


@pytest.mark.parametrize("largest", [LARGEST_WEIGHT, -LARGEST_WEIGHT])
def test_the_largest_weights_still_have_finite_scores(
    checkpoint: Checkpoint, largest: float
) -> None:
    tensors = {n: np.full_like(t, largest) for n, t in to_named(checkpoint.weights).items()}
    weights = from_named(tensors, checkpoint.config.layers)

    writer = Writer(from_bytes(to_bytes(replace(checkpoint, weights=weights))))

    begin(writer, prompt="abc", seed=0)
    assert np.isfinite(writer.stepper.logits()).all()


def test_larger_weights_are_refused(checkpoint: Checkpoint) -> None:
    tensors = {n: t.copy() for n, t in to_named(checkpoint.weights).items()}
    tensors["embedding"][0, 0] = 2 * LARGEST_WEIGHT
    weights = from_named(tensors, checkpoint.config.layers)

    with pytest.raises(CheckpointError, match=r"embedding holds numbers .* or too large"):
        from_bytes(to_bytes(replace(checkpoint, weights=weights)))


def test_all_characters_that_there_are_fit_into_a_header(
    make_checkpoint: Callable[..., Checkpoint],
) -> None:
    """Unicode has 160,000 by now."""
    everything = "".join(map(chr, [*range(0x20, 0xD800), *range(0xE000, 0x28000)]))
    data = to_bytes(make_checkpoint(everything))

    assert int.from_bytes(data[:8], "little") < LONGEST_HEADER
    assert header_of(data).vocabulary.characters == everything


def test_a_header_is_read_without_the_weights(tmp_path: Path, checkpoint: Checkpoint) -> None:
    data = to_bytes(checkpoint)
    length = int.from_bytes(data[:8], "little")
    (tmp_path / "cut").write_bytes(data[: 8 + length])

    header = read_header(tmp_path / "cut")

    assert header.config == checkpoint.config
    assert header.training == checkpoint.training
