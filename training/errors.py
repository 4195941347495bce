"""What can go wrong in training, each as one sentence for the person who asked for it.

TrainingError
├── SpecError                   an option that no run can have
├── OutputError                 the checkpoint could not be written where it was asked for
├── CorpusError                 the text cannot be read or used
│   ├── CorpusUnreadableError       missing, a directory, not permitted
│   ├── CorpusEmptyError            no visible character in it
│   ├── CorpusBinaryError           not a text at all
│   ├── CorpusEncodingError         a text, but neither UTF-8 nor UTF-16 with a mark
│   └── CorpusTooShortError         too few characters to learn from
├── RunDirectoryError           the directory holds no run that can be carried out
│   └── RunDirectoryInUseError      another worker carries it out right now
├── SnapshotError               the snapshot is damaged or of another run
└── RunFailedError              the worker failed, or died without a word
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class TrainingError(Exception):
    """Anything that training refuses or fails at."""


class SpecError(TrainingError):
    """An option that no run can have."""


class OutputError(TrainingError):
    """The checkpoint could not be written where it was asked for."""


class CorpusError(TrainingError):
    """The text cannot be read or used."""


class CorpusUnreadableError(CorpusError):
    """A file that the system does not let us read."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} could not be read: {reason}.")


class CorpusEmptyError(CorpusError):
    """A file without a single visible character."""

    def __init__(self, name: str = "This file") -> None:
        self.name = name
        super().__init__(f"{name} is empty.")


class CorpusBinaryError(CorpusError):
    """A file that is no text: it has NUL bytes, which no text has."""

    def __init__(self, name: str = "This file") -> None:
        self.name = name
        super().__init__(f"{name} is not a text file.")


class CorpusEncodingError(CorpusError):
    """A text in an encoding that is not read."""

    def __init__(self, name: str = "This file") -> None:
        self.name = name
        super().__init__(f"{name} is not in UTF-8; please save it as UTF-8 text and try again.")


class CorpusTooShortError(CorpusError):
    """A text with too few characters to learn from."""

    def __init__(self, characters: int, required: int) -> None:
        self.characters, self.required = characters, required
        super().__init__(
            f"This text has {characters:,} characters; training needs at least {required:,}."
        )


class RunDirectoryError(TrainingError):
    """The directory holds no run that can be carried out."""


class RunDirectoryInUseError(RunDirectoryError):
    """Another worker holds this run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"Another worker is still carrying out the run in {path}.")


class SnapshotError(TrainingError):
    """The snapshot is damaged, or belongs to another run."""


class RunFailedError(TrainingError):
    """The run ended without a checkpoint."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
