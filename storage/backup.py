"""A second data directory with all that one holds, made while its bot runs.

    catalog -> the files that it names -> catalog again, until it names the same ones

The copy of a catalog is one moment of it. The files that it names are complete or absent, never
change under one name, and come before their row and go after it, but for a run that came to
nothing: where its folder is missing, its row goes at the next start. Any other run's folder
changes, but is copied until it has the same files before and after, and from whatever moment that
is the run goes on. So where the catalog names the same things before and after the files were
copied, they belong together. The copy is made beside its place and takes its name when it is
complete. Bringing a backup back is the same, the other way round.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from storage.database import faults_as_sentences, inspect_catalog
from storage.errors import (
    BackupBusyError,
    DataDirectoryError,
    FileDamagedError,
    NoCatalogError,
    PlaceTakenError,
)
from storage.files import (
    DataDirectory,
    read_verified,
    sync_folder,
    write_durably,
    written_durably,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ROUNDS = 20
"""Each copies only what is new; a bot that trains and deletes needs two or three."""

BUSY_SECONDS = 30.0
"""How long to wait for a bot that is just writing."""


class Named(NamedTuple):
    """The files that a catalog names."""

    checkpoints: frozenset[tuple[str, str]]
    """Ids and hashes."""
    runs: frozenset[tuple[str, str, int]]
    """Ids, statuses and characters of their corpora (0: a channel is being read).

    A run that ends leaves another folder than one that trains, and so does a reading.
    """


class Backup(NamedTuple):
    """What was copied, and what could not be."""

    checkpoints: int
    runs: int
    damaged: tuple[Path, ...]
    """Checkpoints that the catalog names, but that are missing or not what was stored."""


def copy_data(source: Path, target: Path) -> Backup:
    """Copy a data directory, whether or not a bot is using it.

    Args:
        source: The data directory, or a backup of one.
        target: The copy's place: new, or an empty folder.

    Raises:
        NoCatalogError: The source is no data directory.
        PlaceTakenError: The target has something in it.
        CatalogError: The source's catalog is damaged or of a newer version.
        BackupBusyError: The bot changes more than can be copied meanwhile.
        DataDirectoryError: The system refuses, for one because the disk is full.
    """
    if not (source / "catalog.sqlite3").is_file():
        raise NoCatalogError(source)
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise PlaceTakenError(target)
    inspect_catalog(DataDirectory(source).catalog)
    try:
        with _beside(target) as place:
            return _copy(DataDirectory(source), DataDirectory(place))
    except OSError as error:
        raise DataDirectoryError(target, error.strerror or str(error)) from error


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A private folder that takes the target's place when the body has filled it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield place
        place.replace(target)
    except BaseException:
        shutil.rmtree(place)
        raise
    sync_folder(target.parent)


def _copy(source: DataDirectory, target: DataDirectory) -> Backup:
    target.create()
    before, damaged = Named(frozenset(), frozenset()), set[Path]()
    for _ in range(MOST_ROUNDS):
        _copy_catalog(source.catalog, target.catalog)
        named = named_in(target.catalog)
        if named == before:
            break
        for checkpoint_id, sha256 in named.checkpoints - before.checkpoints:
            damaged |= _copy_checkpoint(source, target, checkpoint_id, sha256)
        for run_id, *_ in named.runs - before.runs:
            _copy_run(source.run(run_id), target.run(run_id))
        before = named
    else:
        raise BackupBusyError(source.root)
    checkpoints = {checkpoint_id for checkpoint_id, _ in named.checkpoints}
    runs = {run_id for run_id, *_ in named.runs}
    target.sweep(runs=runs, checkpoints=checkpoints)
    lost = damaged & {source.checkpoint(each) for each in checkpoints}
    present = sum(target.run(run_id).is_dir() for run_id in runs)
    return Backup(len(checkpoints) - len(lost), present, tuple(sorted(lost)))


def _copy_catalog(source: Path, target: Path) -> None:
    """Copy one moment of a catalog, and leave a single file of it."""
    read_only = f"file:{quote(str(source.absolute()))}?mode=ro"
    with (
        faults_as_sentences(source),
        closing(sqlite3.connect(read_only, uri=True, timeout=BUSY_SECONDS)) as one,
        closing(sqlite3.connect(target)) as other,
    ):
        one.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")
    target.chmod(0o600)


def named_in(catalog: Path) -> Named:
    """What a catalog names, at one moment of it."""
    with faults_as_sentences(catalog), closing(sqlite3.connect(catalog)) as connection:
        checkpoints = connection.execute("SELECT id, sha256 FROM checkpoints").fetchall()
        runs = connection.execute("SELECT id, status, corpus_characters FROM runs").fetchall()
    return Named(frozenset(checkpoints), frozenset(runs))


def _copy_checkpoint(
    source: DataDirectory, target: DataDirectory, checkpoint_id: str, sha256: str
) -> set[Path]:
    """Copy a checkpoint and its curve; return its path if it is not what was stored."""
    path = source.checkpoint(checkpoint_id)
    try:
        write_durably(target.checkpoint(checkpoint_id), read_verified(path, sha256=sha256))
    except FileDamagedError:
        return {path}
    with suppress(FileNotFoundError):
        write_durably(target.curve(checkpoint_id), source.curve(checkpoint_id).read_bytes())
    return set()


def _copy_run(source: Path, target: Path) -> None:
    """Copy the files of a run's folder that have their names, all of one moment.

    A worker that ends writes its checkpoint and then deletes its snapshot, while the catalog names
    the run as before. So the files are copied until they are the same ones before and after.
    """
    for _ in range(MOST_ROUNDS):
        if target.exists():
            shutil.rmtree(target)
        names = _names_in(source)
        copied = [name for name in names if _copy_file(source / name, target / name)]
        if copied == names == _names_in(source):
            return
    raise BackupBusyError(source)


def _names_in(folder: Path) -> list[str]:
    """The files that have their names; none if the folder is gone."""
    with suppress(FileNotFoundError):
        return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    return []


def _copy_file(source: Path, target: Path) -> bool:
    """Copy a file of a run's folder; False if it has gone meanwhile."""
    with suppress(FileNotFoundError), source.open("rb") as file:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with written_durably(target) as copy:
            shutil.copyfileobj(file, copy)
        return True
    return False
