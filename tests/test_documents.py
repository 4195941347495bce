"""What the documents promise is true of the tree."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_leads_to_a_file_that_exists(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_readme_s_commands_differ_only_in_what_they_are_for() -> None:
    """Each makes `.venv` by itself, and installs the versions that were tested."""
    run, tests = readme_commands()

    make = "python3 -m venv --without-pip .venv && python3 -m pip --python .venv/bin/python install"
    assert run.startswith(f"{make} -q -c constraints.txt -e . && ")
    assert tests.startswith(f"{make} -q -c constraints.txt -e '.[dev]' && ")
    assert run.endswith("/python run_bot.py")
    assert tests.endswith('/python -m pytest -m "not soak"')


def test_what_lands_passes_the_readme_s_tests() -> None:
    """`.ci/run` takes the command from the README by a part that stands there once."""
    part = '-m pytest -m "not soak"'
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"grep -- '{part}' README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in readme.splitlines() if part in line] == [readme_commands()[1]]


def test_every_dependency_has_a_tested_version_and_no_address() -> None:
    """What dependencies depend on too, as far as it is installed here."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    assert needed(wanted) <= {canonicalize_name(name) for name in pins}
    assert all(re.fullmatch(r"[0-9.a-z]+", version) for version in pins.values())


def needed(requirements: list[str]) -> set[str]:
    """The names of all packages that these requirements bring along."""
    found: set[str] = set()
    waiting = requirements
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += distribution(name).requires or []
    return found


def readme_commands() -> tuple[str, str]:
    blocks = re.findall(r"<!-- (\w+) -->\n```\n(.+)\n```", (ROOT / "README.md").read_text("utf-8"))
    commands = dict(blocks)
    return commands["run"], commands["tests"]
