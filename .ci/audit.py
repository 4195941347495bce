"""Ask whether vulnerabilities of the tested versions are known: `python .ci/audit.py PIP-AUDIT`.

    a finding                      pip-audit's table, exit code 1
    its database is out of reach   a line that says so, exit code 0
    anything else                  what pip-audit says, with its exit code

pip-audit's own exit code is 1 for a finding and for no network alike; only a finding has a
table. One that does not concern this program is accepted by `--ignore-vuln ID` in the question,
with its reason beside it. `tests/test_audit.py` holds this in place.
"""  # noqa: INP001 - a program of its own, not a package's module

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PINS = Path(__file__).resolve().parents[1] / "constraints.txt"
QUESTION = (
    *("--vulnerability-service", "osv"),  # the other one passes what a mirror does not know
    *("--progress-spinner", "off"),
    *("--disable-pip", "--no-deps"),  # the pins name every package, so nothing is installed
    *("--requirement", str(PINS)),
)
OUT_OF_REACH = (
    "may be blocking this service",
    "requests.exceptions.ConnectionError",
    "requests.exceptions.ConnectTimeout",
    "requests.exceptions.ProxyError",
    "requests.exceptions.ReadTimeout",
    "requests.exceptions.SSLError",
)
"""No connection, or no answer in time; a database that answers something else has changed."""


def main(program: str) -> int:
    """Audit the pins; returns the exit code."""
    asked = subprocess.run(  # noqa: S603 - the program that .ci/run has installed
        [program, *QUESTION], capture_output=True, text=True, check=False
    )
    found = bool(asked.stdout)
    if asked.returncode and not found and any(sign in asked.stderr for sign in OUT_OF_REACH):
        print("Vulnerabilities: not looked for, since the database could not be reached.")  # noqa: T201
        return 0
    print(asked.stdout + asked.stderr, end="")  # noqa: T201 - the answer of a program
    return asked.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
