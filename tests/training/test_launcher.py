"""The launcher with fake workers: small scripts in place of `python -m training`."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from training import launcher as launcher_module
from training import limits as limits_module
from training.errors import (
    CorpusBrokeOffError,
    CorpusEncodingError,
    CorpusError,
    CorpusLineTooLongError,
)
from training.events import Event, Failed, Finished, Progress, encode
from training.launcher import LONGEST_LINE, LocalLauncher
from training.limits import Limits
from training.run_directory import RunDirectory
from training.run_errors import RunFailedError, WorkerLostError
from training.spec import RunSpec

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

FINISHED = Finished(
    checkpoint="model.safetensors",
    step=1,
    epochs=1.0,
    validation_loss=1.0,
    bits_per_character=1.4,
    seconds=1.0,
    sample="text",
)
PROGRESS = Progress(
    fraction=0.5,
    step=1,
    epoch=1.0,
    loss=1.0,
    validation_loss=None,
    bits_per_character=None,
    characters_per_second=1.0,
    seconds_left=1.0,
)


def fake(script: str, limits: Limits | None = None) -> LocalLauncher:
    """A launcher whose worker is a script; `say` writes an event's line."""
    head = "import os, signal, sys, time\ndef say(line): print(line, flush=True)\n"
    return LocalLauncher([sys.executable, "-c", head + script], limits=limits)


def ignore(event: Event) -> None:
    """Listen to nothing."""


async def test_events_arrive_in_order_and_the_last_is_the_result(tmp_path: Path) -> None:
    heard: list[Event] = []
    script = f"say({encode(PROGRESS)!r}); say({encode(FINISHED)!r})"

    finished = await fake(script).run(tmp_path, heard.append)

    assert finished == FINISHED
    assert heard == [PROGRESS, FINISHED]


async def test_lines_that_are_no_events_are_passed_over(tmp_path: Path) -> None:
    heard: list[Event] = []
    script = (
        f"say('noise'); say('x' * {3 * LONGEST_LINE}); say('[' * 9999)\n"
        f"os.write(1, bytes([255, 10])); say({encode(FINISHED)!r})"
    )

    await fake(script).run(tmp_path, heard.append)

    assert heard == [FINISHED]


async def test_a_failure_is_the_workers_own_sentence(tmp_path: Path) -> None:
    script = f"say({encode(Failed(reason='The disk is full.'))!r}); sys.exit(2)"

    with pytest.raises(RunFailedError, match=r"^The disk is full\.$"):
        await fake(script).run(tmp_path, ignore)


async def test_a_failure_comes_with_what_it_is_about(tmp_path: Path) -> None:
    told = Failed(reason="No.", error="CorpusLineTooLongError", facts={"name": "a", "limit": 5})

    with pytest.raises(RunFailedError) as failed:
        await fake(f"say({encode(told)!r})").run(tmp_path, ignore)

    assert isinstance(failed.value.error, CorpusLineTooLongError)
    assert (failed.value.error.name, failed.value.error.limit) == ("a", 5)


@pytest.mark.parametrize("error", ["", "LaterError", "SystemExit", "printable"])
async def test_a_failure_of_another_version_is_its_sentence(tmp_path: Path, error: str) -> None:
    script = f"say({encode(Failed(reason='No.', error=error))!r})"

    with pytest.raises(RunFailedError, match=r"^No\.$") as failed:
        await fake(script).run(tmp_path, ignore)

    assert str(failed.value.error or "No.") == "No."


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("sys.exit(3)", r"exit code 3"),
        ("os.close(1); time.sleep(0.3); os._exit(4)", r"exit code 4"),
        ("os.kill(os.getpid(), signal.SIGKILL)", r"signal 9 \(Killed\)"),
        (f"say({encode(PROGRESS)!r})", r"exit code 0"),
    ],
)
async def test_a_worker_that_dies_without_a_word_is_a_failure(
    tmp_path: Path, script: str, why: str
) -> None:
    with pytest.raises(WorkerLostError, match=why):
        await fake(script).run(tmp_path, ignore)


GREEDY = "hoard = bytearray(200 * 2**20); say('{}'); time.sleep(60)"
DEAF = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); say({encode(PROGRESS)!r}); time.sleep(60)"
STOPPED = "os.kill(os.getpid(), signal.SIGSTOP)"
TALKATIVE = f"while True: say({encode(PROGRESS)!r}); time.sleep(0.02)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "limits", "why"),
    [
        (GREEDY, Limits(memory=100 * 2**20), "needed more than the 100 MiB of memory"),
        (DEAF, Limits(silence=0.3), r"had said nothing for 0\.3 seconds"),
        (STOPPED, Limits(silence=0.3), r"had said nothing for 0\.3 seconds"),
        (TALKATIVE, Limits(silence=0.3, overtime=0.2), "took much longer than it was given"),
    ],
)
async def test_a_worker_that_goes_beyond_a_limit_is_killed_and_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, limits: Limits, why: str
) -> None:
    monkeypatch.setattr(limits_module, "LOOK_SECONDS", 0.1)
    directory = RunDirectory.create(tmp_path / "run", RunSpec(minutes=0.05), "text")

    with pytest.raises(WorkerLostError, match=why):
        await fake(script, limits).run(directory.path, ignore)

    assert not psutil.Process().children()
    assert "The training broke off" in directory.log.read_text(), "for whoever looks for the cause"


@pytest.mark.slow
async def test_a_worker_within_its_limits_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lives three times as long as it may be silent."""
    monkeypatch.setattr(limits_module, "LOOK_SECONDS", 0.05)
    script = f"for _ in range(30): say({encode(PROGRESS)!r}); time.sleep(0.05)\n"
    limits = Limits(memory=2**30, silence=0.5)

    finished = await fake(script + f"say({encode(FINISHED)!r})", limits).run(tmp_path, ignore)

    assert finished == FINISHED


async def started(launcher: LocalLauncher, path: Path) -> tuple[asyncio.Task[Finished], int]:
    """Start a run; return its task and its worker's process id, once it has said a word."""
    heard = asyncio.Event()
    task = asyncio.create_task(launcher.run(path, lambda _: heard.set()))
    await heard.wait()
    (worker,) = psutil.Process().children()
    return task, worker.pid


def is_alive(pid: int) -> bool:
    """Whether a process runs, though nobody may have collected it yet."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_canceling_ends_the_worker_before_it_returns(tmp_path: Path) -> None:
    task, worker = await started(fake(f"say({encode(PROGRESS)!r}); time.sleep(60)"), tmp_path)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not psutil.pid_exists(worker)


async def test_a_worker_that_ignores_the_request_to_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher_module, "GRACE_SECONDS", 0.2)
    deaf = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); say({encode(PROGRESS)!r})\n"
    task, worker = await started(fake(deaf + "while True: time.sleep(60)"), tmp_path)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not psutil.pid_exists(worker)


async def test_a_second_cancellation_kills_at_once(tmp_path: Path) -> None:
    deaf = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); say({encode(PROGRESS)!r})\n"
    task, worker = await started(fake(deaf + "while True: time.sleep(60)"), tmp_path)
    began = asyncio.get_running_loop().time()

    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with asyncio.timeout_at(began + launcher_module.GRACE_SECONDS):
        while is_alive(worker):  # noqa: ASYNC110 - no event tells of a process's death
            await asyncio.sleep(0.01)


async def test_a_listener_that_fails_ends_the_worker(tmp_path: Path) -> None:
    workers: list[int] = []

    def fail(event: Event) -> None:
        workers.extend(child.pid for child in psutil.Process().children())
        raise LookupError

    with pytest.raises(LookupError):
        await fake(f"say({encode(PROGRESS)!r}); time.sleep(60)").run(tmp_path, fail)

    assert workers
    assert not psutil.pid_exists(workers[0])


async def test_what_the_worker_says_on_stderr_is_kept_in_its_log(tmp_path: Path) -> None:
    script = f"print('careful', file=sys.stderr); say({encode(FINISHED)!r}); sys.stderr.flush()"

    await fake(script).run(tmp_path, ignore)

    log = tmp_path / "worker.log"
    assert log.read_text() == "careful\n"
    assert log.stat().st_mode & 0o077 == 0


async def test_the_loop_never_waits_for_a_worker(tmp_path: Path) -> None:
    task = asyncio.create_task(
        fake(f"time.sleep(0.5); say({encode(FINISHED)!r})").run(tmp_path, ignore)
    )

    longest, last = 0.0, time.monotonic()
    while not task.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()

    assert longest < 0.3


async def test_a_corpus_is_read_from_any_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "training" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    (tmp_path / "-odd name.txt").write_bytes(b"one\r\ntwo")
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "corpus.txt"

    summary = await LocalLauncher().read_corpus([tmp_path / "-odd name.txt"], out)

    assert out.read_bytes() == b"one\ntwo"
    assert (summary.characters, summary.distinct) == (7, 6)
    assert summary.description == "Plain text (UTF-8): 7 characters, 6 different ones"


async def test_a_corpus_that_is_refused_comes_with_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfa")

    with pytest.raises(CorpusEncodingError, match=r"^This file is not in UTF-8, [^\n]*\.$"):
        await LocalLauncher().read_corpus([tmp_path / "a.txt"], tmp_path / "corpus.txt")

    assert not (tmp_path / "corpus.txt").exists()


async def test_a_corpus_is_chosen_from_by_the_launcher(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("author_id,content\n1,one\n22,two\n3,three\n")

    await LocalLauncher().read_corpus(
        [tmp_path / "a.csv"], tmp_path / "corpus.txt", authors=["1", "22"], names=True
    )

    assert (tmp_path / "corpus.txt").read_text() == "22: two\n1: one\n"


async def test_neither_a_sentence_nor_a_text_gets_into_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Names of files in archives and of people are somebody's text."""
    (tmp_path / "a.csv").write_text("author_id,content\n1,SECRET\n")

    with pytest.raises(CorpusError, match="Nobody called SECRET"):
        await LocalLauncher().read_corpus(
            [tmp_path / "a.csv"], tmp_path / "corpus.txt", authors=["SECRET"]
        )
    with pytest.raises(CorpusError, match="broke off"):
        await fake("raise ValueError('SECRET')").read_corpus([tmp_path], tmp_path / "out")

    assert "reading a corpus: its worker ended with exit code 1" in caplog.text
    assert "SECRET" not in caplog.text


async def test_a_reader_that_breaks_off_or_hangs_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CorpusError, match="broke off"):
        await fake("os.kill(os.getpid(), 9)").read_corpus([tmp_path], tmp_path / "out")
    monkeypatch.setattr(launcher_module, "CORPUS_SECONDS", 0.1)
    with pytest.raises(CorpusError, match="too long"):
        await fake("time.sleep(60)").read_corpus([tmp_path], tmp_path / "out")

    assert not psutil.Process().children()


async def test_a_worker_that_is_asked_to_finish_finds_a_file_that_outlives_a_crash(
    tmp_path: Path,
) -> None:
    script = (
        f"say({encode(PROGRESS)!r})\n"
        "while not os.path.exists(sys.argv[-1] + '/finish'): time.sleep(0.01)\n"
        f"say({encode(FINISHED)!r})"
    )
    launcher = fake(script)
    task, _ = await started(launcher, tmp_path)

    await launcher.finish(tmp_path)

    assert await task == FINISHED
    assert (tmp_path / "finish").exists(), "a worker that had died would find it too"


async def test_asking_a_run_to_finish_that_is_gone_does_nothing(tmp_path: Path) -> None:
    await fake("").finish(tmp_path / "nowhere")


async def test_no_process_gets_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "SECRET")
    monkeypatch.setenv("ANOTHER", "kept")
    tell = "print(os.environ.get('DISCORD_TOKEN'), os.environ['ANOTHER'], file=sys.stderr)\n"
    say = f"say({encode(FINISHED)!r}); sys.stderr.flush()"

    await fake(tell + say).run(tmp_path, ignore)
    with pytest.raises(CorpusError, match=r"^None kept$"):
        await fake(tell + "sys.exit(2)").read_corpus([tmp_path], tmp_path / "out")

    assert (tmp_path / "worker.log").read_text() == "None kept\n"


GREEDY_READER = """
import training.cli as cli
from training.corpus import CorpusSummary
def hoard(options):
    bytearray(2 * 2**30)
    return CorpusSummary(characters=1, distinct=1, description="")
cli.write_for_launcher = hoard
cli.main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems hold no process to a limit")
async def test_a_reader_that_takes_too_much_memory_is_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(CorpusBrokeOffError):
        await fake(GREEDY_READER).read_corpus([tmp_path], tmp_path / "out")

    assert "exit code 1" in caplog.text, "the system refused it, and Python said so"


async def test_what_may_be_unpacked_reaches_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a line\n" * 200_000)

    with pytest.raises(CorpusError, match="more than 1 MiB"):
        await LocalLauncher().read_corpus(
            [tmp_path / "a.txt"], tmp_path / "corpus.txt", unpacked_limit=2**20
        )
