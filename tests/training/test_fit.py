"""`python -m training fit` from the outside, and its bar in terminals of all widths."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ
from typing import TYPE_CHECKING

import pytest

from model.checkpoint import load
from tests.exports import large_json
from training import fit as fit_module
from training.bar import Bar, clock_time
from training.cli import main
from training.events import Event, Finished, Progress, decode
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
TEXT = "Call me Ishmael. Some years ago, never mind how long precisely.\n" * 40
SMALL = ["--layers", "1", "--units", "8", "--batch-size", "4", "--sequence-length", "32"]

FINISHED = Finished(
    checkpoint="model.safetensors",
    step=100,
    epochs=2.0,
    validation_loss=1.0,
    bits_per_character=1.4427,
    seconds=61.0,
    sample="To be",
    novelty=0.97,
    curve="loss.png",
)
CURVE = b"\x89PNG Software\0char-wgu"


def progress(fraction: float) -> Progress:
    return Progress(
        fraction=fraction,
        step=int(100 * fraction),
        epoch=2 * fraction,
        loss=1.5,
        validation_loss=1.6,
        bits_per_character=2.3,
        characters_per_second=25_000.0,
        seconds_left=3_700 * (1 - fraction),
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.txt"
    path.write_text(TEXT)
    return path


def complaint(capfd: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """The one line that a wrong command says, after checking its exit code."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as end:
        code = int(str(end.code))
    output = capfd.readouterr()
    assert code == 2
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert output.err.endswith(".\n")
    return output.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--base", "missing.safetensors"], "could not be read: no such file"),
        (["--base", "/"], "could not be read: is a directory"),
        (["--base", "corpus.txt"], "not a checkpoint that can be used"),
        (
            ["--base", "TINY", "--units", "7"],
            "has 1 layer of 32 LSTM units, so the hidden size cannot be 7",
        ),
        (["--base", "TINY", "--cell", "gru"], "so the cell cannot be gru"),
    ],
)
def test_a_base_that_cannot_be_used_is_one_sentence(
    corpus: Path,
    capfd: pytest.CaptureFixture[str],
    tiny_checkpoint: Path,
    options: list[str],
    words: str,
) -> None:
    files = {"TINY": tiny_checkpoint, "corpus.txt": corpus}
    given = [files.get(option, option) for option in options]

    out = corpus.with_name("m.safetensors")
    assert words in complaint(capfd, "fit", corpus, "--out", out, *given)
    assert sorted(path.name for path in corpus.parent.iterdir()) == ["corpus.txt"]


@pytest.mark.slow
def test_a_run_with_a_base_begins_where_the_base_is(
    corpus: Path, tiny_checkpoint: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its dimensions, its characters' ids and, before the first step, its loss on the new text."""
    out = corpus.with_name("m.safetensors")
    options = ["--base", str(tiny_checkpoint), "--epochs", "1", "--json"]

    assert main(["fit", str(corpus), "--out", str(out), *options]) == 0

    base, tuned = load(tiny_checkpoint), load(out)
    assert tuned.base == hashlib.sha256(tiny_checkpoint.read_bytes()).hexdigest()
    assert tuned.vocabulary.characters.startswith(base.vocabulary.characters)
    assert "C" in tuned.vocabulary.characters
    assert tuned.config.hidden_size == base.config.hidden_size
    lines = capfd.readouterr().out.splitlines()
    assert isinstance(decode(lines[-1]), Finished)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--minutes", "0"], "minutes must be from 0.05"),
        (["--minutes", "nan"], "minutes must be from"),
        (["--minutes", "soon"], "--minutes"),
        (["--epochs", "0"], "epochs must be from 1"),
        (["--epochs", "1.5"], "--epochs"),
        (["--minutes", "1", "--epochs", "1"], "not allowed with"),
        (["--size", "huge"], "--size"),
        (["--cell", "rnn"], "--cell"),
        (["--layers", "0"], "layers must be from 1 to"),
        (["--units", "-5"], "units must be from 1 to"),
        (["--learning-rate", "0"], "learning rate must be from"),
        (["--batch-size", "0"], "batch size must be from 1 to"),
        (["--sequence-length", "0"], "sequence length must be from 1 to"),
        (["--dropout", "1"], "dropout must be from 0.0 to"),
        (["--seed", "-1"], "seed must be from 0 to"),
        (["--batch-size", "64", "--sequence-length", "100"], "training needs at least 6,7"),
        (["--resume"], "no interrupted run"),
        (["--frobnicate"], "--frobnicate"),
    ],
)
def test_a_wrong_option_is_one_sentence(
    corpus: Path, capfd: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    out = corpus.with_name("m.safetensors")

    assert words in complaint(capfd, "fit", corpus, "--out", out, *options)

    assert list(corpus.parent.iterdir()) == [corpus]


@pytest.mark.parametrize("command", [[], ["fit"], ["run"], ["corpus"], ["dance"]])
def test_a_command_that_lacks_something_is_one_sentence(
    capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert complaint(capfd, *command)


def test_a_corpus_that_does_not_do_is_one_sentence(
    tmp_path: Path, corpus: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.safetensors"
    short, empty, binary = (tmp_path / name for name in ("short", "empty", "binary"))
    short.write_text(TEXT[:999])
    empty.touch()
    binary.write_bytes(b"\x7fELF\0\0")

    assert "999 characters" in complaint(capfd, "fit", short, "--out", out)
    assert "is empty" in complaint(capfd, "fit", empty, "--out", out)
    assert "not a text file" in complaint(capfd, "fit", binary, "--out", out)
    assert "could not be read" in complaint(capfd, "fit", tmp_path / "none", "--out", out)
    assert "could not be read" in complaint(capfd, "fit", tmp_path, "--out", out)
    assert "binary is not a text" in complaint(capfd, "fit", corpus, binary, "--out", out)
    assert not out.exists()


def test_a_place_that_cannot_take_the_checkpoint_is_one_sentence(
    tmp_path: Path, corpus: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing" / "m.safetensors"
    in_the_way = tmp_path / "photos.run"
    in_the_way.mkdir()
    (in_the_way / "cat.jpg").touch()

    assert "does not exist" in complaint(capfd, "fit", corpus, "--out", missing)
    assert "is a directory" in complaint(capfd, "fit", corpus, "--out", tmp_path)
    assert "one of the texts" in complaint(capfd, "fit", corpus, "--out", corpus)
    assert "is no run" in complaint(capfd, "fit", corpus, "--out", tmp_path / "photos")
    assert (in_the_way / "cat.jpg").exists()
    assert corpus.read_text() == TEXT


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--layers", "2"], "--layers cannot change"),
        (["--minutes", "7"], "--minutes cannot change"),
    ],
)
def test_a_resumed_run_keeps_its_options(
    corpus: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    out = corpus.with_name("m.safetensors")
    RunDirectory.create(out.with_name("m.safetensors.run"), RunSpec(epochs=1, layers=1), TEXT)

    assert words in complaint(capfd, "fit", corpus, "--out", out, "--resume", *arguments)

    corpus.write_text(TEXT + "more")
    assert "text cannot change" in complaint(capfd, "fit", corpus, "--out", out, "--resume")


@pytest.mark.parametrize("command", [[], ["fit"], ["run"], ["corpus"]])
def test_every_command_explains_itself(
    capfd: pytest.CaptureFixture[str], command: list[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([*command, "--help"])

    assert end.value.code == 0
    assert "usage: python -m training" in capfd.readouterr().out


def drawn(columns: int, events: list[Event]) -> str:
    """What a bar writes to a terminal that is so wide."""
    leader, follower = pty.openpty()
    ioctl(follower, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(follower, "w") as terminal, Bar(terminal) as bar:
        for event in events:
            bar(event)
    with os.fdopen(leader, "rb", buffering=0) as screen:
        written = b""
        try:
            while chunk := screen.read(65536):
                written += chunk
        except OSError:  # the terminal is closed
            pass
    return written.decode()


@pytest.mark.parametrize("columns", [10, 20, 30, 80, 200])
def test_the_bar_stays_on_one_line_and_ends_at_100_percent(columns: int) -> None:
    text = drawn(columns, [*(progress(n / 30) for n in range(31)), FINISHED])

    assert text.count("\n") == 1
    assert text.endswith("\n")
    pictures = re.split(r"[\r\n]+", text.removesuffix("\r\n"))
    assert max(map(len, pictures)) <= columns
    percents = [int(n) for n in re.findall(r"(\d+)%", text)]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert all(percent < 100 for percent in percents[:-2])


def test_the_bar_of_a_run_that_fails_stays_where_it_was() -> None:
    text = drawn(80, [progress(0.5)])

    assert re.findall(r"(\d+)%", text)[-1] == "50"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (65, "1:05"), (7_200, "2:00:00")]
)
def test_time_is_told_as_on_a_clock(seconds: float, text: str) -> None:
    assert clock_time(seconds) == text


class FakeLauncher:
    """Finishes a run without training."""

    async def run(self, directory: Path, on_event: Callable[[Event], None]) -> Finished:
        (directory / "model.safetensors").write_bytes(b"weights")
        (directory / "loss.png").write_bytes(CURVE)
        on_event(progress(0.5))
        on_event(FINISHED)
        return FINISHED


def test_the_run_goes_when_its_checkpoint_is_there(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fit_module, "LocalLauncher", FakeLauncher)
    out = corpus.with_name("m.safetensors")

    assert main(["fit", str(corpus), "--out", str(out)]) == 0

    assert out.read_bytes() == b"weights"
    assert out.with_name("m.png").read_bytes() == CURVE
    names = sorted(path.name for path in out.parent.iterdir())
    assert names == ["corpus.txt", "m.png", "m.safetensors"]
    output = capfd.readouterr()
    assert "1.443 bits per character after 100 steps, 2.0 epochs in 1:01" in output.out
    assert "\n97 % of what it writes is new.\n\nTo be" in output.out
    assert "100%" in output.err


def test_the_run_stays_when_that_is_asked_for(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fit_module, "LocalLauncher", FakeLauncher)
    out = corpus.with_name("m.safetensors")

    assert main(["fit", str(corpus), "--out", str(out), "--keep-run", "--json", "--seed", "3"]) == 0

    directory = RunDirectory(out.with_name("m.safetensors.run"))
    assert directory.read_spec().seed == 3
    assert directory.read_spec().minutes == 3
    assert directory.read_corpus() == TEXT
    lines = capfd.readouterr().out.splitlines()
    assert [decode(line) for line in lines] == [progress(0.5), FINISHED]


def test_an_older_curve_is_replaced_and_another_picture_is_not(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fit_module, "LocalLauncher", FakeLauncher)
    cat, older = corpus.with_name("cat.png"), corpus.with_name("older.png")
    cat.write_bytes(b"\x89PNG and a cat")
    older.write_bytes(CURVE + b" of an earlier run")

    for out in ("cat", "older.safetensors"):
        assert main(["fit", str(corpus), "--out", str(corpus.with_name(out)), "--json"]) == 0

    assert cat.read_bytes() == b"\x89PNG and a cat"
    assert older.read_bytes() == CURVE
    errors = capfd.readouterr().err
    assert errors == f"{cat} is no loss curve of ours, so it was left as it is.\n"


def test_a_checkpoint_is_kept_where_its_curve_cannot_be(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fit_module, "LocalLauncher", FakeLauncher)
    corpus.with_name("m.png").mkdir()
    out = corpus.with_name("m.safetensors")

    assert main(["fit", str(corpus), "--out", str(out), "--json"]) == 0

    assert out.read_bytes() == b"weights"
    assert capfd.readouterr().err.endswith("m.png could not be written: Is a directory.\n")


def fit_process(tmp_path: Path, *options: str) -> subprocess.Popen[str]:
    """`fit` in a process of its own, from a current directory where nothing of ours is."""
    return subprocess.Popen(
        [sys.executable, "-m", "training", "fit", "corpus.txt", "--out", "m.safetensors", *options],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_fit_writes_a_checkpoint_in_the_time_it_was_given(tmp_path: Path, corpus: Path) -> None:
    with fit_process(tmp_path, "--minutes", "0.1", "--json", *SMALL) as process:
        output, errors = process.communicate(timeout=60)

    assert errors == ""
    finished = json.loads(output.splitlines()[-1])
    assert finished["event"] == "finished"
    assert finished["step"] >= 5
    assert load(tmp_path / "m.safetensors").training.steps > 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["corpus.txt", "m.png", "m.safetensors"]


def test_an_interrupted_run_without_a_snapshot_leaves_nothing(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt(launcher: object, directory: Path, on_event: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeLauncher, "run", interrupt)
    monkeypatch.setattr(fit_module, "LocalLauncher", FakeLauncher)

    assert main(["fit", str(corpus), "--out", str(corpus.with_name("m")), "--json"]) == 130

    assert "nothing is kept" in capfd.readouterr().err
    assert list(corpus.parent.iterdir()) == [corpus]


@pytest.mark.slow
def test_ctrl_c_ends_the_worker_and_says_how_to_go_on(tmp_path: Path, corpus: Path) -> None:
    with fit_process(tmp_path, "--minutes", "60", "--json", *SMALL) as process:
        assert process.stdout is not None
        assert '"started"' in process.stdout.readline()
        directory = RunDirectory(tmp_path / "m.safetensors.run")
        directory.snapshot.write_bytes(b"one that the worker wrote after 30 seconds")

        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert process.returncode == 130
    assert errors.count("\n") == 1
    assert "--resume" in errors
    assert directory.snapshot.exists()
    with directory.hold(wait_seconds=0):  # the worker is gone
        pass


def test_a_checkpoint_that_was_there_stays_when_fit_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "m.safetensors"
    out.write_bytes(b"precious")

    complaint(capfd, "fit", tmp_path / "none", "--out", out)

    assert out.read_bytes() == b"precious"


@pytest.mark.slow
def test_a_large_export_of_a_channel_trains(tmp_path: Path) -> None:
    """Some MB of JSON. Of one with 300 MB docs/benchmarks.md tells."""
    with (tmp_path / "corpus.txt").open("wb") as file:
        file.writelines(large_json(4_000_000))

    with fit_process(tmp_path, "--minutes", "0.2", "--json", *SMALL) as process:
        events, errors = process.communicate(timeout=120)

    assert process.returncode == 0, errors
    finished = decode(events.splitlines()[-1].encode())
    assert isinstance(finished, Finished)
    vocabulary = load(tmp_path / "m.safetensors").vocabulary
    assert {"🐋", "ï"} < set(vocabulary.characters)
    assert not {"{", '"'} & set(vocabulary.characters), "what is around the messages"
