"""/train: learn to write like a file, like several, or like a channel."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands

from bot.commands.channel_option import ChannelOption  # noqa: TC001 - discord.py reads it
from bot.commands.choices import suggest_models
from bot.commands.wording import worded, worded_options
from bot.downloads import download_all
from bot.requests import ChannelChoice, TrainRequest, Upload
from bot.runs.authors import MAXIMUM_CHARACTERS  # noqa: TC001 - discord.py reads the annotations
from bot.settings import MEBIBYTE
from bot.views.announcing import announce, check_channel
from bot.views.answers import caller, defer_privately

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.settings import Settings
    from bot.views.answers import Interaction

F = TypeVar("F")


async def train(
    interaction: Interaction,
    *,
    file: discord.Attachment | None = None,
    channel: app_commands.Transform[ChannelChoice, ChannelOption] | None = None,
    name: str | None = None,
    minutes: float | None = None,
    authors: app_commands.Range[str, 1, MAXIMUM_CHARACTERS] | None = None,
    names: bool = False,
    base: str | None = None,
    file2: discord.Attachment | None = None,
    file3: discord.Attachment | None = None,
    file4: discord.Attachment | None = None,
    file5: discord.Attachment | None = None,
) -> None:
    """Teach the bot to write like a text of yours."""
    service, asker = interaction.client.service, caller(interaction)
    check_channel(interaction)
    settings = interaction.client.settings
    files = _numbered(file, file2, file3, file4, file5)
    request = TrainRequest(
        files=tuple(Upload(name=f.filename, size=f.size, number=n) for n, f in files.items()),
        channel=channel,
        name=name,
        minutes=settings.usual_minutes if minutes is None else minutes,
        authors=authors,
        names=names,
        base=base,
    )
    await service.check_training(asker, request)
    await defer_privately(interaction)
    urls = [attached.url for attached in files.values()]
    fetch = partial(download_all, urls, limit=settings.file_mebibytes * MEBIBYTE)
    begun = await service.begin_training(asker, request, fetch)
    await announce(interaction, begun)


def command(settings: Settings) -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it, with the operator's shortest and longest time.

    Where channels may not be read there is no such option, and a file is required.
    """
    options = dict(inspect.signature(train).parameters)
    possible = app_commands.Range[float, settings.minimum_minutes, settings.maximum_minutes]
    options["minutes"] = options["minutes"].replace(annotation=possible | None)
    if not settings.channel_history_permitted:
        del options["channel"]
        required = {"annotation": discord.Attachment, "default": inspect.Parameter.empty}
        options["file"] = options["file"].replace(**required)

    words = worded_options("command-train")

    @app_commands.command(name="train", description=worded("command-train"))
    @app_commands.describe(**{name: words[name] for name in options.keys() & words})
    @app_commands.autocomplete(base=suggest_models)
    @_with_options(options.values())
    async def callback(
        interaction: discord.Interaction[Any],
        /,
        **chosen: Any,  # noqa: ANN401  # whatever the options take
    ) -> None:
        await train(interaction, **chosen)

    return callback


def _with_options(options: Iterable[inspect.Parameter]) -> Callable[[F], F]:
    """Let discord.py, which looks at a function's signature, see these options."""

    def decorate(function: F) -> F:
        function.__signature__ = inspect.Signature([*options])  # type: ignore[attr-defined]  # PEP 362
        return function

    return decorate


def _numbered(*files: discord.Attachment | None) -> dict[int, discord.Attachment]:
    """The attachments that are there, by the number of their option."""
    return {number: file for number, file in enumerate(files, 1) if file is not None}
