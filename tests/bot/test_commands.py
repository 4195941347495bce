from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands

from bot.client import Client
from bot.errors import NameTakenError, NoModelError, RefusedError
from bot.errors.limits import RoleMissingError, WritesElsewhereError
from bot.rendering import plain
from bot.requests import Listing
from bot.views import CONTROLS, answer_unknown
from bot.views.answers import answer_error, caller, defer_privately
from bot.views.forms import entries, rename_form
from bot.views.places import Place, target_of
from bot.views.runs import CancelRun
from bot.words import closest, speaking
from model.errors import StopTextError
from storage.records import CheckpointRecord, ModelOrder, ModelRecord

if TYPE_CHECKING:
    from bot.settings import Settings

ID = "0123456789abcdef" * 2

PLACE = Place(model_id=ID, listing=Listing(page=9999, order=ModelOrder.BEST, search="\N{OWL}" * 20))
LISTING = target_of(PLACE.listing)
TARGETS = (ID, PLACE.target, LISTING, "3", f"{ID}:9999")


def model(name: str, *, bits: float | None = 1.5, novelty: float | None = 0.97) -> ModelRecord:
    checkpoint = CheckpointRecord(
        id="c" * 32,
        guild_id=1,
        model_id=ID,
        sha256="0" * 64,
        file_size=1,
        step=1_000_000,
        validation_loss=bits,
        parameters=10_000_000,
        corpus_characters=20_000_000,
        created_at=1_700_000_000,
        novelty=novelty,
    )
    return ModelRecord(
        id=ID,
        guild_id=1,
        user_id=2,
        name=name,
        created_at=1_700_000_000,
        imported=False,
        checkpoint=checkpoint,
        is_current=True,
    )


class Recorder:
    """Stands for an interaction's response and follow-up; remembers what was said."""

    def __init__(self, *, error: Exception | None = None) -> None:
        self.said: list[tuple[str, bool]] = []
        self.filled: list[str] = []
        self.deleted = 0
        self.type: discord.InteractionResponseType | None = None
        self.error = error

    def is_done(self) -> bool:
        return self.type is not None

    async def send_message(self, text: str, *, ephemeral: bool = False) -> None:
        if self.error is not None:
            raise self.error
        self.said.append((text, ephemeral))

    send = send_message

    async def defer(self, *, ephemeral: bool, thinking: bool) -> None:
        assert ephemeral
        assert thinking
        self.type = discord.InteractionResponseType.deferred_channel_message

    async def delete(self) -> None:
        self.deleted += 1


class FakeInteraction:
    """As much of an interaction as the error path and `caller` use."""

    def __init__(self, *, guild_id: int | None = 1, error: Exception | None = None) -> None:
        self.recorder = Recorder(error=error)
        self.response = self.followup = self.recorder
        self.guild_id, self.channel_id = guild_id, 2
        self.client = self.service = self
        self.locale = self.guild_locale = discord.Locale.american_english
        self.permissions = discord.Permissions(manage_guild=True)
        self.channel: Any = None
        self.user: Any = discord.Object(3)
        self.data: dict[str, Any] = {}
        self.custom_id = ""
        self.extras: dict[str, bool] = {}

    async def edit_original_response(self, *, content: str) -> None:
        """Fill the answer that was announced."""
        self.recorder.filled.append(content)

    async def delete_original_response(self) -> None:
        await self.recorder.delete()

    async def language_in(self, _: int | None, locale: str) -> str:
        """As the client has it."""
        return closest(locale)


def gone() -> discord.NotFound:
    class Response:
        status, reason = 404, "Not Found"

    return discord.NotFound(Response(), {"code": 10062, "message": "Unknown interaction"})  # type: ignore[arg-type]  # fake


async def answered(interaction: FakeInteraction, error: Exception) -> list[tuple[str, bool]]:
    await answer_error(interaction, error)  # type: ignore[arg-type]  # a fake
    return interaction.recorder.said


async def test_every_command_is_for_servers_and_explains_itself(settings: Settings) -> None:
    """Within the limits of Discord, and never with discord.py's placeholder."""
    bot = Client(settings, None)  # type: ignore[arg-type]  # nothing is synced here
    for payload in (command.to_dict(bot.tree) for command in bot.tree.get_commands()):
        assert payload["contexts"] == [0]
        assert payload["integration_types"] == [0]
        if payload["type"] == discord.AppCommandType.message.value:
            assert "description" not in payload, "the menu of a message has only names"
            continue
        described = [payload, *payload["options"]]
        assert all(5 < len(part["description"]) <= 100 for part in described)


@pytest.mark.parametrize("shortest", [0.1, 0.5, 10.0])
async def test_the_shortest_training_is_the_operators(settings: Settings, shortest: float) -> None:
    changed = settings.model_copy(update={"minimum_minutes": shortest})
    command = Client(changed, None).tree.get_command("train")  # type: ignore[arg-type]  # as above
    assert isinstance(command, app_commands.Command)

    minutes = next(option for option in command.parameters if option.name == "minutes")

    assert (minutes.min_value, minutes.max_value) == (shortest, 60.0)


def test_a_custom_id_belongs_to_one_control_only() -> None:
    for control in CONTROLS:
        custom_ids = [control.id_for(target) for target in TARGETS]
        known = [custom_id for custom_id in custom_ids if control.acts_on(custom_id)]
        for custom_id in known:
            owners = [other for other in CONTROLS if other.acts_on(custom_id)]

            assert owners == [control]
            assert len(custom_id.encode("utf-16-le")) // 2 <= 100
        assert known


@pytest.mark.parametrize("forged", ["../x", ID.upper(), ID + "0", ID[:-1], "", f"{ID}\n"])
def test_a_forged_id_is_not_even_looked_up(forged: str) -> None:
    assert not CancelRun.acts_on(f"train:cancel:{forged}")


async def test_a_control_is_found_again_by_its_custom_id() -> None:
    item = CancelRun.on(ID)
    match = item.template.fullmatch(item.custom_id)
    assert match is not None

    again = await CancelRun.from_custom_id(None, item.item, match)  # type: ignore[arg-type]  # unused

    assert again.target == ID


async def test_a_refusal_is_said_privately_in_its_own_words() -> None:
    said = await answered(FakeInteraction(), NoModelError())

    assert said == [(str(NoModelError()), True)]


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (WritesElsewhereError([5, 6]), " one of those. <#5> <#6>"),
        (RoleMissingError(range(20, 40)), " <@&20>"),
    ],
)
async def test_a_refusal_shows_the_channels_or_roles_that_it_is_about(
    error: RefusedError, end: str
) -> None:
    """So many that it is still a sentence."""
    [(text, private)] = await answered(FakeInteraction(), error)

    assert end in text
    assert text.count("<") <= 10
    assert private


async def test_a_refusal_shows_names_as_they_are() -> None:
    said = await answered(FakeInteraction(), NameTakenError("**@everyone**"))

    assert said == [(plain(str(NameTakenError("**@everyone**"))), True)]


async def test_an_error_of_a_model_is_answered_in_the_language_of_whoever_reads_it() -> None:
    english = await answered(FakeInteraction(), StopTextError())
    with speaking("de"):
        german = await answered(FakeInteraction(), StopTextError())

    assert english == [(str(StopTextError()), True)]
    assert "Stopptext" in german[0][0]


async def test_an_announced_answer_makes_way_for_the_refusal() -> None:
    interaction = FakeInteraction()
    interaction.recorder.type = discord.InteractionResponseType.deferred_channel_message

    said = await answered(interaction, NoModelError())

    assert (interaction.recorder.deleted, said) == (1, [(str(NoModelError()), True)])


async def test_a_refusal_stands_in_place_of_a_private_answer_that_was_announced() -> None:
    """There it may be written as often as need be, which a follow-up may not."""
    interaction = FakeInteraction()
    await defer_privately(interaction)  # type: ignore[arg-type]  # a fake

    said = await answered(interaction, NoModelError())

    assert interaction.recorder.filled == [str(NoModelError())]
    assert (interaction.recorder.deleted, said) == (0, [])


async def test_a_pressed_message_stays_when_the_press_is_refused() -> None:
    interaction = FakeInteraction()
    interaction.recorder.type = discord.InteractionResponseType.deferred_message_update

    said = await answered(interaction, NoModelError())

    assert (interaction.recorder.deleted, len(said)) == (0, 1)


async def test_the_unexpected_gets_a_reference_that_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    [(text, private)] = await answered(FakeInteraction(), ZeroDivisionError("secret"))

    reference = re.search(r"`([0-9a-f]{8})`", text)
    assert reference is not None
    assert private
    assert reference[1] in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in text


async def test_an_answer_that_comes_too_late_is_no_crash(caplog: pytest.LogCaptureFixture) -> None:
    """Neither when the command noticed it, nor when the refusal does."""
    said = await answered(FakeInteraction(), gone())
    said += await answered(FakeInteraction(error=gone()), NoModelError())

    assert said == []
    assert "Traceback" not in caplog.text


async def test_a_control_answers_errors_instead_of_swallowing_them() -> None:
    class Broken(CancelRun, prefix="test:broken"):
        async def press(self, _: object) -> None:
            raise NoModelError

    interaction = FakeInteraction()
    await Broken.on(ID).callback(interaction)  # type: ignore[arg-type]  # a fake

    assert interaction.recorder.said == [(str(NoModelError()), True)]


async def test_a_control_outside_of_servers_is_refused_with_an_answer() -> None:
    interaction = FakeInteraction(guild_id=None)

    allowed = await CancelRun.on(ID).interaction_check(interaction)  # type: ignore[arg-type]  # a fake

    assert not allowed
    assert interaction.recorder.said == [
        ("This works in servers only; please use it in one.", True)
    ]


@pytest.mark.parametrize("permission", ["manage_guild", "administrator"])
def test_administrators_manage_the_server_too(permission: str) -> None:
    interaction = FakeInteraction()
    interaction.permissions = discord.Permissions(**{permission: True})

    assert caller(interaction).manages_guild  # type: ignore[arg-type]  # a fake


def test_a_caller_has_roles_and_a_thread_has_a_channel() -> None:
    interaction = FakeInteraction()
    interaction.user = SimpleNamespace(id=3, roles=[discord.Object(1), discord.Object(8)])
    interaction.channel = discord.Thread.__new__(discord.Thread)
    interaction.channel.parent_id = 7

    asker = caller(interaction)  # type: ignore[arg-type]  # a fake

    assert (asker.parent_id, sorted(asker.role_ids)) == (7, [1, 8])


@pytest.mark.parametrize(
    ("custom_id", "answers"), [("older:button:1", 1), (CancelRun.id_for(ID), 0)]
)
async def test_a_button_of_an_older_version_is_answered_too(custom_id: str, answers: int) -> None:
    interaction = FakeInteraction()
    interaction.custom_id = custom_id

    await answer_unknown(interaction)  # type: ignore[arg-type]  # a fake

    assert len(interaction.recorder.said) == answers


async def test_a_form_is_not_kept_in_memory() -> None:
    form = rename_form(model("Ann"), PLACE)

    assert form.is_finished()
    assert form.custom_id == f"models:rename:{PLACE.target}"


@pytest.mark.parametrize("kind", ["label", "row"])
def test_entries_of_a_form_are_found_wherever_they_stand(kind: str) -> None:
    entry = {"type": 4, "custom_id": "name", "value": "Bob"}
    interaction = FakeInteraction()
    component = {"label": {"component": entry}, "row": {"components": [entry]}}[kind]
    interaction.data = {"components": [component]}

    assert entries(interaction) == {"name": "Bob"}  # type: ignore[arg-type]  # a fake


async def test_an_old_button_outlives_the_process(settings: Settings) -> None:
    """A client that has never sent the message knows the button by its custom_id."""
    bot = Client(settings, None)  # type: ignore[arg-type]  # nothing is synced here

    bot.add_dynamic_items(*CONTROLS)
    await asyncio.sleep(0)

    known = bot._connection._view_store._dynamic_items.values()  # noqa: SLF001 - nothing else tells
    assert set(known) == set(CONTROLS)
