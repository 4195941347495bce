from __future__ import annotations

from dataclasses import replace

from training.events import Finished
from training.novelty import describe_novelty
from training.remarks import EARLY, remarks

FINISHED = Finished(
    checkpoint="model.safetensors",
    step=1,
    epochs=1.0,
    validation_loss=1.0,
    bits_per_character=1.4,
    seconds=60.0,
    sample="",
)


def test_nothing_is_said_of_what_went_as_usual() -> None:
    assert remarks(FINISHED) == []


def test_an_early_end_a_loss_that_shot_up_and_novelty_are_said_in_this_order() -> None:
    finished = replace(FINISHED, early=True, recoveries=2, novelty=0.5)

    assert remarks(finished) == [
        EARLY,
        "Its loss shot up 2 times, so it went on from its best, more slowly.",
        describe_novelty(0.5),
    ]
    assert "shot up once" in remarks(replace(FINISHED, recoveries=1))[0]
