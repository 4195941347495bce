"""How fast corpora are read and how much memory that takes: `python -m benchmarks.corpora`.

Makes a large file of each format that grows large, has `python -m training corpus` read it in
a process of its own, as the bot does, and prints how long that took from start to end and the
most memory that the process ever held.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.exports import large_csv, large_json, large_page, large_text

FORMATS = {
    "DiscordChatExporter JSON": large_json,
    "DiscordChatExporter CSV": large_csv,
    "DiscordChatExporter HTML": large_page,
    "plain text": large_text,
}

READER = """
import re, resource, sys
from pathlib import Path
from training.cli import main

code, status = main(), Path("/proc/self/status")
peak = re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1] if status.exists() else (
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(peak)
sys.exit(code)
"""
"""`python -m training`, which then tells its peak. Linux counts into `ru_maxrss` what the process
was before it became this program."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--megabytes", type=int, default=300, metavar="N", help="of each file (300)"
    )
    parser.add_argument("--only", default="", metavar="WORD", help="the formats with WORD in it")
    options = parser.parse_args()
    print("| format | file, MB | text, MB | s | s of CPU | MB/s of CPU | memory, MB |")
    print("|---|---|---|---|---|---|---|")
    for name, make in FORMATS.items():
        if options.only.lower() in name.lower():
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "file"
                with file.open("wb") as out:
                    out.writelines(make(options.megabytes * 10**6))
                print(f"| {name} | {measure(file)} |", flush=True)


def measure(file: Path) -> str:
    """Read a file as the bot does, and return the figures."""
    text, size = file.with_name("corpus.txt"), file.stat().st_size / 1e6
    began, used = time.perf_counter(), processor_seconds()
    memory = peak_memory(file, text) / 1e6
    seconds, used = time.perf_counter() - began, processor_seconds() - used
    written = text.stat().st_size / 1e6
    figures = (f"{written:.0f}", f"{seconds:.1f}", f"{used:.1f}", f"{size / used:.0f}")
    return " | ".join((f"{size:.0f}", *figures, f"{memory:.0f}"))


def processor_seconds() -> float:
    """Return what all processes that were started so far have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def peak_memory(file: Path, text: Path) -> int:
    """Have a process read a file, and return the most bytes of memory it held."""
    command = [sys.executable, "-c", READER, "corpus", "--out", str(text), str(file)]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return int(result.stdout.split()[-1]) * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
