"""Interactions that nobody was offered: every command, control and form, with ids of one's choice.

What there is to use is asked of the bot itself: the commands that it has synced, `CONTROLS` and
`FORMS`. So whatever is added later is tried as well. A custom_id is made from its control's own
pattern, with the chosen ids in it.

    action : draw, bait -> a way to send an interaction
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, get_args, get_origin

import discord
from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from bot.sandbox import payloads
from bot.sandbox.command_limits import OptionType
from bot.sandbox.people import BOT, GUILDS, PEOPLE, place
from bot.views import CONTROLS, FORMS
from bot.views.base import Control, PressButton

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from typing import TypeAlias

    from bot.sandbox.payloads import Payload
    from tests.stage import Seen, Stage

    Send: TypeAlias = Callable[[int, int], Awaitable[Seen]]
    """Sends an interaction, as a person in a channel."""
    Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
    Action: TypeAlias = Callable[[Draw, "Bait"], tuple[Payload, Send]]

BUTTON, STRING_SELECT = 2, 3
SELECTS = {
    discord.ui.Select: STRING_SELECT,
    discord.ui.UserSelect: 5,
    discord.ui.RoleSelect: 6,
    discord.ui.MentionableSelect: 7,
    discord.ui.ChannelSelect: 8,
}
SUBCOMMANDS = {OptionType.SUBCOMMAND, OptionType.SUBCOMMAND_GROUP}
_ID = re.compile("[0-9a-f]{32}")
LARGEST = 50
"""Of a number where the bot allows more, so that nothing takes long."""


@dataclass(frozen=True, kw_only=True)
class Bait:
    """What a forged interaction is made of."""

    ids: list[list[str]]
    """Ids in the catalog, each kind's together, so that those of which there are few come up."""
    numbers: list[int]
    """Ids at Discord: of channels, people, roles, messages."""
    texts: list[str]
    files: list[Payload]
    """Attachments, with their addresses."""

    @property
    def id(self) -> st.SearchStrategy[str]:
        """Any of the ids."""
        return st.sampled_from(self.ids).flatmap(st.sampled_from)


def actions(stage: Stage) -> dict[str, Action]:
    """All that can be done with the bot, by what it is called."""
    found: dict[str, Action] = {kind.__name__: partial(_press, stage, kind) for kind in CONTROLS}
    found |= {pattern: partial(_submit, stage, pattern) for pattern, _ in FORMS}
    for command in stage.commands:
        if command["type"] != discord.AppCommandType.chat_input.value:
            found[command["name"]] = partial(_menu, stage, command)
            continue
        for steps in _paths(command):
            name = " ".join(["", command["name"], *(step["name"] for step in steps)])
            found[f"/{name.strip()}"] = partial(_command, stage, command, steps, "")
            for option in _options(command, steps):
                if option.get("autocomplete"):
                    typing = partial(_command, stage, command, steps, option["name"])
                    found[f"/{name.strip()} {option['name']}"] = typing
    found["a mention"] = partial(_mention, stage)
    return found


def aimed(stage: Stage, target: str, others: list[str]) -> Iterator[Send]:
    """Every control and form that takes an id, with this one; menus with others' ids as well."""
    for kind in CONTROLS:
        example = example_of(kind.__discord_ui_compiled_template__.pattern)
        if not _ID.search(example) and component_type(kind) != STRING_SELECT:
            continue
        found = [target] if component_type(kind) == BUTTON else [target, *others]
        for custom_id in {_ID.sub(each, example) for each in found}:
            yield partial(_pressed, stage, *_component(kind, custom_id, target))
    for pattern in (pattern for pattern, _ in FORMS if _ID.pattern in pattern):
        custom_id = _ID.sub(target, example_of(pattern))
        yield partial(_submitted, stage, {"custom_id": custom_id, "components": filled("x")})


@cache
def example_of(pattern: str) -> str:
    """A custom_id that the pattern takes, with an id in it if there can be one."""
    has_id = _ID.pattern in pattern
    known = settings(phases=[Phase.generate], database=None, max_examples=1000)
    return find(
        st.from_regex(pattern, fullmatch=True),
        lambda made: not has_id or _ID.search(made) is not None,
        settings=known,
    )


def _press(stage: Stage, kind: type[Control[Any]], draw: Draw, bait: Bait) -> tuple[Payload, Send]:
    custom_id = _forged(draw, kind.__discord_ui_compiled_template__.pattern, bait)
    numbers = draw(st.lists(st.sampled_from(bait.numbers), max_size=3, unique=True))
    value = draw(bait.id | st.sampled_from(bait.texts))
    component, chosen = _component(kind, custom_id, value, numbers)
    return component | chosen, partial(_pressed, stage, component, chosen)


def _component(
    kind: type[Control[Any]], custom_id: str, value: str, numbers: Sequence[int] = ()
) -> tuple[Payload, Payload]:
    """A control as it stands in a message, and what comes with a press on it."""
    component: Payload = {"type": component_type(kind), "custom_id": custom_id}
    if component["type"] == BUTTON:
        return component | {"style": 2, "label": "press"}, {}
    if component["type"] == STRING_SELECT:
        options = [{"label": "choose", "value": value}]
        return component | {"options": options}, {"values": [value]}
    return component, {"values": [*map(str, numbers)], "resolved": resolved(numbers)}


def _pressed(
    stage: Stage, component: Payload, chosen: Payload, person: int, channel: int
) -> Awaitable[Seen]:
    return stage.press(person, channel, component, **chosen)


def _submit(stage: Stage, pattern: str, draw: Draw, bait: Bait) -> tuple[Payload, Send]:
    text = draw(st.sampled_from(bait.texts))
    data = {"custom_id": _forged(draw, pattern, bait), "components": filled(text)}
    return data, partial(_submitted, stage, data)


def _submitted(stage: Stage, data: Payload, person: int, channel: int) -> Awaitable[Seen]:
    return stage.submit(person, channel, data)


def filled(text: str) -> list[Payload]:
    """The fields of every form, with the same text in each."""
    entries = [{"type": 4, "custom_id": name, "value": text} for name in sorted(fields())]
    return [{"type": 18, "component": entry} for entry in entries]


def _menu(stage: Stage, command: Payload, draw: Draw, bait: Bait) -> tuple[Payload, Send]:
    number = draw(st.sampled_from(bait.numbers))
    data = {"id": command["id"], "name": command["name"], "type": command["type"]}
    message = stage.message(number, draw(st.sampled_from(bait.texts)))
    messages = {"messages": {str(number): message}}
    data |= {"target_id": str(number), "resolved": resolved([number]) | messages}
    return data, lambda person, channel: stage.command(person, channel, data)


def _mention(stage: Stage, draw: Draw, bait: Bait) -> tuple[Payload, Send]:
    content = f"<@{BOT}> {draw(bait.id | st.sampled_from(bait.texts))}"
    return {"content": content}, lambda person, channel: stage.say(person, channel, content)


def _command(  # noqa: PLR0917 - partial fills them in one by one
    stage: Stage, command: Payload, steps: list[Payload], typed: str, draw: Draw, bait: Bait
) -> tuple[Payload, Send]:
    options, named = [], resolved(bait.numbers)
    named["attachments"] = {file["id"]: file for file in bait.files}
    for option in _options(command, steps):
        if option.get("required") or option["name"] == typed or draw(st.booleans()):
            value = _value(draw, option, bait)
            options.append({"name": option["name"], "type": option["type"], "value": value})
            if option["name"] == typed:
                options[-1] |= {"value": str(value), "focused": True}
    for step in reversed(steps):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    data = {"id": command["id"], "name": command["name"], "type": 1}
    data |= {"options": options, "resolved": named}
    send = stage.type if typed else stage.command
    return {"options": options}, lambda person, channel: send(person, channel, data)


def _value(draw: Draw, option: Payload, bait: Bait) -> object:
    if option.get("choices"):
        return draw(st.sampled_from([choice["value"] for choice in option["choices"]]))
    least, most = option.get("min_value", 0), min(option.get("max_value", LARGEST), LARGEST)
    made = {
        OptionType.STRING: bait.id | st.sampled_from(bait.texts),
        OptionType.BOOLEAN: st.booleans(),
        OptionType.INTEGER: st.integers(int(least), int(most)),
        OptionType.NUMBER: st.floats(least, most),
        OptionType.ATTACHMENT: st.sampled_from([file["id"] for file in bait.files]),
    }
    value = draw(made.get(option["type"], st.sampled_from([*map(str, bait.numbers)])))
    return value[: option.get("max_length")] if isinstance(value, str) else value


def _forged(draw: Draw, pattern: str, bait: Bait) -> str:
    """A custom_id that the pattern takes, with ids of the bait wherever there are ids.

    One that may end early, as those of all controls may, seldom does.
    """
    if draw(st.integers(0, 9)) < 9:
        pattern = pattern.removesuffix("?")
    made: str = draw(st.from_regex(pattern, fullmatch=True))
    parts = r"(?<![0-9a-f])(?:([0-9a-f]{32})|[0-9]{15,20})(?![0-9a-f])"
    return re.sub(
        parts,
        lambda found: str(draw(st.sampled_from(bait.ids if found[1] else bait.numbers))),
        made,
    )


def fields() -> set[str]:
    """What the fields of forms may be called: the lower-case constants of the views."""
    modules = [module for name, module in sys.modules.items() if name.startswith("bot.views.")]
    constants = [
        value for module in modules for name, value in vars(module).items() if name.isupper()
    ]
    return {c for c in constants if isinstance(c, str) and re.fullmatch("[a-z_]{1,20}", c)}


def component_type(kind: type[Control[Any]]) -> int:
    """Discord's number of what a control is: a button, or one of the menus."""
    if issubclass(kind, PressButton):
        return BUTTON
    for each in kind.__mro__:
        for base in vars(each).get("__orig_bases__", ()):
            if issubclass(get_origin(base) or base, Control):
                [name] = get_args(base)
                item = vars(sys.modules[each.__module__])[name.__forward_arg__]
                return SELECTS[get_origin(item) or item]
    raise LookupError(f"{kind.__name__} does not say what kind of menu it is")


def _paths(command: Payload) -> Iterator[list[Payload]]:
    """The subcommands of a command, each with the steps to it; an empty one without any."""
    waiting: list[list[Payload]] = [[]]
    while waiting:
        steps = waiting.pop()
        inner = [part for part in _options(command, steps) if part["type"] in SUBCOMMANDS]
        waiting += [[*steps, part] for part in inner]
        if not inner:
            yield steps


def _options(command: Payload, steps: list[Payload]) -> list[Payload]:
    return (steps[-1] if steps else command).get("options") or []


def resolved(numbers: Sequence[int]) -> Payload:
    """What Discord would say of these ids; of any guild, and with every permission."""
    found: dict[str, Payload] = {"users": {}, "members": {}, "roles": {}, "channels": {}}
    for guild in GUILDS.values():
        for role in guild.roles:
            if role.id in numbers:
                found["roles"][str(role.id)] = payloads.role(role)
        for channel in guild.channels:
            if channel.id in numbers:
                about = payloads.channel(guild, channel) | {"permissions": str(2**41 - 1)}
                found["channels"][str(channel.id)] = about
    for number in set(numbers) & PEOPLE.keys():
        guild = next(iter(GUILDS.values()))
        about = payloads.member_in(guild, guild.channels[0], number)
        found["users"][str(number)] = about.pop("user")
        found["members"][str(number)] = about
    return found


def in_guild(channel_id: int) -> list[int]:
    """The numbers of a guild, its channels, roles and people, by one of its channels."""
    guild, _ = place(channel_id)
    channels, roles = [each.id for each in guild.channels], [each.id for each in guild.roles]
    return [guild.id, *channels, *roles, *guild.members]
