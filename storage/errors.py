"""What can go wrong with what the bot remembers, each as one sentence for a person.

StorageError
├── NotFoundError            a model, run, checkpoint or text that this guild does not have
├── NameTakenError           a name that a model or an active run of the guild has
├── LimitError               a person or a guild has as much as it may have
│   ├── TooManyRunsError     enough runs wait
│   ├── TooSoonError         a person's last run is not long enough ago
│   ├── MinutesUsedError     enough has been trained within a day
│   ├── TooManyModelsError   a guild has enough models
│   ├── TooManyCheckpointsError  a model has enough checkpoints
│   └── StockFullError       a guild keeps enough on disk
├── RunEndedError            a run that has ended cannot start or end again
├── InvalidIdError           not one of our ids, so never a part of a path
├── FileDamagedError         a stored file is gone or no longer what was stored
├── DataDirectoryError       a data directory that cannot be used
│   └── DataDirectoryInUseError
├── NoCatalogError           a folder that is to be backed up or restored, and holds nothing
├── PlaceTakenError          a copy's place that has something in it
├── BackupBusyError          more changes than can be copied
└── CatalogError             a catalog that cannot be used
    ├── CatalogDamagedError
    ├── CatalogTooNewError
    └── CatalogUnavailableError
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class StorageError(Exception):
    """Base of every error of this package; `str()` is a sentence for its user."""


class NotFoundError(StorageError):
    """A model, run, checkpoint or text that this guild does not have.

    Another guild's are answered in the same words as those that never were.
    """

    def __init__(self, what: str, name: str | None = None) -> None:
        self.what, self.name = what, name
        if name is None:
            super().__init__(f"This {what} does not exist (any more); please choose another one.")
        else:
            super().__init__(f"There is no {what} called “{name}” here; please choose another one.")


class NameTakenError(StorageError):
    """A name that another model or active run of the guild has, in whatever case."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"There is already a model called “{name}” here, or a run that will become one; "
            "please choose another name."
        )


class LimitError(StorageError):
    """A person or a guild has as much of something as it may have."""


class TooManyRunsError(LimitError):
    """A person, or a whole guild, has as many runs waiting as the limit allows."""

    def __init__(self, limit: int, *, whole_guild: bool) -> None:
        self.limit, self.whole_guild = limit, whole_guild
        owner = "This server has" if whole_guild else "You have"
        runs = "run" if limit == 1 else "runs"
        super().__init__(
            f"{owner} {limit} {runs} waiting already, which is the limit; "
            "try again when one of them has started."
        )


class TooSoonError(LimitError):
    """A person's last run is not long enough ago."""

    def __init__(self, seconds: float, cooldown: float) -> None:
        self.seconds, self.cooldown = seconds, cooldown
        super().__init__(
            f"There have to be {cooldown:g} seconds between two runs of one person; "
            f"try again in {seconds:.0f}."
        )


class MinutesUsedError(LimitError):
    """A person, or a whole guild, has trained as much within a day as the limit allows."""

    def __init__(self, left: float, limit: float, seconds: float, *, whole_guild: bool) -> None:
        self.left, self.limit, self.seconds, self.whole_guild = left, limit, seconds, whole_guild
        owner = "This server has" if whole_guild else "You have"
        super().__init__(
            f"{owner} {left:.1f} of {limit:g} minutes of training left within 24 hours; "
            f"try so many, or again in {seconds:.0f} s."
        )


class TooManyModelsError(LimitError):
    """A guild has as many models as the limit allows, those to come among them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"This server has {limit} models, which is the limit; please delete one.")


class TooManyCheckpointsError(LimitError):
    """A model has as many checkpoints as the limit allows."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"This model has {limit} checkpoints, which is the limit; please train another one."
        )


class StockFullError(LimitError):
    """A guild keeps as much on disk as the limit allows."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size, limit
        super().__init__(
            f"This server keeps {size} of {limit} bytes on disk; please delete a model."
        )


class RunEndedError(StorageError):
    """A run ends exactly once: afterwards it neither starts nor ends again."""

    def __init__(self, run_id: str, status: str) -> None:
        self.run_id, self.status = run_id, status
        super().__init__(f"This run is over ({status}); please start another one.")


class InvalidIdError(StorageError):
    """Not one of our ids. Nothing else ever becomes a part of a path."""

    def __init__(self, value: str) -> None:
        self.value = value
        super().__init__(f"{value!r} is not an id; please choose from what is shown.")


class FileDamagedError(StorageError):
    """A stored file is gone, or its contents are no longer those that were stored."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"The stored file {path.name} is missing or damaged; restore it from a backup."
        )


class DataDirectoryError(StorageError):
    """A data directory that cannot be made, entered or written."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"The data directory {path} cannot be used: {reason}; choose another one with --data."
        )


class DataDirectoryInUseError(DataDirectoryError):
    """Another process holds the data directory's lock."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "another bot is using it")


class NoCatalogError(StorageError):
    """Neither a data directory nor a backup of one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"There is no catalog in {path}; choose the folder that holds catalog.sqlite3."
        )


class PlaceTakenError(StorageError):
    """The folder that a copy is to become has something in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} is not empty; choose a new folder, or stop the bot that uses this one and "
            "move it away."
        )


class BackupBusyError(StorageError):
    """Runs end and models come and go faster than they can be copied."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"The bot changes too much in {path} at the moment; try again later.")


class CatalogError(StorageError):
    """A catalog that cannot be used. It was left as it was found."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"The catalog {path} cannot be used: {reason}.")


class CatalogDamagedError(CatalogError):
    """The file is no catalog of ours, or no longer a sound one."""

    def __init__(self, path: Path, detail: str) -> None:
        self.detail = detail
        super().__init__(path, f"it is damaged ({detail}); restore it from a backup")


class CatalogTooNewError(CatalogError):
    """The catalog was written by a newer version of this program."""

    def __init__(self, path: Path, version: int, newest: int) -> None:
        self.version, self.newest = version, newest
        super().__init__(
            path,
            f"a newer version of the bot wrote it "
            f"(format {version}; this one reads up to {newest}); update the bot",
        )


class CatalogUnavailableError(CatalogError):
    """The system refuses: no permission, a full disk, a failing one."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, f"{reason}; check the disk and the permissions")
