"""The command line of `python -m training`: parse, one call, exit code.

Whatever is wrong with what was typed is one sentence on stderr and exit code 2.
"""

from __future__ import annotations

import argparse
import dataclasses
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from model.config import Cell
from model.errors import ModelError
from storage.files import written_durably
from training.corpora.sources import UNPACKED_LIMIT
from training.corpus import split_authors, write_corpus
from training.errors import TrainingError
from training.lifeline import end_with_listener, end_with_parent
from training.memory import limit_memory
from training.spec import RunSpec, Size
from training.telling import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.corpus import CorpusSummary

FILES = "texts, exports of chats, subtitles; or ZIP and gzip archives of them"


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage around it."""

    def error(self, message: str) -> NoReturn:
        """End the process."""
        self.exit(2, f"{self.prog}: {message}.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return the process's exit code."""
    options = make_parser().parse_args(arguments)
    if options.with_parent:
        end_with_parent()
    try:
        code: int = options.command(options)
    except (TrainingError, ModelError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except BrokenPipeError:  # such as `corpus FILE | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        sys.stderr.write(f"{error.filename or 'The disk'}: {error.strerror or error}.\n")
        return 2
    return code


def make_parser() -> Parser:
    """Return the parser; its `command` is the function to call."""
    parser = Parser(prog="python -m training", description="Train a network to write like a text.")
    parser.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_fit(commands.add_parser("fit", help="train on a text and write a checkpoint"))
    add_run(commands.add_parser("run", help="carry out the run in a directory, as the worker"))
    add_corpus(commands.add_parser("corpus", help="show the text that training would read"))
    return parser


def add_fit(parser: argparse.ArgumentParser) -> None:
    """Add the options of `fit`; those of a run have no default here, so that all are told."""
    parser.description = "Train on a text and write a checkpoint. What is not given is chosen."
    add = parser.add_argument
    add("corpus", nargs="*", type=Path, metavar="CORPUS", help=FILES)
    add("--out", type=Path, required=True, metavar="FILE", help="the checkpoint to write")
    lasts = parser.add_mutually_exclusive_group()
    lasts.add_argument("--minutes", type=float, metavar="M", help="how long it takes (3)")
    lasts.add_argument("--epochs", type=int, metavar="N", help="passes over the text instead")
    add("--base", type=Path, metavar="FILE", help="a checkpoint to start from")
    add("--size", type=Size, choices=list(Size), help="3x128, 2x256 or 2x512 (auto)")
    add("--cell", type=Cell, choices=list(Cell), help="the recurrent cell (lstm)")
    add("--layers", type=int, metavar="N", help="recurrent layers")
    add("--units", type=int, metavar="N", help="hidden size of each layer")
    add("--learning-rate", type=float, metavar="X", help="the schedule's peak")
    add("--batch-size", type=int, metavar="N", help="streams read in parallel")
    add("--sequence-length", type=int, metavar="N", help="characters per stream and step")
    add("--dropout", type=float, metavar="P", help="part of the values hidden while training")
    add("--seed", type=int, metavar="N", help="fixes the random generator (0)")
    add("--resume", action="store_true", help="go on with the interrupted run in OUT.run")
    add("--keep-run", action="store_true", help="leave OUT.run there at the end")
    add("--json", action="store_true", help="print the worker's events instead of a bar")
    add_choice(parser)
    parser.set_defaults(command=fit, error=parser.error)


def add_run(parser: argparse.ArgumentParser) -> None:
    """Add the options of `run`."""
    parser.description = "Carry out the run in a directory; events go to stdout as JSON lines."
    parser.add_argument("directory", type=Path, metavar="DIRECTORY", help="a run's directory")
    parser.add_argument(
        "--snapshot-seconds",
        type=float,
        default=30.0,
        metavar="N",
        help="from one snapshot to the next (30)",
    )
    parser.set_defaults(command=run)


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """Add the options of `corpus`."""
    parser.description = "Print exactly the text that training would read, however short."
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=FILES)
    parser.add_argument("--describe", action="store_true", help="print what was found instead")
    parser.add_argument("--out", type=Path, metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument(
        "--unpacked-limit", type=int, default=UNPACKED_LIMIT, help=argparse.SUPPRESS
    )
    parser.add_argument("--memory-limit", type=int, help=argparse.SUPPRESS)
    add_choice(parser)
    parser.set_defaults(command=corpus)


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose among messages."""
    parser.add_argument(
        "--authors",
        action="append",
        default=[],
        metavar="A,B",
        help="only the messages of these people: names or ids; may be given again",
    )
    parser.add_argument(
        "--names", action="store_true", help="keep `Name: ` before each message of a chat"
    )


def fit(options: argparse.Namespace) -> int:
    """Train from the command line."""
    from training.fit import FitRequest  # noqa: PLC0415 - `run` and `corpus` start without it
    from training.fit import fit as carry_out  # noqa: PLC0415

    if not options.corpus and not options.resume:
        options.error("the following arguments are required: CORPUS")
    if not options.corpus and (options.authors or options.names):
        options.error("--authors and --names choose from CORPUS, which is not given")
    fields = {field.name for field in dataclasses.fields(RunSpec)} - {"names"}
    given = {n: v for n, v in vars(options).items() if n in fields and v is not None}
    return carry_out(
        FitRequest(
            corpus=options.corpus,
            out=options.out,
            options=given,
            base=options.base,
            resume=options.resume,
            keep_run=options.keep_run,
            json=options.json,
            authors=authors(options),
            names=options.names,
        )
    )


def run(options: argparse.Namespace) -> int:
    """Be the worker."""
    from training.worker import main as carry_out  # noqa: PLC0415 - it takes stdout over

    return carry_out(options.directory, snapshot_seconds=options.snapshot_seconds)


def corpus(options: argparse.Namespace) -> int:
    """Show a corpus, or, for the launcher, write it to a file."""
    if options.out is not None:
        end_with_listener(sys.stdout.fileno())
        if options.memory_limit is not None:
            limit_memory(options.memory_limit)
        sys.stdout.write(json.dumps(dataclasses.asdict(write_for_launcher(options))) + "\n")
    else:
        with tempfile.TemporaryFile() as file:  # nothing is printed of a file that is refused
            summary = write_text(options, file)
            file.seek(0)
            if options.describe:
                sys.stdout.write(summary.description + "\n")
            else:
                shutil.copyfileobj(file, sys.stdout.buffer)
    sys.stdout.flush()
    return 0


def write_for_launcher(options: argparse.Namespace) -> CorpusSummary:
    """Write a corpus to its file; a refusal is told on stdout too, where facts go."""
    try:
        with written_durably(options.out) as file:
            return write_text(options, file)
    except TrainingError as error:
        sys.stdout.write(json.dumps(told(error)) + "\n")
        raise


def write_text(options: argparse.Namespace, file: BinaryIO) -> CorpusSummary:
    """Write the text that was asked for, in UTF-8."""
    out = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
    summary = write_corpus(
        options.files,
        out,
        authors=authors(options),
        names=options.names,
        unpacked_limit=options.unpacked_limit,
    )
    out.detach()
    return summary


def authors(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the people that were named, in one option or in several."""
    return tuple(author for typed in options.authors for author in split_authors(typed))
