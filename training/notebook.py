"""Training in a notebook: one picture that is drawn again in its place while a run learns.

    finished = fit_live("corpus.txt", "model.safetensors", minutes=3)

does what `python -m training fit` does, in Jupyter, Colab or any other notebook that IPython
serves. The kernel's main thread, which may have an event loop of its own, waits for events and
draws; the launcher has a thread and a loop to itself. Interrupting the kernel ends the worker,
and the same call with `resume=True` goes on from the last snapshot.
"""

from __future__ import annotations

import asyncio
import queue
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.display import Image, display

from model.config import Cell
from training.bar import clock_time
from training.clock import seconds_since_start
from training.curve import draw
from training.errors import SpecError
from training.events import Finished, Progress
from training.fit import FitRequest, describe_result, describe_stop, keep, prepare, with_log
from training.history import History, Measurement
from training.launcher import LocalLauncher
from training.run_errors import RunFailedError
from training.snapshot import history_in
from training.spec import RunSpec, Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from training.events import Event
    from training.launcher import Launcher
    from training.run_directory import RunDirectory

DRAWING_SHARE = 20
"""Drawing takes at most one in so many seconds: the worker needs the processor more."""

WIDTH = 800
"""Of the picture, in a notebook's pixels."""


class LivePlot:
    """A listener to events that shows a run's loss curve, always in the same place.

        with LivePlot() as plot:
            for event in events:
                plot(event)

    Args:
        history: What the run had measured before, if it is resumed.
        clock: Tells the time in seconds.
    """

    def __init__(
        self, history: History | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.history = history or History()
        self._clock = clock
        self._note = ""
        self._due = clock()
        self._place: Any = None

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._draw()

    def __call__(self, event: Event) -> None:
        """Take in what an event says, and show it unless the last picture is too fresh."""
        match event:
            case Progress():
                self.history = with_progress(self.history, event)
                left = clock_time(event.seconds_left)
                self._note = f"· {int(100 * event.fraction)} %, {left} left"
            case Finished():
                self._note = f"· trained in {clock_time(event.seconds)}"
        if self._clock() >= self._due:
            self._draw()

    def _draw(self) -> None:
        began = self._clock()
        png = draw(self.history, note=self._note)
        picture = Image(png, width=WIDTH)  # type: ignore[no-untyped-call] # IPython's
        if self._place is None:
            self._place = display(picture, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._place.update(picture)
        self._due = self._clock() + DRAWING_SHARE * (self._clock() - began)


def with_progress(history: History, event: Progress) -> History:
    """Return the history with what an event has measured; a validation is told many times."""

    def measured(loss: float) -> Measurement:
        return Measurement(event.step, event.fraction, event.seconds, loss)

    validation = event.validation_loss
    if validation is not None and [m.loss for m in history.validation[-1:]] != [validation]:
        history = history.validated(measured(validation))
    return history.trained(measured(event.loss))


def fit_live(
    corpus: Path | str | Sequence[Path | str],
    out: Path | str,
    *,
    resume: bool = False,
    launcher: Launcher | None = None,
    **options: Any,  # noqa: ANN401 - those of `fit`, checked by the spec
) -> Finished:
    """Train on a text, show the loss curve, and write the checkpoint and its picture.

    Args:
        corpus: A text file, or several.
        out: The checkpoint's file.
        resume: Go on with the run that was interrupted.
        launcher: What starts the worker.
        options: Those of `python -m training fit`, such as `minutes=3` or `size="small"`.

    Raises:
        TrainingError: It cannot be carried out; the message is one sentence.
    """
    files = [corpus] if isinstance(corpus, Path | str) else corpus
    request = FitRequest(
        corpus=[Path(file) for file in files],
        out=Path(out),
        options=checked(options),
        resume=resume,
        began=seconds_since_start(),
    )
    directory = prepare(request)
    finished = follow(directory, launcher or LocalLauncher())
    keep(request, directory, finished)
    sys.stdout.write(describe_result(request.out, finished) + "\n")
    return finished


def checked(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options, words such as `small` as what they mean.

    Raises:
        SpecError: There is no such option, or no such word.
    """
    known, words = {field.name for field in fields(RunSpec)}, {"size": Size, "cell": Cell}
    understood = {}
    for name, value in options.items():
        if name not in known:
            raise SpecError(f"There is no option called {name}.")
        try:
            understood[name] = words[name](value) if name in words else value
        except ValueError:
            raise SpecError(f"{value!r} is not a possible {name}.") from None
    return understood


def follow(directory: RunDirectory, launcher: Launcher) -> Finished:
    """Carry out a run and show how it goes.

    Raises:
        RunFailedError: It failed.
        KeyboardInterrupt: It was interrupted; its worker has ended, and how to go on is said.
    """
    try:
        with LivePlot(history_of(directory)) as plot, RunThread(directory, launcher) as run:
            for event in run.events():
                plot(event)
            return run.result()
    except KeyboardInterrupt:
        sys.stdout.write(describe_stop(directory, again="the same call with resume=True") + "\n")
        raise
    except RunFailedError as error:
        raise with_log(error, directory) from error


def history_of(directory: RunDirectory) -> History:
    """Return what an interrupted run had measured until its snapshot."""
    snapshot = directory.snapshot
    return history_in(snapshot.read_bytes()) if snapshot.exists() else History()


class RunThread:
    """A run in a thread and an event loop of its own; leaving the body ends its worker.

    A notebook's own loop stands still while a cell is carried out, so it cannot listen. The run
    begins inside the body, where no interrupt can come too early to end it.
    """

    def __init__(self, directory: RunDirectory, launcher: Launcher) -> None:
        self._directory, self._launcher = directory, launcher
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="run")
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._carry_out())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(RuntimeError):  # the loop is closed: the run is over
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._executor.shutdown()

    def events(self) -> Iterator[Event]:
        """Start the run and wait for its events, one after another, until there are no more."""
        self._result = self._executor.submit(self._work)
        while (event := self._events.get()) is not None:
            yield event

    def result(self) -> Finished:
        """Return the last event of a run that has finished.

        Raises:
            RunFailedError: It failed.
        """
        return self._result.result()

    def _work(self) -> Finished:
        try:
            return self._loop.run_until_complete(self._task)
        finally:
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            self._loop.close()

    async def _carry_out(self) -> Finished:
        try:
            return await self._launcher.run(self._directory.path, self._events.put)
        finally:
            self._events.put(None)
