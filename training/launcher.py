"""What starts a worker and listens to it. Today a process of this machine.

The launcher is a seam because a cluster that runs the very same command can come later.
A worker never outlives the call that started it: canceling the task that awaits `run`
ends the process (terminate, 5 s grace, kill) before the cancellation goes on.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from storage.files import write_durably
from training.corpora.sources import UNPACKED_LIMIT
from training.corpus import CorpusSummary, join_authors
from training.errors import (
    CorpusBrokeOffError,
    CorpusError,
    CorpusSlowError,
    RunDirectoryError,
    SpecError,
)
from training.events import Failed, Finished, decode
from training.limits import Limits, Watch
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError, WorkerEnd, WorkerLostError
from training.telling import restored

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Sequence

    from training.events import Event
    from training.telling import Known

logger = logging.getLogger(__name__)


class Launcher(Protocol):
    """Where training happens."""

    async def run(self, directory: Path, on_event: Callable[[Event], None]) -> Finished:
        """Carry out the run in `directory`, or go on with it from its snapshot.

        Args:
            directory: The run's directory (`training.run_directory`).
            on_event: Called in this event loop with every event, the last one included.

        Raises:
            RunFailedError: The worker failed and said why.
            WorkerLostError: It died without a word or went beyond a limit; another may go on.
        """
        ...

    async def finish(self, directory: Path) -> None:
        """Ask the run in `directory` to end as if its time were over, with the best so far.

        `run` then returns, now or after the next start; a run that has just ended is as it is.
        """
        ...

    async def read_corpus(
        self,
        files: Sequence[Path],
        out: Path,
        *,
        authors: Sequence[str] = (),
        names: bool = False,
        unpacked_limit: int = UNPACKED_LIMIT,
    ) -> CorpusSummary:
        """Write the text that training would read from `files` to `out`, in UTF-8.

        A text of any length is fine here; `training.corpus.check_long_enough` refuses.

        Args:
            files: Exports, texts, archives. Sentences about one of several call it by its
                path's last part; about a single one they say "This file".
            out: The text; untouched if this raises.
            authors: Names or ids of the only people whose messages are wanted.
            names: Whether each message begins with its author's name.
            unpacked_limit: Bytes that all files together may have, unpacked.

        Raises:
            CorpusError: A file cannot be used, with the sentence for its owner.
        """
        ...


GRACE_SECONDS = 5.0
"""Between asking a process to end and killing it."""

LONGEST_LINE = 2**20
"""Bytes of a worker's line; anything longer is no event."""

CORPUS_SECONDS = 300.0
"""The longest that reading a corpus may take."""

CORPUS_MEMORY = 2 * 2**30
"""Bytes of address space for reading a corpus, which takes 100 MB, whatever its length."""

WITHHELD = "DISCORD_TOKEN"
"""The variable that no process gets, since each reads what strangers made."""

ROOT = Path(__file__).resolve().parents[1]
"""Where the packages are, installed or not."""


class LocalLauncher:
    """Processes of this machine: `python -m training`, from any current directory.

    Args:
        command: What starts the training command line; tests put a fake in its place.
        limits: What each worker may take.
    """

    def __init__(
        self,
        command: Sequence[str] = (sys.executable, "-P", "-m", "training"),
        *,
        limits: Limits | None = None,
    ) -> None:
        self._command = tuple(command)
        self._limits = limits or Limits()

    async def run(self, directory: Path, on_event: Callable[[Event], None]) -> Finished:
        """Carry out the run in `directory`; see `Launcher.run`."""
        minutes = await asyncio.to_thread(_minutes_of, RunDirectory(directory))
        log = await asyncio.to_thread(_open_log, RunDirectory(directory).log)
        with log:
            process = await self._start("run", _absolute(directory), stderr=log)
        watch = Watch(process.pid, self._limits, minutes)
        keeping = asyncio.create_task(watch.keep(lambda: _send(process, signal.SIGKILL)))
        try:
            last = await _listen(process, on_event, watch.heard)
            if not isinstance(last, Finished):
                await _wait(process)  # for its own exit code, which says why
        finally:
            keeping.cancel()
            await _end(process)
        match last:
            case Finished():
                return last
            case Failed():
                raise RunFailedError(last.reason, _error_of(last))
            case _:
                error = WorkerLostError(watch.exceeded or WorkerEnd.of(process.returncode or 0))
                await asyncio.to_thread(_note, RunDirectory(directory).log, str(error))
                raise error

    async def finish(self, directory: Path) -> None:
        """Leave the file that the worker looks for; see `Launcher.finish`."""
        with suppress(FileNotFoundError):
            await asyncio.to_thread(write_durably, RunDirectory(directory).finish, b"")

    async def read_corpus(
        self,
        files: Sequence[Path],
        out: Path,
        *,
        authors: Sequence[str] = (),
        names: bool = False,
        unpacked_limit: int = UNPACKED_LIMIT,
    ) -> CorpusSummary:
        """Write the text of some files to `out`; see `Launcher.read_corpus`."""
        options = ["--names"] * names + [f"--authors={join_authors(authors)}"] * bool(authors)
        paths = [_absolute(path) for path in files]
        options += [f"--unpacked-limit={unpacked_limit}", f"--memory-limit={CORPUS_MEMORY}"]
        arguments = ["corpus", "--out", _absolute(out), *options, "--", *paths]
        process = await self._start(*arguments, stderr=asyncio.subprocess.PIPE)
        try:
            async with asyncio.timeout(CORPUS_SECONDS):
                answer, complaint = await process.communicate()
        except TimeoutError:
            raise CorpusSlowError from None
        finally:
            await _end(process)
        if process.returncode != 0:
            how = WorkerEnd.of(process.returncode or 0)
            logger.warning("reading a corpus: %s%s", how, _traceback_of(complaint))
            raise _refusal(process.returncode, answer, complaint)
        return CorpusSummary(**json.loads(answer))

    async def _start(self, *arguments: str, stderr: int | BinaryIO) -> Process:
        """Start a process; of a group of its own, so that Ctrl-C reaches it only through us.

        It ends with the thread that starts it, but for one that may end before its process.
        """
        is_main = threading.current_thread() is threading.main_thread()
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        return await asyncio.create_subprocess_exec(
            *self._command,
            *["--with-parent"] * is_main,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env={**_environment(), "PYTHONPATH": path},
            limit=LONGEST_LINE,
            process_group=0,
        )


def _environment() -> dict[str, str]:
    """Return this process's environment but for the bot's token."""
    return {name: value for name, value in os.environ.items() if name != WITHHELD}


async def _listen(
    process: Process, on_event: Callable[[Event], None], heard: Callable[[], None]
) -> Event | None:
    """Pass every event on, and return the last one once the worker has closed its stdout."""
    stdout, last = cast("asyncio.StreamReader", process.stdout), None
    while True:
        try:
            line = await stdout.readline()
            if not line:
                return last
            heard()
            last = decode(line)
        except ValueError as error:
            logger.warning("a worker's line is %s", error)
            continue
        on_event(last)


async def _end(process: Process) -> None:
    """Wait for a process that is ending or make it end: terminate, grace, kill.

    A second cancellation during the grace kills at once.
    """
    if process.returncode is not None:
        return
    try:
        _send(process, signal.SIGTERM)
        await _wait(process)
    finally:
        if process.returncode is None:
            _send(process, signal.SIGKILL)
    await process.wait()


def _send(process: Process, number: signal.Signals) -> None:
    """Send a signal, without the look at the process that its own `terminate` takes first.

    That look would take the exit code of a process which has just ended away from asyncio's
    watcher, which then complains about an unknown child.
    """
    with suppress(ProcessLookupError):
        os.kill(process.pid, number)


async def _wait(process: Process) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(GRACE_SECONDS):
            await process.wait()


def _traceback_of(complaint: bytes) -> str:
    """Return where a program broke off, without a word of what it read: that is not for logs."""
    places = re.findall(rb'^  File "([^"\n]+)", line (\d+)', complaint, re.MULTILINE)
    return "".join(f" < {os.fsdecode(file)}:{int(line)}" for file, line in reversed(places[-5:]))


def _minutes_of(directory: RunDirectory) -> float | None:
    """What the run lasts; None if it is given in epochs, or cannot be read: the worker says so."""
    try:
        return directory.read_spec().minutes
    except (RunDirectoryError, SpecError):
        return None


def _absolute(path: Path) -> str:
    return str(path.absolute())


def _open_log(path: Path) -> BinaryIO:
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def _note(path: Path, sentence: str) -> None:
    """Write into a worker's log what it could not say any more, if the disk takes it."""
    with suppress(OSError), _open_log(path) as log:
        log.write(f"{sentence}\n".encode())


def _error_of(failed: Failed) -> Known | None:
    """Return what went wrong in the worker; one of an older version only says a sentence."""
    if not failed.error:
        return None
    return restored({"error": failed.error, "facts": failed.facts, "sentence": failed.reason})


def _refusal(code: int | None, answer: bytes, complaint: bytes) -> Exception:
    """Return why a corpus was not read: what the program told, or that it broke off."""
    if code != 2:
        return CorpusBrokeOffError()
    if answer:
        return restored(json.loads(answer))
    return CorpusError(complaint.decode(errors="replace").strip())
