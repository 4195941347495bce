"""Texts that would ping, link, hide or pretend, wherever the bot shows what somebody wrote.

A stand-in for the network writes them, people type them, and the Markdown of the sandbox's page,
which is Discord's, says what came of it: no mention, no link, nothing but its characters.
"""

from __future__ import annotations

import random
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

import bot.writing.thread
import model.conversation
from bot.runs.card import News, run_card, without
from bot.sandbox import composing
from bot.sandbox.people import ADA, BOT, FANDOM, MO, WRITING_GROUP
from bot.sandbox.permissions import EVERYTHING
from bot.views.places import Place
from model.generation import Passage
from storage.files import new_id
from storage.records import RunStatus
from tests.bot.fakes import FINISHED, PROGRESS, STARTED
from tests.browser import browsing, needs_chromium
from tests.forging import BUTTON, filled
from tests.sandbox_driver import components
from tests.stage import Stage, caller_in
from training.events import Sample
from training.launcher import LocalLauncher
from training.run_directory import RunDirectory
from training.spec import RunSpec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence
    from pathlib import Path

    from bot.sandbox.payloads import Payload
    from bot.settings import Settings
    from model.bookmark import Bookmark
    from model.generation import Writer
    from model.sampling import Sampling
    from storage.records import RunRecord

pytestmark = [needs_chromium, pytest.mark.slow]

BOTS = WRITING_GROUP + 12
HIDDEN = "zqinside"
"""Stands within markup only, so that a part of a message that is just this has been marked up."""

FORBIDDEN = "flarnish"
PIECES = [
    *(
        "@everyone",
        "@here",
        f"<@{MO}>",
        f"<@!{MO}>",
        f"<@&{WRITING_GROUP + 2}>",
        f"<#{FANDOM + 11}>",
    ),
    *(
        "<t:1:R>",
        "<t:1>",
        "<:zq:12345678901234567>",
        "<a:zq:12345678901234567>",
        "</zq:12345678901234567>",
    ),
    *("https://zq.example/a", "http://zq.example", "<https://zq.example>", "HTTPS://ZQ.EXAMPLE"),
    *("[zqinside](https://zq.example)", "[zqinside](<https://zq.example>)", "discord.gg/zq"),
    *(
        "discord.com/invite/zq",
        "discordapp.com/invite/zq",
        "https://discord.gg/zq",
        "Discord.GG/zq",
    ),
    *("||zqinside||", "**zqinside**", "*zqinside*", "__zqinside__", "_zqinside_", "~~zqinside~~"),
    *(
        "`zqinside`",
        "``zqinside``",
        "```zqinside```",
        "```\nzqinside\n```",
        "```py\n",
        "```",
        "``",
        "`",
    ),
    *("\n> zqinside\n", "\n>>> zqinside\n", "\n# zqinside\n", "\n-# zqinside\n", "\n- zqinside\n"),
    *(
        "\n1. zqinside\n",
        "\n* zqinside\n",
        "||",
        "**",
        "__",
        "\\",
        "\\\\",
        "](",
        "\u202e",
        "\u200b",
    ),
    *(
        "\n",
        " ",
        "a",
        "Ann: ",
        "😀",
        "é",
        "x" * 30,
        "@\u200beveryone",
        "<@",
        ">",
        "<",
        "\r\n",
        "\t",
    ),
]
LIVE = {"em", "u", "s", "blockquote", "ul", "ol", "spoiler"}
"""What no message of the bot has."""

OWN_LINK = re.compile(r"https://discord\.com/channels/\d+/\d+/\d+")
"""To a message of the bot, such as a run's card."""

INVITE = re.compile(r"discord(?:app)?\.(?:gg|com)", re.IGNORECASE)

PARSE = """async (texts) => {
  const { markdown } = await import("/static/markdown.js");
  return texts.map((text) => {
    const box = document.createElement("div");
    box.append(...markdown(text));
    return [...box.querySelectorAll("*")].map((node) => [
      node.classList.contains("spoiler") ? "spoiler"
        : node.classList.contains("mention") ? "mention" : node.localName,
      node.textContent, node.getAttribute("datetime") ?? node.getAttribute("href"),
      node.closest("pre") !== null]);
  });
}"""


@dataclass
class Parrot:
    """Writes a given text in the place of a network."""

    text: str = "a"

    def __call__(
        self,
        _: Writer,
        start: Bookmark,
        *,
        length: int,
        sampling: Sampling,  # noqa: ARG002 - as `write` has it
        stop: Sequence[str] = (),
    ) -> Passage:
        text, before = self.text[:length], self.text[:length]
        for each in stop:
            text = text.partition(each)[0]
        return Passage(text, start, stopped=text != before)


def texts(count: int) -> Iterator[str]:
    """Hostile texts, every piece alone first; some are longer than a message."""
    yield from PIECES[:count]
    chance = random.Random(2026)
    for number in range(max(0, count - len(PIECES))):
        longest = 200 if number % 20 == 0 else 12
        yield "".join(chance.choices(PIECES, k=chance.randint(2, longest)))


class Tour:
    """Shows a text in every place where the bot shows what somebody wrote."""

    def __init__(self, stage: Stage, parrot: Parrot, model_id: str, run: RunRecord) -> None:
        self._stage, self._parrot, self._run = stage, parrot, run
        self._target = Place(model_id=model_id).target
        self._generation = ""

    async def visit(self, text: str) -> None:
        """All of them once."""
        self._parrot.text = f"{text} {FORBIDDEN} {text}" if text.strip() else text
        name = text.strip() or "a"
        await self._command("generate", prompt=text[:500], stop=name[:100], count=2)
        await self._command("generate", length=8000)
        await self._command("generate", model=name[:100])
        await self._submit(f"models:rename:{self._target}", name[:40])
        await self._submit("models:search:0n", name[:20])
        await self._command("models", use=name[:40])
        for control in ("use", "delete", "keep"):
            await self._press(f"models:{control}:{self._target}")
        await self._command("models")
        await self._command("runs")
        await self._stage.say(ADA, BOTS, f"<@{BOT}> {text}"[:2000])
        await self._cards(name)

    async def _cards(self, name: str) -> None:
        """The card of a run, from its samples to its ends."""
        text, posts = self._parrot.text, self._stage.client.reporter._posts  # noqa: SLF001
        run = replace(self._run, model_name=name[:40], found=f"Found: {name}", reason=f"No: {name}")
        sample = Sample(text=text, step=1, seconds=1)
        ended = replace(FINISHED, sample=text, samples={"0.5": text, "1": text})
        training = News(run=run, started=STARTED, progress=PROGRESS, sample=sample)
        for news in (
            replace(training, run=replace(run, status=RunStatus.RUNNING)),
            News(run=replace(run, status=RunStatus.FINISHED), finished=ended),
            News(run=replace(run, status=RunStatus.FAILED)),
            News(run=replace(run, status=RunStatus.QUEUED), position=1),
        ):
            words = await self._stage.client.forbidden_in(run.guild_id)
            told = without(words, replace(news, run=replace(news.run, id=new_id())))
            await posts.post(BOTS, run_card(told))

    async def _command(self, command: str, **options: Any) -> list[Payload]:
        return (await self._stage.use(ADA, BOTS, command, **options)).messages

    async def _submit(self, custom_id: str, text: str) -> None:
        data = {"custom_id": custom_id, "components": filled(text)}
        await self._stage.submit(ADA, BOTS, data)

    async def _press(self, custom_id: str) -> None:
        component = {"type": BUTTON, "style": 2, "label": "press", "custom_id": custom_id}
        await self._stage.press(ADA, BOTS, component)


@asynccontextmanager
async def stage_of(settings: Settings, folder: Path) -> AsyncIterator[Stage]:
    """A bot that talks, in a server that forbids a word; it may ping, if it lets itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composing, "permissions_in", lambda *_: EVERYTHING)
        async with Stage.open(folder, settings) as stage:
            chosen = {"talk_channels": (BOTS,), "forbidden_words": (FORBIDDEN,)}
            await stage.core.catalog.change_guild_settings(WRITING_GROUP, **chosen)
            stage.core.service.talking._answered._seconds = 0  # noqa: SLF001 - no cooldown
            yield stage


async def check(settings: Settings, folder: Path, count: int) -> None:
    """Show texts everywhere, and judge everything that was ever shown."""
    parrot = Parrot()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bot.writing.thread, "write", parrot)
        patch.setattr(model.conversation, "write", parrot)
        async with stage_of(settings, folder) as stage:
            made = await stage.core.trained("Poems", by=caller_in(BOTS, ADA))
            [run] = await stage.core.catalog.runs_of(WRITING_GROUP)
            tour = Tour(stage, parrot, made.id, run)
            for text in texts(count):
                await tour.visit(text)
            assert len(stage.said) > 17 * count, "every place has shown every text"
            await judge(stage)


async def judge(stage: Stage) -> None:
    """Nobody is pinged, and nothing is live but what the bot itself says."""
    for message in stage.said:
        for pinged in ("mentions", "mention_roles", "mention_everyone"):
            assert not message[pinged], message
        for file in written_in(stage, message):
            assert FORBIDDEN.encode() not in file.lower()
    shown = sorted({part for message in stage.said for part in markdown_of(message)})
    for text, nodes in zip(shown, await parsed(stage, shown), strict=True):
        assert not INVITE.search(OWN_LINK.sub("", text)), text
        assert FORBIDDEN not in text.casefold(), text
        for kind, content, target, is_fenced in nodes:
            assert kind not in LIVE, (kind, content, text)
            as_written = is_fenced or HIDDEN in text.splitlines()  # a line of it alone is no markup
            assert as_written or content.strip() != HIDDEN, (kind, text)
            assert kind != "mention" or content == "@Ada", (content, text)
            assert kind != "time" or target >= "2026", (target, text)
            assert kind != "a" or OWN_LINK.fullmatch(target), (target, text)


async def parsed(stage: Stage, shown: list[str]) -> list[list[list[Any]]]:
    """What the sandbox's page makes of each text: kind, content and target of every node."""
    async with browsing(stage.sandbox.world.base) as page:
        made: list[list[list[Any]]] = await page.evaluate(PARSE, shown)
        return made


def markdown_of(message: Payload) -> list[str]:
    """Every text of a message that Discord reads as Markdown."""
    parts = [part["content"] for part in components(message) if part["type"] == 10]
    return [text for text in (message["content"], *parts) if text]


def written_in(stage: Stage, message: Payload) -> list[bytes]:
    """The texts that a message has as files, if they are still there."""
    paths = [
        stage.sandbox.world.attachments.path(int(attachment["id"]))
        for attachment in message["attachments"]
        if attachment["filename"].endswith(".txt")
    ]
    return [path.read_bytes() for path in paths if path.exists()]


async def test_no_text_does_anything_but_stand_there(settings: Settings, tmp_path: Path) -> None:
    await check(settings, tmp_path, 100)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_none_of_a_thousand_texts_does_anything_but_stand_there(
    settings: Settings, tmp_path: Path
) -> None:
    await check(settings, tmp_path, 1000)


async def test_a_network_that_has_learned_such_texts_does_no_harm(
    settings: Settings, tmp_path: Path
) -> None:
    """A real one: it writes what it has learned, and mixtures of it."""
    learned = "".join(f"{text} {FORBIDDEN}\n" for text in texts(600) if len(text) < 500)
    spec = RunSpec(epochs=6, layers=1, units=128, batch_size=8, sequence_length=64, seed=1)
    directory = RunDirectory.create(tmp_path / "run", spec, learned)
    await LocalLauncher().run(directory.path, lambda _: None)

    async with stage_of(settings, tmp_path / "stage") as stage:
        stage.core.launcher.checkpoint = directory.checkpoint.read_bytes()
        await stage.core.trained("Poems", by=caller_in(BOTS, ADA))
        for seed in range(10):
            options = {"seed": seed, "count": 4, "length": 400, "temperature": 0.5}
            await stage.use(ADA, BOTS, "generate", **options)
            await stage.say(ADA, BOTS, f"<@{BOT}> {seed}")
        await judge(stage)
        texts_shown = "".join(part for message in stage.said for part in markdown_of(message))
        assert "everyone" in texts_shown, "it has learned something of it"


async def test_the_judge_sees_what_is_live(settings: Settings, tmp_path: Path) -> None:
    """Else the laws above would hold of anything."""
    async with stage_of(settings, tmp_path) as stage:
        nodes = [node for text in await parsed(stage, PIECES) for node in text]

    assert LIVE - {"ol"} <= {kind for kind, *_ in nodes}
    assert {"a", "mention", "time"} <= {kind for kind, *_ in nodes}
    assert any(content == HIDDEN for _, content, *_ in nodes)
