"""A run as its card shows it: waiting, training, read from a channel, finished."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import discord

from bot.requests import ReadingProgress
from storage.records import RunRecord, RunStatus
from training.events import Finished, Progress, Started

RUN = RunRecord(
    id="a" * 32,
    guild_id=1,
    channel_id=2,
    message_id=discord.utils.time_snowflake(discord.utils.utcnow()),
    user_id=4,
    model_name="Ann",
    minutes=3.0,
    corpus_characters=1_115_394,
    created_at=0,
    started_at=None,
    ended_at=None,
    status=RunStatus.QUEUED,
    reason=None,
    model_id=None,
)
RUNNING = replace(RUN, status=RunStatus.RUNNING)
DONE = replace(
    RUN, status=RunStatus.FINISHED, model_id="b" * 32, checkpoint_id="c" * 32, ended_at=1
)
STARTED = Started(
    characters=1_115_394,
    training_characters=1_003_854,
    vocabulary_size=66,
    parameters=1_000_000,
    cell="lstm",
    layers=2,
    hidden_size=256,
    device="cpu",
)
FINISHED = Finished(
    checkpoint="model.safetensors",
    step=900,
    epochs=3.2,
    validation_loss=1.5,
    bits_per_character=2.16,
    seconds=180.0,
    sample="To be, or not to be",
    novelty=0.97,
)


def step(number: int) -> Progress:
    return Progress(
        fraction=number / 1000,
        step=number,
        epoch=0.5,
        loss=2.0,
        validation_loss=None,
        bits_per_character=2.9,
        characters_per_second=35_000.0,
        seconds_left=125.0,
    )


TAVERN = ReadingProgress(channel_name="ta*vern")
FAR = replace(TAVERN, messages=12_300, back_to=datetime(2024, 3, 5, tzinfo=UTC))
