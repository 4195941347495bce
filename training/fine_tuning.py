"""Where a run starts: from nothing, or from a base that knows another text already.

A base keeps its vocabulary, its ids and its dimensions. The characters that are new in the
text come after the base's own, each with a fresh row at the input and a column at the output
that knows nothing but how frequent it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.checkpoint import from_bytes
from training.errors import SpecError
from training.recipe import choose_vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.checkpoint import Checkpoint
    from model.config import NetworkConfig
    from model.forward import Weights
    from model.vocabulary import Vocabulary
    from training.run_directory import RunDirectory
    from training.spec import RunSpec


class Base(NamedTuple):
    """What a run starts from."""

    checkpoint: Checkpoint
    sha256: str
    """Of its file, in hexadecimal."""


def read_base(directory: RunDirectory) -> Base | None:
    """Return the base in a run's directory, if there is one.

    Raises:
        CheckpointError: Its file is no complete checkpoint.
    """
    if not directory.base.exists():
        return None
    content = directory.base.read_bytes()
    return Base(from_bytes(content), hashlib.sha256(content).hexdigest())


def vocabulary_for(training_text: str, base: Checkpoint | None) -> Vocabulary:
    """Return the vocabulary for a text: the base's, grown by what is new."""
    chosen = choose_vocabulary(training_text)
    if base is None:
        return chosen
    known = base.vocabulary.characters
    new = "".join(c for c in chosen.characters if c not in set(known))
    return replace(base.vocabulary, characters=known + new)


def check_base(spec: RunSpec, config: NetworkConfig) -> None:
    """Refuse options that ask for another network than the base is.

    Raises:
        SpecError: With the base's dimensions.
    """
    layers, hidden_size = spec.dimensions
    asked = {"cell": spec.cell, "layers": layers, "hidden size": hidden_size}
    has = {"cell": config.cell, "layers": config.layers, "hidden size": config.hidden_size}
    layers_of_base = "1 layer" if config.layers == 1 else f"{config.layers} layers"
    for name, value in asked.items():
        if value is not None and value != has[name]:
            raise SpecError(
                f"The base has {layers_of_base} of {config.hidden_size} "
                f"{config.cell.upper()} units, so the {name} cannot be {value}."
            )


def grown(base: Weights, fresh: Weights, shares: NDArray[np.float64]) -> Weights:
    """Return the base's weights with room for new characters.

    Args:
        base: Weights for the first characters of the vocabulary.
        fresh: Untrained weights for the whole vocabulary.
        shares: How frequent each id is in the text, shape (V,).
    """
    known = len(base.output_bias)
    embedding, kernel = fresh.embedding.copy(), fresh.output_kernel.copy()
    embedding[:known], kernel[:, :known] = base.embedding, base.output_kernel
    kernel[:, known:] = 0
    rest = np.log(np.exp(base.output_bias.astype(np.float64)).sum())
    bias = (np.log(shares) + rest).astype(np.float32)
    bias[:known] = base.output_bias
    return base._replace(embedding=embedding, output_kernel=kernel, output_bias=bias)
