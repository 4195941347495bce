"""How good the text is after some minutes: `python -m benchmarks.quality TEXT --minutes 2 3`.

The network is trained on the first nine tenths of a text, exactly as a user would, and
`python -m model evaluate` scores the rest, which it has never seen. With --usual, a script as it is
usually written in PyTorch (`benchmarks.usual`) gets the same text and the same minutes afterward.
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
    parser.add_argument("--usual", action="store_true", help="and PyTorch, the usual way")
    options, fit_options = parser.parse_known_args()
    if not options.text.is_file():
        sys.stderr.write(f"There is no text at {options.text}; name one.\n")
        return 2
    text = options.text.read_text(encoding="utf-8")
    cut = len(text) * 9 // 10
    with tempfile.TemporaryDirectory() as name:
        learn, score = Path(name, "learn.txt"), Path(name, "score.txt")
        learn.write_text(text[:cut], encoding="utf-8", newline="")
        score.write_text(text[cut:], encoding="utf-8", newline="")
        for minutes in options.minutes:
            label = f"{options.text.name} {minutes:g} minutes"
            nats, sample = measure(learn, score, minutes, fit_options)
            print(f"{label}: {nats:.4f} nats per character\n{sample}", flush=True)
            if options.usual:
                found = run("benchmarks.usual", str(learn), str(score), str(minutes))
                print(f"{label}, PyTorch the usual way: {nats_in(found):.4f}", flush=True)
    return 0


def measure(learn: Path, score: Path, minutes: float, fit_options: list[str]) -> tuple[float, str]:
    """Train on one text, score another, and write a little."""
    checkpoint = str(learn.with_name("model.safetensors"))
    fit = ["training", "fit", str(learn), "--out", checkpoint]
    run(*fit, "--minutes", str(minutes), *fit_options)
    nats = nats_in(run("model", "evaluate", checkpoint, str(score)))
    return nats, run("model", "generate", checkpoint, "--length", "500", "--seed", "1")


def nats_in(output: str) -> float:
    """The figure in what `evaluate` prints."""
    return float(json.loads(output)["nats_per_character"])


def run(module: str, *arguments: str) -> str:
    """One of our programs; its progress bar stays visible."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
