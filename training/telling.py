"""How an error gets from one process to another: its class's name, its facts, its sentence.

    told     : error -> what JSON can hold
    restored : what JSON held -> the same error, as good as raised here

Whoever speaks another language than English has the facts; for everybody else `str()` is the
sentence, as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import model.errors
import training.errors
import training.run_errors
from model.errors import ModelError
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Mapping

Known = TrainingError | ModelError

KINDS: dict[str, type[Known]] = {
    name: kind
    for module in (model.errors, training.errors, training.run_errors)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Known)
}


def told(error: Known) -> dict[str, Any]:
    """Return all that makes the error again."""
    return {"error": type(error).__name__, "facts": facts_of(error), "sentence": str(error)}


def facts_of(error: Known) -> dict[str, Any]:
    """Return what the error is about; of a path only the last part, which says enough."""
    return {
        name: value.name if isinstance(value, Path) else value
        for name, value in vars(error).items()
    }


def restored(told: Mapping[str, Any]) -> Known:
    """Return an error that was told; of a class that is not known here, its sentence."""
    kind = KINDS.get(told["error"], TrainingError)
    error = kind.__new__(kind, told["sentence"])
    vars(error).update(told["facts"])
    return error
