"""The real discord.py logs in, is asked, answers, and speaks."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands

from bot.sandbox.people import ADA, BOT, WRITING_GROUP
from tests.sandbox.conftest import new_client
from tests.sandbox_driver import Person, RefusedByPageError, button, text_of

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox
    from tests.sandbox.conftest import Client

pytestmark = pytest.mark.slow

BOTS = WRITING_GROUP + 12

Interaction = discord.Interaction[Any]


async def test_bot_logs_in_and_sees_its_guilds(client: Client) -> None:
    async with client.connected():
        names = {
            guild.name: [channel.name for channel in guild.channels] for guild in client.guilds
        }

        assert client.user is not None
        assert client.user.id == client.application_id == BOT
        assert names == {
            "Writing Group": ["general", "bots", "no-bots", "tavern"],
            "Fandom": ["general", "bots"],
            "Schreibwerkstatt": ["allgemein", "bots"],
        }


async def test_deferred_command_is_edited_and_followed_up(client: Client, ada: Person) -> None:
    @client.tree.command(description="Train")
    async def train(
        interaction: Interaction,
        file: discord.Attachment,
        minutes: app_commands.Range[float, 0.5, 60.0] = 3,
    ) -> None:
        await interaction.response.defer(ephemeral=True)
        text = (await file.read()).decode()
        await interaction.edit_original_response(content=f"{file.filename}: {text}, {minutes}")
        assert isinstance(interaction.channel, discord.TextChannel)
        posted = await interaction.channel.send("Training 0 %")
        await posted.edit(content="Training 100 %")
        await interaction.followup.send("Done", ephemeral=True)

    async with client.connected():
        answer = await ada.command(
            "bots", "train", files={"file": ("a b.txt", b"verse")}, minutes=2
        )

        assert answer.message is not None
        assert answer.message["flags"] == 64 + 128  # private, and still thinking
        private = await ada.wait_for(lambda message: message["content"] == "a_b.txt: verse, 2.0")
        assert private["id"] == answer.message["id"]
        assert private["interaction_metadata"]["name"] == "train"
        await ada.wait_for(lambda message: message["content"] == "Training 100 %")
        await ada.wait_for(lambda message: message["content"] == "Done")


async def test_first_follow_up_takes_the_place_of_a_deferred_answer(
    client: Client, ada: Person
) -> None:
    @client.tree.command(description="Write")
    async def write(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.followup.send("first")
        await interaction.followup.send("second")

    async with client.connected():
        answer = await ada.command("bots", "write")
        second = await ada.wait_for(lambda message: message["content"] == "second")

        assert answer.message is not None
        assert ada.messages[answer.message["id"]]["content"] == "first"
        assert second["id"] != answer.message["id"]


async def test_deferred_answer_can_be_deleted_and_followed_up_privately(
    client: Client, ada: Person
) -> None:
    @client.tree.command(description="Write")
    async def write(interaction: Interaction) -> None:
        await interaction.response.defer()
        await interaction.delete_original_response()
        await interaction.followup.send("That failed.", ephemeral=True)

    async with client.connected():
        answer = await ada.command("bots", "write")
        private = await ada.wait_for(lambda message: message["content"] == "That failed.")

        assert answer.message is not None
        await ada.wait_until_gone(answer.message)
        assert private["flags"] & 64


async def test_options_arrive_as_what_they_are(client: Client, ada: Person) -> None:
    @client.tree.command(description="All kinds")
    @app_commands.choices(color=[app_commands.Choice(name="Red", value="r")])
    async def kinds(  # noqa: PLR0917 - the options of a command
        interaction: Interaction,
        whole: int,
        real: float,
        yes: bool,
        who: discord.Member,
        where: discord.TextChannel,
        role: discord.Role,
        color: app_commands.Choice[str],
    ) -> None:
        seen = [whole, real, yes, who.name, where.name, role.name, color.name]
        assert who.guild_permissions.administrator
        assert interaction.app_permissions.send_messages
        await interaction.response.send_message(repr(seen))

    async with client.connected():
        answer = await ada.command(
            ("Fandom", "general"),
            "kinds",
            whole=-5,
            real=0.5,
            yes=True,
            who=str(ADA),
            where=ada.channel(("Fandom", "bots")),
            role=ada.state["guilds"][1]["roles"][2]["id"],
            color="r",
        )

        assert answer.message is not None
        assert answer.message["content"] == "[-5, 0.5, True, 'ada', 'bots', 'Moderator', 'Red']"


async def test_autocomplete_suggests_what_the_bot_says(client: Client, ada: Person) -> None:
    @client.tree.command(description="Use")
    async def use(interaction: Interaction, model: str) -> None:
        await interaction.response.send_message(model)

    @use.autocomplete("model")
    async def suggest(_: Interaction, text: str) -> list[app_commands.Choice[str]]:
        names = ["Hamlet", "Macbeth"]
        return [app_commands.Choice(name=name, value=name) for name in names if text in name]

    async with client.connected():
        choices = await ada.autocomplete("bots", "use", "model", "Mac")

        assert choices == [{"name": "Macbeth", "value": "Macbeth"}]


class Form(discord.ui.Modal, title="Rename"):
    """One text input."""

    name: discord.ui.TextInput[Any] = discord.ui.TextInput(label="New name", max_length=40)

    async def on_submit(self, interaction: Interaction) -> None:
        """Show the new name where the button was."""
        await interaction.response.edit_message(content=f"Called {self.name.value}", view=None)


class Buttons(discord.ui.View):
    """A button that edits, one that asks, and a menu."""

    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: Interaction, _: discord.ui.Button[Any]) -> None:
        """Edit the message through a deferred update."""
        await interaction.response.defer()
        await interaction.edit_original_response(content="again")

    @discord.ui.button(label="Rename")
    async def rename(self, interaction: Interaction, _: discord.ui.Button[Any]) -> None:
        """Show a modal."""
        await interaction.response.send_modal(Form())

    @discord.ui.select(
        options=[discord.SelectOption(label="One"), discord.SelectOption(label="Two")]
    )
    async def pick(self, interaction: Interaction, select: discord.ui.Select[Any]) -> None:
        """Edit the message at once."""
        await interaction.response.edit_message(content=f"picked {select.values[0]}")


class Entities(discord.ui.View):
    """Menus of the server's channels and roles."""

    @discord.ui.select(
        cls=discord.ui.ChannelSelect, custom_id="places", min_values=0, max_values=25
    )
    async def pick_channels(
        self, interaction: Interaction, select: discord.ui.ChannelSelect[Any]
    ) -> None:
        """Say which channels were chosen, and show them chosen."""
        select.default_values = select.values
        names = ", ".join(channel.name for channel in select.values)
        await interaction.response.edit_message(content=f"picked {names}", view=self)

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="people")
    async def pick_role(self, interaction: Interaction, select: discord.ui.RoleSelect[Any]) -> None:
        """Say which role was chosen."""
        await interaction.response.edit_message(content=f"picked {select.values[0].name}")


async def test_channels_and_roles_are_chosen_as_what_they_are(client: Client, ada: Person) -> None:
    @client.tree.command(description="Show")
    async def show(interaction: Interaction) -> None:
        await interaction.response.send_message("start", view=Entities())

    async with client.connected():
        message = (await ada.command("bots", "show")).message
        assert message is not None
        general, bots = ada.channel("general"), ada.channel("bots")

        await ada.choose(message, "places", general, bots)
        shown = await ada.wait_for(lambda entry: entry["content"] == "picked general, bots")
        chosen = [value["id"] for value in button(shown, "places")["default_values"]]
        assert sorted(chosen) == sorted([general, bots])
        await ada.choose(message, "places")
        await ada.wait_for(lambda entry: entry["content"] == "picked")
        await ada.choose(message, "people", str(WRITING_GROUP + 2))
        await ada.wait_for(lambda entry: entry["content"] == "picked Moderator")
        for wrong in ("1", bots):
            with pytest.raises(RefusedByPageError):
                await ada.choose(message, "people", wrong)


async def test_buttons_menus_and_modals_change_their_message(client: Client, ada: Person) -> None:
    @client.tree.command(description="Show")
    async def show(interaction: Interaction) -> None:
        await interaction.response.send_message("start", view=Buttons())

    async with client.connected():
        message = (await ada.command("bots", "show")).message
        assert message is not None

        await ada.press(message, "Again")
        await ada.wait_for(lambda entry: entry["content"] == "again")
        await ada.choose(message, None, "Two")
        await ada.wait_for(lambda entry: entry["content"] == "picked Two")
        asked = await ada.press(message, "Rename")
        await ada.submit(asked, {"New name": "Hamlet"})
        renamed = await ada.wait_for(lambda entry: entry["content"] == "Called Hamlet")

        assert renamed["id"] == message["id"]
        assert renamed["components"] == []


async def test_layouts_and_files_are_shown(client: Client, ada: Person) -> None:
    class Card(discord.ui.LayoutView):
        card: discord.ui.Container[Any] = discord.ui.Container(
            discord.ui.TextDisplay("# Hamlet"),
            discord.ui.MediaGallery(discord.MediaGalleryItem("attachment://loss.png")),
            discord.ui.ActionRow(discord.ui.Button(label="Use", custom_id="use:1")),
        )

    @client.tree.command(description="Show")
    async def show(interaction: Interaction) -> None:
        picture = discord.File(io.BytesIO(b"\x89PNG\r\n\x1a\n..."), "loss.png")
        await interaction.response.send_message(view=Card(), file=picture)

    async with client.connected():
        message = (await ada.command("bots", "show")).message

        assert message is not None
        assert text_of(message) == "# Hamlet"
        assert button(message, "Use")["custom_id"] == "use:1"
        gallery = message["components"][0]["components"][1]
        assert gallery["items"][0]["media"]["url"] == message["attachments"][0]["url"]
        assert await ada.download(message["attachments"][0]) == b"\x89PNG\r\n\x1a\n..."


async def test_two_bots_hear_the_same_and_one_answers(
    sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: asyncio.Queue[int] = asyncio.Queue()

    def answering(client: Client) -> Client:
        @client.tree.command(description="Hi")
        async def hi(interaction: Interaction) -> None:
            try:
                await interaction.response.send_message("hi")
            except discord.HTTPException as error:
                await refused.put(error.code)

        return client

    first, second = (answering(new_client(sandbox, monkeypatch)) for _ in range(2))
    async with first.connected(), second.connected():
        answer = await ada.command("bots", "hi")

        assert not answer.failed
        assert await asyncio.wait_for(refused.get(), 5) == 40060


@pytest.mark.parametrize(("reads", "heard"), [(True, "hello"), (False, "")])
async def test_content_needs_its_intent(
    sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch, *, reads: bool, heard: str
) -> None:
    client = new_client(sandbox, monkeypatch, guild_messages=True, message_content=reads)
    async with client.connected():
        await ada.say("bots", "hello")

        assert (await client.hear()).content == heard


async def test_mentioning_the_bot_lets_it_read(
    sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(sandbox, monkeypatch, guild_messages=True)
    async with client.connected():
        said = await ada.say("bots", f"<@{BOT}> hello")
        message = await client.hear()
        await message.reply("Hello!")
        reply = await ada.wait_for(lambda entry: entry["content"] == "Hello!")

        assert message.content.endswith("hello")
        assert client.user in message.mentions
        assert reply["message_reference"]["message_id"] == said["id"]
        await ada.say("bots", "and you?", reply_to=reply)
        await client.hear()  # its own reply
        assert (await client.hear()).content == "and you?"


async def test_session_is_resumed_with_what_was_missed(
    sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(sandbox, monkeypatch, guild_messages=True, message_content=True)
    async with client.connected():
        resumed = client.loop.create_future()
        client.on_resumed = resumed_setter(resumed)  # type: ignore[attr-defined]  # discord.py's own way
        session = client.ws.session_id

        await client.ws.socket.close(code=4000)
        await ada.say("bots", "while you were away")
        message = await client.hear()
        await resumed

        assert message.content == "while you were away"
        assert client.ws.session_id == session


def resumed_setter(resumed: Any) -> Any:
    async def on_resumed() -> None:
        resumed.set_result(None)

    return on_resumed


async def test_wrong_token_and_forbidden_intents_are_refused(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = new_client(sandbox, monkeypatch)
    with pytest.raises(discord.LoginFailure):
        await client.login("wrong")
    await client.close()

    client = new_client(sandbox, monkeypatch, message_content=True)
    await client.login("unprivileged")
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await client.connect()
    await client.close()


async def test_heartbeat_is_acknowledged_late_enough_to_be_measured(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that overtakes discord.py's own note would count as a whole interval."""
    monkeypatch.setattr("bot.sandbox.gateway.HEARTBEAT_MILLISECONDS", 400)
    client = new_client(sandbox, monkeypatch)
    client._enable_debug_events = True  # noqa: SLF001 - lets the test see the frames
    acknowledged: asyncio.Queue[float] = asyncio.Queue()

    async def on_socket_raw_receive(frame: str) -> None:
        if json.loads(frame)["op"] == 11:
            acknowledged.put_nowait(client.latency)

    client.event(on_socket_raw_receive)
    async with client.connected():
        latencies = [await asyncio.wait_for(acknowledged.get(), 5) for _ in range(4)]

    assert all(0.05 < latency < 0.35 for latency in latencies[1:])  # the first greets
