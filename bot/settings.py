"""What an operator can set, in the environment or in `.env`.

Every field is documented here, in `.env.example` and in `docs/operating.md`;
`tests/bot/test_settings.py` keeps the three lists equal. The token is a `SecretStr`, so that
printing the settings never shows it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingError
from storage.records import RunLimits, StockLimits
from training.spec import DEFAULT_MINUTES

LONGEST_COOLDOWN = 86_400
"""A day, in seconds."""

MEBIBYTE = 2**20


class Settings(BaseSettings):
    """The operator's choices. A field's variable is `CHARWGU_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="CHARWGU_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: Annotated[SecretStr | None, Field(validation_alias="DISCORD_TOKEN")] = None
    """The bot's token. Without one, run_bot.py starts the sandbox."""

    data: Path = Path("data")
    """The folder that holds everything the bot keeps."""

    discord_url: str | None = None
    """The address of a stand-in for Discord, such as `http://127.0.0.1:8765`."""

    parallel_runs: Annotated[int, Field(ge=1, le=16)] = 1
    """Runs that train at the same time."""

    minimum_minutes: Annotated[float, Field(ge=0.05, le=60)] = 0.5
    """The shortest run that anyone can ask for, in minutes."""

    maximum_minutes: Annotated[float, Field(ge=0.05, le=10_000)] = 60.0
    """The longest run that anyone can ask for, in minutes."""

    run_memory_mebibytes: Annotated[int, Field(ge=512, le=1_048_576)] = 8192
    """Memory that the worker of a run may take, in MiB."""

    corpus_hours: Annotated[float, Field(ge=0, le=24 * 365)] = 24.0
    """Hours that a corpus is kept after its run has finished; 0 deletes it at once."""

    record_days: Annotated[float, Field(ge=0, le=3650)] = 30.0
    """Days that texts can be continued, and that ended runs are listed (at least one day)."""

    runs_waiting_per_person: Annotated[int, Field(ge=1, le=100)] = 2
    """Runs of one person in one server that may wait, or be uploaded, at a time."""

    runs_waiting_per_server: Annotated[int, Field(ge=1, le=1000)] = 5
    """Runs of one server that may wait, or be uploaded, at a time."""

    file_mebibytes: Annotated[int, Field(ge=1, le=4096)] = 512
    """The largest file that is downloaded, in MiB."""

    unpacked_mebibytes: Annotated[int, Field(ge=1, le=65_536)] = 1024
    """What all files of a run may have together when they are unpacked, in MiB."""

    corpus_characters: Annotated[int, Field(ge=10_000, le=1_000_000_000)] = 20_000_000
    """The longest text that is trained on, in characters."""

    channel_history_permitted: bool = False
    """true states: Discord expressly permits this bot to train models on messages of channels."""

    library_mebibytes: Annotated[int, Field(ge=1, le=65_536)] = 64
    """Memory for the models that were written with most recently, in MiB."""

    train_cooldown_seconds: Annotated[int, Field(ge=0, le=LONGEST_COOLDOWN)] = 0
    """Seconds between two runs of one person in a server; a server may choose more."""

    write_cooldown_seconds: Annotated[int, Field(ge=0, le=LONGEST_COOLDOWN)] = 0
    """Seconds between two texts for one person in a server; a server may choose more."""

    parallel_runs_per_server: Annotated[int, Field(ge=0, le=16)] = 0
    """Runs of one server that train at the same time; 0: as many as train at all."""

    daily_minutes_per_person: Annotated[float, Field(ge=0, le=100_000)] = 240.0
    """Minutes that one person may train in a server within 24 hours; 0: no limit."""

    daily_minutes_per_server: Annotated[float, Field(ge=0, le=100_000)] = 720.0
    """Minutes that may be trained in one server within 24 hours; 0: no limit."""

    models_per_server: Annotated[int, Field(ge=0, le=100_000)] = 100
    """Models of one server, imported ones too; 0: no limit."""

    checkpoints_per_model: Annotated[int, Field(ge=0, le=1_000)] = 25
    """Checkpoints of one model: each time it is trained longer it gets another; 0: no limit."""

    disk_mebibytes_per_server: Annotated[int, Field(ge=0, le=2**30)] = 10_240
    """What a server's checkpoints, runs and uploads may take on disk, in MiB; 0: no limit."""

    @property
    def usual_minutes(self) -> float:
        """How long a run lasts where nobody says so."""
        return min(max(DEFAULT_MINUTES, self.minimum_minutes), self.maximum_minutes)

    @property
    def run_limits(self) -> RunLimits:
        """What may be there before another run is refused."""
        return RunLimits(
            per_person=self.runs_waiting_per_person,
            per_guild=self.runs_waiting_per_server,
            cooldown=self.train_cooldown_seconds,
            daily_per_person=self.daily_minutes_per_person,
            daily_per_guild=self.daily_minutes_per_server,
            stock=StockLimits(
                models=self.models_per_server,
                checkpoints=self.checkpoints_per_model,
                size=self.disk_mebibytes_per_server * MEBIBYTE,
            ),
        )

    @field_validator("maximum_minutes")
    @classmethod
    def _check_minutes(cls, maximum: float, info: ValidationInfo) -> float:
        if maximum < info.data.get("minimum_minutes", 0):
            raise ValueError("it has to be at least CHARWGU_MINIMUM_MINUTES")
        return maximum

    @field_validator("discord_url")
    @classmethod
    def _check_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("it has to start with http:// or https://")
        return None if url is None else url.rstrip("/")


def load_settings(**overrides: object) -> Settings:
    """The settings of this process; `overrides` are those of the command line.

    Raises:
        SettingError: A variable's value is wrong; the first one is named.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # checked by pydantic at run time
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise SettingError(variable(str(first["loc"][0])), _sentence(first["msg"])) from None


def variable(field: str) -> str:
    """The environment variable of a field."""
    name = field.upper()
    return name if name == "DISCORD_TOKEN" else f"CHARWGU_{name}"


def _sentence(message: str) -> str:
    """Pydantic's message as the end of a sentence."""
    message = message.removeprefix("Value error, ").removeprefix("Input ").partition(",")[0]
    return message if message.startswith("it ") else f"it {message}"
