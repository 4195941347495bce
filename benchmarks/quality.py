"""How good the text is after some minutes: `python -m benchmarks.quality TEXT --minutes 2 3`.

The network is trained on the first nine tenths of a text, exactly as a user would, and
`python -m model evaluate` scores the rest, which it has never seen.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

BENCHMARK = Path(__file__).parent.parent.parent / "shared" / "data" / "tinyshakespeare.txt"


def main() -> int:
    """Print one line for each number of minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="?", default=BENCHMARK)
    parser.add_argument("--minutes", type=float, nargs="+", default=[2.0])
    options, fit_options = parser.parse_known_args()
    if not options.text.is_file():
        sys.stderr.write(f"There is no text at {options.text}; name one.\n")
        return 2
    for minutes in options.minutes:
        nats, sample = measure(options.text.read_text(encoding="utf-8"), minutes, fit_options)
        print(f"{options.text.name} {minutes:g} minutes: {nats:.4f} nats per character")
        print(sample)
    return 0


def measure(text: str, minutes: float, fit_options: list[str]) -> tuple[float, str]:
    """Train on the first nine tenths, score the rest, and write a little."""
    cut = len(text) * 9 // 10
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "learn.txt").write_text(text[:cut], encoding="utf-8", newline="")
        (folder / "score.txt").write_text(text[cut:], encoding="utf-8", newline="")
        checkpoint = str(folder / "model.safetensors")
        fit = ["training", "fit", str(folder / "learn.txt"), "--out", checkpoint]
        run(*fit, "--minutes", str(minutes), *fit_options)
        scored = json.loads(run("model", "evaluate", checkpoint, str(folder / "score.txt")))
        sample = run("model", "generate", checkpoint, "--length", "500", "--seed", "1")
    return float(scored["nats_per_character"]), sample


def run(module: str, *arguments: str) -> str:
    """One of our programs; its progress bar stays visible."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
