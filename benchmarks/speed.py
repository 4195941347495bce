"""How fast we are beside others: `python -m benchmarks.speed writing | training`."""

from __future__ import annotations

import argparse
import sys

from benchmarks import training, writing


def main() -> int:
    """Print the tables of one subject."""
    parser = argparse.ArgumentParser(description=__doc__)
    subjects = parser.add_subparsers(required=True)
    writing.add_arguments(subjects.add_parser("writing", help=writing.__doc__))
    training.add_arguments(subjects.add_parser("training", help=training.__doc__))
    options = parser.parse_args()
    options.subject(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
