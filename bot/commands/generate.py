"""/generate: write with one of the server's models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands

from bot.commands.choices import suggest_models
from bot.requests import GenerateRequest
from bot.views.answers import caller
from bot.views.texts import post_text

if TYPE_CHECKING:
    from bot.views.answers import Interaction

LONGEST_PROMPT = 2000


@app_commands.command(name="generate")
@app_commands.describe(
    length="How many characters to write, 1 to 8,000 (400 unless you choose)",
    temperature="0 plays it safe, 1 writes as learned, 2 goes wild (0.8 unless you choose)",
    prompt="The beginning of the text; the model writes on from it",
    model="Which of this server's models writes (the current one unless you choose)",
    seed="Any whole number; the same one writes the same text again",
)
@app_commands.autocomplete(model=suggest_models)
async def generate(  # noqa: PLR0917  # Discord's options; discord.py passes them by name
    interaction: Interaction,
    length: app_commands.Range[int, 1, 8000] = 400,
    temperature: app_commands.Range[float, 0, 2] = 0.8,
    prompt: app_commands.Range[str, 0, LONGEST_PROMPT] = "",
    model: str | None = None,
    seed: int | None = None,
) -> None:
    """Write a text in the style that a model of this server has learned."""
    service, asker = interaction.client.service, caller(interaction)
    request = GenerateRequest(
        length=length, temperature=temperature, prompt=prompt, model=model, seed=seed
    )
    checked = await service.check_generation(asker, request)
    await interaction.response.defer()
    written = await service.generate(asker, checked)
    await post_text(interaction, written, text=prompt + written.text)


def command() -> app_commands.Command[Any, ..., None]:
    """The command, as the client adds it."""
    return generate
