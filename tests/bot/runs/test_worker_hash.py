"""What the worker wrote is what becomes a model, byte for byte."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.records import RunStatus
from tests.bot.fakes import FINISHED

if TYPE_CHECKING:
    from tests.bot.core import Core


@pytest.mark.parametrize("is_damaged", [False, True])
async def test_a_checkpoint_that_is_not_what_its_worker_wrote_becomes_no_model(
    core: Core, *, is_damaged: bool
) -> None:
    """One bit of a weight has flipped since: it can be read, and nobody would know."""
    run_id, wrote = await core.queued(), core.launcher.checkpoint
    if is_damaged:
        core.launcher.checkpoint = wrote[:-4] + bytes([wrote[-4] ^ 1]) + wrote[-3:]
    told = replace(FINISHED, sha256=hashlib.sha256(wrote).hexdigest())

    (await core.launcher.worker(run_id)).set_result(told)

    run, _ = await core.reporter.first("ended", run_id)
    assert run.status is (RunStatus.FAILED if is_damaged else RunStatus.FINISHED)
    assert (run.model_id is None) is is_damaged
