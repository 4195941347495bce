"""Ends this process when nobody listens to it any more, so that nothing outlives a killed bot.

A process learns that its pipe is closed when it says its next word, and while it imports,
compiles or measures that may be long after. A thread that waits for nothing else learns it at
once. Where no thread of it gets a turn, because it is stopped or waits for a disk that hangs, only
the system can end it, and Linux does.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


def end_with_listener(descriptor: int) -> None:
    """Let this process end at once when the pipe's other end is closed.

    A file or a terminal has no listener that could go. Nothing is tidied up, as after a power
    cut: whatever matters is written durably.
    """
    pipe = select.poll()
    pipe.register(descriptor, 0)  # the end of a pipe is told unasked
    threading.Thread(target=_wait, args=(pipe,), name="lifeline", daemon=True).start()


def end_with_parent() -> None:
    """Let the system kill this process with the thread that started it, where it can (Linux).

    A parent that has died before this is told by the pipe.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))


def _wait(pipe: select.poll) -> None:
    for _, event in pipe.poll():
        if event & (select.POLLERR | select.POLLHUP):
            os._exit(0)
