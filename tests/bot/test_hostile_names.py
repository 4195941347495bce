"""Names that would be paths, commands or unseen, wherever one is taken: refused or harmless."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.names import checked_name
from bot.sandbox.people import ADA, WRITING_GROUP
from bot.views.places import Place
from model.checkpoint import to_bytes
from tests.bot.uploads import TEXT, small_checkpoint
from tests.forging import BUTTON, filled
from tests.stage import Stage, caller_in

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.payloads import Payload
    from bot.settings import Settings
    from tests.stage import Seen

pytestmark = pytest.mark.slow  # opens a sandbox

BOTS = WRITING_GROUP + 12
NAMES = [
    *("../x", "..\\x", "/etc/passwd", "C:\\x", "....//x", "%2e%2e%2fx", "..", ".", "~", ".ssh"),
    *(
        "a\0b",
        "a\nb",
        "\x1b[2J",
        "\u202egpj.exe",
        "\u200f",
        "\u2066x",
        "\u200b",
        "\u3164",
    ),
    *("x" * 200, "CON", "nul.txt", "-rf", "$(x)", "`x`", "' OR 1=1 --", "%s{0}", "", " ", "\ufeff"),
    *("a" * 32, "0" * 32, "models:use", "x" * 39 + "\N{FAMILY}", "é" * 40, "ﷺ" * 40),
]
OURS = re.compile(
    r"catalog\.sqlite3(-wal|-shm)?|lock|(runs|checkpoints)"
    r"|runs/[0-9a-f]{32}(/(File [1-5]|[a-z]+\.[a-z0-9]+))?|checkpoints/[0-9a-f]{32}\.\w+"
)
"""What there may be in the data directory."""


class Places:
    """Everywhere a person gives a name."""

    def __init__(self, stage: Stage, model_id: str) -> None:
        self._stage, self._model_id = stage, model_id

    async def train_name(self, name: str) -> Seen:
        return await self._command("train", name=name, file=await self._file("a.txt", TEXT))

    async def train_base(self, name: str) -> Seen:
        return await self._command("train", base=name, file=await self._file("a.txt", TEXT))

    async def train_authors(self, name: str) -> Seen:
        return await self._command("train", authors=name, file=await self._file("a.txt", TEXT))

    async def train_file(self, name: str) -> Seen:
        return await self._command("train", file=await self._file(name, TEXT))

    async def import_name(self, name: str) -> Seen:
        return await self._command("models", name=name, **await self._checkpoint("a.safetensors"))

    async def import_file(self, name: str) -> Seen:
        return await self._command("models", **await self._checkpoint(name))

    async def use(self, name: str) -> Seen:
        return await self._command("models", use=name)

    async def generate_model(self, name: str) -> Seen:
        return await self._command("generate", model=name, length=20)

    async def prompt(self, name: str) -> Seen:
        return await self._command("generate", prompt=name, length=20)

    async def stop(self, name: str) -> Seen:
        return await self._command("generate", stop=name, length=20)

    async def rename(self, name: str) -> Seen:
        return await self._form(f"models:rename:{Place(model_id=self._model_id).target}", name)

    async def search(self, name: str) -> Seen:
        return await self._form("models:search:0n", name)

    async def edit_prompt(self, name: str) -> Seen:
        written = await self._stage.core.write(by=caller_in(BOTS, ADA), length=5)
        return await self._form(f"generate:edit:{written.generation.id}", name)

    async def _command(self, command: str, **options: Any) -> Seen:
        return await self._stage.use(ADA, BOTS, command, **options)

    async def _form(self, custom_id: str, name: str) -> Seen:
        data = {"custom_id": custom_id, "components": filled(name)}
        return await self._stage.submit(ADA, BOTS, data)

    async def _checkpoint(self, name: str) -> dict[str, Payload]:
        return {"import": await self._file(name, to_bytes(small_checkpoint()))}

    async def _file(self, name: str, content: str | bytes) -> Payload:
        return await self._stage.attach(name, content)


PLACES = [name for name in vars(Places) if not name.startswith("_")]


@pytest.mark.parametrize("place", PLACES)
async def test_a_hostile_name_is_refused_or_harmless(
    settings: Settings, tmp_path: Path, place: str
) -> None:
    """Nothing stands outside of the data directory's own names, and no answer is a crash."""
    changes = {"runs_waiting_per_person": 99, "runs_waiting_per_server": 99}
    async with Stage.open(tmp_path / "stage", settings.model_copy(update=changes)) as stage:
        model = await stage.core.trained("Poems", by=caller_in(BOTS, ADA))
        for name in NAMES:
            seen = await getattr(Places(stage, model.id), place)(name)

            assert not seen.failed, name
            assert "Something went wrong" not in repr(seen.messages), name
            assert "\u202e" not in repr(seen.messages)
        for kept in await stage.core.catalog.models(model.guild_id):
            assert checked_name(kept.name) == kept.name
            await exports_safely(stage, kept.id)
        assert sorted(path.name for path in (tmp_path / "stage").iterdir()) == ["data", "discord"]
        strange = [path for path in everything(stage) if not OURS.fullmatch(path)]
        assert strange == []


async def exports_safely(stage: Stage, model_id: str) -> None:
    """The file of a model has a name that is one everywhere."""
    component = {"type": BUTTON, "style": 2, "label": "Export"}
    custom_id = f"models:export:{Place(model_id=model_id).target}"
    seen = await stage.press(ADA, BOTS, component | {"custom_id": custom_id})
    [attachment] = seen.messages[-1]["attachments"]
    assert re.fullmatch(r"[^\W_][\w.-]*\.safetensors", attachment["filename"])
    assert attachment["filename"] != "CON.safetensors", "a device on Windows"


def everything(stage: Stage) -> list[str]:
    root = stage.core.settings.data
    return [str(path.relative_to(root)) for path in root.rglob("*")]
