"""What a run needs to go on exactly where it stopped, as the bytes of one safetensors file.

    plan        what the recipe chose, by the speed of the machine too
    position    how far the run is, as numbers
    learner     weights, Adam's moments, the streams' states
    best        the weights with the lowest validation loss so far
    history     the losses so far

Batches, dropout and schedule are functions of seed and step, so nothing random is kept.
The hash over it all tells a damaged snapshot; the fingerprint tells one of another run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import safetensors
import safetensors.numpy

from model.forward import from_named, to_named
from training.errors import SnapshotError
from training.history import History
from training.recipe import Plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from model.forward import Weights
    from training.spec import RunSpec

    Tensors = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a run is."""

    step: int = 0
    """The number of the next step."""
    fraction: float = 0.0
    seconds: float = 0.0
    """Of the run's time, interruptions not counted."""
    validation_loss: float = float("inf")
    """The latest one."""
    next_validation: float = 0.0
    """At which fraction of the run."""
    first_loss: float = float("inf")
    """Of the untrained network, or a better one."""
    best_loss: float = float("inf")
    best_step: int = 0
    best_fraction: float = 0.0
    recoveries: int = 0
    """How often the run went back to its best weights, each time at half the learning rate."""


class Snapshot(NamedTuple):
    """A run at one moment."""

    plan: Plan
    position: Position
    learner: Tensors
    best: Weights
    history: History = History()


def fingerprint(spec: RunSpec, text: str, base: str | None) -> str:
    """Return what two runs share only if they are the same."""
    return hashlib.sha256(f"{spec.to_json()} {base} {text}".encode()).hexdigest()


def to_bytes(snapshot: Snapshot, run: str) -> bytes:
    """Return the snapshot of the run with this fingerprint as the bytes of a file."""
    tensors = {f"learner.{name}": tensor for name, tensor in snapshot.learner.items()}
    tensors |= {f"best.{name}": tensor for name, tensor in to_named(snapshot.best).items()}
    position = json.dumps(asdict(snapshot.position))
    plan, history = snapshot.plan.to_json(), snapshot.history.to_json()
    digest = _hash(tensors, plan + position + history)
    metadata = {"run": run, "plan": plan, "position": position, "history": history}
    metadata["hash"] = digest
    return safetensors.numpy.save(tensors, metadata=metadata)


def from_bytes(content: bytes, run: str) -> Snapshot:
    """Return the snapshot of the run with this fingerprint.

    Raises:
        SnapshotError: The snapshot is damaged or belongs to another run.
    """
    try:
        metadata = _metadata(content)
        tensors = safetensors.numpy.load(content)
        texts = [metadata[name] for name in ("plan", "position", "history")]
        run_of_snapshot = metadata["run"]
        whole = _is_whole(tensors, "".join(texts), metadata["hash"])
    except (ValueError, KeyError, TypeError, safetensors.SafetensorError) as error:
        raise SnapshotError("The snapshot is damaged.") from error
    if not whole:
        raise SnapshotError("The snapshot is damaged.")
    if run_of_snapshot != run:
        raise SnapshotError("The snapshot belongs to another run.")
    plan = Plan.from_json(texts[0])
    return Snapshot(
        plan,
        Position(**json.loads(texts[1])),
        _part(tensors, "learner."),
        from_named(_part(tensors, "best."), plan.config.layers),
        History.from_json(texts[2]),
    )


def history_in(content: bytes) -> History:
    """Return the history of whichever run has this snapshot, an empty one if it has none."""
    try:
        return History.from_json(_metadata(content)["history"])
    except (ValueError, KeyError, TypeError):
        return History()


def _metadata(content: bytes) -> dict[str, str]:
    length = int.from_bytes(content[:8], "little")
    metadata: dict[str, str] = json.loads(content[8 : 8 + length])["__metadata__"]
    return metadata


def _part(tensors: Tensors, prefix: str) -> Tensors:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def _is_whole(tensors: Tensors, numbers: str, digest: str) -> bool:
    """Whether the hash is theirs, or, of an older version's snapshot, that without the shapes."""
    if any(tensor.dtype != np.float32 for tensor in tensors.values()):
        return False
    return digest in (_hash(tensors, numbers), _hash(tensors, numbers, with_shapes=False))


def _hash(tensors: Tensors, numbers: str, *, with_shapes: bool = True) -> str:
    digest = hashlib.sha256(numbers.encode())
    for name in sorted(tensors):
        shape = f" {tensors[name].dtype} {tensors[name].shape}" * with_shapes
        digest.update((name + shape).encode())
        digest.update(tensors[name].tobytes())
    return digest.hexdigest()
