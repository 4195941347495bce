"""`python -m training fit`: one run from the command line, started exactly as the bot does.

The run's directory stands beside the checkpoint that is asked for, as OUT.run. It goes
once the checkpoint is there; after an interruption it stays, for `--resume`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from model.checkpoint import from_bytes
from storage.files import write_durably
from training.bar import Bar, clock_time
from training.clock import seconds_since_start
from training.corpus import check_long_enough, read_corpus
from training.errors import OutputError, SpecError
from training.events import encode
from training.fine_tuning import check_base
from training.history import is_curve
from training.launcher import LocalLauncher
from training.recipe import make_plan
from training.remarks import remarks
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError
from training.spec import DEFAULT_MINUTES, RunSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.corpus import Corpus
    from training.events import Event, Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRequest:
    """What was typed."""

    corpus: Sequence[Path]
    out: Path
    options: Mapping[str, Any]
    """The fields of `RunSpec` that were given."""
    base: Path | None = None
    """A checkpoint to start from."""
    resume: bool = False
    keep_run: bool = False
    json: bool = False
    began: float = 0.0
    """When the minutes began, in seconds from the process's start."""
    authors: Sequence[str] = ()
    """The only people whose messages are wanted; none: everybody's."""
    names: bool = False
    """Whether each message begins with its author's name."""

    @property
    def directory(self) -> RunDirectory:
        """The run's directory, beside the checkpoint."""
        return RunDirectory(self.out.with_name(self.out.name + ".run"))

    @property
    def curve(self) -> Path:
        """The picture of the loss curve, beside the checkpoint: model.png."""
        return self.out.with_name(self.out.name.removesuffix(".safetensors") + ".png")


def fit(request: FitRequest) -> int:
    """Carry out a request and return the process's exit code.

    Raises:
        TrainingError: It cannot be carried out.
    """
    directory = prepare(request)
    try:
        finished = asyncio.run(launch(request, directory))
    except KeyboardInterrupt:
        return stop(directory)
    except RunFailedError as error:
        raise with_log(error, directory) from error
    keep(request, directory, finished)
    if not request.json:
        sys.stdout.write(describe_result(request.out, finished) + "\n")
    return 0


def prepare(request: FitRequest) -> RunDirectory:
    """Return the directory of the run that is asked for, a new one or the interrupted one.

    Raises:
        TrainingError: The request cannot be carried out.
    """
    check_out(request)
    return reopen(request) if request.resume else begin(request)


def keep(request: FitRequest, directory: RunDirectory, finished: Finished) -> None:
    """Put a finished run's checkpoint and curve where they were asked for."""
    write_durably(request.out, directory.checkpoint.read_bytes())
    if finished.curve is not None:
        keep_curve(directory.path / finished.curve, request.curve)
    if not request.keep_run:
        shutil.rmtree(directory.path)


def keep_curve(source: Path, target: Path) -> None:
    """Put the curve beside the checkpoint, but not in the place of somebody else's picture."""
    try:
        if not target.exists() or is_curve(target.read_bytes()):
            write_durably(target, source.read_bytes())
        else:
            sys.stderr.write(f"{target} is no loss curve of ours, so it was left as it is.\n")
    except OSError as error:
        sys.stderr.write(f"{target} could not be written: {error.strerror or error}.\n")


def with_log(error: RunFailedError, directory: RunDirectory) -> RunFailedError:
    """Return the error with the place where more about it stands."""
    return RunFailedError(f"{error} (Its log is {directory.log}.)")


def check_out(request: FitRequest) -> None:
    """Refuse a place for the checkpoint that could not take it.

    Raises:
        OutputError: It is a directory, one of the corpus's files, or has no usable folder.
    """
    out, folder = request.out, request.out.parent
    if out.is_dir():
        raise OutputError(f"{out} is a directory; --out names the checkpoint's file.")
    if not folder.is_dir():
        raise OutputError(f"The folder {folder} does not exist; please make it first.")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"Nothing can be written in the folder {folder}.")
    if any(out.exists() and path.exists() and out.samefile(path) for path in request.corpus):
        raise OutputError(f"{out} is one of the texts; --out must be another file.")


def begin(request: FitRequest) -> RunDirectory:
    """Make the directory of a new run.

    Raises:
        TrainingError: The corpus or an option does not do, or the directory is not ours.
    """
    lasts = {} if "epochs" in request.options else {"minutes": DEFAULT_MINUTES}
    spec = RunSpec(**(lasts | dict(request.options)), names=request.names)
    corpus = read_text(request)
    check_long_enough(len(corpus.text))
    base = read_base_file(request.base)
    if base is not None:
        check_base(spec, from_bytes(base).config)
    make_plan(spec, corpus_characters=len(corpus.text), vocabulary_size=corpus.summary.distinct + 1)
    path = request.directory.path
    if path.exists() and not request.directory.spec.exists() and any(path.iterdir()):
        raise OutputError(f"{path} is in the way and is no run; please remove it.")
    seconds_spent = seconds_since_start() - request.began
    spec = replace(spec, seconds_spent=seconds_spent)
    return RunDirectory.create(path, spec, corpus.text, base)


def read_base_file(path: Path | None) -> bytes | None:
    """Return the bytes of the checkpoint to start from.

    Raises:
        SpecError: The file cannot be read.
    """
    try:
        return None if path is None else path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "no reason given").lower()
        raise SpecError(f"The base {path} could not be read: {reason}.") from error


def reopen(request: FitRequest) -> RunDirectory:
    """Return the directory of the interrupted run.

    Raises:
        TrainingError: There is none, or it is another run than the one asked for.
    """
    directory = request.directory
    if not directory.spec.exists():
        raise OutputError(f"There is no interrupted run in {directory.path} to resume.")
    spec = directory.read_spec()
    for name, value in request.options.items():
        if getattr(spec, name) != value:
            option = "--" + name.replace("_", "-")
            raise SpecError(f"{option} cannot change when a run is resumed.")
    base = read_base_file(request.base)
    if base is not None and (not directory.base.exists() or directory.base.read_bytes() != base):
        raise SpecError("The base cannot change when a run is resumed.")
    if request.corpus and read_text(request).text != directory.read_corpus():
        raise SpecError("The text cannot change when a run is resumed.")
    return directory


def read_text(request: FitRequest) -> Corpus:
    """Return the text that was asked for.

    Raises:
        CorpusError: A file cannot be used.
    """
    return read_corpus(request.corpus, authors=request.authors, names=request.names)


async def launch(request: FitRequest, directory: RunDirectory) -> Finished:
    """Carry out the run and show its events."""
    if request.json:
        return await LocalLauncher().run(directory.path, print_event)
    with Bar() as bar:
        return await LocalLauncher().run(directory.path, bar)


def print_event(event: Event) -> None:
    """Show an event as the worker wrote it."""
    sys.stdout.write(encode(event) + "\n")
    sys.stdout.flush()


def stop(directory: RunDirectory) -> int:
    """Say how an interrupted run can go on, if it can, and return the exit code."""
    sys.stderr.write(describe_stop(directory, again="the same command with --resume") + "\n")
    return 130


def describe_stop(directory: RunDirectory, *, again: str) -> str:
    """Return how an interrupted run can go on; one that cannot is deleted."""
    if directory.snapshot.exists():
        return f"Stopped; {again} goes on from the last snapshot."
    shutil.rmtree(directory.path)
    return "Stopped before the first snapshot, so nothing is kept."


def describe_result(out: Path, finished: Finished) -> str:
    """Return what has come of the run, and its first text."""
    figures = f"{finished.bits_per_character:.3f} bits per character"
    work = f"{finished.step:,} steps, {finished.epochs:.1f} epochs"
    result = f"{out}: {figures} after {work} in {clock_time(finished.seconds)}"
    return "\n".join([result, *remarks(finished), "", finished.sample])
