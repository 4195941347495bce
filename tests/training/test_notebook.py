"""The live plot with a display of a few lines, and the example notebook in a real kernel."""

from __future__ import annotations

import asyncio
import signal
import threading
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

from model.checkpoint import load
from tests.training.test_fit import CURVE, FINISHED, progress
from training import notebook
from training.errors import OutputError, SpecError, TrainingError
from training.events import Event, Failed
from training.history import History, Measurement, is_curve
from training.notebook import DRAWING_SHARE, LivePlot, fit_live, with_progress
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.events import Finished

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "live_loss.ipynb"
TEXT = "Call me Ishmael. Some years ago, never mind how long precisely.\n" * 40


@dataclass
class FakeDisplay:
    """Keeps the pictures of each place, as a notebook shows only the newest."""

    places: list[list[bytes]] = field(default_factory=list)

    def __call__(self, picture: Any, *, display_id: bool) -> FakePlace:
        assert display_id
        self.places.append([picture.data])
        return FakePlace(self.places[-1])


@dataclass
class FakePlace:
    pictures: list[bytes]

    def update(self, picture: Any) -> None:
        self.pictures.append(picture.data)


@pytest.fixture(autouse=True)
def display(monkeypatch: pytest.MonkeyPatch) -> FakeDisplay:
    display = FakeDisplay()
    monkeypatch.setattr(notebook, "display", display)
    return display


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.txt"
    path.write_text(TEXT)
    return path


class FakeLauncher:
    """Ends as the test says, after a few events."""

    def __init__(self, end: Callable[[], object] = lambda: None) -> None:
        self._end = end
        self.canceled = False

    async def run(self, directory: Path, on_event: Callable[[Event], None]) -> Finished:
        try:
            for n in range(1, 5):
                on_event(progress(n / 5))
                await asyncio.sleep(0)
            self._end()
            if self._end is interrupt:
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.canceled = True
            raise
        (directory / "model.safetensors").write_bytes(b"weights")
        (directory / "loss.png").write_bytes(CURVE)
        on_event(FINISHED)
        return FINISHED

    async def finish(self, *_: object) -> None:
        raise AssertionError("nobody asks for it")

    async def read_corpus(self, *_: object, **__: object) -> Any:
        raise AssertionError("a notebook reads its text by itself")


def interrupt() -> None:
    """What the interrupt button of a notebook does to its kernel's main thread."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


# The plot


def test_one_picture_is_drawn_again_in_its_place(display: FakeDisplay) -> None:
    with LivePlot(clock=lambda: 0.0) as plot:
        for n in range(1, 4):
            plot(progress(n / 5))
        plot(FINISHED)

    [pictures] = display.places
    assert len(pictures) == 6, "the empty axes, one for each event, and the last state"
    assert all(map(is_curve, pictures))
    assert len(set(pictures)) == 5


@pytest.mark.slow
def test_drawing_takes_no_more_than_its_share_of_the_time(display: FakeDisplay) -> None:
    """Each picture takes a second here, by a clock that goes on with every look at it."""
    now, drawn = 0.0, []

    def clock() -> float:
        nonlocal now
        now += 1
        return now

    plot = LivePlot(clock=clock)
    with plot:
        for n in range(100):
            before = sum(map(len, display.places))
            plot(progress(n / 100))
            if sum(map(len, display.places)) > before:
                drawn.append(now)

    assert len(drawn) > 1
    assert all(later - earlier >= DRAWING_SHARE for earlier, later in pairwise(drawn))


def test_the_events_of_a_run_are_its_history() -> None:
    """A validation is told again and again until the next one."""
    history = History()
    for n, validation in enumerate([3.0, 3.0, 2.5, 2.5, 2.6], start=1):
        event = replace(progress(n / 10), validation_loss=validation, seconds=float(n))
        history = with_progress(history, event)

    assert [(m.seconds, m.loss) for m in history.validation] == [(1, 3.0), (3, 2.5), (5, 2.6)]
    assert [m.loss for m in history.training] == [1.5] * 5


@pytest.mark.parametrize(
    "event", [Failed(reason="No."), replace(progress(0), validation_loss=None)]
)
def test_an_event_without_losses_harms_nothing(event: Event, display: FakeDisplay) -> None:
    with LivePlot() as plot:
        plot(event)

    assert plot.history.validation == ()


# The run


async def test_it_trains_where_an_event_loop_runs_already(
    corpus: Path, capsys: pytest.CaptureFixture[str], display: FakeDisplay
) -> None:
    """As in Jupyter and Colab, whose cells are carried out inside one."""
    out = corpus.with_name("m.safetensors")

    finished = fit_live(corpus, str(out), minutes=1, launcher=FakeLauncher())

    assert finished == FINISHED
    assert out.read_bytes() == b"weights"
    assert out.with_name("m.png").read_bytes() == CURVE
    assert not out.with_name("m.safetensors.run").exists()
    assert "97 % of what it writes is new" in capsys.readouterr().out
    assert len(display.places) == 1


def test_the_minutes_begin_with_the_call_and_not_with_the_kernel(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kernel may be hours old."""
    monkeypatch.setattr(notebook, "seconds_since_start", lambda: 7_200.0)
    monkeypatch.setattr("training.fit.seconds_since_start", lambda: 7_200.5)
    specs = []

    def look() -> None:
        specs.append(RunDirectory(corpus.with_name("m.run")).read_spec())

    fit_live(corpus, corpus.with_name("m"), minutes=1, size="small", launcher=FakeLauncher(look))

    [spec] = specs
    assert spec.seconds_spent == 0.5
    assert (spec.minutes, spec.size) == (1, "small")


@pytest.mark.parametrize("has_snapshot", [True, False])
def test_an_interrupt_ends_the_worker_and_says_how_to_go_on(
    corpus: Path, capsys: pytest.CaptureFixture[str], *, has_snapshot: bool
) -> None:
    directory = RunDirectory(corpus.with_name("m.run"))

    class Snapshotting(FakeLauncher):
        async def run(self, path: Path, on_event: Callable[[Event], None]) -> Finished:
            if has_snapshot:
                directory.snapshot.write_bytes(b"one that the worker wrote")
            return await super().run(path, on_event)

    launcher = Snapshotting(interrupt)

    with pytest.raises(KeyboardInterrupt):
        fit_live(corpus, corpus.with_name("m"), minutes=1, launcher=launcher)

    assert launcher.canceled
    assert ("resume=True" in capsys.readouterr().out) == has_snapshot
    assert directory.path.exists() == has_snapshot
    assert not corpus.with_name("m").exists()


def test_a_resumed_run_shows_what_was_measured_before(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TrainingError):
        fit_live(corpus, corpus.with_name("m"), minutes=1, launcher=FakeLauncher(fail))
    before = History().trained(Measurement(1, 0.01, 1.0, 3.0))
    RunDirectory(corpus.with_name("m.run")).snapshot.write_bytes(b"snapshot")
    monkeypatch.setattr(notebook, "history_in", lambda _: before)
    begun = []

    class Noting(LivePlot):
        def __init__(self, history: History | None = None) -> None:
            super().__init__(history)
            begun.append(history)

    monkeypatch.setattr(notebook, "LivePlot", Noting)

    fit_live(corpus, corpus.with_name("m"), resume=True, launcher=FakeLauncher())

    assert begun == [before]


def fail() -> None:
    raise RunFailedError("The loss is no longer a finite number.")


def test_a_run_that_fails_is_a_sentence_with_the_place_of_its_log(corpus: Path) -> None:
    with pytest.raises(RunFailedError, match=r"finite number\. \(Its log is .*worker\.log\.\)$"):
        fit_live(corpus, corpus.with_name("m"), minutes=1, launcher=FakeLauncher(fail))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"minutes": 0}, SpecError, "minutes must be from"),
        ({"size": "huge"}, SpecError, r"'huge' is not a possible size\.$"),
        ({"cell": "rnn"}, SpecError, r"'rnn' is not a possible cell\.$"),
        ({"minuets": 3}, SpecError, r"There is no option called minuets\.$"),
        ({"resume": True}, OutputError, "no interrupted run"),
    ],
)
def test_a_wrong_option_is_one_sentence(
    corpus: Path, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        fit_live(corpus, corpus.with_name("m"), launcher=FakeLauncher(), **options)

    assert list(corpus.parent.iterdir()) == [corpus]


# The example


def test_the_example_is_kept_without_outputs() -> None:
    cells = nbformat.read(EXAMPLE, as_version=4).cells  # type: ignore[no-untyped-call]

    code = [cell for cell in cells if cell.cell_type == "code"]
    assert len(code) >= 3
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


@pytest.mark.slow
def test_the_example_trains_and_writes_in_a_real_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    example = nbformat.read(EXAMPLE, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(example, timeout=240, resources={"metadata": {"path": str(tmp_path)}})

    client.execute()

    outputs = [output for cell in example.cells for output in cell.get("outputs", [])]
    pictures = [o for o in outputs if "image/png" in o.get("data", {})]
    texts = [o.text for o in outputs if o.output_type == "stream" and o.name == "stdout"]
    assert len(pictures) == 1, "one place, however often it was drawn"
    assert any("bits per character" in text for text in texts)
    assert load(tmp_path / "live_loss.safetensors").training.steps > 0
    assert is_curve((tmp_path / "live_loss.png").read_bytes())
