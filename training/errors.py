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
│   │   ├── CorpusRowError              a row has too few or too many columns
│   │   ├── CorpusQuoteError            a quote is never closed
│   │   └── CorpusFieldError            a value has the wrong type
│   ├── CorpusArchiveError          an archive that is not unpacked: damaged, encrypted, nested
│   ├── CorpusAuthorError           nobody of that name wrote in it
│   ├── CorpusNamelessError         it does not tell who wrote what
│   ├── CorpusNothingLeftError      all that it has was left out
│   ├── CorpusMonotonousError       a single character, again and again
│   ├── CorpusTooShortError         too few characters to learn from
│   ├── CorpusSlowError             reading it took too long
│   └── CorpusBrokeOffError         the program that reads it broke off
├── RunDirectoryError           the directory holds no run that can be carried out
│   └── RunDirectoryInUseError      another worker carries it out right now
├── SnapshotError               the snapshot is damaged or of another run
└── those of `training.run_errors`
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

THIS_FILE = "This file"
"""What a sentence calls the only file there is."""

THIS_TEXT = "This text"
"""What a sentence calls all of it."""

NO_HINT = "; please check the name"
"""What a sentence says about an unknown person whom no name is like."""

LONGEST_NAME = 80
"""Characters of a name from outside that are shown."""


def printable(name: str) -> str:
    """Return a name from outside, such as a file's or a person's, safe to print in a sentence."""
    shown = "".join(character if character.isprintable() else "?" for character in name)
    return shown if len(shown) <= LONGEST_NAME else "..." + shown[-LONGEST_NAME:]


def listed(words: Sequence[str]) -> str:
    """Return several words in a sentence: `Ann`, `Ann and Max`, `Ann, Max, and Kim`."""
    if len(words) < 3:
        return " and ".join(words)
    return f"{', '.join(words[:-1])}, and {words[-1]}"


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
        self.limit, self.mebibytes = limit, limit >> 20
        super().__init__(
            f"This is more than {self.mebibytes:,} MiB when it is unpacked; "
            "please choose less of it."
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
        self.name, self.limit, self.mebibytes = name, limit, limit >> 20
        super().__init__(
            f"{name} has a single message of more than {self.mebibytes} MiB; please leave it out."
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
        self.name, self.kind, self.advice = name, kind, advice
        super().__init__(f"{name} is {kind}; please {advice}.")


class CorpusDamagedError(CorpusError):
    """An export that breaks off, or has something wrong in it."""

    def __init__(self, name: str, kind: str, reason: str) -> None:
        self.name, self.kind, self.reason = name, kind, reason
        super().__init__(f"{name} is {kind}, but {reason}; please export it again.")


class CorpusRowError(CorpusDamagedError):
    """A row of CSV that has not as many columns as the others."""

    def __init__(self, name: str, kind: str, row: int, columns: int, required: int) -> None:
        self.row, self.columns, self.required = row, columns, required
        have = "1 column" if columns == 1 else f"{columns:,} columns"
        super().__init__(name, kind, f"row {row:,} has {have}, not {required:,}")


class CorpusQuoteError(CorpusDamagedError):
    """CSV in which a quote is never closed."""

    def __init__(self, name: str, kind: str, row: int) -> None:
        self.row = row
        super().__init__(name, kind, f"a quote in or before row {row:,} is never closed")


class CorpusFieldError(CorpusDamagedError):
    """A message of which something has the wrong type."""

    def __init__(self, name: str, kind: str, key: str) -> None:
        self.key = key
        super().__init__(name, kind, f'a message in it has a "{key}" of the wrong type')


class CorpusArchiveError(CorpusError):
    """An archive that is not unpacked."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name} {reason}.")


class CorpusAuthorError(CorpusError):
    """Nobody of that name or id wrote in it."""

    def __init__(self, wanted: str, nearest: Sequence[str]) -> None:
        self.wanted, self.nearest = printable(wanted), [printable(name) for name in nearest]
        self.known = len(nearest)
        hint = f"; the nearest: {listed(self.nearest)}" if nearest else NO_HINT
        super().__init__(f"Nobody called {self.wanted} wrote in it{hint}.")


class CorpusNamelessError(CorpusError):
    """A text that does not tell who wrote what."""

    def __init__(self, name: str, wish: str) -> None:
        self.name, self.wish = name, wish
        super().__init__(
            f"{name} does not tell who wrote what, so {wish}; please leave that option out."
        )


class CorpusNothingLeftError(CorpusError):
    """Messages, but none to learn from."""

    def __init__(self, found: str, parts: Sequence[Mapping[str, Any]] = ()) -> None:
        self.found, self.parts = found, [*parts]
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
        have = "1 character" if characters == 1 else f"{characters:,} characters"
        super().__init__(
            f"This text has {have}; training needs at least {required:,}, so "
            "please choose a longer one, or add another."
        )


class CorpusSlowError(CorpusError):
    """Reading the files took longer than anybody waits."""

    def __init__(self) -> None:
        super().__init__("Reading this file took too long; please try again, or a shorter one.")


class CorpusBrokeOffError(CorpusError):
    """The program that reads the files broke off."""

    def __init__(self) -> None:
        super().__init__(
            "This file could not be read: the program that reads it broke off; "
            "please try another one."
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


class SnapshotError(TrainingError):
    """The snapshot is damaged, or belongs to another run."""
