"""Two servers on one bot: neither sees nor changes anything of the other, whatever it forges.

The first server learns Greek, the second English, so that a single Greek letter gives a leak
away. Some models of both have the same name, and the same person administers both.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from bot.requests import ChannelChoice, GenerateRequest, ImportRequest, Upload
from bot.sandbox.people import ADA, BOT, FANDOM, MAX, MO, TAVERN, WRITING_GROUP
from model.checkpoint import to_bytes
from tests.bot.uploads import small_checkpoint, train_request, uploading
from tests.forging import Bait, actions, aimed, fields, in_guild, resolved
from tests.stage import Stage, caller_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from bot.settings import Settings
    from tests.forging import Send
    from tests.stage import Seen

pytestmark = pytest.mark.slow  # opens a sandbox for each example

GREEK = "Μῆνιν ἄειδε θεὰ Πηληϊάδεω Ἀχιλῆος\n" * 70
ENGLISH = "Sing, O goddess, the anger of Achilles son of Peleus\n" * 50
OURS, THEIRS = WRITING_GROUP + 12, FANDOM + 12
"""A channel of each."""

TOLD = {OURS: 1_400_000_000_000_000_001, THEIRS: 1_400_000_000_000_000_002}
"""The message of a text in each."""

PEOPLE = [ADA, MO, MAX]
HOSTILE = ["../x", "/etc/passwd", "a\0b", "x" * 200, "\u202egpj.exe", "CON", "..", "~", " ", "-"]
TEXTS = ["Poems", "POEMS", "Ἰλιάς", "Ἰ", "3", "newest", "", "delete", *HOSTILE]
ATTEMPTS = trying(suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
"""Ids are drawn anew each time, so a failure cannot be made smaller: it is shown as it came."""

OF_NO_GUILD = {"synced_commands", "scrubs", "untold_ends", "sqlite_sequence"}
"""Tables whose rows belong to the application, or to a run."""

ID = re.compile(r"\b[0-9a-f]{32,64}\b")
GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]+")


@dataclass(frozen=True)
class Guild:
    """All that the bot keeps of a server: rows by their tables, files by their hashes."""

    rows: dict[str, list[dict[str, Any]]]
    files: dict[str, str]

    @property
    def ids(self) -> list[list[str]]:
        """The ids of its rows, those of each table together."""
        tables = [[row["id"] for row in rows if "id" in row] for rows in self.rows.values()]
        return [ids for ids in tables if ids]

    @property
    def secrets(self) -> set[str]:
        """Every id and hash in its rows."""
        return set(ID.findall(repr(self.rows)))


async def kept(stage: Stage, channel_id: int) -> Guild:
    """What is kept of a channel's server."""
    guild_id, core = caller_in(channel_id, ADA).guild_id, stage.core
    database = core.catalog._database  # noqa: SLF001 - below every guild's own questions
    rows = {
        table: [dict(row) for row in await database.read(question, (guild_id,))]
        for table, question in (await questions(stage)).items()
    }
    mine = repr(rows)
    files = {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in core.settings.data.rglob("*")
        if path.is_file() and any(found in mine for found in ID.findall(str(path)))
    }
    return Guild(rows=rows, files=files)


async def questions(stage: Stage) -> Mapping[str, str]:
    """How each table is asked for a guild's rows."""
    read = stage.core.catalog._database.read  # noqa: SLF001 - as above
    names = [row["name"] for row in await read("SELECT name FROM sqlite_master WHERE type='table'")]
    columns = {
        name: {row["name"] for row in await read(f"PRAGMA table_info({name})")} for name in names
    }
    asked = {
        name: f"SELECT * FROM {name} WHERE guild_id = ?"  # noqa: S608 - the catalog's own names
        for name in names
        if "guild_id" in columns[name]
    }
    assert {*names} - asked.keys() <= OF_NO_GUILD
    return asked


async def furnish(stage: Stage, channel_id: int, text: str, name: str) -> None:
    """One of everything: models, checkpoints, texts, runs that ended, train, wait and read."""
    core, service, ada = stage.core, stage.core.service, caller_in(channel_id, ADA)
    core.launcher.checkpoint = to_bytes(small_checkpoint(text))
    first = await core.queued("Poems", by=ada)
    await finish(stage, first)
    longer = await service.train_longer(ada, first, 3)
    await service.announce(longer.run.id, 1)
    await finish(stage, longer.run.id)
    file = Upload(name=f"{name}.safetensors", size=len(core.launcher.checkpoint))
    await service.import_model(ada, ImportRequest(file=file), uploading(core.launcher.checkpoint))
    request = GenerateRequest(prompt=text[:10], length=20, model="Poems")
    [written] = await service.generate(ada, await service.check_generation(ada, request))
    await service.remember_message(ada, written.generation.id, TOLD[channel_id])
    await core.catalog.change_guild_settings(ada.guild_id, talk_channels=(channel_id,))
    await stage.say(MO, channel_id, f"<@{BOT}> {text[:10]}")
    await service.privacy.leave_out(caller_in(channel_id, MAX))
    channel = ChannelChoice(id=channel_id, name=name, caller_may_read=True)
    reading = train_request(name=f"{name} read")
    reading = replace(reading, files=(), channel=channel)
    await service.begin_training(ada, reading, uploading())


async def finish(stage: Stage, run_id: str) -> None:
    """Let a run come to its end."""
    await stage.core.reporter.first("training", run_id)
    stage.core.launcher.end(run_id)
    await stage.core.ended(run_id)


async def bait_for(stage: Stage, *guilds: Guild) -> Bait:
    """Ids of both servers, names of both and worse, files that may be sent."""
    checkpoint = to_bytes(small_checkpoint(ENGLISH))
    contents: dict[str, str | bytes] = {
        "fox.txt": ENGLISH,
        "../../x.txt": ENGLISH,
        "Achilles.safetensors": checkpoint,
    }
    files = [await stage.attach(name, content) for name, content in contents.items()]
    return Bait(
        ids=[ids for guild in guilds for ids in guild.ids],
        numbers=[*in_guild(OURS), *in_guild(THEIRS), *TOLD.values()],
        texts=TEXTS,
        files=files,
    )


@asynccontextmanager
async def two_servers(settings: Settings) -> AsyncIterator[Stage]:
    """A bot in both, which has a run of the first under way and others behind it."""
    with TemporaryDirectory() as folder:
        async with Stage.open(Path(folder), settings) as stage:
            await furnish(stage, OURS, GREEK, "Ἰλιάς")
            await furnish(stage, THEIRS, ENGLISH, "Iliad")
            for channel_id, name in ((OURS, "Ὀδύσσεια"), (THEIRS, "Odyssey")):
                for number in range(2):
                    ada = caller_in(channel_id, ADA)
                    await stage.core.queued(f"{name} {number}", by=ada)
            yield stage


def leaks(seen: Seen, ids: set[str], sent: str) -> list[str]:
    """What stands in the answers that is the first server's and that nobody has sent."""
    answers = json.dumps([seen.messages, seen.modal, seen.choices], ensure_ascii=False)
    secrets = ids & {*ID.findall(answers)} | {*GREEK_WORD.findall(answers)}
    return [secret for secret in sorted(secrets) if secret not in sent]


async def attempt(settings: Settings, data: st.DataObject) -> None:
    """Everything once that can be done with the bot, in any order, with ids of both servers."""
    async with two_servers(settings) as stage:
        before, sent = await kept(stage, OURS), ""
        bait = await bait_for(stage, before, before, await kept(stage, THEIRS))
        known = actions(stage)
        for name in data.draw(st.permutations(sorted(known))):
            forged, send = known[name](data.draw, bait)
            sent += json.dumps(forged, ensure_ascii=False)
            seen = await send(data.draw(st.sampled_from(PEOPLE)), THEIRS)

            assert not seen.failed, name
            assert "Something went wrong" not in repr(seen.messages), name
            assert leaks(seen, before.secrets, sent) == [], name
            assert await kept(stage, OURS) == before, name
        assert before.secrets.isdisjoint(stage.core.launcher.terminated)


async def test_no_control_and_no_form_acts_on_an_id_of_another_server(permitted: Settings) -> None:
    """Each of them with each of the ids."""
    async with two_servers(permitted) as stage:
        before, theirs = await kept(stage, OURS), await kept(stage, THEIRS)
        others = [ids[0] for ids in theirs.ids]
        for target in (found for ids in before.ids for found in ids):
            for send in aimed(stage, target, others):
                seen = await send(ADA, THEIRS)

                assert not seen.failed
                assert "Something went wrong" not in repr(seen.messages)
                assert leaks(seen, before.secrets - {target}, "") == []
            assert await kept(stage, OURS) == before


@trying(ATTEMPTS, max_examples=2)
@given(st.data())
async def test_a_server_neither_sees_nor_changes_what_is_anothers(
    permitted: Settings, data: st.DataObject
) -> None:
    await attempt(permitted, data)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@trying(ATTEMPTS, max_examples=20)
@given(st.data())
async def test_a_thousand_attempts_to_see_or_change_what_is_anothers(
    permitted: Settings, data: st.DataObject
) -> None:
    await attempt(permitted, data)


async def test_the_same_attempts_come_to_something_in_one_s_own_server(permitted: Settings) -> None:
    """Else the laws above would hold of forgeries that nobody would believe anyway."""
    async with two_servers(permitted) as stage:
        kinds = len((await kept(stage, OURS)).ids)
    for kind in range(kinds):
        async with two_servers(permitted) as stage:
            before = await kept(stage, OURS)
            sends = aimed(stage, before.ids[kind][0], [ids[0] for ids in before.ids])
            assert await comes_to_something(stage, sends, before)


async def comes_to_something(stage: Stage, sends: Iterator[Send], before: Guild) -> bool:
    """Whether one of these shows or changes something that is the first server's."""
    for send in sends:
        seen = await send(ADA, OURS)
        if leaks(seen, before.secrets, "") or await kept(stage, OURS) != before:
            return True
    return False


def test_the_fields_of_forms_are_known() -> None:
    assert {"name", "prompt", "search", "minutes"} <= fields()


async def test_no_server_reads_a_channel_of_another_one(permitted: Settings) -> None:
    """Discord would not offer it; whoever forges it gets nothing, with any permission stated."""
    async with two_servers(permitted) as stage:
        seen = await stage.use(ADA, THEIRS, "train", resolved([TAVERN]), channel=str(TAVERN))

        assert "lacks View Channel" in seen.messages[-1]["content"]
        assert {message["channel_id"] for message in seen.messages} == {str(THEIRS)}


@pytest.fixture
def permitted(settings: Settings) -> Settings:
    """Channels may be read, and many runs may wait."""
    changes = {"runs_waiting_per_person": 9, "runs_waiting_per_server": 9}
    return settings.model_copy(update={"channel_history_permitted": True} | changes)
