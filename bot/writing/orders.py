"""From what somebody asks for to an order that can be written, or a refusal."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.checks import check_range
from bot.errors import PromptTooLongError, SameTextsError, WithoutEffectError
from bot.writing.thread import Order
from model.errors import StopTextError

if TYPE_CHECKING:
    from bot.requests import GenerateRequest
    from storage.records import GenerationRecord, GuildSettings

T = TypeVar("T")

MAXIMUM_LENGTH = 8_000
"""Characters in one text."""

DEFAULT_LENGTH = 400
DEFAULT_TEMPERATURE = 0.8
"""Where neither a person nor the server has chosen."""

MAXIMUM_COUNT = 4
"""Texts at a time."""

MAXIMUM_SEED = 2**53
"""Discord's integers end here, in both directions."""

MAXIMUM_TOP_K = 10_000
LOWEST_TOP_P = 0.01
LONGEST_PROMPT = 2_000
LONGEST_STOP = 100
HOTTEST = 2.0


class Usual(NamedTuple):
    """What texts are like on a server unless somebody asks for something else."""

    length: int
    temperature: float


def usual(chosen: GuildSettings) -> Usual:
    """What the server has chosen, or else what the bot does."""
    return Usual(
        length=_first(chosen.length, DEFAULT_LENGTH),
        temperature=_first(chosen.temperature, DEFAULT_TEMPERATURE),
    )


def checked_order(request: GenerateRequest, chosen: GuildSettings) -> Order:
    """The order for the first text; what was not asked for is as the server has chosen it.

    Raises:
        RefusedError: An option is out of its range, or without effect beside the others.
    """
    unasked = usual(chosen)
    length = _first(request.length, unasked.length)
    temperature = _first(request.temperature, unasked.temperature)
    check_range("length", length, 1, MAXIMUM_LENGTH)
    check_range("temperature", temperature, 0, HOTTEST)
    check_range("seed", request.seed or 0, -MAXIMUM_SEED, MAXIMUM_SEED)
    check_range("count", request.count, 1, MAXIMUM_COUNT)
    check_range("top_k", 1 if request.top_k is None else request.top_k, 1, MAXIMUM_TOP_K)
    check_range("top_p", 1 if request.top_p is None else request.top_p, LOWEST_TOP_P, 1)
    check_prompt(request.prompt)
    order = Order(
        prompt=storable(request.prompt),
        seed=draw_seed() if request.seed is None else request.seed,
        temperature=temperature,
        length=length,
        top_k=request.top_k,
        top_p=request.top_p,
        stop=_checked_stop(request.stop),
        prompt_kept=request.prompt_kept,
    )
    _check_together(order, request.count)
    return order


def check_prompt(prompt: str) -> None:
    """Raise `PromptTooLongError` where it is."""
    if len(prompt) > LONGEST_PROMPT:
        raise PromptTooLongError(LONGEST_PROMPT)


def _check_together(order: Order, count: int) -> None:
    """Refuse options that leave each other without effect."""
    chosen = {"top_k": order.top_k, "top_p": order.top_p}
    idle = [option for option, value in chosen.items() if value is not None]
    if order.temperature == 0 and idle:
        raise WithoutEffectError(idle[0])
    if count > 1 and order.temperature == 0:
        raise SameTextsError("temperature")
    if count > 1 and order.top_k == 1:
        raise SameTextsError("top_k")


def _checked_stop(stop: str | None) -> str | None:
    r"""The stop text as it is kept; nobody can type a line break, so `\n` is one."""
    if stop is None:
        return None
    check_range("stop", len(stop), 0, LONGEST_STOP)
    if not stop:
        raise StopTextError
    return storable(stop.replace("\\n", "\n"))


def storable(text: str) -> str:
    """The text without halves of characters, which nothing can keep."""
    return text.encode("utf-8", "replace").decode()


def _first(*choices: T | None) -> T:
    """The first choice that was made; the last always is."""
    return next(choice for choice in choices if choice is not None)


def order_of(before: GenerationRecord, *, seed: int) -> Order:
    """The order that a text was written by, with another seed."""
    return Order(
        prompt=before.prompt,
        seed=seed,
        temperature=before.temperature,
        length=before.length,
        top_k=before.top_k,
        top_p=before.top_p,
        stop=before.stop,
        prompt_kept=before.prompt_kept,
        former_id=before.id,
        prompt_user_ids=before.givers,
    )


def seeds_of(first: int, count: int) -> list[int]:
    """The seeds of texts that belong together, each of which a person may type again."""
    return [first + n if first + n <= MAXIMUM_SEED else first - n for n in range(count)]


def draw_seed() -> int:
    """Draw a seed that a person can type again."""
    return secrets.randbelow(2**31)
