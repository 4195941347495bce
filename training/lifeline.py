"""Ends this process when nobody listens to it any more.

A process learns that its pipe is closed when it says its next word, and while it imports,
compiles or measures that may be long after. A thread that waits for nothing else learns it at
once, so that nothing outlives a bot that was killed.
"""

from __future__ import annotations

import os
import select
import threading


def end_with_listener(descriptor: int) -> None:
    """Let this process end at once when the pipe's other end is closed.

    A file or a terminal has no listener that could go. Nothing is tidied up, as after a power
    cut: whatever matters is written durably.
    """
    pipe = select.poll()
    pipe.register(descriptor, 0)  # the end of a pipe is told unasked
    threading.Thread(target=_wait, args=(pipe,), name="lifeline", daemon=True).start()


def _wait(pipe: select.poll) -> None:
    for _, event in pipe.poll():
        if event & (select.POLLERR | select.POLLHUP):
            os._exit(0)
