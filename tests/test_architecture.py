"""Who may import whom. The table is the architecture; docs/architecture.md explains it."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "model", "storage", "training")

OURS = {
    "bot": {"bot", "model", "storage", "training"},
    "training": {"training", "model", "storage.files"},
    "model": {"model"},
    "storage": {"storage"},
}
"""What each package may import of ours."""

ONLY_IN = {
    "tensorflow": {
        "model/network.py",
        "model/recurrent.py",
        "training/adam.py",
        "training/device.py",
        "training/learner.py",
    },
    "keras": {"model/network.py"},
    "torch": set(),
    "discord": {
        "bot/channels/messages.py",
        "bot/client.py",
        "bot/commands",
        "bot/downloads.py",
        "bot/runs/delivery.py",
        "bot/patience.py",
        "bot/runs/progress.py",
        "bot/rendering.py",
        "bot/views",
    },
    "aiohttp.web": {"bot/sandbox"},
    "matplotlib": {"training/curve.py"},
    "IPython": {"training/notebook.py"},
    "aiosqlite": {"storage"},
    "sqlite3": {"storage"},
}
"""Where, and nowhere else, a library may be imported."""


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def imports_of(path: Path) -> set[str]:
    """Every module that a file names in an import, those of functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name: str, parent: str) -> bool:
    return name == parent or name.startswith(f"{parent}.")


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_go_one_way(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imports_of(path)
        if name.split(".")[0] in PACKAGES
        if not any(within(name, allowed) for allowed in OURS[package])
    }

    assert not wrong


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    wrong = [
        f"{relative}: {name}"
        for relative, name in (
            (path.relative_to(ROOT).as_posix(), name)
            for path in modules()
            for name in imports_of(path)
        )
        if within(name, library)
        if not any(
            relative == place or relative.startswith(f"{place}/") for place in ONLY_IN[library]
        )
    ]

    assert not wrong


def test_each_rule_is_about_files_that_exist() -> None:
    """A rule about a file that was renamed would hold nothing in place."""
    assert all((ROOT / place).exists() for places in ONLY_IN.values() for place in places)


def test_the_bot_runs_without_tensorflow() -> None:
    """Importing it costs 3 s and 500 MB, and stalls an event loop."""
    program = (
        "import sys, run_bot, bot.startup, bot.client;"
        "print(*sorted({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert result.stdout.split() == []


def test_no_module_is_a_house_of_its_own() -> None:
    """Over 350 lines, a module is two."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }

    assert not long
