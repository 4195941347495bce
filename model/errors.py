"""What can go wrong with a model, each as one sentence for a person.

ModelError
├── ConfigError          a size that no network can have
├── CheckpointError      a file that is no checkpoint of ours, or a damaged one
│   └── TensorError          one of its tensors is wrong
├── SamplingError        a temperature, top-k or top-p out of range
├── StopTextError        a stop text that stands everywhere
└── BookmarkError        a place to go on from that does not fit the checkpoint
"""

from __future__ import annotations


class ModelError(Exception):
    """Base of every error of this package; `str()` is a sentence for its user."""


class ConfigError(ModelError):
    """A size that no network can have."""

    def __init__(self, name: str, value: int, lowest: int, highest: int) -> None:
        self.name, self.value, self.lowest, self.highest = name, value, lowest, highest
        super().__init__(
            f"The {name} must lie between {lowest:,} and {highest:,}; {value:,} does not."
        )


class CheckpointError(ModelError):
    """A file that is no checkpoint of ours, or a damaged one."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This is not a checkpoint that can be used: {reason}; please choose another one."
        )


class TensorError(CheckpointError):
    """A checkpoint with a tensor that is not what it should be."""

    def __init__(self, tensor: str, flaw: str) -> None:
        self.tensor, self.flaw = tensor, flaw
        super().__init__(f"the tensor {tensor} {flaw}")


class SamplingError(ModelError):
    """A way of drawing characters that makes no sense."""

    def __init__(self, name: str, value: float, allowed: str) -> None:
        self.name, self.value, self.allowed = name, value, allowed
        super().__init__(f"The {name} must be {allowed}; {value:g} is not.")


class StopTextError(ModelError):
    """A stop text that stands everywhere: an empty one."""

    def __init__(self) -> None:
        super().__init__("A stop text must have at least one character; leave it out to have none.")


class BookmarkError(ModelError):
    """A bookmark that does not fit the checkpoint, or is damaged."""

    def __init__(self) -> None:
        super().__init__(
            "This text cannot be continued, since its state does not fit the model; "
            "please write a new one."
        )
