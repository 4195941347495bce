"""Nothing outlives the process that started it, not even where no thread of it gets a turn."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.house import ROOT
from training.events import Finished, encode
from training.launcher import LocalLauncher
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot do it"),
]

PARENT = """
import asyncio, pathlib, sys
from training.launcher import LocalLauncher
asyncio.run(LocalLauncher().run(pathlib.Path(sys.argv[1]), lambda _: print("up", flush=True)))
"""

TELLS_ITS_ARGUMENTS = """
import sys
with open(sys.argv[-1] + "/arguments", "w") as file:
    file.write(" ".join(sys.argv))
"""

FINISHED = Finished(
    checkpoint="model.safetensors",
    step=1,
    epochs=1.0,
    validation_loss=1.0,
    bits_per_character=1.4,
    seconds=1.0,
    sample="text",
)


def test_a_stopped_worker_ends_when_its_bot_is_killed(tmp_path: Path) -> None:
    spec = RunSpec(minutes=60, layers=1, units=8, batch_size=4, sequence_length=32)
    directory = RunDirectory.create(tmp_path / "run", spec, "Call me Ishmael.\n" * 100)
    command = [sys.executable, "-c", PARENT, str(directory.path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "up\n"
        [worker] = psutil.Process(parent.pid).children()
        worker.suspend()

        parent.kill()

        assert psutil.wait_procs([worker], timeout=10)[1] == []
    with directory.hold(wait_seconds=0):
        pass


@pytest.mark.parametrize("is_main", [True, False])
async def test_only_a_thread_that_lasts_takes_its_worker_along(
    tmp_path: Path, *, is_main: bool
) -> None:
    """In a notebook a thread of its own starts the worker, and may end before it."""
    script = f"{TELLS_ITS_ARGUMENTS}\nprint({encode(FINISHED)!r})"
    run = LocalLauncher([sys.executable, "-c", script]).run(tmp_path, lambda _: None)

    await (run if is_main else asyncio.to_thread(asyncio.run, run))

    assert ("--with-parent" in (tmp_path / "arguments").read_text()) is is_main
