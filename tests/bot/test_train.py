"""/train: from Discord's options to a request, and from what was found to an answer."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest

from bot.commands.channel_option import ChannelOption
from bot.commands.train import command, train
from bot.errors import DiskFailsError
from bot.rendering import CONTENT_LIMIT, size
from bot.requests import BegunRun, ChannelChoice, TrainRequest, Upload
from bot.views import announcing
from training.corpus import CorpusSummary

if TYPE_CHECKING:
    from bot.settings import Settings

FILES = [SimpleNamespace(filename=f"{n}.txt", size=n, url=f"http://{n}") for n in range(1, 6)]


class FakeService:
    """Begins every run, and remembers what was asked for and in which order."""

    def __init__(self, description: str) -> None:
        self.description = description
        self.asked: list[TrainRequest] = []
        self.order: list[str] = []

    async def check_training(self, _: object, request: TrainRequest) -> None:
        self.asked.append(request)

    async def begin_training(self, _: object, request: TrainRequest, __: object) -> BegunRun:
        self.asked.append(request)
        run: Any = SimpleNamespace(
            id="a" * 32, channel_id=2, model_name="*" * 40, found=self.description
        )
        corpus = CorpusSummary(characters=1, distinct=1, description=self.description)
        return BegunRun(run=run, corpus=corpus)

    async def announce(self, _: str, __: int) -> None:
        self.order.append("queued")

    async def post(self, _: object, __: object) -> int:
        self.order.append("posted")
        return 5

    async def abandon(self, _: str) -> None:
        self.order.append("abandoned")

    async def withdraw(self, _: int, __: int) -> None:
        self.order.append("withdrawn")


class FakeInteraction:
    """As much of an interaction as /train uses."""

    def __init__(self, settings: Settings, service: FakeService, *, late: bool = False) -> None:
        self.client = SimpleNamespace(settings=settings, service=service, reporter=service)
        self.service, self.late, self.answer = service, late, ""
        self.guild_id, self.channel_id, self.channel = 1, 2, None
        self.app_permissions = self.permissions = discord.Permissions.all()
        self.user = discord.Object(3)
        self.response, self.extras = self, dict[str, bool]()

    async def defer(self, *, ephemeral: bool, thinking: bool) -> None:
        assert ephemeral
        assert thinking

    async def edit_original_response(self, *, content: str) -> None:
        if self.late:
            raise OSError
        self.service.order.append("told")
        self.answer = content


async def test_every_option_reaches_the_service(settings: Settings) -> None:
    """A file keeps the number of its option, though another option is empty."""
    service = FakeService("Plain text")
    options: dict[str, Any] = {"file": FILES[0], "file3": FILES[2], "file5": FILES[4]}

    await train(FakeInteraction(settings, service), **options, authors="Ann", names=True)  # type: ignore[arg-type]  # a fake

    expected = TrainRequest(
        files=tuple(Upload(name=f"{n}.txt", size=n, number=n) for n in (1, 3, 5)),
        authors="Ann",
        names=True,
    )
    assert service.asked == [expected, expected]


@pytest.mark.parametrize("description", ["Plain text", "*@" * 5000, "😀" * 5000])
async def test_what_was_found_fits_and_is_told_before_training(
    settings: Settings, description: str
) -> None:
    service = FakeService(description)
    interaction = FakeInteraction(settings, service)

    await train(interaction, file=FILES[0])  # type: ignore[arg-type]  # fakes

    assert service.order == ["posted", "told", "queued"]
    assert size(interaction.answer) <= CONTENT_LIMIT
    assert interaction.answer.endswith("the message in this channel shows how far it is.")


async def test_a_run_does_not_wait_long_for_a_bad_day_to_end(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "TELLING_SECONDS", 0.01)
    service, better = FakeService("Plain text"), asyncio.Event()
    interaction = FakeInteraction(settings, service)
    answer = interaction.edit_original_response

    async def wait_and_answer(*, content: str) -> None:
        await better.wait()
        await answer(content=content)

    monkeypatch.setattr(interaction, "edit_original_response", wait_and_answer)
    asking = asyncio.create_task(train(interaction, file=FILES[0]))  # type: ignore[arg-type]  # fakes
    async with asyncio.timeout(5):
        while "queued" not in service.order:  # noqa: ASYNC110 - a few turns of the loop
            await asyncio.sleep(0)

    better.set()
    await asking

    assert service.order == ["posted", "queued", "told"]


async def test_a_run_goes_on_when_the_answer_comes_too_late(settings: Settings) -> None:
    service = FakeService("Plain text")

    await train(FakeInteraction(settings, service, late=True), file=FILES[0])  # type: ignore[arg-type]  # fakes

    assert service.order == ["posted", "queued"]


async def test_what_was_found_does_not_take_the_place_of_what_went_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is still being tried when the run turns out not to begin."""
    monkeypatch.setattr(announcing, "TELLING_SECONDS", 0.01)
    service, given_up = FakeService("Plain text"), asyncio.Event()
    interaction = FakeInteraction(settings, service)

    async def insist(*, content: str) -> None:
        del content
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    async def refuse(*_: object) -> None:
        raise DiskFailsError

    monkeypatch.setattr(interaction, "edit_original_response", insist)
    monkeypatch.setattr(service, "announce", refuse)

    with pytest.raises(DiskFailsError):
        await train(interaction, file=FILES[0])  # type: ignore[arg-type]  # fakes

    await asyncio.wait_for(given_up.wait(), 5)
    assert service.order == ["posted", "abandoned", "withdrawn"]


def options_of(settings: Settings) -> dict[str, dict[str, Any]]:
    """The options of /train as Discord is told them."""
    tree = discord.app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    payload = command(settings).to_dict(tree)
    assert payload["description"] == "Teach the bot to write like a text of yours."
    return {option["name"]: option for option in payload["options"]}


def test_channels_are_offered_only_where_they_may_be_read(settings: Settings) -> None:
    """Then a file is not required, since a channel can take its place."""
    permitted = settings.model_copy(update={"channel_history_permitted": True})
    off, on = options_of(settings), options_of(permitted)

    assert on.keys() - off.keys() == {"channel"}
    assert [name for name in off if off[name]["required"]] == ["file"]
    assert not any(option["required"] for option in on.values())
    assert on["channel"]["channel_types"] == [0, 5, 11, 12, 10]
    assert all(option["description"] != "…" for option in on.values())


def test_each_operator_has_a_shortest_and_a_longest_time_of_their_own(settings: Settings) -> None:
    other = settings.model_copy(update={"minimum_minutes": 0.1, "maximum_minutes": 5.0})

    times = [
        (options_of(each)["minutes"]["min_value"], options_of(each)["minutes"]["max_value"])
        for each in (settings, other)
    ]

    assert times == [(0.5, 60), (0.1, 5)]


@pytest.mark.parametrize(
    ("may", "readable"),
    [
        ({"view_channel": True, "read_message_history": True}, True),
        ({"view_channel": True}, False),
        ({"read_message_history": True}, False),
    ],
)
async def test_a_channel_comes_with_what_its_chooser_may_do_there(
    may: dict[str, bool], readable: bool
) -> None:
    """What the bot does not know of, it cannot view."""

    async def refuse() -> None:
        raise discord.Forbidden(cast("Any", SimpleNamespace(status=403, reason="")), "no")

    chosen = SimpleNamespace(
        id=5,
        name="tavern",
        permissions=discord.Permissions(**may),
        resolve=lambda: None,
        fetch=refuse,
    )

    choice = await ChannelOption().transform(cast("Any", None), chosen)

    assert choice == ChannelChoice(
        id=5, name="tavern", caller_may_read=readable, bot_lacks=("view_channel",)
    )
