from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from model.__main__ import main
from model.checkpoint import to_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from model.checkpoint import Checkpoint


@pytest.fixture
def file(checkpoint: Checkpoint, tmp_path: Path) -> str:
    path = tmp_path / "model.safetensors"
    path.write_bytes(to_bytes(checkpoint))
    return str(path)


def test_generate_writes_the_prompt_and_then_so_many_characters(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", file, "--length", "30", "--prompt", "fox", "--seed", "1"]) == 0

    text = capsys.readouterr().out
    assert text.startswith("fox")
    assert len(text) == len("fox") + 30 + len("\n")


def test_generate_ends_before_a_stop_text(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["generate", file, "--length", "200", "--seed", "1"]
    main(arguments)
    whole = capsys.readouterr().out

    assert main([*arguments, "--stop", "the end", "--stop", whole[20:22]]) == 0

    assert capsys.readouterr().out == whole[: whole.index(whole[20:22])] + "\n"


def test_generate_warns_of_a_stop_text_that_cannot_come(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", file, "--length", "5", "--stop", "\\n"]) == 0

    assert "does not know these characters of a stop text: '\\\\'" in capsys.readouterr().err


def test_a_long_text_is_shown_while_it_grows(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pieces that together are the text."""
    arguments = ["generate", file, "--length", "50", "--seed", "1"]
    main(arguments)
    whole = capsys.readouterr().out

    monkeypatch.setattr("model.__main__.PIECE", 7)
    main(arguments)

    assert capsys.readouterr().out == whole


def test_who_has_read_enough_may_leave(file: str) -> None:
    """`generate … | head` is no failure."""
    arguments = [sys.executable, "-m", "model", "generate", file, "--length", "1000000"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        _, errors = process.communicate(timeout=60)

    assert (process.returncode, errors) == (0, b"")


def test_generate_says_what_it_skips_of_a_prompt(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["generate", file, "--length", "5", "--prompt", "f\U0001f642x"]) == 0

    assert "does not know these characters of the prompt: '🙂'" in capsys.readouterr().err


def test_evaluate_prints_its_figures_as_json(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_bytes(b"\xef\xbb\xbfthe dog\r\n")

    assert main(["evaluate", file, str(tmp_path / "text")]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["characters"] == len("the dog\r\n") - 1
    assert set(figures) == {"characters", "nats_per_character", "bits_per_character"}


def test_describe_prints_the_header_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", file]) == 0

    assert json.loads(capsys.readouterr().out)["config"]["hidden_size"] == 8


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["generate", "{dir}/absent"], "checkpoint that can be used: no such file"),
        (["generate", "{dir}/text"], "it has no header of this program"),
        (["generate", "{file}", "--temperature", "3"], "between 0 and 2; 3 is not."),
        (["generate", "{file}", "--top-k", "0"], "The top-k must be 1 or more"),
        (["generate", "{file}", "--stop", ""], "A stop text must have at least one character"),
        (["evaluate", "{file}", "{dir}/absent"], "absent: No such file or directory."),
        (["evaluate", "{file}", "{dir}/binary"], "This file is not UTF-8 text."),
        (["evaluate", "{file}", "{dir}/empty"], "at least 2 characters."),
        (["describe", "{dir}"], "is a directory"),
    ],
)
def test_what_a_user_gets_wrong_is_one_sentence_and_exit_code_2(
    arguments: list[str],
    sentence: str,
    file: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "text").write_text("some text")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\xd8")
    (tmp_path / "empty").touch()

    code = main([argument.format(file=file, dir=tmp_path) for argument in arguments])

    error = capsys.readouterr().err
    assert code == 2
    assert sentence in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("length", ["0", "-1", "many"])
def test_a_length_that_is_none_is_refused(length: str, file: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["generate", file, "--length", length])

    assert caught.value.code == 2


def test_writing_imports_only_what_it_needs(file: str) -> None:
    """So it starts in a tenth of a second instead of three; numpy.random alone takes 7 MB."""
    program = (
        "import sys; from model.__main__ import main; main(sys.argv[1:]);"
        "sys.exit(not {'tensorflow', 'keras', 'numpy.random'}.isdisjoint(sys.modules))"
    )

    result = subprocess.run(
        [sys.executable, "-c", program, "generate", file, "--length", "9"],
        check=False,
        capture_output=True,
    )

    assert result.returncode == 0, result.stderr
