"""A known vulnerability keeps a change from landing; a missing network does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AUDIT = ROOT / ".ci" / "audit.py"
TABLE = "Name    Version ID           Fix Versions\ntornado 1.0     PYSEC-2026-1 2.0\n"


def audit(folder: Path, *, says: str = "", complains: str = "", code: int = 1) -> tuple[int, str]:
    """The exit code of `.ci/audit.py` and all that is said, with a pip-audit of a few lines."""
    program = folder / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nassert {str(ROOT / 'constraints.txt')!r} in sys.argv\n"
        f"sys.stdout.write({says!r}); sys.stderr.write({complains!r}); sys.exit({code})\n"
    )
    program.chmod(0o700)
    done = subprocess.run(
        [sys.executable, AUDIT, program], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_versions_without_a_finding_pass(tmp_path: Path) -> None:
    assert audit(tmp_path, complains="No known vulnerabilities found\n", code=0) == (
        0,
        "No known vulnerabilities found\n",
    )


@pytest.mark.parametrize(
    "complaint", ["Found 1 known vulnerability\n", "requests.exceptions.ReadTimeout\n"]
)
def test_a_finding_fails_and_is_named(complaint: str, tmp_path: Path) -> None:
    code, said = audit(tmp_path, says=TABLE, complains=complaint)

    assert code == 1
    assert TABLE in said


@pytest.mark.parametrize(
    "complaint",
    [
        "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.osv.dev', port=443)",
        "ERROR:pip_audit._cli:Tip: your network may be blocking this service.",
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.osv.dev', port=443)",
    ],
)
def test_a_database_out_of_reach_is_a_line_and_no_failure(complaint: str, tmp_path: Path) -> None:
    code, said = audit(tmp_path, complains=f"Traceback (most recent call last):\n{complaint}\n")

    assert (code, said.count("\n")) == (0, 1)
    assert "could not be reached" in said


@pytest.mark.parametrize("status", ["400 Client Error: Bad Request", "404 Client Error: Gone"])
def test_a_database_that_refuses_the_question_fails(status: str, tmp_path: Path) -> None:
    """Its interface has changed, and nobody would notice otherwise."""
    http = f"requests.exceptions.HTTPError: {status} for url: https://api.osv.dev/v1/query\n"

    code, said = audit(
        tmp_path, complains=f"Traceback (most recent call last):\n{http}ServiceError\n"
    )

    assert code == 1
    assert status in said


def test_any_other_complaint_fails(tmp_path: Path) -> None:
    code, said = audit(tmp_path, complains="pip-audit: error: unrecognized arguments", code=2)

    assert code == 2
    assert "unrecognized arguments" in said
