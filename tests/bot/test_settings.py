from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.errors import SettingError
from bot.settings import Settings, load_settings, variable

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    monkeypatch.chdir(tmp_path)


def defaults() -> dict[str, str]:
    """Every variable with its default, as one would type it."""
    values = {variable(name): field.default for name, field in Settings.model_fields.items()}
    return {name: "" if value is None else _typed(value) for name, value in values.items()}


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def test_the_example_lists_every_setting_with_its_default() -> None:
    example = (ROOT / ".env.example").read_text()

    assert dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", example, re.MULTILINE)) == defaults()


def test_the_manual_lists_every_setting_with_its_default() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text()

    assert (
        dict(re.findall(r"^\| `([A-Z_]+)` \| `?([^`|]*?)`? ?\|", manual, re.MULTILINE))
        == defaults()
    )


def test_every_setting_says_what_it_is() -> None:
    source = Path(ROOT / "bot" / "settings.py").read_text()

    for field in Settings.model_fields:
        assert re.search(rf'^    {field}: .*?\n    """', source, re.MULTILINE), field


def test_the_example_is_a_valid_file() -> None:
    Path(".env").write_text((ROOT / ".env.example").read_text())

    assert load_settings() == Settings()
    assert load_settings().discord_token is None


def test_settings_come_from_the_environment_before_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(".env").write_text("CHARWGU_PARALLEL_RUNS=2\nCHARWGU_CORPUS_HOURS=0\nUNKNOWN=1\n")
    monkeypatch.setenv("CHARWGU_PARALLEL_RUNS", "3")

    settings = load_settings()

    assert (settings.parallel_runs, settings.corpus_hours) == (3, 0)


@pytest.mark.parametrize(
    ("shortest", "longest", "usual"), [("0.5", "60", 3), ("5", "60", 5), ("0.5", "2", 2)]
)
def test_a_run_usually_lasts_three_minutes_where_the_operator_allows_it(
    monkeypatch: pytest.MonkeyPatch, shortest: str, longest: str, usual: float
) -> None:
    monkeypatch.setenv("CHARWGU_MINIMUM_MINUTES", shortest)
    monkeypatch.setenv("CHARWGU_MAXIMUM_MINUTES", longest)

    assert load_settings().usual_minutes == usual


def test_the_command_line_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARWGU_DATA", "elsewhere")
    monkeypatch.setenv("DISCORD_TOKEN", "from the environment")

    settings = load_settings(data=Path("here"), discord_token=SecretStr("given"))

    assert settings.data == Path("here")
    assert settings.discord_token == SecretStr("given")


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "MTk4.secret")

    settings = load_settings()

    assert "MTk4" not in repr(settings) + str(settings.model_dump())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "CHARWGU_PARALLEL_RUNS",
            "0",
            "The setting CHARWGU_PARALLEL_RUNS is wrong: it should be greater than or equal to 1.",
        ),
        (
            "CHARWGU_CORPUS_HOURS",
            "soon",
            "The setting CHARWGU_CORPUS_HOURS is wrong: it should be a valid number.",
        ),
        (
            "CHARWGU_MINIMUM_MINUTES",
            "61",
            "The setting CHARWGU_MINIMUM_MINUTES is wrong: it should be less than or equal to 60.",
        ),
        (
            "CHARWGU_MAXIMUM_MINUTES",
            "0.4",
            (
                "The setting CHARWGU_MAXIMUM_MINUTES is wrong: "
                "it has to be at least CHARWGU_MINIMUM_MINUTES."
            ),
        ),
        (
            "CHARWGU_CORPUS_HOURS",
            "nan",
            "The setting CHARWGU_CORPUS_HOURS is wrong: it should be less than or equal to 8760.",
        ),
        (
            "CHARWGU_DISCORD_URL",
            "localhost",
            "The setting CHARWGU_DISCORD_URL is wrong: it has to start with http:// or https://.",
        ),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingError) as refused:
        load_settings()

    assert str(refused.value) == sentence
    assert refused.value.variable == name
