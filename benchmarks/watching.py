"""`python -m benchmarks.watching COMMAND…`: when its first character came, and its memory.

A process of its own, since a system tells only about the largest of all children.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

from benchmarks.networks import megabytes

if __name__ == "__main__":
    began = time.perf_counter()
    with subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE) as process:
        if process.stdout is None:
            raise RuntimeError("there is no output to read")
        process.stdout.read(1)
        seconds = time.perf_counter() - began
        process.communicate()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    least = min(seconds, usage.ru_utime + usage.ru_stime)  # a busy machine makes it wait
    print(json.dumps([least, megabytes(resource.RUSAGE_CHILDREN)]))
