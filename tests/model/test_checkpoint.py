from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from model.checkpoint import METADATA_KEY, TrainingRecord, describe, from_bytes, load, to_bytes
from model.config import Cell
from model.errors import CheckpointError, ConfigError
from model.forward import to_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from model.checkpoint import Checkpoint


@pytest.mark.parametrize("cell", Cell)
def test_a_checkpoint_survives_its_bytes(
    make_checkpoint: Callable[..., Checkpoint], cell: Cell
) -> None:
    training = TrainingRecord(
        corpus_characters=2000, steps=3, validation_loss=1.5, seed=9, novelty=0.97
    )
    written = replace(make_checkpoint("añ🙂\n", cell=cell), training=training, base="abc")

    loaded = from_bytes(to_bytes(written))

    assert replace(loaded, weights=written.weights) == written
    for name, tensor in to_named(written.weights).items():
        np.testing.assert_array_equal(to_named(loaded.weights)[name], tensor)


def test_the_same_checkpoint_has_the_same_bytes(checkpoint: Checkpoint) -> None:
    assert to_bytes(checkpoint) == to_bytes(from_bytes(to_bytes(checkpoint)))


def test_half_precision_is_read_as_float32(checkpoint: Checkpoint) -> None:
    tensors = {n: t.astype(np.float16) for n, t in to_named(checkpoint.weights).items()}
    data = safetensors.numpy.save(tensors, metadata=metadata_of(checkpoint))

    loaded = from_bytes(data)

    assert {t.dtype for t in to_named(loaded.weights).values()} == {np.dtype(np.float32)}


@given(st.data())
def test_a_file_that_was_cut_is_refused(checkpoint: Checkpoint, data: st.DataObject) -> None:
    whole = to_bytes(checkpoint)
    length = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(CheckpointError):
        from_bytes(whole[:length])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda values: values | {"version": 99}, "another version of this program wrote it"),
        (lambda values: values | {"vocabulary": "a"}, "its vocabulary has another size"),
        (lambda values: values | {"vocabulary": "aa"}, "its header is damaged"),
        (lambda values: values | {"vocabulary": 5}, "its header is damaged"),
        (lambda values: values | {"config": {}}, "its header is damaged"),
        (lambda values: values | {"config": None}, "its header is damaged"),
        (lambda values: values | {"training": {"steps": 1, "x": 2}}, "its header is damaged"),
        (lambda values: values | {"training": {"novelty": 1.01}}, "its header is damaged"),
        (lambda values: values | {"training": {"novelty": "all"}}, "its header is damaged"),
        (lambda values: resized(values, layers=10**9), "its sizes make no sense"),
        (lambda values: resized(values, hidden_size=0), "its sizes make no sense"),
        (lambda values: resized(values, hidden_size=9), "has another shape or type"),
        (lambda values: resized(values, layers=1), "its tensors are not those of its network"),
        (lambda values: resized(values, cell="rnn"), "its header is damaged"),
        (lambda _: [], "it has no header of this program"),
    ],
)
def test_a_header_that_lies_is_refused(
    checkpoint: Checkpoint, change: Callable[[Any], Any], reason: str
) -> None:
    values = change(json.loads(metadata_of(checkpoint)[METADATA_KEY]))
    data = safetensors.numpy.save(
        to_named(checkpoint.weights), metadata={METADATA_KEY: json.dumps(values)}
    )

    with pytest.raises(CheckpointError, match=reason):
        from_bytes(data)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(checkpoint: Checkpoint, number: float) -> None:
    tensors = {n: t.copy() for n, t in to_named(checkpoint.weights).items()}
    tensors["output.bias"][0] = number
    data = safetensors.numpy.save(tensors, metadata=metadata_of(checkpoint))

    with pytest.raises(CheckpointError, match=r"output\.bias holds numbers that are not finite"):
        from_bytes(data)


def test_whole_numbers_instead_of_weights_are_refused(checkpoint: Checkpoint) -> None:
    tensors: dict[str, Any] = dict(to_named(checkpoint.weights))
    tensors["output.bias"] = tensors["output.bias"].astype(np.int32)
    data = safetensors.numpy.save(tensors, metadata=metadata_of(checkpoint))

    with pytest.raises(CheckpointError, match=r"output\.bias has another shape or type"):
        from_bytes(data)


@pytest.mark.parametrize("data", [b"", b"\x80\x04K\x01.", b"PK\x03\x04", b"\xff" * 64])
def test_other_files_are_refused(data: bytes) -> None:
    """A pickle among them: nothing is ever unpickled."""
    with pytest.raises(CheckpointError, match="it has no header of this program"):
        from_bytes(data)


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such file or directory"):
        load(tmp_path / "absent")
    with pytest.raises(CheckpointError, match="is a directory"):
        load(tmp_path)


def test_a_checkpoint_of_an_earlier_version_has_an_unknown_novelty(checkpoint: Checkpoint) -> None:
    values = json.loads(metadata_of(checkpoint)[METADATA_KEY])
    del values["training"]["novelty"]
    metadata = {METADATA_KEY: json.dumps(values)}

    loaded = from_bytes(safetensors.numpy.save(to_named(checkpoint.weights), metadata=metadata))

    assert loaded.training.novelty is None
    assert describe(loaded)["training"]["novelty"] is None


def test_a_description_tells_what_the_header_says(checkpoint: Checkpoint) -> None:
    description = describe(checkpoint)

    assert description["config"]["cell"] == "lstm"
    assert description["parameters"] == checkpoint.config.parameters
    assert description["bits_per_character"] is None
    json.dumps(description)


def test_impossible_sizes_are_one_sentence(checkpoint: Checkpoint) -> None:
    with pytest.raises(ConfigError) as caught:
        replace(checkpoint.config, hidden_size=0)

    assert str(caught.value) == "The hidden size must lie between 1 and 8,192; 0 does not."


def metadata_of(checkpoint: Checkpoint) -> dict[str, str]:
    data = to_bytes(checkpoint)
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    metadata: dict[str, str] = header["__metadata__"]
    return metadata


def resized(values: dict[str, Any], **sizes: Any) -> dict[str, Any]:
    return values | {"config": values["config"] | sizes}
