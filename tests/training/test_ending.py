from __future__ import annotations

from typing import TYPE_CHECKING

from training import curve
from training.curve_words import CurveWords
from training.ending import leave_curve
from training.history import History, is_curve

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_run_leaves_its_curve(tmp_path: Path) -> None:
    assert leave_curve(tmp_path / "loss.png", History(), CurveWords()) == "loss.png"

    assert is_curve((tmp_path / "loss.png").read_bytes())


def test_a_curve_that_cannot_be_drawn_is_a_line_in_the_log_and_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(curve, "lines", lambda *_: 1 / 0)

    assert leave_curve(tmp_path / "loss.png", History(), CurveWords()) is None
    assert leave_curve(tmp_path / "missing" / "loss.png", History(), CurveWords()) is None

    assert caplog.text.count("the loss curve could not be drawn") == 2
    assert list(tmp_path.iterdir()) == []
