"""`python -m model generate | evaluate | describe`: a checkpoint on the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from model.threads import ONE_THREAD

if __name__ == "__main__":
    os.environ.update(ONE_THREAD)  # NumPy reads it while it is imported

from model.checkpoint import describe, load
from model.errors import ModelError
from model.evaluation import evaluate
from model.generation import Writer, begin, write
from model.sampling import Sampling

PIECE = 100
"""Characters written before they are shown, so that a long text appears while it grows."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors are one sentence on stderr and exit code 2."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except BrokenPipeError:  # whoever reads has seen enough: `| head`, for one
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more
        return 0
    except KeyboardInterrupt:
        return 130
    except (ModelError, OSError, ValueError) as error:
        sys.stderr.write(f"{_sentence(error)}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m model", description=__doc__)
    commands = parser.add_subparsers(required=True)

    generate = commands.add_parser("generate", help="write a text")
    generate.add_argument("checkpoint", type=Path)
    generate.add_argument("--length", type=_whole_number, default=400, help="in characters")
    generate.add_argument("--temperature", type=float, default=0.8, help="0 to 2; 0: likeliest")
    generate.add_argument("--top-k", type=int, help="only among the K likeliest characters")
    generate.add_argument("--top-p", type=float, help="only among the likeliest that reach P")
    generate.add_argument("--prompt", default="", help="text to go on from")
    generate.add_argument("--seed", type=int, help="the same seed gives the same text")
    generate.add_argument(
        "--stop", action="append", default=[], help="end before this text; may be repeated"
    )
    generate.set_defaults(command=_generate)

    evaluation = commands.add_parser("evaluate", help="score a text (JSON)")
    evaluation.add_argument("checkpoint", type=Path)
    evaluation.add_argument("textfile", type=Path)
    evaluation.set_defaults(command=_evaluate)

    description = commands.add_parser("describe", help="everything the header says (JSON)")
    description.add_argument("checkpoint", type=Path)
    description.set_defaults(command=_describe)
    return parser


def _generate(options: argparse.Namespace) -> None:
    sampling = Sampling(temperature=options.temperature, top_k=options.top_k, top_p=options.top_p)
    writer = Writer(load(options.checkpoint))
    seed = int.from_bytes(os.urandom(6)) if options.seed is None else options.seed
    bookmark, skipped = begin(writer, prompt=options.prompt, seed=seed)
    _warn("of the prompt", skipped)
    _warn("of a stop text", writer.vocabulary.unknown_in("".join(options.stop)))
    shown = options.prompt
    for before in range(0, options.length, PIECE):
        length = min(PIECE, options.length - before)
        passage = write(writer, bookmark, length=length, sampling=sampling, stop=options.stop)
        sys.stdout.write(shown + passage.text)
        sys.stdout.flush()
        shown, bookmark = "", passage.bookmark
        if passage.stopped:
            break
    sys.stdout.write("\n")


def _warn(place: str, unknown: str) -> None:
    if unknown:
        sys.stderr.write(f"The model does not know these characters {place}: {unknown!r}\n")


def _evaluate(options: argparse.Namespace) -> None:
    text = options.textfile.read_bytes().decode("utf-8-sig")
    figures = evaluate(load(options.checkpoint), text)
    sys.stdout.write(f"{json.dumps(figures._asdict())}\n")


def _describe(options: argparse.Namespace) -> None:
    description = describe(load(options.checkpoint))
    sys.stdout.write(f"{json.dumps(description, ensure_ascii=False, indent=2)}\n")


def _whole_number(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _sentence(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "This file is not UTF-8 text."
        case OSError(filename=str(name), strerror=str(reason)):
            return f"{name}: {reason}."
        case _:
            return str(error)


if __name__ == "__main__":
    sys.exit(main())
