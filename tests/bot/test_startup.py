"""`run_bot.py` as a process, with a real sandbox: how it starts, refuses to, and ends."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.settings import Settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.slow  # starts processes

ROOT = Path(__file__).parents[2]


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without any setting of the bot but these."""
    settings = {variable(name) for name in Settings.model_fields}
    kept = {name: value for name, value in os.environ.items() if name not in settings}
    return {**kept, **(variables or {})}


@dataclass
class Running:
    """A run_bot.py that may still run."""

    process: subprocess.Popen[str]
    data: Path

    @classmethod
    def start(
        cls, data: Path, *options: str, variables: Mapping[str, str] | None = None
    ) -> Running:
        data.mkdir(exist_ok=True)
        command = [sys.executable, str(ROOT / "run_bot.py"), "--data", str(data), *options]
        with (data / "stderr").open("w") as stderr:
            process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                cwd=data,
                env=environment(variables),
            )
        return cls(process, data)

    def address(self) -> str:
        """What it prints once it is connected."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("Sandbox: http://127.0.0.1:"), self.log()
        return line.removeprefix("Sandbox: ").strip()

    def ended(self) -> int:
        """The exit code, within the time that a stop may take; stdout says nothing more."""
        rest, _ = self.process.communicate(timeout=20)
        assert rest == ""
        return self.process.returncode

    def log(self) -> str:
        return (self.data / "stderr").read_text()

    def sandbox(self) -> psutil.Process:
        [child] = psutil.Process(self.process.pid).children()
        return child


def refusal(data: Path, *options: str, variables: Mapping[str, str] | None = None) -> str:
    """The last line on stderr of a bot that cannot start; it must be its only complaint."""
    bot = Running.start(data, *options, variables=variables)
    output, _ = bot.process.communicate(timeout=20)
    assert bot.process.returncode == 2, bot.log()
    assert output == ""
    assert "Traceback" not in bot.log()
    return bot.log().splitlines()[-1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bots")


@pytest.fixture(scope="module")
def bots(folder: Path) -> Iterator[list[Running]]:
    """Three bots in sandboxes; they wait for their servers at the same time."""
    bots = [Running.start(folder / str(n), "--port", "0") for n in range(3)]
    yield bots
    for bot in bots:
        bot.process.kill()
        bot.process.communicate()


def test_a_second_bot_on_one_data_directory_does_not_start(bots: list[Running]) -> None:
    bots[0].address()
    folder = bots[0].data / "sandbox" / "bot"

    sentence = refusal(bots[0].data, "--port", "0")

    assert sentence == (
        f"The data directory {folder} cannot be used: another bot is using it; "
        "choose another one with --data."
    )
    assert [path for path in folder.rglob("*") if path.stat().st_mode & 0o077] == []


def test_a_stopped_bot_says_one_line_and_leaves_nothing_running(bots: list[Running]) -> None:
    bot = bots[0]
    sandbox = bot.sandbox()

    bot.process.send_signal(signal.SIGTERM)

    assert bot.ended() == 0, bot.log()
    assert not sandbox.is_running()
    assert "Traceback" not in bot.log()


def test_a_killed_bot_takes_its_sandbox_along(bots: list[Running]) -> None:
    bot = bots[1]
    bot.address()
    sandbox = bot.sandbox()

    bot.process.kill()

    assert psutil.wait_procs([sandbox], timeout=10)[1] == []


def test_a_bot_whose_sandbox_dies_ends_with_a_sentence(bots: list[Running]) -> None:
    bot = bots[2]
    bot.address()

    bot.sandbox().kill()

    assert bot.ended() == 2
    assert bot.log().splitlines()[-1] == (
        "The sandbox has ended by itself (exit code -9); please start the bot again."
    )


def test_ctrl_c_while_it_starts_is_a_stop_too(folder: Path) -> None:
    bot = Running.start(folder / "interrupted", "--port", "0")
    while "connected to Gateway" not in bot.log():
        assert bot.process.poll() is None, bot.log()
        time.sleep(0.01)

    bot.process.send_signal(signal.SIGINT)

    assert bot.ended() == 0, bot.log()


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        sentence = refusal(tmp_path, "--port", str(port))

    assert sentence == (
        f"Port {port} is in use by another program; choose another one with --port."
    )


def test_no_network_is_one_sentence(tmp_path: Path) -> None:
    nobody = {"DISCORD_TOKEN": "some.token", "CHARWGU_DISCORD_URL": "http://127.0.0.1:1"}

    sentence = refusal(tmp_path, variables=nobody)

    assert sentence.startswith("Discord cannot be reached: ")


def test_a_wrong_token_is_one_sentence_without_the_token(tmp_path: Path) -> None:
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "bot.sandbox", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert sandbox.stdout is not None
    with sandbox, sandbox.stdout:
        url = sandbox.stdout.readline().removeprefix("Sandbox: ").strip()
        variables = {"DISCORD_TOKEN": "wrong", "CHARWGU_DISCORD_URL": url}
        sentence = refusal(tmp_path, variables=variables)
        sandbox.terminate()

    assert sentence.startswith("Discord does not accept the token in DISCORD_TOKEN; ")


def test_a_damaged_catalog_is_one_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.sqlite3"
    catalog.write_bytes(b"this is no database" * 100)

    sentence = refusal(tmp_path, variables={"DISCORD_TOKEN": "some.token"})

    assert sentence.startswith(f"The catalog {catalog} cannot be used: it is damaged (")
    assert catalog.read_bytes() == b"this is no database" * 100


def test_a_newer_catalog_is_one_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(catalog)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    content = catalog.read_bytes()

    sentence = refusal(tmp_path, variables={"DISCORD_TOKEN": "some.token"})

    assert "a newer version of the bot wrote it (format 9999; " in sentence
    assert catalog.read_bytes() == content


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    assert refusal(tmp_path, variables={"CHARWGU_PARALLEL_RUNS": "many"}) == (
        "The setting CHARWGU_PARALLEL_RUNS is wrong: it should be a valid integer."
    )


@pytest.mark.parametrize("port", ["-1", "65536", "eight", "²"])
def test_a_wrong_port_is_one_sentence(tmp_path: Path, port: str) -> None:
    assert refusal(tmp_path, "--port", port).endswith(f"{port} is no port from 0 to 65535")


CHEAP = """
import os, sys
import run_bot
with run_bot._environment(run_bot.ONE_THREAD):
    import bot.startup
assert not {"tensorflow", "keras", "matplotlib"} & set(sys.modules), "imports what is expensive"
assert "OMP_NUM_THREADS" not in os.environ, "workers would train with one thread"
if os.path.exists("/proc/self/task"):
    assert len(os.listdir("/proc/self/task")) == 1, "NumPy has started threads"
"""


def test_the_bots_process_stays_small() -> None:
    """It imports neither TensorFlow nor matplotlib, and NumPy starts no threads in it."""
    variables = environment()
    variables.pop("OMP_NUM_THREADS", None)

    done = subprocess.run([sys.executable, "-c", CHEAP], cwd=ROOT, env=variables, check=False)

    assert done.returncode == 0
