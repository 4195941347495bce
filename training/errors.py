"""What can go wrong in training, each as one sentence for the person who asked for it.

TrainingError
├── SpecError                   an option that no run can have
├── OutputError                 the checkpoint could not be written where it was asked for
├── CorpusError                 the text cannot be read or used
│   ├── CorpusUnreadableError       missing, a directory, not permitted
│   ├── CorpusEmptyError            no visible character in it
│   ├── CorpusBinaryError           not a text at all
│   ├── CorpusEncodingError         a text, but in no encoding that can be told for certain
│   ├── CorpusTooLargeError         more bytes, unpacked, than are read
│   ├── CorpusLineTooLongError      a line that goes on and on
│   ├── CorpusRecordTooLongError    a single message, or something else, that goes on and on
│   ├── CorpusTooDeepError          something in something in something ...
│   ├── CorpusUnknownError          JSON or a web page, but no export of messages
│   ├── CorpusForeignError          a document or archive of a kind that is not read
│   ├── CorpusDamagedError          an export that breaks off or has something wrong in it
│   ├── CorpusArchiveError          an archive that is not unpacked: damaged, encrypted, nested
│   ├── CorpusAuthorError           nobody of that name wrote in it
│   ├── CorpusNamelessError         it does not tell who wrote what
│   ├── CorpusNothingLeftError      all that it has was left out
│   ├── CorpusMonotonousError       a single character, again and again
│   └── CorpusTooShortError         too few characters to learn from
├── RunDirectoryError           the directory holds no run that can be carried out
│   └── RunDirectoryInUseError      another worker carries it out right now
├── NothingLearnedError         asked to finish before anything was learned
├── SnapshotError               the snapshot is damaged or of another run
└── RunFailedError              the run ended without a checkpoint
    └── WorkerLostError             its worker died, or was killed; another one may go on
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


THIS_FILE = "This file"
"""What a sentence calls the only file there is."""

NO_HINT = "; please check the name"
"""What a sentence says about an unknown person whom no name is like."""

LONGEST_NAME = 80
"""Characters of a name from outside that are shown."""


def printable(name: str) -> str:
    """Return a name from outside, such as a file's or a person's, safe to print in a sentence."""
    shown = "".join(character if character.isprintable() else "?" for character in name)
    return shown if len(shown) <= LONGEST_NAME else "..." + shown[-LONGEST_NAME:]


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
        super().__init__(f"{path} could not be read: {reason}; please check the path.")


class CorpusEmptyError(CorpusError):
    """A file without a single visible character."""

    def __init__(self, name: str = THIS_FILE) -> None:
        self.name = name
        super().__init__(f"{name} is empty; please choose one with text in it.")


class CorpusBinaryError(CorpusError):
    """A file that is no text: it has NUL bytes, which no text has."""

    def __init__(self, name: str = THIS_FILE) -> None:
        self.name = name
        super().__init__(
            f"{name} is not a text file; please choose a text, or an export of a chat."
        )


class CorpusEncodingError(CorpusError):
    """A text in an encoding that is not read."""

    def __init__(self, name: str = THIS_FILE) -> None:
        self.name = name
        super().__init__(
            f"{name} is not in UTF-8, nor clearly in anything else; "
            "please save it as UTF-8 text and try again."
        )


class CorpusTooLargeError(CorpusError):
    """More bytes than are read, which a small archive can hide."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"This is more than {limit >> 20:,} MiB when it is unpacked; please choose less of it."
        )


class CorpusLineTooLongError(CorpusError):
    """A line longer than any that somebody wrote."""

    def __init__(self, name: str, limit: int) -> None:
        self.name, self.limit = name, limit
        super().__init__(
            f"{name} has a line of more than {limit:,} characters; please break it into lines."
        )


class CorpusRecordTooLongError(CorpusError):
    """An export with a single message, or something between two, longer than any is."""

    def __init__(self, name: str, limit: int) -> None:
        self.name, self.limit = name, limit
        super().__init__(
            f"{name} has a single message of more than {limit >> 20} MiB; please leave it out."
        )


class CorpusTooDeepError(CorpusError):
    """JSON or a web page that is nested deeper than any export."""

    def __init__(self, name: str, limit: int) -> None:
        self.name, self.limit = name, limit
        super().__init__(
            f"{name} is nested more than {limit:,} levels deep, as no export is; "
            "please export it again."
        )


class CorpusUnknownError(CorpusError):
    """Something that could be an export by its looks, but has no messages that we know."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind
        super().__init__(
            f"{name} is {kind}, but no export of messages that can be read here; "
            "docs/corpora.md lists those that can."
        )


class CorpusForeignError(CorpusError):
    """A document of a kind that is not read."""

    def __init__(self, name: str, kind: str, advice: str) -> None:
        self.name, self.kind = name, kind
        super().__init__(f"{name} is {kind}; please {advice}.")


class CorpusDamagedError(CorpusError):
    """An export that breaks off, or has something wrong in it."""

    def __init__(self, name: str, kind: str, reason: str) -> None:
        self.name, self.kind, self.reason = name, kind, reason
        super().__init__(f"{name} is {kind}, but {reason}; please export it again.")


class CorpusArchiveError(CorpusError):
    """An archive that is not unpacked."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name} {reason}.")


class CorpusAuthorError(CorpusError):
    """Nobody of that name or id wrote in it."""

    def __init__(self, wanted: str, nearest: Sequence[str]) -> None:
        self.wanted, self.nearest = wanted, nearest
        hint = f"; the nearest: {', '.join(map(printable, nearest))}" if nearest else NO_HINT
        super().__init__(f"Nobody called {printable(wanted)} wrote in it{hint}.")


class CorpusNamelessError(CorpusError):
    """A text that does not tell who wrote what."""

    def __init__(self, name: str, wish: str) -> None:
        self.name, self.wish = name, wish
        super().__init__(
            f"{name} does not tell who wrote what, so {wish}; please leave that option out."
        )


class CorpusNothingLeftError(CorpusError):
    """Messages, but none to learn from."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(
            f"Nothing is left to learn from ({found}); please choose other people or another text."
        )


class CorpusMonotonousError(CorpusError):
    """A text that is a single character, again and again."""

    def __init__(self) -> None:
        super().__init__(
            "This text is a single character, again and again; please choose one with words in it."
        )


class CorpusTooShortError(CorpusError):
    """A text with too few characters to learn from."""

    def __init__(self, characters: int, required: int) -> None:
        self.characters, self.required = characters, required
        super().__init__(
            f"This text has {characters:,} characters; training needs at least {required:,}, so "
            "please choose a longer one, or add another."
        )


class RunDirectoryError(TrainingError):
    """The directory holds no run that can be carried out."""


class RunDirectoryInUseError(RunDirectoryError):
    """Another worker holds this run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"Another worker is still carrying out the run in {path}; please wait for it."
        )


class NothingLearnedError(TrainingError):
    """A run was asked to finish, and no weights of it are better than those it began with."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing has been learned yet, so there is nothing to keep; please train longer."
        )


class SnapshotError(TrainingError):
    """The snapshot is damaged, or belongs to another run."""


class RunFailedError(TrainingError):
    """The run ended without a checkpoint."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class WorkerLostError(RunFailedError):
    """The worker died without a word, or went beyond a limit and was killed.

    Another worker can go on from the run's snapshot.
    """

    def __init__(self, how: str) -> None:
        self.how = how
        super().__init__(f"The training broke off: {how}.")
