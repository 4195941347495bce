"""/generate: write with one of the server's models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.choices import suggest_models
from bot.commands.wording import worded, worded_options
from bot.requests import GenerateRequest
from bot.views.answers import caller
from bot.views.texts import post_texts
from bot.writing.orders import (  # noqa: TC001 - discord.py reads the annotations
    HOTTEST,
    LONGEST_PROMPT,
    LONGEST_STOP,
    LOWEST_TOP_P,
    MAXIMUM_COUNT,
    MAXIMUM_LENGTH,
    MAXIMUM_TOP_K,
)

if TYPE_CHECKING:
    from bot.views.answers import Interaction


@app_commands.command(name="generate", description=worded("command-generate"))
@app_commands.describe(**worded_options("command-generate"))
@app_commands.autocomplete(model=suggest_models)
async def generate(  # noqa: PLR0917  # Discord's options; discord.py passes them by name
    interaction: Interaction,
    prompt: app_commands.Range[str, 0, LONGEST_PROMPT] = "",
    model: str | None = None,
    length: app_commands.Range[int, 1, MAXIMUM_LENGTH] | None = None,
    temperature: app_commands.Range[float, 0.0, HOTTEST] | None = None,
    count: app_commands.Range[int, 1, MAXIMUM_COUNT] = 1,
    stop: app_commands.Range[str, 1, LONGEST_STOP] | None = None,
    top_k: app_commands.Range[int, 1, MAXIMUM_TOP_K] | None = None,
    top_p: app_commands.Range[float, LOWEST_TOP_P, 1.0] | None = None,
    seed: int | None = None,
) -> None:
    """Write a text in the style that a model of this server has learned."""
    service, asker = interaction.client.service, caller(interaction)
    request = GenerateRequest(
        length=length,
        temperature=temperature,
        prompt=prompt,
        model=model,
        seed=seed,
        top_k=top_k,
        top_p=top_p,
        stop=stop,
        count=count,
    )
    checked = await service.check_generation(asker, request)
    await interaction.response.defer()
    await post_texts(interaction, await service.generate(asker, checked))


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return generate
